"""The chain of the audit log: every line holds a keyed hash of itself and of the line before.

A line gets its number and hash as the last thing in its transaction. The row with the end of the chain is then locked
for a moment only, and nobody who holds it waits for anything else: no two transactions can wait for each other.
"""

from __future__ import annotations

from datetime import datetime
from itertools import groupby
from typing import Any, cast

from sqlalchemy import Row, Table, bindparam, delete, event, func, select, text, update
from sqlalchemy.orm import Session

from web.crypto import Vault
from web.rows import AuditChain, AuditLine, Sealed

WRITTEN = "lines of this transaction"
"""Where a session keeps the lines that still need their place in the chain."""
_BEGIN = text(
    "INSERT INTO audit_chain (organisation_id, lines, mac, forgotten, anchor, seal) "
    "VALUES (:organisation, 0, '', 0, '', '') ON CONFLICT DO NOTHING"
)
"""SQLite and PostgreSQL both know it: of two first lines at once one begins the chain, the other goes on with it."""
_CHAIN = cast("Table", AuditChain.__table__)
_MINE = update(_CHAIN).where(_CHAIN.c.organisation_id == bindparam("organisation"))
_COUNT = _MINE.values(lines=_CHAIN.c.lines + bindparam("more")).returning(*_CHAIN.c)
_END = _MINE.values(mac=bindparam("last"), seal=bindparam("sealed"))
"""Written out once, and about the table: whoever wants to write waits for whoever does."""


def add(session: Session, line: AuditLine) -> None:
    """Write a line; it finds its place in the chain when the transaction is kept."""
    session.add(line)
    session.info.setdefault(WRITTEN, []).append(line)


def mac_of(vault: Vault, before: str, line: AuditLine) -> str:
    """The keyed hash of a line that comes after the one with the hash `before`."""
    said = (before, line.organisation_id, line.number, _when(line.at), line.who, line.what, line.about, line.project_id)
    return vault.fingerprint("audit line", "\0".join(map(str, said)))


def seal_of(vault: Vault, chain: AuditChain) -> str:
    """The keyed hash over both ends."""
    return _seal(vault, chain.organisation_id, chain.lines, chain.mac, chain.forgotten, chain.anchor)


def _seal(vault: Vault, *ends: object) -> str:
    return vault.fingerprint("audit chain", "\0".join(map(str, ends)))


def _when(at: datetime) -> str:
    return f"{at.timestamp():.6f}"


@event.listens_for(Session, "before_commit")
def _link(session: Session) -> None:
    """Number and hash the lines of this transaction. A savepoint is no end: it may still be taken back."""
    if session.in_nested_transaction():
        return
    # What was taken back is in the session no more.
    lines = [line for line in session.info.pop(WRITTEN, ()) if line in session]
    with session.no_autoflush:
        # One order for everybody who writes in the logs of several organisations at once.
        for organisation, mine in groupby(sorted(lines, key=_owner), _owner):
            append(session, organisation, list(mine))


def _owner(line: AuditLine) -> int:
    return line.organisation_id


def append(session: Session, organisation: int, lines: list[AuditLine]) -> None:
    """Put lines at the end of the chain of an organisation, in this order."""
    chain, vault = _held(session, organisation, len(lines)), Sealed.vault()
    mac = chain.mac
    for number, line in enumerate(lines, chain.lines - len(lines) + 1):
        line.number = number
        line.mac = mac = mac_of(vault, mac, line)
    seal = _seal(vault, organisation, chain.lines, mac, chain.forgotten, chain.anchor)
    session.execute(_END, {"organisation": organisation, "last": mac, "sealed": seal})


def _held(session: Session, organisation: int, more: int) -> Row[Any]:
    """The ends of a chain, counted up and locked until the transaction ends."""
    # The change comes before the look: on SQLite too, what is read after it is what nobody else changes any more.
    told = {"organisation": organisation, "more": more}
    chain = session.execute(_COUNT, told).one_or_none()
    if chain is None:
        session.execute(_BEGIN, told)
        chain = session.execute(_COUNT, told).one()
    return chain


def begin(session: Session) -> int:
    """Put in a chain what an older version wrote, where there is no chain yet; how many lines.

    A migration cannot do it, as it has no key. Where a chain has begun, a line outside it is none of ours.
    """
    begun = select(AuditChain.organisation_id).union(
        select(AuditLine.organisation_id).where(AuditLine.number.is_not(None))
    )
    older = select(AuditLine).where(AuditLine.organisation_id.not_in(begun))
    lines = session.scalars(older.order_by(AuditLine.organisation_id, AuditLine.id)).all()
    for organisation, mine in groupby(lines, _owner):
        append(session, organisation, list(mine))
    return len(lines)


def forget(session: Session, before: datetime) -> dict[int, int]:
    """Forget the lines at the beginning of every log that are older than that; how many, by organisation.

    The hash of the last one stays as the anchor of those that follow, so that the chain still holds.
    """
    known = session.scalars(select(AuditChain.organisation_id).order_by(AuditChain.organisation_id)).all()
    gone = {organisation: _shorten(session, organisation, before) for organisation in known}
    return {organisation: many for organisation, many in gone.items() if many}


def _shorten(session: Session, organisation: int, before: datetime) -> int:
    chain = session.get_one(AuditChain, _held(session, organisation, 0).id, populate_existing=True)
    mine = AuditLine.organisation_id == chain.organisation_id
    # A clock that was wrong for a while may have left a young line between old ones: up to there, and no further.
    young = select(func.min(AuditLine.number)).where(mine, AuditLine.at >= before).scalar_subquery()
    old = (mine, AuditLine.number < func.coalesce(young, chain.lines + 1), AuditLine.number > chain.forgotten)
    last = session.scalars(select(AuditLine).where(*old).order_by(AuditLine.number.desc()).limit(1)).one_or_none()
    if last is None or last.number is None:
        return 0
    gone = last.number - chain.forgotten
    chain.forgotten, chain.anchor = last.number, last.mac or ""
    chain.seal = seal_of(Sealed.vault(), chain)
    session.execute(delete(AuditLine).where(*old[:2]).execution_options(synchronize_session=False))
    return gone
