"""What is stored: one file per aggregate; every row belongs to an organisation."""

from web.rows.audit import AuditLine
from web.rows.base import Base, Moment, Sealed, db
from web.rows.groups import Plan, PlanGroup, Proposal, Seat, Step
from web.rows.meetings import (
    Facilitator,
    FacilitatorLink,
    Gathering,
    Round,
    Series,
    Session,
    facilitator_session,
)
from web.rows.messages import DueLetter
from web.rows.organisation import Organisation, Project, Venue, project_staff
from web.rows.people import Availability, Consent, KeyContact, Met, Signup
from web.rows.staff import Role, Staff, WebAuthn

__all__ = [
    "AuditLine",
    "Availability",
    "Base",
    "Consent",
    "DueLetter",
    "Facilitator",
    "FacilitatorLink",
    "Gathering",
    "KeyContact",
    "Met",
    "Moment",
    "Organisation",
    "Plan",
    "PlanGroup",
    "Project",
    "Proposal",
    "Role",
    "Round",
    "Sealed",
    "Seat",
    "Series",
    "Session",
    "Signup",
    "Staff",
    "Step",
    "Venue",
    "WebAuthn",
    "db",
    "facilitator_session",
    "project_staff",
]
