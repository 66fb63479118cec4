"""Who has no place because a session is called off, and which sessions have places at all."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from web.rows import Series, Signup, TimeSlot
from web.rows.people import LEFT
from web.services.plans import current


def in_plan(session: Session, series: Series) -> frozenset[int]:
    """The sessions with a table in the plan that counts."""
    return frozenset(group.session_id for group in current.groups_of(session, series.id, off=True))


def without_place(session: Session, series_id: int) -> frozenset[int]:
    """Who sits at a table that is called off altogether, and at no other; not who gave that place up."""
    off: set[int] = set()
    placed: set[int] = set()
    up = current.given_up(session, series_id)
    for group in current.groups_of(session, series_id, off=True):
        called_off = session.get_one(TimeSlot, group.session_id).called_off
        here = {seat.signup_id for seat in group.seats if (seat.signup_id, group.session_id) not in up}
        (off if called_off else placed).update(here)
    return frozenset(off - placed - left_of(session, series_id))


def left_of(session: Session, series_id: int) -> set[int]:
    """Who takes part no more; their seats stay in the plan."""
    return set(session.scalars(select(Signup.id).where(Signup.series_id == series_id, Signup.state == LEFT)))
