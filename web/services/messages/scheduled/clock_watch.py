"""Looking at the clock every minute: when it jumps, administrators hear so, and what it would destroy waits.

What waits, and until when, stands in `web.services.known_time`.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from web import access
from web.letters.staff import clock_jumped
from web.rows import DueLetter, Staff
from web.rows.messages import LetterState
from web.services import audit, known_time, outbox
from web.services.known_time import Sight
from web.services.messages.scheduled import digesting
from web.services.outbox import outages

CLOCK, JUMPED = "clock", "jumped"
"""The clock among the things that can be out of order, and what is the matter with it."""
AHEAD = timedelta(days=1)
"""No letter is due later than this from now."""


def run(session: Session, now: datetime) -> bool:
    """Whether it is sure what time it is; when that changes, say so."""
    sight = known_time.look(session, now)
    if sight in (Sight.SURE, Sight.BACK):
        if sight is Sight.BACK:
            _settle(session, now)
        return True
    row = known_time.known(session)
    assert row is not None and row.doubted_since is not None
    if sight is Sight.JUMPED:
        _withdraw(session)
        _write(session, row.trusted_at, row.doubted_since)
    if sight is Sight.HELD and _heard(session, row.doubted_since):
        known_time.believe(session, now)
        _settle(session, now)
        return True
    outages.note(session, CLOCK, JUMPED, now, since=row.doubted_since)
    return False


def confirm(session: Session, *, by: Staff, now: datetime) -> None:
    """Somebody says that the clock is right: what waited goes on."""
    known_time.believe(session, now)
    _settle(session, now)
    audit.note(session, by, "clock confirmed", by=by, now=now, about="")


def _write(session: Session, was: datetime, now: datetime) -> None:
    """A letter to every administrator: what time it was, and what it is said to be."""
    for staff in session.scalars(select(Staff).where(Staff.active).order_by(Staff.id)):
        project = digesting.project_of(session, staff) if access.is_admin(staff) else None
        if project is not None:
            content = {"was": was.isoformat(), "now": now.isoformat()}
            key = f"{clock_jumped.name}:{staff.id}:{now.isoformat()}"
            outbox.put(session, clock_jumped, staff, project, key=key, now=now, content=content)


def _heard(session: Session, since: datetime) -> bool:
    """Whether a letter about this jump went out; where nobody can be written to, the page has to do."""
    mine = DueLetter.kind == clock_jumped.name, DueLetter.key.endswith(since.isoformat(), autoescape=True)
    states = set(session.scalars(select(DueLetter.state).where(*mine)))
    return not states or LetterState.SENT in states


def _settle(session: Session, now: datetime) -> None:
    """The time is sure again: nobody has to hear of it any more, and what a clock that was ahead put off is due."""
    outages.over(session, CLOCK)
    _withdraw(session)
    late = DueLetter.state == LetterState.DUE, DueLetter.due_at > now + AHEAD
    session.execute(update(DueLetter).where(*late).values(due_at=now))


def _withdraw(session: Session) -> None:
    """What was not sent about an earlier jump helps nobody any more."""
    states = LetterState.DUE, LetterState.FAILED
    session.execute(delete(DueLetter).where(DueLetter.kind == clock_jumped.name, DueLetter.state.in_(states)))
