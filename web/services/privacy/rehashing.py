"""Hashes of people who signed up before a canonical form changed: made anew, so that they are recognised as before.

A migration cannot do it: names are sealed, and it has no key. So a site does it when it starts, after its migrations;
`Signup.hashed_as` says who is done, and a second start finds nobody. Whom they met goes by hashes of these hashes, and
is carried over.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from web.crypto import Vault
from web.identity import hashes, phones
from web.rows import Signup
from web.rows.people import sealed_except
from web.services.plans.problem import person_hash
from web.services.privacy import met_before

CHUNK = 200
"""Sign-ups that are committed together: a start that is broken off goes on there."""


def run(session: Session, vault: Vault) -> int:
    """Bring every sign-up to the form of today, some at a time, each lot committed by itself; how many."""
    count = 0
    while people := _older(session):
        for signup in people:
            before = person_hash(signup, vault)
            _rehash(signup, vault)
            session.flush()
            if (after := person_hash(signup, vault)) != before:
                met_before.carry_over(session, signup.project_id, before, after)
        session.commit()
        count += len(people)
    return count


def _older(session: Session) -> Sequence[Signup]:
    wanted = select(Signup).where(Signup.hashed_as < hashes.FORM).order_by(Signup.id).limit(CHUNK)
    return session.scalars(wanted.options(*(defer(c) for c in sealed_except("name", "contact")))).all()


def _rehash(signup: Signup, vault: Vault) -> None:
    contact = signup.contact or {}
    number = contact.get("phone")
    signup.name_hash = hashes.name_hash(vault, signup.name)
    signup.email_hash = hashes.email_hash(vault, contact.get("email"))
    # A number that would be refused today is still theirs.
    signup.phone_hash = hashes.phone_hash(vault, number and (phones.canonical(number) or number))
    signup.hashed_as = hashes.FORM
