"""A lost link: one letter with the links of every sign-up with this address or number, sent there and shown nowhere.

Anybody can ask for it, so the link that works goes on working, and letters are counted. It ends when a button is
pressed on the page of the new one: programs that read mail open links, but press no buttons.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from web.crypto import Vault, hashed
from web.identity import addresses, hashes, phones
from web.identity.faults import NoAddress
from web.letters import joining
from web.rows import Signup
from web.rows.people import SignupState
from web.services import outbox
from web.services.outbox import allowance
from web.services.text.tokens import new_token


def send_links(session: Session, typed: str, *, now: datetime, vault: Vault) -> None:
    """Give every sign-up that can be reached there a second secret, and write the letter that brings them.

    Whoever asks again before it is used gets the same ones: no letter that was sent becomes useless. Nothing happens
    where enough links went to today.
    """
    email, phone = hashes.email_hash(vault, _address(typed)), hashes.phone_hash(vault, phones.canonical(typed))
    for people in _by_letter(_known_by(session, email, phone)):
        # What goes by somebody counts by what was typed.
        goes_to = allowance.reached_at(people[0], people[0].reached_by) or email or phone or ""
        if allowance.take(session, goes_to, allowance.LINKS, now):
            _put(session, people, now, vault)


def _put(session: Session, people: Sequence[Signup], now: datetime, vault: Vault) -> None:
    secrets = {signup.id: _second(signup, vault) for signup in people}
    first, *others = people
    content: dict[str, object] = {"secret": secrets[first.id]}
    if others:
        content["pages"] = {str(one.id): secrets[one.id] for one in others}
    outbox.put(session, joining.link, first, first, key=f"link:{first.id}:{new_token()}", now=now, content=content)


def _second(signup: Signup, vault: Vault) -> str:
    secret = vault.fingerprint("link", f"{signup.id}:{signup.secret_hash}")[:32]
    signup.next_secret_hash = hashed(secret)
    return secret


def is_second(signup: Signup, secret: str) -> bool:
    """Whether there is an older link that works beside this one."""
    return signup.next_secret_hash == hashed(secret)


def use(signup: Signup, secret: str) -> None:
    """Somebody pressed a button on the page of a link: from now on it is the only one."""
    if is_second(signup, secret):
        signup.secret_hash, signup.next_secret_hash = hashed(secret), None


def _by_letter(people: Iterable[Signup]) -> list[list[Signup]]:
    """Whose links each letter brings; who did not leave and came first heads it.

    One for everybody at an e-mail address. A text message has room for one link: who was sent none yet comes first.
    What a person may have to bring over says nothing of other projects.
    """
    letters: dict[tuple[str, str | None, int], list[Signup]] = defaultdict(list)
    for one in sorted(people, key=_turn):
        way = one.reached_by
        goes_to = one.email_hash if way == "email" else one.phone_hash
        letters[way, goes_to, {"email": 0, "text": one.id}.get(way, one.project_id)].append(one)
    return list(letters.values())


def _turn(one: Signup) -> tuple[bool, bool, int]:
    return one.state == SignupState.LEFT, one.reached_by == "text" and one.next_secret_hash is not None, one.id


def _known_by(session: Session, email: str | None, phone: str | None) -> Sequence[Signup]:
    same = [column == value for column, value in ((Signup.email_hash, email), (Signup.phone_hash, phone)) if value]
    return session.scalars(select(Signup).where(or_(*same))).all() if same else ()


def _address(typed: str) -> str | None:
    try:
        return addresses.read(typed)
    except NoAddress:
        return None
