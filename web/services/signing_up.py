"""Signing up, changing, leaving, taking along, erasing: what somebody decides about their own sign-up."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Select, func, or_, select, update
from sqlalchemy.orm import Session as DbSession

from config import Settings
from web.crypto import Vault, hashed, new_code
from web.errors import Mishap
from web.letters.joining import LATE
from web.rows import (
    Availability,
    Consent,
    DueLetter,
    Invitation,
    KeyContact,
    Offer,
    Plan,
    PlanGroup,
    Seat,
    Series,
    Signup,
)
from web.rows.invitations import DECLINED, EXPIRED, REFUSED
from web.rows.messages import SENT
from web.rows.organisation import KEY_CONTACTS
from web.rows.people import IN, LEFT, WAITING
from web.services import contacts, inviting, plans
from web.services.browsing import takes_signups
from web.services.sending.failing import follow
from web.services.withdrawing import withdraw_offers

CONSENT_VERSION = "2026-11"
CONSENTS = ("bubbles", "next_time")


class NotOpen(Mishap):
    """Nobody can sign up for this series now."""

    status = 409
    sentence = "Je kunt je hiervoor nu niet aanmelden. Kijk op de eerste pagina wat er wel open is."


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


@dataclass(frozen=True, slots=True)
class Signed:
    """A sign-up with the secret of its personal link, which is stored nowhere."""

    signup: Signup
    secret: str


def sign_up(
    session: DbSession,
    series: Series,
    answers: Answers,
    *,
    channel: str,
    now: datetime,
    once: str,
    vault: Vault,
    invited_by: str = "",
) -> Signed:
    """Store a sign-up; the same `once` (128 random bits of one filled-in form) gives the same sign-up.

    Adding to the counter comes first: on every database that makes two sign-ups for one series wait for each other,
    so the last place is given once. Raises NotOpen.
    """
    series_id = series.id
    counted = take_numbers(session, series_id, 1)
    known = _once(session, series_id, once)
    if known is not None:
        session.rollback()
        return Signed(session.get_one(Signup, known), _secret(vault, once))
    session.refresh(series)
    if not takes_signups(series, now):
        session.rollback()
        raise NotOpen
    signed = create(
        session,
        series,
        answers,
        number=counted,
        channel=channel,
        now=now,
        once=once,
        vault=vault,
        invited_by=invited_by,
    )
    session.commit()
    return signed


def take_numbers(session: DbSession, series_id: int, count: int) -> int:
    """Count `count` more sign-ups; the last of their numbers. Whoever does so next waits until this one is done."""
    more = update(Series).where(Series.id == series_id).values(counted=Series.counted + count)
    return session.execute(more.returning(Series.counted)).scalar_one()


def _secret(vault: Vault, once: str) -> str:
    """From what only this form knows, so that a double submit shows the same link."""
    return vault.fingerprint("secret", once)[:32]


def create(
    session: DbSession,
    series: Series,
    answers: Answers,
    *,
    number: int,
    channel: str,
    now: datetime,
    once: str,
    vault: Vault,
    invited_by: str = "",
) -> Signed:
    """A sign-up and its confirmation as a part of a larger transaction, after `take_numbers`; nothing is committed."""
    secret = _secret(vault, once)
    signup = Signup(
        organisation_id=series.organisation_id,
        project_id=series.project_id,
        series_id=series.id,
        number=number,
        once=hashed(once),
        code=_code(session, series.id),
        secret_hash=hashed(secret),
        state=WAITING if full(session, series) else IN,
        created_at=now,
        channel=channel,
        key_contact_id=_key_contact(session, series, invited_by),
    )
    fill(session, signup, answers, now=now, channel=channel, vault=vault)
    signup.priority = _left_out_before(session, signup)
    session.add(signup)
    session.flush()
    letter = link_letter(signup, "confirmation", str(signup.id), secret, now)
    if plans.plan_of(session, series) is not None:
        letter.content = {**letter.content, "reason": LATE}
    session.add(letter)
    return Signed(signup, secret)


def _once(session: DbSession, series_id: int, once: str) -> int | None:
    return session.scalar(select(Signup.id).where(Signup.series_id == series_id, Signup.once == hashed(once)))


def full(session: DbSession, series: Series) -> bool:
    """Whether who signs up now comes on the waiting list."""
    if series.capacity is None:
        return False
    taken = session.scalar(select(func.count()).where(Signup.series_id == series.id, Signup.state == IN)) or 0
    return taken >= series.capacity


def _code(session: DbSession, series_id: int) -> str:
    while True:
        code = new_code()
        if not session.scalar(select(Signup.id).where(Signup.series_id == series_id, Signup.code == code)):
            return code


def _key_contact(session: DbSession, series: Series, code: str) -> int | None:
    if not code or not series.project.has(KEY_CONTACTS):
        return None
    found = select(KeyContact.id).where(KeyContact.project_id == series.project_id, KeyContact.code == code.upper())
    return session.scalar(found)


def _left_out_before(session: DbSession, signup: Signup) -> int:
    """In how many earlier series of this project the same address or number never got a place (P29).

    Who said no to a place was not left out: not to an invitation, and not to an offer. Nor was who said nothing to an
    offer that reached them, or else silence would be the way to go first next time. One that never went out counts
    for nothing: they cannot help that.
    """
    same = [
        column == value
        for column, value in ((Signup.email_hash, signup.email_hash), (Signup.phone_hash, signup.phone_hash))
        if value
    ]
    if not same:
        return 0
    plan, seat = _current_plan(), _current_plan().where(Seat.signup_id == Signup.id)
    before = select(func.count(func.distinct(Signup.series_id))).where(
        Signup.project_id == signup.project_id,
        Signup.series_id != signup.series_id,
        Signup.state != LEFT,
        Signup.name_hash == signup.name_hash,
        or_(*same),
        plan.exists(),
        ~seat.join(Seat, Seat.group_id == PlanGroup.id).where(PlanGroup.session_id.in_(plans.taking_place())).exists(),
        *(~said.exists() for said in _could_have_come()),
    )
    return session.scalar(before) or 0


def _could_have_come() -> tuple[Select[tuple[int]], ...]:
    """A no to an invitation or an offer, or no word after an offer that was brought over."""
    letter = select(DueLetter.id).join(Offer, Offer.id == DueLetter.offer_id)
    return (
        select(Invitation.id).where(Invitation.signup_id == Signup.id, Invitation.partstat == DECLINED),
        select(Offer.id).where(Offer.signup_id == Signup.id, Offer.state == REFUSED),
        letter.where(Offer.signup_id == Signup.id, Offer.state == EXPIRED, DueLetter.state == SENT),
    )


def _current_plan() -> Select[tuple[int]]:
    """The plan that counts for the series of a sign-up in the query around it."""
    found = select(Plan.id).join(PlanGroup, PlanGroup.plan_id == Plan.id)
    return found.where(Plan.series_id == Signup.series_id, Plan.current).correlate(Signup)


def fill(session: DbSession, signup: Signup, answers: Answers, *, now: datetime, channel: str, vault: Vault) -> None:
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


def _buddy(session: DbSession, signup: Signup, said: str) -> int | None:
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


def link_letter(signup: Signup, kind: str, about: str, secret: str, now: datetime) -> DueLetter:
    """A letter that brings somebody their personal link."""
    return DueLetter(
        organisation_id=signup.organisation_id,
        project_id=signup.project_id,
        series_id=signup.series_id,
        signup_id=signup.id,
        key=f"{kind}:{about}",
        kind=kind,
        channel=signup.reached_by,
        content={"secret": secret},
        due_at=now,
    )


def change(session: DbSession, signup: Signup, answers: Answers, *, now: datetime, channel: str, vault: Vault) -> None:
    """Replace what somebody told; their place in the order of arrival stays."""
    refill(session, signup, answers, now=now, channel=channel, vault=vault)
    # A new address is invited anew.
    inviting.reconcile(session, signup.series, now, who=(signup.id,))
    session.commit()


def refill(session: DbSession, signup: Signup, answers: Answers, *, now: datetime, channel: str, vault: Vault) -> None:
    """Replace what somebody told as a part of a larger transaction, which ends in `inviting.reconcile`."""
    way = signup.reached_by
    fill(session, signup, answers, now=now, channel=channel, vault=vault)
    if signup.reached_by != way:
        follow(session, signup)


def leave(session: DbSession, signup: Signup, *, now: datetime) -> None:
    """Take no part any more; the data go with the rest of the series."""
    # Who says yes to a place at this very moment waits, or went before.
    take_numbers(session, signup.series_id, 0)
    signup.state, signup.changed_at = LEFT, now
    withdraw_offers(session, now, Offer.signup_id == signup.id)
    inviting.reconcile(session, signup.series, now, who=(signup.id,))
    session.commit()


def come_back(session: DbSession, signup: Signup, *, now: datetime, settings: Settings) -> None:
    """Take part again after leaving, if the series is still open; at the end of the queue if it is full.

    Who had a table sits there again, unless somebody else does by now.
    """
    session.execute(update(Series).where(Series.id == signup.series_id).values(counted=Series.counted + 1))
    # A double click: what the first one did counts.
    session.refresh(signup)
    series = signup.series
    if not takes_signups(series, now):
        session.rollback()
        raise NotOpen
    if signup.state == LEFT:
        _give_up_taken_seats(session, signup, settings)
        signup.state = WAITING if full(session, signup.series) else IN
        signup.number, signup.changed_at = signup.series.counted, now
        inviting.reconcile(session, signup.series, now, who=(signup.id,))
    session.commit()


def _give_up_taken_seats(session: DbSession, signup: Signup, settings: Settings) -> None:
    """Seats of somebody who was gone, where others sit by now."""
    room = plans.free(session, signup.series, settings)
    for group in plans.groups_of(session, signup.series_id):
        if not room[group.session_id, group.number]:
            group.seats = [seat for seat in group.seats if seat.signup_id != signup.id]


def waiting_place(session: DbSession, signup: Signup) -> int:
    """Which place somebody has on the waiting list, counted from 1; 0 for who is not on it."""
    if signup.state != WAITING:
        return 0
    before = select(func.count()).where(
        Signup.series_id == signup.series_id,
        Signup.state == WAITING,
        (Signup.priority > signup.priority) | ((Signup.priority == signup.priority) & (Signup.number < signup.number)),
    )
    return (session.scalar(before) or 0) + 1
