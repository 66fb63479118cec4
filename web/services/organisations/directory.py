"""The venues, facilitators and key contacts of an organisation: kept up to date by its own staff."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from web import access
from web.crypto import new_code
from web.errors import N_, Mishap
from web.rows import Facilitator, KeyContact, Project, Round, Series, Staff, TimeSlot, Venue
from web.rows.staff import RoleName
from web.services import audit
from web.services.invitations import reconciling

CODE = 5
Kept = TypeVar("Kept", Venue, Facilitator)


class NotYours(Mishap):
    """Somebody of another project works with it."""

    status = 403
    sentence = N_(
        "Dit is ook van een ander project. Alleen wie het toevoegde, een coördinator of een beheerder kan het "
        "veranderen."
    )


def may_change(session: Session, row: Kept, account: Staff) -> bool:
    """Whether an account may change a venue or a facilitator of its organisation, and see how to reach them.

    Administrators may, coordinators, whose work it is, and whoever added it. Other organisers may if it is used in
    projects of theirs and in no other; or if it is used nowhere and nobody is known to have added it.
    """
    if access.is_admin(account) or account.has_role(RoleName.COORDINATOR) or row.made_by_id == account.id:
        return True
    used = _projects_of(session, row)
    return used <= {project.id for project in account.projects} and bool(used or row.made_by_id is None)


def may_change_all(session: Session, rows: Sequence[Kept], account: Staff) -> set[int]:
    """The ids of those that an account may change."""
    return {row.id for row in rows if may_change(session, row, account)}


def claim(session: Session, row: Kept, account: Staff) -> None:
    """Raises NotYours unless an account may change this row."""
    if not may_change(session, row, account):
        raise NotYours


def _projects_of(session: Session, row: Kept) -> set[int]:
    uses = select(TimeSlot.project_id).distinct()
    if isinstance(row, Venue):
        return set(session.scalars(uses.where(TimeSlot.venue_id == row.id)))
    return set(session.scalars(uses.where(TimeSlot.facilitators.any(Facilitator.id == row.id))))


def save(session: Session, row: Kept, values: Mapping[str, Any], *, by: Staff, now: datetime) -> Kept:
    """Keep what was said of a new or known venue or facilitator, for the organisation of the account."""
    if row.id is None:
        row.made_by_id = by.id
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
