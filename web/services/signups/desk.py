"""The phone and paper desk: somebody else's sign-up, typed over; likely doubles are shown and never merged."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from config import Settings
from web.crypto import Vault, hashed
from web.identity import hashes
from web.rows import Series, Signup, Staff, TimeSlot
from web.rows.people import SignupState
from web.services import audit, signups
from web.services.signups import Answers


def doubles(session: Session, series: Series, answers: Answers, *, once: str, vault: Vault) -> Sequence[Signup]:
    """Who has the same name and the same address or number: shared addresses and numbers alone are normal."""
    known = {
        Signup.email_hash: hashes.email_hash(vault, answers.email),
        Signup.phone_hash: hashes.phone_hash(vault, answers.phone),
    }
    same = [column == value for column, value in known.items() if value]
    if not same:
        return []
    return session.scalars(
        select(Signup).where(
            Signup.series_id == series.id,
            Signup.state != SignupState.LEFT,
            Signup.name_hash == hashes.name_hash(vault, answers.name),
            Signup.once != hashed(once),
            or_(*same),
        )
    ).all()


def look_at(session: Session, row: Series | TimeSlot | Signup, what: str, *, by: Staff, now: datetime) -> None:
    """Write down that somebody reads or changes personal data (promise 13): one line for a list or for a person."""
    audit.note(session, row, what, by=by, now=now)


def change(
    session: Session, signup: Signup, answers: Answers, *, by: Staff, now: datetime, channel: str, vault: Vault
) -> None:
    """Change what somebody told, because they asked for it."""
    look_at(session, signup, "change signup", by=by, now=now)
    signups.change(session, signup, answers, now=now, channel=channel, vault=vault)


def leave(session: Session, signup: Signup, *, by: Staff, now: datetime) -> None:
    """Take somebody off the list, because they asked for it."""
    look_at(session, signup, "leave signup", by=by, now=now)
    signups.leave(session, signup, now=now)


def come_back(session: Session, signup: Signup, *, by: Staff, now: datetime, settings: Settings) -> None:
    """Put somebody back on the list, because they asked for it."""
    look_at(session, signup, "return signup", by=by, now=now)
    signups.come_back(session, signup, now=now, settings=settings)
