"""Erasing somebody: what the law calls the right to be forgotten (promise 14)."""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from web.crypto import Vault
from web.rows import Met, Signup
from web.services.plans.problem import person_hash


def erase(session: Session, signup: Signup, vault: Vault) -> None:
    """Erase everything about somebody: the row, its hashes, answers and letters, and whom they met."""
    mine = person_hash(signup, vault)
    elsewhere = select(Signup).where(Signup.project_id == signup.project_id, Signup.id != signup.id)
    # The same person in another series of this project keeps having met who they met.
    if not any(person_hash(other, vault) == mine for other in session.scalars(elsewhere)):
        pairs = (Met.a_hash == mine) | (Met.b_hash == mine)
        session.execute(delete(Met).where(Met.project_id == signup.project_id, pairs))
    session.delete(signup)
