"""People that an organisation works with: forgotten a year after they were last needed, or after they left.

A night notes who is still needed, so that no page has to. What an organisation never uses it does not keep for ever.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from web.rows import (
    DueLetter,
    Facilitator,
    Gathering,
    KeyContact,
    PlanGroup,
    Signup,
    Staff,
    facilitator_session,
    rowcount,
)
from web.services.privacy.retention_overview import months_later

MONTHS = 12
"""How long somebody is kept who is not needed any more."""
ERASED = "erased-"
"""How the address of an account begins of which only the number is left; no address of mail looks like that."""


def forget_facilitators(session: Session, now: datetime) -> int:
    """Forget who led no table for a year, and is asked for none to come; how many."""
    ends = Gathering.ends > Facilitator.used_at
    asked = select(facilitator_session.c.facilitator_id).join(
        Gathering, Gathering.session_id == facilitator_session.c.session_id
    )
    leads = select(PlanGroup.facilitator_id).join(Gathering, Gathering.session_id == PlanGroup.session_id)
    needed = or_(
        asked.where(facilitator_session.c.facilitator_id == Facilitator.id, ends).correlate(Facilitator).exists(),
        leads.where(PlanGroup.facilitator_id == Facilitator.id, ends).correlate(Facilitator).exists(),
    )
    used = update(Facilitator).where(or_(Facilitator.used_at.is_(None), needed))
    session.execute(used.values(used_at=now), execution_options={"synchronize_session": False})
    return _erase(session, Facilitator, now)


def forget_contacts(session: Session, now: datetime) -> int:
    """Forget key contacts by whom nobody signed up for a year; how many."""
    named = select(Signup.id).where(Signup.key_contact_id == KeyContact.id, Signup.created_at > KeyContact.used_at)
    used = update(KeyContact).where(or_(KeyContact.used_at.is_(None), named.correlate(KeyContact).exists()))
    session.execute(used.values(used_at=now), execution_options={"synchronize_session": False})
    return _erase(session, KeyContact, now)


def forget_staff(session: Session, now: datetime) -> int:
    """Forget who left a year ago; how many. The number stays: what the log says of it is about nobody else later."""
    back = update(Staff).where(Staff.active, Staff.left_at.is_not(None)).values(left_at=None)
    left = update(Staff).where(Staff.active.is_(False), Staff.left_at.is_(None)).values(left_at=now)
    for change in (back, left):
        session.execute(change, execution_options={"synchronize_session": False})
    shut = Staff.left_at <= months_later(now, -MONTHS), Staff.email.not_like(f"{ERASED}%")
    gone = session.scalars(select(Staff).where(*shut).execution_options(populate_existing=True)).all()
    for account in gone:
        _empty(session, account)
    return len(gone)


def _empty(session: Session, account: Staff) -> None:
    session.execute(delete(DueLetter).where(DueLetter.staff_id == account.id))
    account.webauthn.clear()
    session.flush()
    account.roles.clear()
    account.projects.clear()
    account.name, account.email, account.fs_uniquifier = "", f"{ERASED}{account.id}", f"{ERASED}{account.id}"
    account.password = account.fs_webauthn_user_handle = None
    account.tf_primary_method = account.tf_totp_secret = account.mf_recovery_codes = None
    account.digest = False
    session.flush()


def _erase(session: Session, kind: type[Facilitator] | type[KeyContact], now: datetime) -> int:
    old = delete(kind).where(kind.used_at <= months_later(now, -MONTHS))
    return rowcount(session.execute(old, execution_options={"synchronize_session": False}))
