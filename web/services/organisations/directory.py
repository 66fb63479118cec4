"""The venues, facilitators and key contacts of an organisation: kept up to date by its own staff."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from web.crypto import new_code
from web.rows import Facilitator, KeyContact, Project, Round, Series, Staff, TimeSlot, Venue
from web.services import audit
from web.services.invitations import reconciling

CODE = 5
Kept = TypeVar("Kept", Venue, Facilitator)


def save(session: Session, row: Kept, values: Mapping[str, Any], *, by: Staff, now: datetime) -> Kept:
    """Keep what was said of a new or known venue or facilitator, for the organisation of the account."""
    for name, value in values.items():
        setattr(row, name, value)
    row.organisation_id = by.organisation_id
    session.add(row)
    session.flush()
    if isinstance(row, Venue):
        _tell(session, row, now)
    audit.note(session, row, f"save {type(row).__name__.lower()}", by=by, now=now)
    return row


def _tell(session: Session, venue: Venue, now: datetime) -> None:
    """Who is invited to this place hears of its other name or address."""
    there = select(Round.series_id).join(TimeSlot, TimeSlot.round_id == Round.id).where(TimeSlot.venue_id == venue.id)
    for series in session.scalars(select(Series).where(Series.id.in_(there)).order_by(Series.id)):
        reconciling.reconcile(session, series, now)


def add_contact(session: Session, project: Project, name: str, *, by: Staff, now: datetime) -> KeyContact:
    """A key contact with a fresh code to hand out."""
    taken = set(session.scalars(select(KeyContact.code).where(KeyContact.project_id == project.id)))
    code = next(code for code in iter(lambda: new_code(CODE), "") if code not in taken)
    row = KeyContact(organisation_id=project.organisation_id, project_id=project.id, name=name, code=code)
    session.add(row)
    session.flush()
    audit.note(session, row, "add contact", by=by, now=now)
    return row


def looked(session: Session, what: str, *, by: Staff, now: datetime) -> None:
    """Write down that somebody reads names and contact data of people the organisation works with."""
    audit.note(session, by, what, by=by, now=now, about="")
