"""Which keys a database needs: written down when one is first used, and struck out when nothing is left under it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from cryptography.fernet import InvalidToken
from sqlalchemy import select
from sqlalchemy.orm import Session

from web.crypto import Vault
from web.errors import UnusableDatabase
from web.rows import KeyInUse
from web.services.continuity.resealing import Others, raw, sealed_columns

OPEN_FORMS = timedelta(hours=24)
"""What residents have filled in and not sent travels in their browsers, sealed, for so long."""
VARIABLE = "REBUBBELEN_KEYS"
SAMPLE = 3
"""Values at each end of a column that have to open at a start."""


def check(session: Session, vault: Vault, others: Others, now: datetime) -> None:
    """See to it that everything here can be opened with our keys, and write down the first. Needs no transaction.

    Raises UnusableDatabase, naming the key that is missing: better than a site on which nobody can come in.
    """
    known = {row.tag: row for row in session.scalars(select(KeyInUse))}
    if missing := [tag for tag, row in known.items() if row.until is None and tag not in vault.tags]:
        raise _missing(f"the key {', '.join(missing)} still seals something here")
    if place := next(_closed(session, vault, others), ""):
        raise _missing(f"{place} was sealed with another key")
    # In a database from before this was written down, every key that is given may seal something.
    for tag in vault.tags if not known else vault.tags[:1]:
        row = known.get(tag)
        if row is None:
            session.add(KeyInUse(tag=tag, since=now))
        else:
            row.until = None
    session.commit()


def retire(session: Session, vault: Vault, now: datetime) -> datetime:
    """Nothing is left under any key but the first; from when on the others may be taken away."""
    first = session.scalars(select(KeyInUse).where(KeyInUse.tag == vault.tags[0])).one()
    for row in session.scalars(select(KeyInUse).where(KeyInUse.id != first.id, KeyInUse.until.is_(None))):
        row.until = now
    session.commit()
    return first.since + OPEN_FORMS


def _missing(what: str) -> UnusableDatabase:
    return UnusableDatabase(
        f"{VARIABLE}: {what}, and no key that is given opens it. Nothing was changed. Put the old key back behind the "
        f"new one ({VARIABLE}=new,old), start again, and run `run.py rotate-key`; it says when the old one may go."
    )


def _closed(session: Session, vault: Vault, others: Others) -> Iterator[str]:
    """Places in which something, among the oldest and the newest, opens with no key of ours."""
    ways = [(column, vault.resealed) for column in sealed_columns()] + list(others.items())
    for column, anew in ways:
        here = raw(column)
        sealed, id = here.c[column.name], here.c["id"]
        for order in (id, id.desc()):
            for text in session.scalars(select(sealed).where(sealed.is_not(None)).order_by(order).limit(SAMPLE)):
                try:
                    anew(text)
                except (InvalidToken, KeyError, ValueError):
                    yield f"{column.table.name}.{column.name}"
                    break
    session.rollback()
