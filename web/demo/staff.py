"""The ready accounts of the demo, and the one password that opens them all."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from web.rows import Organisation, Project, Staff
from web.rows.staff import ADMIN, COORDINATOR, ORGANISER
from web.services.organisations import accounts
from web.services.organisations.accounts import Post
from web.services.organisations.passwords import Hash

PASSWORD = "samen in de wijk"
ACCOUNTS = (
    ("buurtwerker@demo.example", "Amina (buurtwerker)", ORGANISER),
    ("coordinator@demo.example", "Chantal (coördinator)", COORDINATOR),
    ("beheerder@demo.example", "Beatrix (beheerder)", ADMIN),
)


class RealPeople(Exception):
    """The demo lets everybody in; it never opens a database of a real organisation."""


def refuse_real(session: Session) -> None:
    """Raises RealPeople if the database holds an organisation that is not invented."""
    if real := session.scalar(select(Organisation.name).where(~Organisation.demo).limit(1)):
        raise RealPeople(f"This database holds a real organisation ({real}). The demo uses a database of its own.")


def ready(session: Session, organisation: Organisation, *, hashing: Hash) -> list[Staff]:
    """The accounts, in all projects of the organisation; made only if they are not there yet.

    Outside the demo nobody gets in with them (web.accounts.people). Raises RealPeople beside any real organisation.
    """
    refuse_real(session)
    projects = session.scalars(select(Project.id).where(Project.organisation_id == organisation.id)).all()
    known = {account.email: account for account in accounts.colleagues(session, organisation.id)}
    for email, name, role in ACCOUNTS:
        if email not in known:
            post = Post(frozenset({role}), frozenset(projects))
            known[email] = accounts.add(
                session, organisation, email, name, post, password=PASSWORD, hashing=hashing, one_time=False
            )
    return [known[email] for email, _, _ in ACCOUNTS]
