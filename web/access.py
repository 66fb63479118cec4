"""Who may fetch what: every row is fetched *for* an account, and a foreign row is a missing one (promise 20)."""

from __future__ import annotations

from typing import Any, TypeVar

from flask_security import current_user
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from web.crypto import hashed
from web.errors import Missing, Refused
from web.rows import Signup, Staff
from web.rows.staff import RoleName

Row = TypeVar("Row")


def me() -> Staff:
    """The staff account of this request; the guard of the room has made sure that there is one."""
    account: Staff = current_user._get_current_object()
    return account


def is_admin(account: Staff) -> bool:
    """Whether an account may see every project of its organisation."""
    return account.has_role(RoleName.ADMIN)


def owned(model: type[Row], for_: Staff) -> Select[Row]:
    """All rows of a kind that an account may see: its organisation's, and of those its own projects'."""
    table: Any = model
    found = select(model).where(table.organisation_id == for_.organisation_id)
    if hasattr(model, "project_id") and not is_admin(for_):
        found = found.where(table.project_id.in_([project.id for project in for_.projects]))
    return found


def get(session: Session, model: type[Row], id: int, *, for_: Staff) -> Row:
    """One row for an account. Raises Missing if there is none, or it is somebody else's."""
    table: Any = model
    row = session.scalars(owned(model, for_).where(table.id == id)).one_or_none()
    if row is None:
        raise Missing
    return row


def by_secret(session: Session, secret: str) -> Signup:
    """The sign-up of a personal link, also of one that was asked for and not used yet.

    Raises Missing for a link that does not, or no longer, exist.
    """
    known = (Signup.secret_hash == hashed(secret)) | (Signup.next_secret_hash == hashed(secret))
    found = session.scalars(select(Signup).where(known)).one_or_none()
    if found is None:
        raise Missing
    return found


def need_role(account: Staff, *roles: str) -> None:
    """Raises Refused unless the account has one of these roles, or is an administrator."""
    if not any(account.has_role(role) for role in (*roles, RoleName.ADMIN)):
        raise Refused
