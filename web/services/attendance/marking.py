"""Writing down who was there: marks are only added, and a mark that is known already changes nothing."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from web.rows import Attendance, Facilitator, Gathering, Staff
from web.rows.attendance import Presence
from web.services import audit
from web.services.locks import lock_series
from web.services.text.tokens import new_token

WRITTEN = "wrote attendance"
LONGEST_NAME = 40


@dataclass(frozen=True, slots=True)
class Mark:
    """What somebody says of one person: `signup_id`, or `walk_in` with a first name the first time.

    `entry` is what the mark is known by, made where it was made.
    """

    entry: str
    at: datetime
    number: int
    presence: Presence
    signup_id: int | None = None
    walk_in: str | None = None
    name: str = ""


def new_walk_in(name: str, number: int, at: datetime) -> Mark:
    """Somebody who did not sign up comes in: this mark is what they are known by."""
    entry = new_token()
    return Mark(entry, at, number, Presence.PRESENT, walk_in=entry, name=name[:LONGEST_NAME])


def write(
    session: Session, gathering: Gathering, marks: Collection[Mark], *, by: Staff | Facilitator, now: datetime
) -> int:
    """Keep these marks; how many of them were new. Part of the transaction of the caller.

    Two who send the same at once wait for each other.
    """
    series, who = gathering.session.round.series, audit.opaque(by)
    lock_series(session, series.id)
    sent = [mark.entry for mark in marks]
    known = set(session.scalars(select(Attendance.device_entry).where(Attendance.device_entry.in_(sent))))
    fresh = [mark for mark in {mark.entry: mark for mark in marks}.values() if mark.entry not in known]
    for mark in fresh:
        row = Attendance(organisation_id=series.organisation_id, project_id=series.project_id, series_id=series.id)
        row.gathering_id, row.signup_id, row.number = gathering.id, mark.signup_id, mark.number
        row.walk_in, row.walk_in_name = mark.walk_in, mark.name or None
        row.presence, row.device_entry = mark.presence, mark.entry
        row.recorded_at, row.received_at, row.recorded_by = min(mark.at, now), now, who
        session.add(row)
    if fresh:
        audit.note(session, series, WRITTEN, by=by, now=now, about=gathering)
    session.flush()
    return len(fresh)
