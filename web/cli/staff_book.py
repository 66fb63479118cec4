"""The accounts of an installation, opened for a command: services do the work, their mishaps become sentences."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from flask_babel import force_locale, gettext
from flask_security import hash_password
from sqlalchemy import func, select

from web import world
from web.cli import opening
from web.errors import Mishap
from web.rows import Organisation, Project, Staff, db
from web.services import audit
from web.services.organisations import accounts, passwords
from web.services.organisations.accounts import Post
from web.services.organisations.organisations import add_organisation, add_project
from web.transaction import transaction

OPERATOR = "operator"
"""Who stands in the audit log: somebody at the keyboard of the server."""


@contextmanager
def opened(instance: Path) -> Iterator[Book]:
    """The book of an installation; what was done is kept if nothing went wrong. Raises opening.Refusal."""
    app = opening.application(instance)
    opening.upgrade(app)
    with app.app_context():
        try:
            with transaction(db.session):
                yield Book()
        except Mishap as mishap:
            with force_locale("en"):
                raise opening.Refusal(gettext(mishap.sentence) % mishap.values) from None


class Book:
    """Accounts, organisations and projects by the names that people type. Needs an application context."""

    def organisation(self, slug: str) -> Organisation:
        """Raises Refusal, naming those that exist."""
        known = {o.slug: o for o, _projects in self.organisations()}
        if slug not in known:
            raise opening.Refusal(f"no organisation {slug!r}; there is: {', '.join(known) or 'none yet'}")
        return known[slug]

    def organisations(self) -> list[tuple[Organisation, Sequence[Project]]]:
        """Every organisation with its projects."""
        found = db.session.scalars(select(Organisation).order_by(Organisation.slug))
        return [(organisation, self._projects_of(organisation)) for organisation in found]

    def projects(self, organisation: Organisation, slugs: Collection[str]) -> frozenset[int]:
        """Raises Refusal for one that this organisation does not have."""
        known = {project.slug: project.id for project in self._projects_of(organisation)}
        if unknown := sorted(set(slugs) - known.keys()):
            has = ", ".join(known) or "no project yet"
            raise opening.Refusal(f"no project {unknown[0]!r} of {organisation.slug}; it has: {has}")
        return frozenset(known[slug] for slug in slugs)

    def account(self, email: str) -> Staff:
        """Raises Refusal if nobody has this address."""
        address = accounts.tidy_address(email)
        found = db.session.scalar(select(Staff).where(func.lower(Staff.email) == address))
        if found is None:
            raise opening.Refusal(f"no account {address!r}; `run.py user list` shows them all")
        return found

    def everybody(self) -> Sequence[Staff]:
        """Every account, by organisation."""
        return db.session.scalars(select(Staff).order_by(Staff.organisation_id, Staff.email)).all()

    def add(
        self, owner: Organisation, email: str, name: str, roles: frozenset[str], projects: frozenset[int], password: str
    ) -> Staff:
        """A new account. Raises a Mishap."""
        post = Post(roles, projects)
        return accounts.add(db.session, owner, email, name, post, password=password, hashing=hash_password)

    def give(self, account: Staff, password: str) -> None:
        """Another password. Raises a Mishap."""
        passwords.give(account, password, hash_password)

    def shut(self, account: Staff) -> None:
        """Nobody comes in with it. Raises a Mishap."""
        accounts.set_active(db.session, account, False)

    def reset(self, account: Staff) -> None:
        """Forget its codes and passkeys."""
        accounts.reset_codes(account)

    def keep(self, what: str, account: Staff) -> None:
        """A line in the audit log."""
        audit.note(db.session, account, what, by=OPERATOR, now=world.now())

    def add_organisation(self, name: str, slug: str) -> Organisation:
        """Raises a Mishap."""
        made = add_organisation(db.session, name, slug)
        audit.note(db.session, made, "organisation_added", by=OPERATOR, now=world.now())
        return made

    def add_project(self, owner: Organisation, name: str, slug: str, district: str) -> Project:
        """Raises a Mishap."""
        made = add_project(db.session, owner, name, slug, district)
        audit.note(db.session, made, "project_added", by=OPERATOR, now=world.now())
        return made

    def _projects_of(self, organisation: Organisation) -> Sequence[Project]:
        mine = select(Project).where(Project.organisation_id == organisation.id)
        return db.session.scalars(mine.order_by(Project.slug)).all()
