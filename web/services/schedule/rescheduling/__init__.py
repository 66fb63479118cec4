"""Dates that people know of: moved or called off, and everybody whom it concerns hears so, once.

What a change would do can be seen first: it is done and taken back, so what was shown is what happens.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from config import Settings
from web.crypto import Vault
from web.errors import Overtaken
from web.rows import Facilitator, Gathering, Signup, Staff, TimeSlot
from web.services import audit
from web.services.locks import lock_series
from web.services.schedule.rescheduling import changes
from web.services.schedule.rescheduling.changes import Reached
from web.services.schedule.rescheduling.placeless import in_plan, without_place
from web.services.schedule.rescheduling.refusals import DateBegun, NotPublished, TooFew, Unchanged
from web.services.schedule.rescheduling.rules import firm_breaches
from web.services.schedule.sessions import Times, WouldAffect

__all__ = [
    "Concerned",
    "DateBegun",
    "NotPublished",
    "TooFew",
    "Unchanged",
    "call_off",
    "coming",
    "in_plan",
    "move",
    "preview_call_off",
    "preview_move",
    "version_of",
    "without_place",
]


coming = TimeSlot.coming
"""The dates of a session that can still be moved or called off."""


@dataclass(frozen=True, slots=True)
class Concerned:
    """Whom a change reaches: residents in order of name, by which channels, and leaders.

    `placeless` is how many have no place any more, `offers` how many offered places are taken back, `broken` the firm
    rules that the groups would break and do not break now.
    """

    people: tuple[Signup, ...]
    letters: Mapping[str, int]
    leaders: tuple[Facilitator, ...]
    placeless: int
    offers: int
    broken: tuple[str, ...]


def version_of(row: TimeSlot) -> int:
    """Which version of a session somebody looks at: it rises with every change of any of its dates."""
    return sum(gathering.sequence + 1 for gathering in row.gatherings)


def move(
    session: Session,
    row: TimeSlot,
    times: Times,
    *,
    by: Staff,
    now: datetime,
    version: int,
    settings: Settings,
    sure: bool = False,
) -> None:
    """Other dates, hours, place or link for what is left of a session. `times` names every date to come, or more.

    Raises Overtaken, NotPublished, TooFew, DateBegun, Unchanged; and WouldAffect unless the organiser is `sure`.
    """
    lock_series(session, row.round.series_id)
    _same(row, version)
    if not sure:
        raise WouldAffect
    changes.moved(session, row, times, now, settings)
    audit.note(session, row, "move session", by=by, now=now)


def preview_move(
    session: Session, row: TimeSlot, times: Times, *, now: datetime, settings: Settings, vault: Vault
) -> Concerned:
    """Whom `move` would reach, and which rules it would break; nothing is kept. Raises what `move` raises."""
    series = row.round.series

    def change() -> tuple[Reached, Iterable[str]]:
        before = firm_breaches(session, series, settings, vault)
        reached = changes.moved(session, row, times, now, settings)
        return reached, firm_breaches(session, series, settings, vault) - before

    return _preview(session, row, change)


def call_off(
    session: Session,
    row: TimeSlot,
    *,
    by: Staff,
    now: datetime,
    version: int,
    settings: Settings,
    only: Gathering | None = None,
) -> None:
    """One date, or all that are to come, do not take place. It cannot be undone; doing it twice is harmless.

    Raises Overtaken, NotPublished, DateBegun.
    """
    lock_series(session, row.round.series_id)
    if not _is_off(row, only, now):
        _same(row, version)
        changes.called_off(session, row, only, now, settings)
        audit.note(session, row, "call off session", by=by, now=now)


def preview_call_off(
    session: Session, row: TimeSlot, *, now: datetime, settings: Settings, only: Gathering | None = None
) -> Concerned:
    """Whom `call_off` would reach; nothing is kept. Raises what `call_off` raises."""
    return _preview(session, row, lambda: (changes.called_off(session, row, only, now, settings), ()))


def _same(row: TimeSlot, version: int) -> None:
    if version_of(row) != version:
        raise Overtaken


def _is_off(row: TimeSlot, only: Gathering | None, now: datetime) -> bool:
    if only is not None:
        return only.called_off_at is not None
    return not row.coming(now) and any(gathering.called_off_at for gathering in row.gatherings)


def _preview(session: Session, row: TimeSlot, change: Callable[[], tuple[Reached, Iterable[str]]]) -> Concerned:
    """Try it out, and roll back everything that was done in this transaction."""
    try:
        lock_series(session, row.round.series_id)
        reached, broken = change()
    finally:
        session.rollback()
    found = session.scalars(select(Signup).where(Signup.id.in_(reached.people))).all()
    leading = session.scalars(select(Facilitator).where(Facilitator.id.in_(reached.leaders))).all()
    return Concerned(
        people=tuple(sorted(found, key=lambda one: (one.name.casefold(), one.id))),
        letters=dict(Counter(one.reached_by for one in found)),
        leaders=tuple(sorted(leading, key=lambda one: (one.name.casefold(), one.id))),
        placeless=reached.placeless,
        offers=reached.offers,
        broken=tuple(sorted(broken)),
    )
