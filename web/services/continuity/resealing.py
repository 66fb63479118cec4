"""Everything that is sealed, sealed anew with the first key: by column, some rows at a time, while the site runs.

Every `Sealed` column of every table is found by its type, so that a new one is never forgotten; what accounts seal by
themselves is named by them. A value is replaced only while it is still the one that was read: whoever writes meanwhile
writes with the first key already. Broken off, it goes on where it has to: what is done is seen and passed over.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.fernet import InvalidToken
from sqlalchemy import Column, Integer, TableClause, Text, select, table, update
from sqlalchemy import column as sql_column
from sqlalchemy.orm import Session

from web.crypto import Vault
from web.private_files import write_whole
from web.rows import Base, Sealed, rowcount

BATCH = 200
"""Rows that are committed together: nobody waits long for the right to write."""
SEALED_FILES = "*.sealed"
Reseal = Callable[[str], str]
Others = Mapping[Column[Any], Reseal]


@dataclass
class Resealed:
    """How far it is: values and files that have changed, and places in which something opens with no key we have."""

    changed: int = 0
    lost: tuple[str, ...] = ()

    def lose(self, place: str) -> None:
        """Something cannot be opened there."""
        self.lost = tuple(dict.fromkeys((*self.lost, place)))


def sealed_columns() -> list[Column[Any]]:
    """All of them, of every table."""
    return [column for table in Base.metadata.sorted_tables for column in table.c if isinstance(column.type, Sealed)]


def reseal(session: Session, vault: Vault, others: Others, instance: Path) -> Resealed:
    """Bring everything under the first key, again and again until a whole round finds nothing under another."""
    done, before = Resealed(), -1
    while done.changed != before:
        before = done.changed
        for column, anew in _all(vault, others):
            _reseal_column(session, column, anew, done)
        _reseal_files(instance, vault, done)
    return done


def _all(vault: Vault, others: Others) -> Iterator[tuple[Column[Any], Reseal]]:
    for column in sealed_columns():
        yield column, vault.resealed
    yield from others.items()


def raw(column: Column[Any]) -> TableClause:
    """The table of a column, with nothing but its number and the column as the text that it is in the database."""
    return table(column.table.name, sql_column("id", Integer), sql_column(column.name, Text))


def _reseal_column(session: Session, column: Column[Any], anew: Reseal, done: Resealed) -> None:
    here, last = raw(column), 0
    id, sealed = here.c["id"], here.c[column.name]
    while True:
        wanted = select(id, sealed).where(id > last, sealed.is_not(None)).order_by(id)
        rows = session.execute(wanted.limit(BATCH)).all()
        session.rollback()
        if not rows:
            return
        for number, text in rows:
            if (fresh := _anew(anew, text, f"{here.name}.{column.name}", done)) != text:
                same = update(here).where(id == number, sealed == text).values({sealed: fresh})
                done.changed += rowcount(session.execute(same))
        session.commit()
        last = rows[-1][0]


def _anew(anew: Reseal, text: str, place: str, done: Resealed) -> str:
    try:
        return anew(text)
    except (InvalidToken, KeyError, ValueError):
        done.lose(place)
        return text


def _reseal_files(instance: Path, vault: Vault, done: Resealed) -> None:
    for path in instance.rglob(SEALED_FILES):
        try:
            text, seen = path.read_text("ascii"), path.stat()
            fresh = _anew(vault.resealed, text, path.relative_to(instance).parts[0], done)
            if fresh != text:
                write_whole(path, fresh.encode())
                os.utime(path, ns=(seen.st_atime_ns, seen.st_mtime_ns))
                done.changed += 1
        except FileNotFoundError:
            continue  # Somebody has just confirmed that import.
