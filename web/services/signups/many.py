"""Many sign-ups at once, in one go: five thousand, each like one of `register`, would hold the series for minutes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from web.crypto import Vault, new_code
from web.rows import Availability, Consent, DueLetter, Series, Signup, Staff
from web.rows.people import SignupState
from web.services.plans import capacity, current
from web.services.signups import buddies, prepared
from web.services.signups.answers import Answers, note_said
from web.services.signups.prepared import PreparedSignup, insert_rows
from web.services.signups.register import take_numbers
from web.services.waiting import must_wait
from web.services.waiting.priority import left_out_before


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is the same for all of them: whether there are groups, and who of earlier series may be left out before."""

    late: bool
    known: frozenset[tuple[str, str]]


def surroundings(session: Session, series: Series) -> Surroundings:
    """Asked once for all; a name with an address or number that nobody had before was never left out."""
    others = select(Signup.name_hash, Signup.email_hash, Signup.phone_hash).where(
        Signup.project_id == series.project_id, Signup.series_id != series.id
    )
    known = {(name, way) for name, *ways in session.execute(others) for way in ways if way}
    return Surroundings(current.plan_of(session, series) is not None, frozenset(known))


def prepare(
    session: Session,
    series: Series,
    answers: Answers,
    around: Surroundings,
    *,
    channel: str,
    now: datetime,
    once: str,
    vault: Vault,
) -> PreparedSignup:
    """One person of many; nothing is written."""

    def left_out(signup: Signup) -> int:
        same = {(signup.name_hash, way) for way in (signup.email_hash, signup.phone_hash) if way}
        return 0 if around.known.isdisjoint(same) else left_out_before(session, signup)

    told: dict[str, Any] = {"channel": channel, "now": now, "once": once, "vault": vault}
    return prepared.prepare(session, series, answers, left_out=left_out, late=around.late, **told)


def write(
    session: Session, series: Series, people: Sequence[PreparedSignup], *, by: Staff, now: datetime, vault: Vault
) -> None:
    """Store them with their confirmations, in the order of arrival, under the lock of the series."""
    if not people:
        return
    last = take_numbers(session, series.id, len(people))
    numbers = range(last - len(people) + 1, last + 1)
    taken = set(session.scalars(select(Signup.code).where(Signup.series_id == series.id)))
    there = set(session.scalars(select(Signup.id).where(Signup.series_id == series.id)))
    more = zip(numbers, _states(session, series, len(people)), strict=True)
    rows = [
        {
            **person.columns,
            # Somebody's buddy may have been erased since.
            "buddy_id": buddy if (buddy := person.columns.get("buddy_id")) in there else None,
            "number": number,
            "state": state,
            "code": _free_code(taken),
        }
        for person, (number, state) in zip(people, more, strict=True)
    ]
    insert_rows(session, Signup, rows)
    ids = _ids(session, series, numbers)
    insert_rows(
        session,
        Availability,
        [
            {"signup_id": id, "session_id": time, "prefers": prefers}
            for id, person in zip(ids, people, strict=True)
            for time, prefers in person.times
        ],
    )
    insert_rows(
        session,
        Consent,
        [{"signup_id": id, **said} for id, person in zip(ids, people, strict=True) for said in person.consents],
    )
    late = current.plan_of(session, series) is not None
    letters = [prepared.letter(id, one, late=late, now=now, vault=vault) for id, one in zip(ids, people, strict=True)]
    insert_rows(session, DueLetter, letters)
    for id, row, person in zip(ids, rows, people, strict=True):
        note_said(session, series, f"signup:{id}", person.given, by=by, now=now)
        if row["buddy_id"] is not None:
            buddies.ask(session, session.get_one(Signup, id), now)


def _states(session: Session, series: Series, count: int) -> list[SignupState]:
    """Who takes part and who waits, in the order of arrival."""
    if must_wait(session, series):
        return [SignupState.WAITING] * count
    left = capacity.left(session, series)
    places = count if left is None else min(count, max(0, left))
    return [SignupState.IN] * places + [SignupState.WAITING] * (count - places)


def _free_code(taken: set[str]) -> str:
    while (code := new_code()) in taken:
        pass
    taken.add(code)
    return code


def _ids(session: Session, series: Series, numbers: range) -> list[int]:
    """The ids that the database gave, in order; nobody else has these numbers."""
    mine = Signup.series_id == series.id, Signup.number >= numbers[0], Signup.number <= numbers[-1]
    return list(session.scalars(select(Signup.id).where(*mine).order_by(Signup.number)))
