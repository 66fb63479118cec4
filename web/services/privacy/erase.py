"""Erasing somebody: what the law calls the right to be forgotten (promise 14)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from web.crypto import Vault
from web.identity import addresses
from web.rows import Erasure, Reply, Series, Signup
from web.services.locks import lock_series
from web.services.privacy import met_before
from web.services.waiting import settle


def erase(session: Session, signup: Signup, vault: Vault, *, now: datetime) -> None:
    """Erase everything about somebody: the row, its hashes, answers, letters and mails, and whom they met.

    Their place goes to who waits. What is left outside the rows is for `traces.wipe`, once this is committed. What
    stays is a mark, so that no backup brings them back (`erasures`).
    """
    series = session.get_one(Series, signup.series_id)
    lock_series(session, series.id)
    met_before.forget(session, signup, vault)
    _forget_strays(session, signup)
    session.add(Erasure(mark=mark_of(vault, signup.series_id, signup.once), at=now))
    session.delete(signup)
    settle(session, series, now)


def mark_of(vault: Vault, series_id: int, once: str) -> str:
    """What a sign-up is known by after it was erased, to whoever still has it in a backup."""
    return vault.fingerprint("erased", f"{series_id}:{once}")


def _forget_strays(session: Session, signup: Signup) -> None:
    """Mails of which nobody knew whose they were, from an address that nobody else here has."""
    address = (signup.contact or {}).get("email")
    shared = select(Signup.id).where(Signup.email_hash == signup.email_hash, Signup.id != signup.id)
    if not address or session.scalar(shared.limit(1)) is not None:
        return
    waiting = Reply.signup_id.is_(None), Reply.content.is_not(None)
    for stray in session.scalars(select(Reply).where(*waiting)).all():
        if addresses.same((stray.content or {}).get("sender"), address):
            session.delete(stray)
