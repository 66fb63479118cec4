"""Whether what a preview showed still holds, asked while everybody else waits: so it has to be a matter of moments."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from web.crypto import Vault
from web.rows import Series, Signup
from web.rows.people import SignupState
from web.services.signups.importing.known import CHUNK, KnownSignups
from web.services.signups.importing.previewing import Entry, Preview, RowKind

Seen = tuple[int, int | None, datetime | None, frozenset[int]]
"""How many sign-ups there are, the last of them, when one last changed, and which times take place."""


def seen_of(session: Session, series: Series, now: datetime) -> Seen:
    """The same as long as nobody signed up, changed, left or was erased, and no time was called off."""
    count, last, changed = session.execute(
        select(func.count(Signup.id), func.max(Signup.id), func.max(Signup.changed_at)).where(
            Signup.series_id == series.id
        )
    ).one()
    return count, last, changed, frozenset(time.id for time in series.ahead(now))


def otherwise(session: Session, series: Series, shown: Preview, vault: Vault, now: datetime) -> tuple[int, ...]:
    """The rows that would add or change somebody, and would now do something else."""
    known = KnownSignups(session, series, (), vault)
    adding = [entry for entry in shown.entries if entry.kind in (RowKind.NEW, RowKind.LIKE)]
    like = [e.row for e in adding if e.told is not None and known.likes(e.told.answers, e.row) != e.like]
    there = {time.id for time in series.ahead(now)}
    gone = [e.row for e in adding if e.told is not None and not e.told.answers.sessions <= there]
    return tuple(sorted({*like, *gone, *changed_since(session, shown.of(RowKind.CHANGE))}))


def changed_since(session: Session, entries: Sequence[Entry]) -> tuple[int, ...]:
    """The rows whose person changed, left or was erased since they were shown."""
    now = {signup.id: signup for signup in signups_of(session, entries)}
    return tuple(
        entry.row
        for entry in entries
        if entry.id not in now
        or now[entry.id].changed_at != entry.changed_at
        or now[entry.id].state == SignupState.LEFT
    )


def signups_of(session: Session, entries: Sequence[Entry]) -> list[Signup]:
    """The people whom these rows change, as they are now, in few queries."""
    found: list[Signup] = []
    ids = [entry.id for entry in entries if entry.id is not None]
    for start in range(0, len(ids), CHUNK):
        chosen = select(Signup).where(Signup.id.in_(ids[start : start + CHUNK]))
        whole = chosen.options(selectinload(Signup.availability), selectinload(Signup.consents))
        found += session.scalars(whole.execution_options(populate_existing=True))
    return found
