"""The venues, facilitators and key contacts of an organisation: kept up to date by its own staff."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session as DbSession

from web.crypto import new_code
from web.rows import Facilitator, KeyContact, Project, Staff, Venue
from web.services import auditing

CODE = 5
Kept = TypeVar("Kept", Venue, Facilitator)


def save(session: DbSession, row: Kept, values: Mapping[str, Any], *, by: Staff, now: datetime) -> Kept:
    """Keep what was said of a new or known venue or facilitator, for the organisation of the account."""
    for name, value in values.items():
        setattr(row, name, value)
    row.organisation_id = by.organisation_id
    session.add(row)
    session.flush()
    auditing.note(session, now, by, f"save {type(row).__name__.lower()}", organisation_id=by.organisation_id, about=row)
    session.commit()
    return row


def add_contact(session: DbSession, project: Project, name: str, *, by: Staff, now: datetime) -> KeyContact:
    """A key contact with a fresh code to hand out."""
    taken = set(session.scalars(select(KeyContact.code).where(KeyContact.project_id == project.id)))
    code = next(code for code in iter(lambda: new_code(CODE), "") if code not in taken)
    row = KeyContact(organisation_id=project.organisation_id, project_id=project.id, name=name, code=code)
    session.add(row)
    session.flush()
    auditing.note(
        session, now, by, "add contact", organisation_id=row.organisation_id, project_id=project.id, about=row
    )
    session.commit()
    return row


def looked(session: DbSession, what: str, *, by: Staff, now: datetime) -> None:
    """Write down that somebody reads names and contact data of people the organisation works with."""
    auditing.note(session, now, by, what, organisation_id=by.organisation_id)
    session.commit()
