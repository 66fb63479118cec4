"""Who works here: accounts, with their roles and projects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from web.errors import N_, Mishap
from web.identity import addresses
from web.identity import text as typed_text
from web.identity.faults import NoAddress
from web.rows import Organisation, Project, Role, Staff
from web.rows.staff import ROLES, RoleName
from web.services.organisations import passwords
from web.services.organisations.passwords import Hash

Row = TypeVar("Row")


class BadAddress(Mishap):
    """Not an e-mail address."""

    sentence = N_("Dit is geen e-mailadres: %(email)s. Vul een heel adres in. Bijvoorbeeld: naam@voorbeeld.nl")


class AddressTaken(Mishap):
    """Another account has it, perhaps of another organisation."""

    status = 409
    sentence = N_("Er is al een account met dit e-mailadres. Kies een ander adres.")


class UnknownRole(Mishap):
    """There is no such role."""

    sentence = N_("Deze rol bestaat niet: %(role)s.")


class LastAdmin(Mishap):
    """Nobody could let anybody in again."""

    status = 409
    sentence = N_("Dit is de enige beheerder. Maak eerst iemand anders beheerder.")


@dataclass(frozen=True, slots=True)
class Post:
    """What somebody may do: roles, and the projects they may do it in (an administrator: all of them)."""

    roles: frozenset[str]
    projects: frozenset[int] = frozenset()


def tidy_address(text: str) -> str:
    """An e-mail address as accounts are found by it; whatever else somebody typed, comparable."""
    try:
        return addresses.read(text).lower()
    except NoAddress:
        return typed_text.plain(text)[: addresses.LONGEST].lower()


def colleagues(session: Session, organisation_id: int) -> Sequence[Staff]:
    """Every account of an organisation, those that work first; without those of which only the number is left."""
    mine = select(Staff).where(Staff.organisation_id == organisation_id, Staff.email.contains("@"))
    return session.scalars(mine.order_by(Staff.active.desc(), func.lower(Staff.name), Staff.id)).all()


def add(
    session: Session,
    organisation: Organisation,
    email: str,
    name: str,
    post: Post,
    *,
    password: str,
    hashing: Hash,
    one_time: bool = True,
) -> Staff:
    """A new account. Raises BadAddress, AddressTaken, UnknownRole, ShortPassword or GuessablePassword."""
    try:
        address = addresses.read(email).lower()
    except NoAddress:
        raise BadAddress(email=typed_text.plain(email)[:60]) from None
    if session.scalar(select(Staff.id).where(func.lower(Staff.email) == address)) is not None:
        raise AddressTaken
    row = Staff(
        organisation=organisation,
        organisation_id=organisation.id,
        email=address,
        name=typed_text.plain(name),
        active=True,
    )
    passwords.give(row, password, hashing, one_time=one_time)
    session.add(row)
    _place(session, row, post)
    session.flush()
    return row


def set_post(session: Session, account: Staff, post: Post) -> None:
    """Other roles and projects. Raises UnknownRole, or LastAdmin if nobody would be left to let people in."""
    if RoleName.ADMIN not in post.roles:
        _keep_an_admin(session, account)
    _place(session, account, post)


def set_active(session: Session, account: Staff, active: bool) -> None:
    """Let somebody in again, or no longer; then every session ends at once. Raises LastAdmin."""
    if not active:
        _keep_an_admin(session, account)
        passwords.end_sessions(account)
    account.active = active


def reset_codes(account: Staff) -> None:
    """Forget the app, the recovery codes and the passkeys: the next log-in sets them up again."""
    account.tf_primary_method = account.tf_totp_secret = None
    account.mf_recovery_codes = None
    account.webauthn.clear()
    passwords.end_sessions(account)


def make_roles(session: Session) -> None:
    """The roles there are, if this database does not have them yet."""
    known = set(session.scalars(select(Role.name)))
    session.add_all(Role(name=name) for name in ROLES if name not in known)
    session.flush()


def _place(session: Session, account: Staff, post: Post) -> None:
    make_roles(session)
    if unknown := sorted(post.roles - set(ROLES)):
        raise UnknownRole(role=unknown[0])
    account.roles = _all(session, Role, Role.name.in_(post.roles))
    own = Project.organisation_id == account.organisation_id
    account.projects = _all(session, Project, own, Project.id.in_(post.projects))


def _all(session: Session, model: type[Row], *conditions: ColumnElement[bool]) -> list[Row]:
    return list(session.scalars(select(model).where(*conditions)))


def _keep_an_admin(session: Session, account: Staff) -> None:
    others = select(Staff.id).where(
        Staff.organisation_id == account.organisation_id,
        Staff.id != account.id,
        Staff.active,
        Staff.roles.any(Role.name == RoleName.ADMIN),
    )
    if account.has_role(RoleName.ADMIN) and session.scalar(others.limit(1)) is None:
        raise LastAdmin
