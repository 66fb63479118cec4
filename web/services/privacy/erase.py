"""Erasing somebody: what the law calls the right to be forgotten (promise 14)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from web.crypto import Vault
from web.rows import Met, Series, Signup
from web.services import audit
from web.services.locks import lock_series
from web.services.plans.problem import person_hash
from web.services.waiting import settle


def erase(session: Session, signup: Signup, vault: Vault, *, now: datetime) -> None:
    """Erase everything about somebody: the row, its hashes, answers and letters, and whom they met.

    Their place goes to who waits.
    """
    series = session.get_one(Series, signup.series_id)
    lock_series(session, series.id)
    mine = person_hash(signup, vault)
    elsewhere = select(Signup).where(Signup.project_id == signup.project_id, Signup.id != signup.id)
    # The same person in another series of this project keeps having met who they met.
    if not any(person_hash(other, vault) == mine for other in session.scalars(elsewhere)):
        pairs = (Met.a_hash == mine) | (Met.b_hash == mine)
        session.execute(delete(Met).where(Met.project_id == signup.project_id, pairs))
    audit.note(session, signup, "erase signup", by=audit.RESIDENT, now=now)
    session.delete(signup)
    settle(session, series, now)
