"""What is stored: one file per aggregate; every row belongs to an organisation."""

from web.rows.attendance import Attendance, TableEnd
from web.rows.audit import AuditChain, AuditLine
from web.rows.base import Base, Moment, Sealed, db, rowcount
from web.rows.continuity import Erasure, KeyInUse
from web.rows.figures import Figures
from web.rows.groups import Plan, PlanGroup, Proposal, Seat, Step
from web.rows.invitations import Feed, Impression, Invitation, Offer
from web.rows.logins import FacilitatorLogin, SpentToken, StaffLogin
from web.rows.meetings import (
    Facilitator,
    FacilitatorLink,
    Gathering,
    Round,
    Series,
    TimeSlot,
    facilitator_session,
)
from web.rows.messages import DueLetter, KnownTime, LetterCount, Outage, Pulse, Reply
from web.rows.organisation import HouseStyle, Organisation, Project, Venue, project_staff
from web.rows.people import Availability, Consent, KeyContact, Met, PairWish, Signup
from web.rows.staff import Role, Staff, WebAuthn

__all__ = [
    "Attendance",
    "AuditChain",
    "AuditLine",
    "Availability",
    "Base",
    "Consent",
    "DueLetter",
    "Erasure",
    "Facilitator",
    "FacilitatorLink",
    "FacilitatorLogin",
    "Feed",
    "Figures",
    "Gathering",
    "HouseStyle",
    "Impression",
    "Invitation",
    "KeyContact",
    "KeyInUse",
    "KnownTime",
    "LetterCount",
    "Met",
    "Moment",
    "Offer",
    "Organisation",
    "Outage",
    "PairWish",
    "Plan",
    "PlanGroup",
    "Project",
    "Proposal",
    "Pulse",
    "Reply",
    "Role",
    "Round",
    "Sealed",
    "Seat",
    "Series",
    "Signup",
    "SpentToken",
    "Staff",
    "StaffLogin",
    "Step",
    "TableEnd",
    "TimeSlot",
    "Venue",
    "WebAuthn",
    "db",
    "facilitator_session",
    "project_staff",
    "rowcount",
]
