"""Bringing a database to the rows of this version: from nothing, or from any older version.

One process at a time, in one transaction, with a copy of the file made first: whoever is killed leaves the old database
or the new one.
"""

from __future__ import annotations

import fcntl
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from alembic import command
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask, current_app
from flask_migrate import Migrate
from sqlalchemy import Connection, Engine, inspect
from sqlalchemy.exc import DBAPIError

from web.errors import NewerDatabase, UnusableDatabase
from web.private_files import write_whole
from web.rows import leftovers, sqlite_file
from web.rows.base import db

log = logging.getLogger(__name__)

MIGRATIONS = Path(__file__).parent / "migrations"
COPIES, LOCK, MARK = "copies", "upgrade.lock", "installed"
"""In the instance folder: copies made before upgrades, who is upgrading, and that there was a database here."""
TRACES = (MARK, "queue.db", "outbox")
"""What is there when there was a database; before there was a mark, too."""
KEPT = timedelta(days=7)
"""How long a copy of before an upgrade stays; what somebody erases is in there until then."""
ADVISORY = 0x7265_6275
"""The number of our lock on a PostgreSQL server."""
RESTORE = "put back a backup (run.py restore)"


@dataclass(frozen=True, slots=True)
class Upgrade:
    """What was done: from which revision (None: there was nothing) to which, and where the copy of before lies."""

    before: str | None
    after: str
    copy: Path | None


def install(app: Flask, migrations: Path = MIGRATIONS) -> None:
    """Let Flask-Migrate know where the migrations are."""
    Migrate(app, db, directory=str(migrations))


def bring_up_to_date(app: Flask) -> Upgrade | None:
    """Upgrade an empty or an older database; None if there was nothing to do.

    Raises NewerDatabase for one that a later version made, and UnusableDatabase for one that is gone, damaged or cannot
    be written. Nothing was changed then.
    """
    with app.app_context(), alone(app):
        before, head = _revision(app), _head()
        done = None
        if before != head:
            done = Upgrade(before, head, _copied(app, before, head))
            _upgrade(before, done.copy)
        mark = Path(app.instance_path) / MARK
        if not mark.exists():
            write_whole(
                mark, b"There is a database. If it is gone, this file keeps a start from making an empty one.\n"
            )
        return done


@contextmanager
def alone(app: Flask) -> Iterator[None]:
    """Nobody else upgrades meanwhile: `serve` and `work` may start together. Whoever is killed lets go."""
    if sqlite_file.path_of(db.engine):
        with (Path(app.instance_path) / LOCK).open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
    elif db.engine.dialect.name == "postgresql":
        with _reached():
            db.engine.connect().close()
        with db.engine.connect() as connection:
            connection.exec_driver_sql(f"SELECT pg_advisory_lock({ADVISORY})")
            connection.commit()
            try:
                yield
            finally:
                connection.exec_driver_sql(f"SELECT pg_advisory_unlock({ADVISORY})")
    else:
        yield


def forget_copies(instance: Path, now: datetime) -> int:
    """Throw away copies of before an upgrade that are old enough; how many files that were."""
    old = [path for path in (instance / COPIES).glob("*.db") if path.stat().st_mtime < (now - KEPT).timestamp()]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def is_in_use(engine: Engine) -> bool:
    """Whether there is a database that can be read, with tables in it."""
    path = sqlite_file.path_of(engine)
    if path and (not path.exists() or sqlite_file.fault(path)):
        return False
    try:
        with engine.connect() as connection:
            return bool(inspect(connection).get_table_names())
    except DBAPIError:
        return False
    finally:
        engine.dispose()


def known_revisions() -> set[str]:
    """Every revision that this version can bring up to date."""
    return {script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()}


def _head() -> str:
    head = ScriptDirectory(current_app.extensions["migrate"].directory).get_current_head()
    assert head is not None
    return head


def _revision(app: Flask) -> str | None:
    """The revision of a database that can be used. Raises NewerDatabase, UnusableDatabase."""
    url = db.engine.url.render_as_string()
    path = sqlite_file.path_of(db.engine)
    # Looked at before it is opened: who opens a file that is not there makes one.
    if path and not (path.exists() and path.stat().st_size):
        _there_was_none(app, url)
    elif path and (wrong := sqlite_file.fault(path)):
        raise UnusableDatabase(f"The database ({path}): {wrong}. Nothing was changed: {RESTORE}.")
    with _reached(), db.engine.connect() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
        if found is None and not inspect(connection).get_table_names():
            _there_was_none(app, url)
        _writable(connection)
    if found is not None and found not in known_revisions():
        raise NewerDatabase(
            f"The database ({url}) was made by a newer version of re-bubbelen "
            f"(revision {found}). Install that version, or put back a backup; nothing was changed."
        )
    return found


def _there_was_none(app: Flask, url: str) -> None:
    """Raises UnusableDatabase if there was one: an empty one in its place would look as if all were well."""
    traces = [path for name in TRACES if (path := Path(app.instance_path) / name).exists()]
    if traces:
        raise UnusableDatabase(
            f"The database ({url}) is gone or empty, and there was one. Nothing was changed: {RESTORE}. "
            f"To begin anew with nothing, remove {', '.join(map(str, traces))} first."
        )


def _writable(connection: Connection) -> None:
    """Raises UnusableDatabase where every sign-up would fail."""
    url = connection.engine.url.render_as_string()
    try:
        if connection.dialect.name == "sqlite":
            number = connection.exec_driver_sql("PRAGMA user_version").scalar()
            # Not until something is written does SQLite say that it cannot.
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            connection.exec_driver_sql(f"PRAGMA user_version={number}")
            readonly = False
        else:
            readonly = connection.exec_driver_sql("SHOW transaction_read_only").scalar() == "on"
        connection.rollback()
    except DBAPIError as error:
        if "locked" in str(error.orig):
            raise
        readonly = True
    if readonly:
        raise UnusableDatabase(
            f"The database ({url}) can be read but not written. Nothing was changed: see to it that this account may "
            "write the file and its folder, that the disk is not mounted read-only, and that the server is no standby."
        )


@contextmanager
def _reached() -> Iterator[None]:
    """Raises UnusableDatabase where nobody answers."""
    try:
        yield
    except DBAPIError as error:
        url, told = db.engine.url.render_as_string(), str(error.orig).strip().splitlines()[0]
        raise UnusableDatabase(f"The database ({url}) cannot be used: {told}. Nothing was changed.") from None


def _copied(app: Flask, before: str | None, head: str) -> Path | None:
    """A copy of the file as it is now, if there is something in it."""
    path = sqlite_file.path_of(db.engine)
    if path is None or before is None:
        return None
    folder = Path(app.instance_path) / COPIES
    folder.mkdir(mode=0o700, exist_ok=True)
    target = folder / f"{path.stem}-{before}-before-{head}-{datetime.now(UTC):%Y%m%dT%H%M%S}.db"
    try:
        sqlite_file.copy(path, target)
    except (sqlite_file.NoRoom, OSError) as error:
        raise UnusableDatabase(
            f"Before an upgrade a copy of the database is made, and that failed: {error}. Nothing was changed."
        ) from None
    return target


def _upgrade(before: str | None, copy: Path | None) -> None:
    """In one transaction. What fails may be what an upgrade of an earlier version left: that is taken away first."""
    config = current_app.extensions["migrate"].migrate.get_config()
    try:
        command.upgrade(config, "head")
    except DBAPIError as error:
        if db.engine.dialect.name != "sqlite":
            raise _failed(error.orig, copy) from error
        expected = leftovers.shape_at(before, str(MIGRATIONS)) if before else {}
        config.attributes["prepare"] = partial(_cleared, expected)
        try:
            command.upgrade(config, "head")
        except (DBAPIError, leftovers.Strange) as second:
            raise _failed(second, copy) from error


def _failed(error: BaseException | None, copy: Path | None) -> UnusableDatabase:
    lies = f" A copy lies in {copy}." if copy else ""
    return UnusableDatabase(
        f"The database ({db.engine.url.render_as_string()}) cannot be upgraded: {error}. Nothing was changed.{lies} "
        f"Look whether this is the right database and the disk has room; if so, {RESTORE}."
    )


def _cleared(expected: leftovers.Shape, connection: Connection) -> None:
    if gone := leftovers.clear(connection, expected):
        log.warning("an upgrade was killed earlier; what it left is taken away: %s", ", ".join(gone))
