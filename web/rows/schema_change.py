"""One change of tables as one transaction: whoever is killed in it leaves the database as it was before."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine


@contextmanager
def schema_change(engine: Engine) -> Iterator[Connection]:
    """A connection on which tables may be made, changed and dropped; all of it is kept at the end, or none.

    SQLite can do so, but Python's driver begins a transaction before INSERT, UPDATE and DELETE only: what came before
    the first of these would be kept one by one. So it is begun by hand, with the right to write from the start.
    """
    with engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        if sqlite:
            # A batch makes a table anew and drops the old one: that may not take along what points at its rows.
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            connection.rollback()
        try:
            connection.exec_driver_sql("BEGIN IMMEDIATE" if sqlite else "SELECT 1")
            yield connection
            connection.commit()
        except BaseException:
            connection.rollback()
            raise
        finally:
            if sqlite:
                connection.exec_driver_sql("PRAGMA foreign_keys=ON")
                connection.rollback()
