"""Making a link and its PIN, for the days around an evening; closing them."""

from __future__ import annotations

from datetime import datetime, timedelta
from secrets import randbelow

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session
from werkzeug.security import generate_password_hash

from config import Settings
from web import rows
from web.crypto import Vault, hashed, new_secret
from web.rows import Facilitator, FacilitatorLink, FacilitatorLogin
from web.services.facilitators.access.pins import PIN_DIGITS, spiced


def open_door(
    session: Session,
    facilitator: Facilitator,
    gathering_session: rows.TimeSlot,
    now: datetime,
    settings: Settings,
    vault: Vault,
) -> tuple[str, str]:
    """A new link and its PIN, which are stored nowhere; an earlier link for the same evening stops working.

    Part of the transaction of the caller. A link made after the end is expired at once.
    """
    revoke(session, facilitator, gathering_session)
    secret, pin = new_secret(), f"{randbelow(10**PIN_DIGITS):0{PIN_DIGITS}}"
    opens_at, expires_at = hours_of(gathering_session, settings)
    link = FacilitatorLink(
        organisation_id=facilitator.organisation_id,
        facilitator_id=facilitator.id,
        session_id=gathering_session.id,
        secret_hash=hashed(secret),
        pin_hash=generate_password_hash(spiced(vault, secret, pin)),
        opens_at=opens_at,
        expires_at=expires_at,
    )
    session.add(link)
    session.flush()
    return secret, pin


def hours_of(evening: rows.TimeSlot, settings: Settings) -> tuple[datetime, datetime]:
    """From when until when a door is open: around the dates that stand, or around those that were if none does."""
    dates, hours = evening.dates or evening.gatherings, settings.facilitator_link
    opens_at = min(date.starts for date in dates) - timedelta(hours=hours.hours_before)
    return opens_at, max(date.ends for date in dates) + timedelta(hours=hours.hours_after)


def follow(session: Session, evening: rows.TimeSlot, settings: Settings) -> None:
    """Let the doors to an evening open in its new hours. Part of the transaction of the caller."""
    opens_at, expires_at = hours_of(evening, settings)
    session.execute(
        update(FacilitatorLink)
        .where(FacilitatorLink.session_id == evening.id, FacilitatorLink.revoked.is_(False))
        .values(opens_at=opens_at, expires_at=expires_at)
    )


def revoke(session: Session, facilitator: Facilitator, gathering_session: rows.TimeSlot) -> None:
    """Close every link of a facilitator to a session, and log out who is inside. Part of the caller's transaction."""
    mine = FacilitatorLink.facilitator_id == facilitator.id, FacilitatorLink.session_id == gathering_session.id
    session.execute(update(FacilitatorLink).where(*mine).values(revoked=True))
    inside = select(FacilitatorLink.id).where(*mine)
    session.execute(delete(FacilitatorLogin).where(FacilitatorLogin.link_id.in_(inside)))
