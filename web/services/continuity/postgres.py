"""A PostgreSQL database out and in again, by its own programs: pg_dump and pg_restore."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from shutil import which
from typing import TypeVar

from sqlalchemy import URL, Connection, Engine, MetaData, inspect
from sqlalchemy.exc import SQLAlchemyError

T = TypeVar("T")


class Failed(Exception):
    """One of its programs is not there, or said no; the sentence is what it said."""


def dump(engine: Engine, target: Path, tell: Callable[[Connection], T]) -> T:
    """Write a dump, and tell what is in it: both see the same moment. Raises Failed."""
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        snapshot = connection.exec_driver_sql("SELECT pg_export_snapshot()").scalar()
        told = tell(connection)
        os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
        _run("pg_dump", engine.url, "--format=custom", "--no-owner", f"--snapshot={snapshot}", f"--file={target}")
        return told


def set_aside(engine: Engine, target: Path) -> None:
    """A dump of what is about to be replaced, if anything can be read of it. Raises Failed."""
    fresh = target.with_name(f".{target.name}")
    try:
        with engine.connect() as connection:
            readable = bool(inspect(connection).get_table_names())
    except SQLAlchemyError:
        return
    if readable:
        dump(engine, fresh, lambda connection: None)
        fresh.replace(target)


def load(engine: Engine, source: Path) -> None:
    """Put a dump in the place of what is there. Raises Failed: then there is nothing, and it has to be done again."""
    there = MetaData()
    with engine.begin() as connection:
        # A newer version may have tables that the dump does not know and would leave.
        there.reflect(connection)
        there.drop_all(connection)
    engine.dispose()
    _run("pg_restore", engine.url, "--no-owner", "--single-transaction", "--exit-on-error", str(source))


def _run(program: str, url: URL, *words: str) -> None:
    found = which(program)
    if found is None:
        raise Failed(f"{program} is not installed here; it comes with PostgreSQL (postgresql-client)")
    where = {"PGHOST": url.host, "PGPORT": url.port, "PGUSER": url.username, "PGPASSWORD": url.password}
    # In the environment, not on the command line: anybody on the machine reads that.
    told = {name: str(value) for name, value in where.items() if value is not None}
    told |= {
        f"PG{name.upper()}": str(value) for name, value in url.query.items() if name in ("host", "port", "sslmode")
    }
    done = subprocess.run(
        [found, f"--dbname={url.database}", "--no-password", *words],
        env={**os.environ, **told},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Failed(f"{program}: {(done.stderr.strip().splitlines() or ['it failed'])[-1]}")
