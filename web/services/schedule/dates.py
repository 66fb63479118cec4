"""The dates of a session: which one becomes which, whether people know of them, and their versions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import zip_longest

from sqlalchemy import select
from sqlalchemy.orm import Session

from web.rows import Gathering, Invitation, Plan, PlanGroup, TimeSlot
from web.rows.invitations import InvitationState
from web.world import local

Span = tuple[datetime, datetime]
"""A date: begin and end."""


def is_known(session: Session, row: TimeSlot) -> bool:
    """Whether people know of a session: it is in the plan that counts, or somebody is invited."""
    groups = select(PlanGroup.id).join(Plan).where(PlanGroup.session_id == row.id, Plan.current)
    return session.scalar(groups.limit(1)) is not None or invited(session, row.dates, standing=True)


def invited(session: Session, those: Sequence[Gathering], *, standing: bool = False) -> bool:
    """Whether anybody has, or ever had, an invitation to one of these dates; or has one that is `standing`."""
    found = select(Invitation.id).where(Invitation.gathering_id.in_([gathering.id for gathering in those]))
    return (
        session.scalar((found.where(Invitation.state == InvitationState.ON) if standing else found).limit(1))
        is not None
    )


def paired(dates: Sequence[Gathering], wished: Sequence[Span]) -> list[tuple[Gathering | None, Span | None]]:
    """Which date becomes which: one that stays on its day is still the same date, the others follow in order."""
    days = {local(gathering.starts).date(): gathering for gathering in dates}
    same = {days[day]: span for span in wished if (day := local(span[0]).date()) in days}
    rest = [span for span in wished if span not in same.values()]
    return [*same.items(), *zip_longest((gathering for gathering in dates if gathering not in same), rest)]


def touch(gathering: Gathering, now: datetime) -> None:
    """A date changes: another version, later than the one before."""
    gathering.sequence += 1
    before, at = gathering.changed_at, now.replace(microsecond=0)
    gathering.changed_at = at if before is None else max(at, before + timedelta(seconds=1))


def call_off(gathering: Gathering, now: datetime) -> None:
    """A date does not take place; its row stays, so that calendars can strike it through."""
    gathering.called_off_at = now
    touch(gathering, now)


def reset(gathering: Gathering, span: Span, now: datetime) -> bool:
    """Other hours for a date; whether they are others. Its row stays: everybody's calendar knows it by that."""
    if (gathering.starts, gathering.ends) == span:
        return False
    gathering.starts, gathering.ends = span
    touch(gathering, now)
    return True
