"""What somebody told, and how it gets into their sign-up."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from web.crypto import Vault
from web.rows import Availability, Consent, Signup
from web.services.text import contacts

CONSENT_VERSION = "2026-11"
CONSENTS = ("bubbles", "next_time")


@dataclass(frozen=True, slots=True)
class Answers:
    """What somebody told, checked and in normal form; ids of sessions, keys of config."""

    name: str
    reach: str
    sessions: frozenset[int]
    email: str | None = None
    phone: str | None = None
    via: str = ""
    prefers: frozenset[int] = frozenset()
    languages: tuple[str, ...] = ("nl",)
    needs: tuple[str, ...] = ()
    note: str = ""
    interests: tuple[str, ...] = ()
    bubbles: dict[str, list[str]] = field(default_factory=dict)
    buddy: str = ""
    consents: frozenset[str] = frozenset()
    language: str = "nl"

    def contact(self) -> dict[str, str]:
        """How to reach somebody, without what was not given."""
        given = {"email": self.email, "phone": self.phone, "via": self.via}
        return {key: value for key, value in given.items() if value}


def fill(session: Session, signup: Signup, answers: Answers, *, now: datetime, channel: str, vault: Vault) -> None:
    """Put answers in a sign-up as a part of a larger transaction; nothing is committed."""
    signup.changed_at = now
    signup.name, signup.reach, signup.contact = answers.name, answers.reach, answers.contact()
    signup.name_hash = contacts.name_hash(vault, answers.name)
    email_hash = contacts.email_hash(vault, answers.email)
    if email_hash != signup.email_hash:
        signup.bounced_at = None
    signup.email_hash = email_hash
    signup.phone_hash = contacts.phone_hash(vault, answers.phone)
    signup.language, signup.languages = answers.language, list(answers.languages)
    signup.needs, signup.note, signup.interests = list(answers.needs), answers.note or None, list(answers.interests)
    # What may not be used is not kept either.
    signup.bubbles = answers.bubbles if "bubbles" in answers.consents else {}
    signup.buddy = answers.buddy or None
    signup.buddy_id = _buddy(session, signup, answers.buddy)
    signup.availability = _availability(signup, answers)
    _record_consents(signup, answers, now, channel)


def _availability(signup: Signup, answers: Answers) -> list[Availability]:
    """Rows that stay are kept: a new one beside it would be a second answer for the same session."""
    kept = {a.session_id: a for a in signup.availability}
    chosen = [kept.get(id) or Availability(session_id=id) for id in sorted(answers.sessions)]
    for availability in chosen:
        availability.prefers = availability.session_id in answers.prefers
    return chosen


def _buddy(session: Session, signup: Signup, said: str) -> int | None:
    """The buddy whose code was given; a name alone binds nobody, an organiser may do that."""
    code = said.strip().upper()
    if not code:
        return None
    found = session.scalar(select(Signup.id).where(Signup.series_id == signup.series_id, Signup.code == code))
    return found if found != signup.id else None


def _record_consents(signup: Signup, answers: Answers, now: datetime, channel: str) -> None:
    """A new line only for an answer that changed: the history of consent stays as it was given."""
    for kind in CONSENTS:
        before = [consent for consent in signup.consents if consent.kind == kind]
        given = kind in answers.consents
        if not before or before[-1].given != given:
            consent = Consent(kind=kind, given=given, version=CONSENT_VERSION, at=now, channel=channel)
            signup.consents.append(consent)
