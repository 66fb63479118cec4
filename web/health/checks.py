"""Whether all of it works: the database and its tables, the queue, the worker, and the ways that letters go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from web import worker, world
from web.jobs import WORKER
from web.rows import DueLetter, db, upgrading
from web.rows.messages import LetterState
from web.services.messages import by_hand
from web.services.outbox import outages

SILENCE = timedelta(minutes=5)
"""The worker says every minute that it is there; it may be busy with a proposal for a while."""
LATE = timedelta(hours=1)
"""A letter that is due for so long should have gone, or have been put off."""


@dataclass(frozen=True, slots=True)
class Health:
    """What was seen; None where nobody could look, or where there is nothing."""

    database: bool = False
    tables: bool = False
    queued: int | None = None
    silent: timedelta | None = None
    waiting: timedelta | None = None
    outages: tuple[tuple[str, str], ...] = ()


def look(app: Flask) -> Health:
    """Look at everything. What does not answer is told, and never raised."""
    try:
        if not _tables():
            return Health(database=True, queued=_queued(app))
        now, beat = world.now(), outages.last_beat(db.session, WORKER)
        return Health(
            database=True,
            tables=True,
            queued=_queued(app),
            silent=None if beat is None else max(now - beat, timedelta(0)),
            waiting=_waiting(now),
            outages=tuple((outage.what, outage.fault) for outage in outages.all_of(db.session)),
        )
    except SQLAlchemyError:
        db.session.rollback()
        return Health(queued=_queued(app))


def reasons(seen: Health) -> list[str]:
    """Why not all of it works, in plain words; nothing when it does."""
    if not seen.database:
        return ["database: does not answer", *_of_queue(seen)]
    if not seen.tables:
        return ["database: its tables are of another version than this program; start it again", *_of_queue(seen)]
    wrong = _of_queue(seen)
    if seen.silent is None:
        wrong.append("worker: was never heard of; start `run.py work`")
    elif seen.silent > SILENCE:
        wrong.append(f"worker: not heard of for more than {SILENCE // timedelta(minutes=1)} minutes")
    if seen.waiting is not None and seen.waiting > LATE:
        wrong.append("letters: the oldest that is due waits for more than an hour")
    return wrong + [f"{what}: does not work ({fault})" for what, fault in seen.outages]


def _of_queue(seen: Health) -> list[str]:
    return ["queue: does not answer"] if seen.queued is None else []


def _tables() -> bool:
    with db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() == _newest()


@cache
def _newest() -> str | None:
    return ScriptDirectory(str(upgrading.MIGRATIONS)).get_current_head()


def _queued(app: Flask) -> int | None:
    try:
        return int(worker.tasks(app)["propose"].huey.pending_count())
    except Exception:  # whatever a queue elsewhere may raise
        return None


def _waiting(now: datetime) -> timedelta | None:
    """How long the oldest letter is due that no person has to bring."""
    ours = DueLetter.channel.not_in(by_hand.channels(world.settings()))
    oldest = db.session.scalar(
        select(func.min(DueLetter.due_at)).where(DueLetter.state == LetterState.DUE, DueLetter.due_at <= now, ours)
    )
    return None if oldest is None else now - oldest
