"""A sign-up that comes in: in the order of arrival, once, with the letter that confirms it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from string import hexdigits
from typing import Any, cast

from sqlalchemy import BindParameter, Table, bindparam, select, update
from sqlalchemy.orm import Session

from web.crypto import Vault, hashed, new_code
from web.errors import N_, Mishap
from web.identity import codes
from web.rows import Availability, Consent, DueLetter, KeyContact, Plan, Series, Signup, Staff
from web.rows.organisation import Block
from web.rows.people import SignupState
from web.services import audit
from web.services.outbox import allowance
from web.services.schedule.public_series import read_again, takes_signups
from web.services.signups import buddies, prepared, times
from web.services.signups.answers import Answers, note_said
from web.services.signups.prepared import PreparedSignup, insert_row, insert_rows, letter, prepare
from web.services.waiting import must_wait, settle
from web.services.waiting.priority import left_out_before

NUMBER = 16
"""Letters of the number of a form."""
_SERIES: BindParameter[int] = bindparam("series")
_COUNT = (
    update(cast("Table", Series.__table__))
    .where(Series.id == _SERIES)
    .values(counted=Series.counted + bindparam("more"))
    .returning(Series.counted)
)
_AROUND = select(
    select(Signup.id).where(Signup.series_id == _SERIES, Signup.once == bindparam("once")).scalar_subquery(),
    select(Plan.id).where(Plan.series_id == _SERIES, Plan.current).exists(),
    select(Signup.id).where(Signup.series_id == _SERIES, Signup.state == SignupState.WAITING).exists(),
    select(Signup.id).where(Signup.series_id == _SERIES, Signup.code == bindparam("code")).exists(),
)
"""Written out once: to put statements together took longer than the database did."""


class NotOpen(Mishap):
    """Nobody can sign up for this series now."""

    status = 409
    sentence = N_("Je kunt je hiervoor nu niet aanmelden. Kijk op de eerste pagina wat er wel open is.")


@dataclass(frozen=True, slots=True)
class Signed:
    """A sign-up with the secret of its personal link, which is stored nowhere."""

    session: Session
    id: int
    secret: str

    @property
    def signup(self) -> Signup:
        """The row, for whoever needs more of it than that it is there."""
        return self.session.get_one(Signup, self.id)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is there under the lock: this form as a sign-up, groups, who waits, and somebody with the drawn `code`."""

    known: int | None
    planned: bool
    waits: bool
    taken: bool
    code: str


def sign_up(
    session: Session,
    series: Series,
    answers: Answers,
    *,
    channel: str,
    now: datetime,
    once: str,
    vault: Vault,
    by: Staff | str = audit.RESIDENT,
    invited_by: str = "",
) -> Signed:
    """Store a sign-up; the same `once` (128 random bits of one filled-in form) gives the same sign-up.

    Two sign-ups for one series wait for each other, so the last place is given once. Raises NotOpen, and TimesOver
    when no time that was chosen is ahead. `by` is who typed it, when it was not the person.
    """
    series_id, told = series.id, {"channel": channel, "now": now, "once": once, "vault": vault}
    person = _prepared(session, series, answers, invited_by=invited_by, **told)
    # From here on others wait, and what was read before may be old.
    number = take_numbers(session, series_id, 1)
    session.expire_all()
    series = read_again(session, series_id)
    around = _surroundings(session, series_id, person)
    if around.known is not None:
        take_numbers(session, series_id, -1)
        return Signed(session, around.known, person.secret)
    if not takes_signups(series, now):
        raise NotOpen
    person = replace(person, times=times.ahead(series, person.times, now))
    waits, signed = _write(session, series, person, around, number=number, by=by, now=now, vault=vault)
    if isinstance(by, Staff):
        audit.note(session, signed.signup, "add signup", by=by, now=now)
    if waits:
        # There may be a place that only buddies wait for, and too few for both. Else nobody waits.
        settle(session, series, now)
    return signed


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
    by: Staff | str = audit.RESIDENT,
    invited_by: str = "",
) -> Signed:
    """A sign-up and its confirmation as a part of a larger transaction, after `take_numbers`."""
    told: dict[str, Any] = {"channel": channel, "now": now, "once": once, "vault": vault}
    person = _prepared(session, series, answers, invited_by=invited_by, **told)
    around = _surroundings(session, series.id, person)
    return _write(session, series, person, around, number=number, by=by, now=now, vault=vault)[1]


def _prepared(session: Session, series: Series, answers: Answers, *, invited_by: str, **told: Any) -> PreparedSignup:
    contact = key_contact(session, series, invited_by)
    left_out = partial(left_out_before, session)
    return prepare(session, series, answers, left_out=left_out, key_contact_id=contact, **told)


def _surroundings(session: Session, series_id: int, person: PreparedSignup) -> Surroundings:
    asked = {"series": series_id, "once": person.columns["once"], "code": new_code()}
    known, planned, waits, taken = session.execute(_AROUND, asked).one()
    return Surroundings(known, planned, waits, taken, asked["code"])


def _write(
    session: Session,
    series: Series,
    person: PreparedSignup,
    around: Surroundings,
    *,
    number: int,
    by: Staff | str,
    now: datetime,
    vault: Vault,
) -> tuple[bool, Signed]:
    """The rows of one person, under the lock of the series; whether they wait."""
    waits = must_wait(session, series, around.planned, around.waits)
    buddy = person.columns["buddy_id"]
    # They may have been erased since.
    buddy = buddy and session.scalar(select(Signup.id).where(Signup.id == buddy))
    row = {
        **person.columns,
        "buddy_id": buddy,
        "number": number,
        "state": SignupState.WAITING if waits else SignupState.IN,
        "code": free_code(session, series.id) if around.taken else around.code,
    }
    id = insert_row(session, Signup, row)
    slots = [{"signup_id": id, "session_id": slot, "prefers": prefers} for slot, prefers in person.times]
    insert_rows(session, Availability, slots)
    insert_rows(session, Consent, [{"signup_id": id, **said} for said in person.consents])
    due = letter(id, person, late=around.planned, now=now, vault=vault)
    if not allowance.may_go(session, person.reached_at, now):
        due |= prepared.OVER_THE_LIMIT
    insert_rows(session, DueLetter, [due])
    note_said(session, series, f"signup:{id}", person.given, by=by, now=now)
    signed = Signed(session, id, person.secret)
    if buddy is not None:
        buddies.ask(session, signed.signup, now)
    return waits, signed


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
    return int(session.execute(_COUNT, {"series": series_id, "more": count}).scalar_one())


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
