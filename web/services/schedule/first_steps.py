"""What somebody does first in an empty organisation, and how much of it is done; gone once a meeting was opened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from web.rows import Facilitator, Series, Venue
from web.rows.meetings import SeriesState


@dataclass(frozen=True, slots=True)
class FirstStep:
    """One of `venue`, `facilitator`, `meeting` and `share`, in this order."""

    key: str
    done: bool


def first_steps(session: Session, organisation_id: int, mine: Sequence[Series]) -> tuple[FirstStep, ...]:
    """The steps for who sees these meetings; none as soon as people could sign up for one of them."""
    if any(series.state != SeriesState.DRAFT for series in mine):
        return ()
    venue, facilitator = (
        bool(session.scalar(select(exists().where(row.organisation_id == organisation_id))))
        for row in (Venue, Facilitator)
    )
    return (
        FirstStep("venue", venue),
        FirstStep("facilitator", facilitator),
        FirstStep("meeting", bool(mine)),
        FirstStep("share", False),
    )
