"""What is left of somebody outside the rows: letters on disk, and old pages in the journal of the database.

SQLite overwrites what is erased (`secure_delete`), but keeps the pages as they were in its journal until that is
emptied. Whoever reads at that moment holds them there; then the worker tries again, every minute.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from web.channels import Outbox
from web.channels.outbox import mark_of
from web.rows import DueLetter, FacilitatorLink
from web.services.outbox.owner import owner_of

PATIENCE = 300
"""Milliseconds that readers are waited for: somebody looks at a page meanwhile."""


def wipe(session: Session, outbox: Outbox, signup_id: int) -> None:
    """What is left of somebody whose rows were erased, after that is committed."""
    outbox.forget(owner_of(signup_id))
    empty_journal(session)


def empty_journal(session: Session) -> bool:
    """Empty the journal, after everything is committed; False if somebody holds it. Other databases have none here."""
    engine = session.get_bind().engine
    if engine.dialect.name != "sqlite":
        return True
    with engine.connect() as connection:
        waits = connection.exec_driver_sql("PRAGMA busy_timeout").scalar_one()
        connection.exec_driver_sql(f"PRAGMA busy_timeout={PATIENCE}")
        try:
            busy, _pages, _done = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
        finally:
            connection.exec_driver_sql(f"PRAGMA busy_timeout={waits}")
    return not busy


def sweep(session: Session, outbox: Outbox) -> int:
    """Erase letters on disk of which the row is gone: who erases a sign-up erases its letters too; how many.

    By letter and not by whose it is: the number of somebody who is gone may be given again.
    """
    owners = outbox.owners()
    kinds = {"signup": DueLetter.signup_id, "facilitator": DueLetter.facilitator_id}
    return sum(
        outbox.keep_only(_marks(session, column.is_not(None)), kind)
        for kind, column in kinds.items()
        if any(owner.startswith(f"{kind}-") for owner in owners)
    )


def forget_lists(session: Session, outbox: Outbox) -> int:
    """Erase letters on disk with the link and PIN of a list that cannot be opened any more; how many."""
    open_ = set(session.scalars(select(FacilitatorLink.session_id)))
    mine = select(DueLetter).where(DueLetter.facilitator_id.is_not(None))
    kept = {mark_of(x.key) for x in session.scalars(mine) if (x.content or {}).get("session_id") in open_}
    return outbox.keep_only(kept, "facilitator")


def _marks(session: Session, whose: ColumnElement[bool]) -> set[str]:
    return {mark_of(key) for key in session.scalars(select(DueLetter.key).where(whose))}
