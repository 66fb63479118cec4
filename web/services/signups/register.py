"""A sign-up that comes in: in the order of arrival, once, with the letter that confirms it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from string import hexdigits

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from web.crypto import Vault, hashed, new_code
from web.errors import N_, Mishap
from web.identity import codes
from web.letters.joining import LATE, confirmation
from web.rows import KeyContact, Series, Signup
from web.rows.organisation import Block
from web.rows.people import SignupState
from web.services import outbox
from web.services.locks import lock_series
from web.services.plans import current
from web.services.schedule.public_series import read_again, takes_signups
from web.services.signups import buddies, times
from web.services.signups.answers import Answers, fill
from web.services.waiting import must_wait, settle
from web.services.waiting.priority import left_out_before

NUMBER = 16
"""Letters of the number of a form."""


class NotOpen(Mishap):
    """Nobody can sign up for this series now."""

    status = 409
    sentence = N_("Je kunt je hiervoor nu niet aanmelden. Kijk op de eerste pagina wat er wel open is.")


@dataclass(frozen=True, slots=True)
class Signed:
    """A sign-up with the secret of its personal link, which is stored nowhere."""

    signup: Signup
    secret: str


def sign_up(
    session: Session,
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

    The lock comes first: two sign-ups for one series wait for each other, so the last place is given once. Raises
    NotOpen, and TimesOver when no time that was chosen is ahead.
    """
    lock_series(session, series_id := series.id)
    series = read_again(session, series_id)
    known = _once(session, series_id, once)
    if known is not None:
        return Signed(session.get_one(Signup, known), _secret_of(vault, once))
    if not takes_signups(series, now):
        raise NotOpen
    signed = create(
        session,
        series,
        times.ahead(series, answers, now),
        number=take_numbers(session, series.id, 1),
        channel=channel,
        now=now,
        once=once,
        vault=vault,
        invited_by=invited_by,
    )
    if signed.signup.state == SignupState.WAITING:
        # There may be a place that only buddies wait for, and too few for both. Else nobody waits.
        settle(session, series, now)
    return signed


def form_number(once: str) -> str:
    """What a form is called that will be sent `once`; it opens nothing."""
    return hashed(once)[:NUMBER]


def was_sent(session: Session, series: Series, number: str) -> bool:
    """Whether the form with this number has become a sign-up."""
    found = select(Signup.id).where(Signup.series_id == series.id, Signup.once.startswith(number, autoescape=True))
    ours = len(number) == NUMBER and set(number) <= set(hexdigits)
    return ours and session.scalar(found.limit(1)) is not None


def take_numbers(session: Session, series_id: int, count: int) -> int:
    """Count `count` more sign-ups; the last of their numbers. Whoever does so next waits until this one is done."""
    more = update(Series).where(Series.id == series_id).values(counted=Series.counted + count)
    return session.execute(more.returning(Series.counted)).scalar_one()


def create(
    session: Session,
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
    """A sign-up and its confirmation as a part of a larger transaction, after `take_numbers`."""
    secret = _secret_of(vault, once)
    planned = current.plan_of(session, series) is not None
    signup = Signup(
        organisation_id=series.organisation_id,
        project_id=series.project_id,
        series_id=series.id,
        number=number,
        once=hashed(once),
        code=free_code(session, series.id),
        secret_hash=hashed(secret),
        state=SignupState.WAITING if must_wait(session, series, planned) else SignupState.IN,
        created_at=now,
        channel=channel,
        key_contact_id=key_contact(session, series, invited_by),
    )
    fill(session, signup, answers, now=now, channel=channel, vault=vault)
    signup.priority = left_out_before(session, signup)
    session.add(signup)
    session.flush()
    late = {"reason": LATE} if planned else {}
    content = {"secret": secret, **late}
    outbox.put(session, confirmation, signup, signup, key=f"confirmation:{signup.id}", now=now, content=content)
    buddies.ask(session, signup, now)
    return Signed(signup, secret)


def _secret_of(vault: Vault, once: str) -> str:
    """From what only this form knows, so that a double submit shows the same link."""
    return vault.fingerprint("secret", once)[:32]


def _once(session: Session, series_id: int, once: str) -> int | None:
    return session.scalar(select(Signup.id).where(Signup.series_id == series_id, Signup.once == hashed(once)))


def free_code(session: Session, series_id: int) -> str:
    """A code that nobody in a series has."""
    while True:
        code = new_code()
        if not session.scalar(select(Signup.id).where(Signup.series_id == series_id, Signup.code == code)):
            return code


def key_contact(session: Session, series: Series, code: str) -> int | None:
    """The key contact whose code was given, if the project works with them."""
    if not code or not series.project.has(Block.KEY_CONTACTS):
        return None
    here = select(KeyContact.id).where(KeyContact.project_id == series.project_id)
    return session.scalar(here.where(KeyContact.code == codes.canonical(code)))
