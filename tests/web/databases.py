"""The databases of the tests: files of SQLite, or with `--postgres` databases of one server; kept, and put back."""

from __future__ import annotations

import os
import shutil
from functools import cache
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Flask
from sqlalchemy import inspect

from tests.servers import AT_POSTGRES, AT_REDIS
from web.bench.own_servers import address
from web.cli import opening
from web.rows import db

if TYPE_CHECKING:
    import psycopg

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
NAMES = count()
OURS = "tests"
"""Who is connected to a database and is no application."""
QUEUES = 16
"""Databases that a Redis has as it is installed."""


def server() -> str:
    """Where the PostgreSQL of this run is; empty without."""
    return os.environ.get(AT_POSTGRES, "")


def configuration(database: str = WORKER) -> dict[str, Any]:
    """Which database an application uses where its folder does not say so."""
    if not server():
        return {}
    number = int(WORKER.removeprefix("gw")) % QUEUES
    return {
        "SQLALCHEMY_DATABASE_URI": address(server(), database),
        "REDIS": f"{os.environ[AT_REDIS]}/{number}",
    }


def empty(name: str = "") -> dict[str, Any]:
    """The same for a new and empty database of its own; the one of a folder is empty when the folder is."""
    name = name or f"{WORKER}_{next(NAMES)}"
    if server():
        _connection("postgres").execute(f'CREATE DATABASE "{name}"'.encode())
    return configuration(name)


def environ(configuration: dict[str, Any]) -> dict[str, str]:
    """A configuration for a process of its own."""
    names = {"SQLALCHEMY_DATABASE_URI": opening.DATABASE, "REDIS": opening.REDIS}
    return {names[name]: value for name, value in configuration.items()}


def dump(app: Flask) -> dict[str, str]:
    """Every table as text, as it is stored."""
    with app.app_context(), db.engine.connect() as at:
        names = inspect(at).get_table_names()
        return {name: repr(sorted(map(repr, at.exec_driver_sql(f'SELECT * FROM "{name}"')))) for name in names}


class Kept:
    """What is in the database of an application at this moment, to be put back as often as one likes."""

    def __init__(self, app: Flask) -> None:
        with app.app_context():
            db.session.remove()
            self.database = db.engine.url.database or ""
            if not server():
                db.session.execute(db.text("PRAGMA wal_checkpoint(TRUNCATE)"))
                db.session.remove()
            db.engine.dispose()
        if server():
            _keep(self.database)
        else:
            self.copy = Path(self.database).with_suffix(".kept")
            shutil.copy(self.database, self.copy)

    def put_back(self, folder: Path | None = None) -> None:
        """As if nothing had happened since; with a folder, as the database of an installation there."""
        if server():
            _put_back(self.database)
            return
        file = folder / "rebubbelen.db" if folder else Path(self.database)
        for rest in ("-wal", "-shm"):
            file.with_name(file.name + rest).unlink(missing_ok=True)
        shutil.copy(self.copy, file)

    def another(self, folder: Path) -> dict[str, Any]:
        """The same in a database of its own, for an application in a folder; its configuration."""
        self.put_back(folder)
        if not server():
            return {}
        name = f"{WORKER}_{next(NAMES)}"
        # Nobody may be connected to what is copied.
        _connection(self.database).close()
        _connection.cache_clear()
        _connection("postgres").execute(f'CREATE DATABASE "{name}" TEMPLATE "{self.database}"'.encode())
        return configuration(name)


@cache
def _connection(database: str) -> psycopg.Connection:
    import psycopg

    return psycopg.connect(host=server(), user="postgres", dbname=database, autocommit=True, application_name=OURS)


def _keep(database: str) -> None:
    """Beside every table its rows, and a function that puts them back: quicker than a new database for every test."""
    at = _connection(database)
    tables = [name for (name,) in at.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
    numbers = "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public'"
    steps = ["SET LOCAL session_replication_role = replica"]
    steps += [f"PERFORM setval('{name}', {last or 1}, {last is not None})" for name, last in at.execute(numbers)]
    at.execute("DROP SCHEMA IF EXISTS kept CASCADE")
    at.execute("CREATE SCHEMA kept")
    for name in tables:
        made = at.execute(f'CREATE TABLE kept."{name}" AS TABLE public."{name}"'.encode())
        steps.append(f'DELETE FROM public."{name}"')
        if made.rowcount:
            steps.append(f'INSERT INTO public."{name}" SELECT * FROM kept."{name}"')
    body = ";\n".join(steps)
    at.execute(f"CREATE FUNCTION kept.put_back() RETURNS void LANGUAGE plpgsql AS $$ BEGIN {body}; END $$".encode())


def _put_back(database: str) -> None:
    at = _connection(database)
    # Somebody who left in the middle would hold rows that we want to replace.
    at.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND state LIKE 'idle in transaction%'"
    )
    at.execute("SELECT kept.put_back()")
