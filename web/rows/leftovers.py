"""What an upgrade of an earlier version left behind when it was killed: seen, and taken away before the next one.

Until 0.1 an upgrade of SQLite kept its tables one by one. Killed in between it left tables, columns and indexes of a
later version in a database that still said it was of the earlier one, and every start failed on 'table already exists'.
What it left is always additional and always empty: rows were filled and old tables dropped in one transaction.
"""

from __future__ import annotations

from dataclasses import dataclass
from tempfile import TemporaryDirectory

from alembic import command
from flask import Flask
from flask_migrate import Migrate
from sqlalchemy import Connection, Engine, inspect, text

from web.rows.base import db

VERSIONS = "alembic_version"
HALF_MADE = "_alembic_tmp_"
"""What the copy of a table is called while a batch makes it anew."""


class Strange(Exception):
    """Not the remains of an upgrade: this database was changed by something else."""


@dataclass(frozen=True, slots=True)
class TableShape:
    """A table by what can be left behind in it."""

    columns: frozenset[str]
    indexes: frozenset[str]


Shape = dict[str, TableShape]


def shape_of(engine: Engine | Connection) -> Shape:
    """The tables of a database."""
    seen = inspect(engine)
    return {
        name: TableShape(
            frozenset(column["name"] for column in seen.get_columns(name)),
            frozenset(str(index["name"]) for index in seen.get_indexes(name)),
        )
        for name in seen.get_table_names()
        if name != VERSIONS
    }


def shape_at(revision: str, migrations: str) -> Shape:
    """The tables that a database of this revision has; found out in a database that is thrown away."""
    with TemporaryDirectory() as folder:
        app = Flask(__name__)
        app.config["SQLALCHEMY_DATABASE_URI"] = f"sqlite:///{folder}/shape.db"
        db.init_app(app)
        Migrate(app, db, directory=migrations)
        with app.app_context():
            try:
                command.upgrade(app.extensions["migrate"].migrate.get_config(), revision)
                return shape_of(db.engine)
            finally:
                db.engine.dispose()


def clear(connection: Connection, expected: Shape) -> list[str]:
    """Take away what is there and should not be; the names of it. Raises Strange where rows would be lost."""
    there, gone = shape_of(connection), []
    if missing := expected.keys() - there.keys():
        raise Strange(f"the table {min(missing)!r} is not there")
    # Drafts first: they hold copies of rows, and nothing points at them.
    for name in sorted(there.keys() - expected.keys(), key=lambda name: (not name.startswith(HALF_MADE), name)):
        if not name.startswith(HALF_MADE) and connection.scalar(text(f'SELECT 1 FROM "{name}" LIMIT 1')):
            raise Strange(f"the table {name!r} belongs to another version, and has rows")
        connection.exec_driver_sql(f'DROP TABLE "{name}"')
        gone.append(name)
    for name, wanted in expected.items():
        if lost := wanted.columns - there[name].columns:
            raise Strange(f"the column {name}.{min(lost)} is not there")
        for index in sorted(there[name].indexes - wanted.indexes):
            connection.exec_driver_sql(f'DROP INDEX "{index}"')
            gone.append(index)
        for column in sorted(there[name].columns - wanted.columns):
            connection.exec_driver_sql(f'ALTER TABLE "{name}" DROP COLUMN "{column}"')
            gone.append(f"{name}.{column}")
    return gone
