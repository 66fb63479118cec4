"""A lost link: a fresh one for every sign-up with this address or number, sent there and shown nowhere."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from web.crypto import Vault, hashed, new_secret
from web.letters import joining
from web.rows import Signup
from web.services import outbox
from web.services.text import contacts


def send_links(session: Session, typed: str, *, now: datetime, vault: Vault) -> None:
    """Give every sign-up that can be reached there a new secret, and write the letter that brings it."""
    for signup in _reached_at(session, typed, vault):
        secret = new_secret()
        signup.secret_hash = hashed(secret)
        key = f"link:{signup.id}:{signup.secret_hash[:16]}"
        outbox.put(session, joining.link, signup, signup, key=key, now=now, content={"secret": secret})


def _reached_at(session: Session, typed: str, vault: Vault) -> Sequence[Signup]:
    hashes = (
        (Signup.email_hash, contacts.email_hash(vault, contacts.email(typed))),
        (Signup.phone_hash, contacts.phone_hash(vault, contacts.phone(typed))),
    )
    same = [column == value for column, value in hashes if value]
    return session.scalars(select(Signup).where(or_(*same))).all() if same else ()
