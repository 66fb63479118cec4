"""What somebody told, and how it gets into their sign-up and out of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from web.crypto import Vault
from web.identity import codes, hashes
from web.rows import Availability, Consent, Series, Signup, Staff
from web.services import audit
from web.signup_fields import FIELDS, Kind

CONSENT_VERSION = "2026-12"
CONSENT = "consent_"
"""How the name of a question begins that asks for a consent."""
CONSENTS = tuple(asked.key.removeprefix(CONSENT) for asked in FIELDS if asked.kind is Kind.CONSENT)
_SOMETIMES = frozenset(asked.key.removeprefix(CONSENT) for asked in FIELDS if asked.covers and asked.meal)
"""Consents that some series never ask: there an empty answer is none, and no line says so."""
_NOTHING = {asked.key: asked.nothing for asked in FIELDS}


@dataclass(frozen=True, slots=True)
class Answers:
    """What somebody told, checked and in normal form; ids of sessions, keys of config.

    Here stand the answers that code knows by name; every other one is in `more`, by the key of its question.
    """

    name: str
    reach: str
    sessions: frozenset[int]
    email: str | None = None
    phone: str | None = None
    phone_note: str = ""
    via: str = ""
    prefers: frozenset[int] = frozenset()
    languages: tuple[str, ...] = ("nl",)
    bubbles: dict[str, list[str]] = field(default_factory=dict)
    buddy: str = ""
    consents: frozenset[str] = frozenset()
    language: str = "nl"
    more: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Answers:
        """From every answer by its key."""
        return cls(**{key: told[key] for key in told if key in _NAMED}, more=_others(told))

    def get(self, key: str) -> Any:
        """The answer to one question."""
        return getattr(self, key) if key in _NAMED else self.more.get(key, _NOTHING[key])

    def changed(self, told: Mapping[str, Any]) -> Answers:
        """With other answers to some questions."""
        named = {key: told[key] for key in told if key in _NAMED}
        return replace(self, **named, more={**self.more, **_others(told)})

    @property
    def uncovered(self) -> frozenset[str]:
        """The questions whose answers are kept only with a consent that is not given."""
        silent = (asked for asked in FIELDS if asked.covers and asked.key.removeprefix(CONSENT) not in self.consents)
        return frozenset(key for asked in silent for key in asked.covers)

    def kept(self) -> Answers:
        """Without what may not be used: that is not kept either."""
        return self.changed({key: _NOTHING[key] for key in self.uncovered})

    def contact(self) -> dict[str, str]:
        """How to reach somebody, without what was not given."""
        given = {"email": self.email, "phone": self.phone, "phone_note": self.phone_note, "via": self.via}
        return {key: value for key, value in given.items() if value}


_NAMED = frozenset(known.name for known in fields(Answers)) - {"more"}


def _others(told: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in told.items() if key not in _NAMED}


def told_by(signup: Signup) -> Answers:
    """What is stored, as answers; bubbles only where they may be used."""
    contact = signup.contact or {}
    latest = {consent.kind: consent.given for consent in sorted(signup.consents, key=lambda c: (c.at, c.id))}
    return Answers.of(
        {
            **{asked.key: asked.told_in(signup) for asked in FIELDS if asked.storage is None},
            "email": contact.get("email"),
            "phone": contact.get("phone"),
            "phone_note": contact.get("phone_note", ""),
            "via": contact.get("via", ""),
            "sessions": frozenset(a.session_id for a in signup.availability),
            "prefers": frozenset(a.session_id for a in signup.availability if a.prefers),
            "bubbles": signup.usable_bubbles,
            "consents": frozenset(kind for kind in CONSENTS if latest.get(kind)),
        }
    )


def fill(
    session: Session, signup: Signup, answers: Answers, *, now: datetime, channel: str, vault: Vault
) -> list[Consent]:
    """Put answers in a sign-up as a part of a larger transaction; nothing is committed.

    Which consents were given or withdrawn by it is for `note_consents`, once the sign-up has its number.
    """
    signup.changed_at = now
    answers = answers.kept()
    for asked in FIELDS:
        if asked.storage is None:
            setattr(signup, asked.key, asked.kept(answers.get(asked.key)))
    signup.contact = answers.contact()
    signup.name_hash = hashes.name_hash(vault, answers.name)
    email_hash = hashes.email_hash(vault, answers.email)
    if email_hash != signup.email_hash:
        signup.bounced_at = None
    signup.email_hash = email_hash
    signup.phone_hash = hashes.phone_hash(vault, answers.phone)
    signup.hashed_as = hashes.FORM
    signup.bubbles = answers.bubbles
    signup.buddy_id = _buddy(session, signup, answers.buddy)
    signup.availability = _availability(signup, answers)
    return _record_consents(signup, answers, now, channel)


def note_consents(session: Session, signup: Signup, said: list[Consent], *, by: Staff | str, now: datetime) -> None:
    """Write in the log which consents somebody gave or withdrew (promise 13)."""
    told = [{"kind": consent.kind, "given": consent.given} for consent in said]
    note_said(session, signup, audit.opaque(signup), told, by=by, now=now)


def note_said(
    session: Session,
    row: Signup | Series,
    whose: str,
    said: Iterable[Mapping[str, Any]],
    *,
    by: Staff | str,
    now: datetime,
) -> None:
    """The same for who is `whose` in the log, with the kind of every consent and whether it was given."""
    kinds: dict[bool, list[str]] = {True: [], False: []}
    for one in said:
        kinds[bool(one["given"])].append(one["kind"])
    for given, what in ((True, "consent given"), (False, "consent withdrawn")):
        if kinds[given]:
            audit.note(session, row, what, by=by, now=now, about=" ".join([whose, *kinds[given]]))


def _availability(signup: Signup, answers: Answers) -> list[Availability]:
    """Rows that stay are kept: a new one beside it would be a second answer for the same session."""
    kept = {a.session_id: a for a in signup.availability}
    chosen = [kept.get(id) or Availability(session_id=id) for id in sorted(answers.sessions)]
    for availability in chosen:
        availability.prefers = availability.session_id in answers.prefers
    return chosen


def _buddy(session: Session, signup: Signup, said: str) -> int | None:
    """The buddy whose code was given; a name alone binds nobody, an organiser may do that."""
    if not said:
        return None
    typed = codes.within(said)
    if not any(typed):
        return None
    known = dict(
        session.execute(
            select(Signup.code, Signup.id).where(Signup.series_id == signup.series_id, Signup.code.in_(typed))
        ).all()
    )
    return next((known[code] for code in typed if code in known and known[code] != signup.id), None)


def _record_consents(signup: Signup, answers: Answers, now: datetime, channel: str) -> list[Consent]:
    """A new line only for an answer that changed: the history of consent stays as it was given.

    Those that were given now, or withdrawn: who never gave one did not withdraw it.
    """
    said = []
    for kind in CONSENTS:
        before = [consent for consent in signup.consents if consent.kind == kind]
        given = kind in answers.consents
        if not before and not given and kind in _SOMETIMES:
            continue
        if not before or before[-1].given != given:
            consent = Consent(kind=kind, given=given, version=CONSENT_VERSION, at=now, channel=channel)
            signup.consents.append(consent)
            said += [consent] if given or before else []
    return said
