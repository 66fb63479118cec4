"""Ways in and out that do not work now: noted once with the hour it began, gone when they work again.

Two workers may notice the same at once: the database counts, and whoever comes second adds to what the first wrote.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Update, delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from web.rows import Outage, Pulse, rowcount

SILENT = "connection silent"
"""The fault of a way that takes a letter and says nothing more: every try leaves one that nobody knows the fate of."""


def note(session: Session, what: str, fault: str, now: datetime, *, since: datetime | None = None) -> None:
    """It does not work (again). `since`: when it began, if that is seen only now."""
    again = update(Outage).where(Outage.what == what).values(fault=fault, last_at=now, times=Outage.times + 1)
    _once(session, again, Outage(what=what, fault=fault, since=since or now, last_at=now, times=1))


def _once(session: Session, again: Update, first: Outage | Pulse) -> None:
    """Change the row that is there, or add the first."""
    if rowcount(session.execute(again)):
        return
    try:
        with session.begin_nested():
            session.add(first)
    except IntegrityError:
        session.execute(again)


def over(session: Session, what: str) -> None:
    """It works."""
    session.execute(delete(Outage).where(Outage.what == what))


def resting(session: Session, now: datetime) -> set[str]:
    """Ways that fell silent lately and are left alone: a minute first, and up to half an hour when it lasts."""
    silent = [outage for outage in all_of(session) if outage.fault == SILENT]
    return {outage.what for outage in silent if outage.last_at <= now < outage.last_at + _pause(outage)}


def _pause(outage: Outage) -> timedelta:
    return timedelta(minutes=2 ** min(outage.times - 1, 5))


def all_of(session: Session) -> Sequence[Outage]:
    """What does not work now."""
    return session.scalars(select(Outage).order_by(Outage.what)).all()


def beat(session: Session, what: str, now: datetime) -> None:
    """It was done just now."""
    _once(session, update(Pulse).where(Pulse.what == what).values(at=now), Pulse(what=what, at=now))


def last_beat(session: Session, what: str) -> datetime | None:
    """When it was last done; None if it never was."""
    return session.scalar(select(Pulse.at).where(Pulse.what == what))
