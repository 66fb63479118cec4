"""Letters that are due: written down with the change that causes them, packed, handed over, tried again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from web.letters import LetterKind
from web.rows import DueLetter, Facilitator, Invitation, Offer, Plan, Project, Series, Signup, Staff, TimeSlot
from web.services.outbox import allowance

About = Project | Series | TimeSlot | Plan | Signup | Invitation | Offer
"""What a letter can be about: its organisation, project and series are those of the letter."""


def put(
    session: Session,
    kind: LetterKind,
    to: Signup | Facilitator | Staff,
    about: About,
    *,
    key: str,
    now: datetime,
    content: Mapping[str, Any] | None = None,
    sequence: int | None = None,
) -> DueLetter:
    """A letter that is due from now on, by the channel on which this person is reached.

    `key` names what it says and which version of that: there is one letter with a key, ever. `content` is what cannot
    be looked up later, `sequence` the version that a calendar is told. What people outside cause is counted: beyond the
    allowance of an address a letter waits, or is overtaken at once.
    """
    letter = DueLetter(
        organisation_id=about.organisation_id,
        project_id=about.id if isinstance(about, Project) else about.project_id,
        series_id=_series_of(about),
        invitation=about if isinstance(about, Invitation) else None,
        offer=about if isinstance(about, Offer) else None,
        signup_id=to.id if isinstance(to, Signup) else None,
        facilitator_id=to.id if isinstance(to, Facilitator) else None,
        staff_id=to.id if isinstance(to, Staff) else None,
        channel=_channel(to),
        kind=kind.name,
        key=key,
        sequence=sequence,
        content=None if content is None else dict(content),
        due_at=now,
    )
    session.add(letter)
    if isinstance(to, Signup):
        allowance.allow(session, letter, to, now)
    return letter


def _series_of(about: About) -> int | None:
    match about:
        case Project():
            return None
        case Series():
            return about.id
        case TimeSlot():
            return about.round.series_id
        case _:
            return about.series_id


def _channel(to: Signup | Facilitator | Staff) -> str:
    match to:
        case Signup():
            return to.reached_by
        case Facilitator():
            return "email" if (to.contact or {}).get("email") else "call"
        case Staff():
            return "email"
