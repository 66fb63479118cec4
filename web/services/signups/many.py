"""Many sign-ups at once: all that takes time is done before anybody has to wait, and then they are written in one go.

`register.create` does the same for one person. Five thousand of those hold the series, and on SQLite every other
organisation, for half a minute: most of it is sealing, hashing and asking, which needs no lock.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, Text, bindparam, insert, select
from sqlalchemy.orm import Session

from web.crypto import Vault, hashed, new_code
from web.letters.joining import LATE, confirmation
from web.rows import Availability, Consent, DueLetter, Series, Signup, Staff
from web.rows.base import Base, Sealed
from web.rows.people import SignupState
from web.services.plans import capacity, current
from web.services.signups import buddies
from web.services.signups.answers import Answers, fill, note_said
from web.services.signups.register import secret_of, take_numbers
from web.services.waiting import must_wait
from web.services.waiting.priority import left_out_before

_SEALED = "sealed_"
_SAID = ("kind", "given", "version", "at", "channel")


@dataclass(frozen=True, slots=True)
class PreparedSignup:
    """One person as rows, with all that is sealed sealed; `late` is whether there were groups by then."""

    columns: Mapping[str, Any]
    times: tuple[tuple[int, bool], ...]
    consents: tuple[Mapping[str, Any], ...]
    channel: str
    secret: str
    letter: str
    late: bool


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
    secret = secret_of(vault, once)
    signup = Signup(
        organisation_id=series.organisation_id,
        project_id=series.project_id,
        series_id=series.id,
        once=hashed(once),
        secret_hash=hashed(secret),
        created_at=now,
        channel=channel,
    )
    fill(session, signup, answers, now=now, channel=channel, vault=vault)
    same = {(signup.name_hash, way) for way in (signup.email_hash, signup.phone_hash) if way}
    signup.priority = 0 if around.known.isdisjoint(same) else left_out_before(session, signup)
    return PreparedSignup(
        _columns(signup, vault),
        tuple((row.session_id, bool(row.prefers)) for row in signup.availability),
        tuple({key: getattr(row, key) for key in _SAID} for row in signup.consents),
        signup.reached_by,
        secret,
        _content(vault, secret, around.late),
        around.late,
    )


def _content(vault: Vault, secret: str, late: bool) -> str:
    return vault.seal({"secret": secret, "reason": LATE} if late else {"secret": secret})


def _columns(signup: Signup, vault: Vault) -> dict[str, Any]:
    """What stands in the row, by column; a column of which nothing is said has its default."""
    found: dict[str, Any] = {}
    for column in Signup.__table__.columns:
        value = getattr(signup, column.key)
        if column.key in ("id", "number", "code", "state") or (value is None and column.default is not None):
            continue
        if isinstance(column.type, Sealed):
            found[_SEALED + column.key] = None if value is None else vault.seal(value)
        else:
            found[column.key] = value
    return found


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
    _insert(session, Signup, rows)
    ids = _ids(session, series, numbers)
    _insert(
        session,
        Availability,
        [
            {"signup_id": id, "session_id": time, "prefers": prefers}
            for id, person in zip(ids, people, strict=True)
            for time, prefers in person.times
        ],
    )
    _insert(
        session,
        Consent,
        [{"signup_id": id, **said} for id, person in zip(ids, people, strict=True) for said in person.consents],
    )
    _insert(session, DueLetter, _letters(session, series, ids, people, now, vault))
    for id, row, person in zip(ids, rows, people, strict=True):
        # Who never gave a consent did not withdraw it.
        given = [said for said in person.consents if said["given"]]
        note_said(session, series, f"signup:{id}", given, by=by, now=now)
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


def _letters(
    session: Session, series: Series, ids: Sequence[int], people: Sequence[PreparedSignup], now: datetime, vault: Vault
) -> list[dict[str, Any]]:
    late = current.plan_of(session, series) is not None
    return [
        {
            "organisation_id": series.organisation_id,
            "project_id": series.project_id,
            "series_id": series.id,
            "signup_id": id,
            "channel": person.channel,
            "kind": confirmation.name,
            "key": f"confirmation:{id}",
            f"{_SEALED}content": person.letter if person.late == late else _content(vault, person.secret, late),
            "due_at": now,
        }
        for id, person in zip(ids, people, strict=True)
    ]


def _insert(session: Session, kind: type[Base], rows: list[dict[str, Any]]) -> None:
    """Rows of which what has to be sealed is sealed already."""
    if rows:
        sealed = {
            name.removeprefix(_SEALED): bindparam(name, type_=Text()) for name in rows[0] if name.startswith(_SEALED)
        }
        session.execute(insert(cast("Table", kind.__table__)).values(sealed), rows)
