"""The file of an SQLite database: where it is, whether it is sound, and a copy of it while others use it."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine

ROOM = 1.2
"""How much larger the free space must be than what is copied."""


class NoRoom(Exception):
    """The disk is too full for a copy."""


def path_of(engine: Engine) -> Path | None:
    """The file of a database; None for one on a server or in memory."""
    name = engine.url.database
    if engine.dialect.name != "sqlite" or not name or name == ":memory:":
        return None
    return Path(name.removeprefix("file:"))


def copy(source: Path, target: Path) -> None:
    """The database as it is at one moment, for our account only; writers and readers go on. Raises NoRoom.

    The target is there in full or not at all. It needs no journal beside it.
    """
    size = sum(path.stat().st_size for path in (source, source.with_name(f"{source.name}-wal")) if path.exists())
    if shutil.disk_usage(target.parent).free < size * ROOM:
        raise NoRoom(f"{target.parent}: {size // 1_000_000 + 1} MB are needed there for a copy of the database")
    fresh = target.with_name(f".{target.name}")
    fresh.unlink(missing_ok=True)
    os.close(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    with closing(sqlite3.connect(source, timeout=60)) as there, closing(sqlite3.connect(fresh)) as here:
        there.backup(here)
        here.execute("PRAGMA journal_mode=DELETE")
    with fresh.open("rb") as file:
        os.fsync(file.fileno())
    fresh.replace(target)


def fault(path: Path) -> str:
    """What is wrong with a file that should hold a database, in a few words; empty if nothing is."""
    try:
        with closing(sqlite3.connect(path, timeout=60)) as connection:
            answer = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
            return "" if answer == "ok" else "parts of it are damaged"
    except sqlite3.DatabaseError as error:
        return f"it cannot be read ({error})"


@contextmanager
def opened(path: Path) -> Iterator[Connection]:
    """A database file that is not the application's, to be looked at."""
    engine = create_engine(f"sqlite:///{path}")
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()
