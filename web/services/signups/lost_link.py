"""A lost link: another one for every sign-up with this address or number, sent there and shown nowhere.

Anybody can ask for it, so the link that works goes on working. It ends when a button is pressed on the page of the new
one: programs that read mail open links, but press no buttons.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from web.crypto import Vault, hashed
from web.identity import addresses, hashes, phones
from web.identity.faults import NoAddress
from web.letters import joining
from web.rows import Signup
from web.services import outbox
from web.services.text.tokens import new_token


def send_links(session: Session, typed: str, *, now: datetime, vault: Vault) -> None:
    """Give every sign-up that can be reached there a second secret, and write the letter that brings it.

    Whoever asks again before it is used gets the same one: no letter that was sent becomes useless.
    """
    for signup in _reached_at(session, typed, vault):
        secret = vault.fingerprint("link", f"{signup.id}:{signup.secret_hash}")[:32]
        signup.next_secret_hash = hashed(secret)
        key = f"link:{signup.id}:{new_token()}"
        outbox.put(session, joining.link, signup, signup, key=key, now=now, content={"secret": secret})


def is_second(signup: Signup, secret: str) -> bool:
    """Whether there is an older link that works beside this one."""
    return signup.next_secret_hash == hashed(secret)


def use(signup: Signup, secret: str) -> None:
    """Somebody pressed a button on the page of a link: from now on it is the only one."""
    if is_second(signup, secret):
        signup.secret_hash, signup.next_secret_hash = hashed(secret), None


def _reached_at(session: Session, typed: str, vault: Vault) -> Sequence[Signup]:
    known = (
        (Signup.email_hash, hashes.email_hash(vault, _address(typed))),
        (Signup.phone_hash, hashes.phone_hash(vault, phones.canonical(typed))),
    )
    same = [column == value for column, value in known if value]
    return session.scalars(select(Signup).where(or_(*same))).all() if same else ()


def _address(typed: str) -> str | None:
    try:
        return addresses.read(typed)
    except NoAddress:
        return None
