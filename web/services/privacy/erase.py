"""Erasing somebody: what the law calls the right to be forgotten (promise 14)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from web.crypto import Vault
from web.rows import Erasure, Met, Series, Signup
from web.services.locks import lock_series
from web.services.plans.problem import person_hash
from web.services.waiting import settle


def erase(session: Session, signup: Signup, vault: Vault, *, now: datetime) -> None:
    """Erase everything about somebody: the row, its hashes, answers and letters, and whom they met.

    Their place goes to who waits. What stays is a mark, so that no backup brings them back (`erasures`).
    """
    series = session.get_one(Series, signup.series_id)
    lock_series(session, series.id)
    mine = person_hash(signup, vault)
    elsewhere = select(Signup).where(Signup.project_id == signup.project_id, Signup.id != signup.id)
    # The same person in another series of this project keeps having met who they met.
    if not any(person_hash(other, vault) == mine for other in session.scalars(elsewhere)):
        pairs = (Met.a_hash == mine) | (Met.b_hash == mine)
        session.execute(delete(Met).where(Met.project_id == signup.project_id, pairs))
    session.add(Erasure(mark=mark_of(vault, signup.series_id, signup.once), at=now))
    session.delete(signup)
    settle(session, series, now)


def mark_of(vault: Vault, series_id: int, once: str) -> str:
    """What a sign-up is known by after it was erased, to whoever still has it in a backup."""
    return vault.fingerprint("erased", f"{series_id}:{once}")
