"""Ways in and out that do not work now: noted once with the hour it began, gone when they work again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session as DbSession

from web.rows import Outage, Pulse


def note(session: DbSession, what: str, fault: str, now: datetime) -> None:
    """It does not work (again); nothing is committed."""
    known = session.scalars(select(Outage).where(Outage.what == what)).one_or_none()
    if known is None:
        session.add(Outage(what=what, fault=fault, since=now, last_at=now, times=1))
    else:
        known.fault, known.last_at, known.times = fault, now, known.times + 1


def over(session: DbSession, what: str) -> None:
    """It works; nothing is committed."""
    session.execute(delete(Outage).where(Outage.what == what))


def all_of(session: DbSession) -> Sequence[Outage]:
    """What does not work now."""
    return session.scalars(select(Outage).order_by(Outage.what)).all()


def beat(session: DbSession, what: str, now: datetime) -> None:
    """It was done just now; nothing is committed."""
    known = session.scalars(select(Pulse).where(Pulse.what == what)).one_or_none()
    if known is None:
        session.add(Pulse(what=what, at=now))
    else:
        known.at = now


def last_beat(session: DbSession, what: str) -> datetime | None:
    """When it was last done; None if it never was."""
    return session.scalar(select(Pulse.at).where(Pulse.what == what))
