"""The list of who signed up, a page at a time: the database counts and chooses, and opens who is shown only."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, false, func, or_, select
from sqlalchemy.orm import Session, defer, selectinload

from web.crypto import Vault
from web.identity import addresses, codes, hashes, names, phones
from web.rows import Series, Signup, TimeSlot
from web.rows.people import Availability, SignupState, sealed_except
from web.services import waiting
from web.services.plans import capacity, current, fit, queue
from web.services.waiting import Standing

PAGE = 50
"""People on one page."""
PARTS = 1000
"""In a series of at most so many people a part of a name, address or number finds somebody.

Names are sealed, so that the database can only look up a whole one, by its keyed hash. In a small series all of them
can be opened to look inside.
"""
Conditions = tuple[ColumnElement[bool], ...]


@dataclass(frozen=True, slots=True)
class SignupPage:
    """One page of a list: who stands on it, how they stand, and how many there are in all, on how many pages.

    `whole` says that only a whole name, address or number finds somebody in this series.
    """

    signups: Sequence[Signup]
    standings: Mapping[int, Standing]
    total: int
    number: int
    pages: int
    whole: bool


@dataclass(frozen=True, slots=True)
class _Asked:
    session: Session
    series: Series
    now: datetime

    def gave_back(self) -> frozenset[int]:
        return capacity.gave_back(self.session, self.series.id)


def _state(state: SignupState) -> Callable[[_Asked], Conditions]:
    return lambda _asked: (Signup.state == state,)


ONLY: dict[str, Callable[[_Asked], Conditions]] = {
    "wish": lambda _asked: (Signup.other_wish.is_(True), Signup.state != SignupState.LEFT),
    "stranded": lambda asked: fit.is_stranded(asked.series, asked.now),
    "in": lambda asked: (Signup.state == SignupState.IN, Signup.id.not_in(asked.gave_back())),
    "place": lambda asked: (
        Signup.state == SignupState.IN,
        Signup.id.not_in(asked.gave_back()),
        current.has_seat(asked.series.id, kept=True),
    ),
    "waiting": _state(SignupState.WAITING),
    "back": lambda asked: (Signup.state == SignupState.IN, Signup.id.in_(asked.gave_back())),
    "left": _state(SignupState.LEFT),
}
"""Whom a list shows, by the key in its address."""


def page(
    session: Session, series: Series, *, sought: str, only: str, number: int, vault: Vault, now: datetime
) -> SignupPage:
    """One page, in order of arrival, or of the waiting list; the last one for a number that is too high."""
    which: list[ColumnElement[bool]] = [Signup.series_id == series.id]
    if only in ONLY:
        which += ONLY[only](_Asked(session, series, now))
    people = session.scalar(select(func.count(Signup.id)).where(Signup.series_id == series.id)) or 0
    if sought:
        which.append(_matching(session, series, sought, vault, whole=people > PARTS))
    total = session.scalar(select(func.count(Signup.id)).where(*which)) or 0
    pages = max(1, -(-total // PAGE))
    number = min(max(number, 1), pages)
    ids = _ids(session, series, which, only, (number - 1) * PAGE)
    signups = _opened(session, ids)
    return SignupPage(signups, waiting.standings(session, series, signups), total, number, pages, people > PARTS)


def _ids(session: Session, series: Series, which: Sequence[ColumnElement[bool]], only: str, first: int) -> list[int]:
    found = select(Signup.id).where(*which).order_by(Signup.number, Signup.id)
    if only != "waiting":
        return list(session.scalars(found.limit(PAGE).offset(first)))
    shown = set(session.scalars(found))
    return [id for id in queue.in_order(session, series) if id in shown][first : first + PAGE]


def _opened(session: Session, ids: Sequence[int]) -> list[Signup]:
    """These people in this order, with what the list shows of them."""
    rows = session.scalars(
        select(Signup)
        .where(Signup.id.in_(ids))
        .options(
            *map(defer, sealed_except("name", "contact")),
            selectinload(Signup.availability).selectinload(Availability.session).selectinload(TimeSlot.gatherings),
        )
    )
    by_id = {row.id: row for row in rows}
    return [by_id[id] for id in ids]


def _matching(session: Session, series: Series, sought: str, vault: Vault, *, whole: bool) -> ColumnElement[bool]:
    """Whoever has this name, address or number, or a code with this in it."""
    code, number = codes.canonical(sought), phones.canonical(sought)
    same = [
        Signup.name_hash == hashes.name_hash(vault, sought),
        Signup.email_hash == hashes.email_hash(vault, sought),
        Signup.phone_hash == hashes.phone_hash(vault, number) if number else false(),
        Signup.code.contains(code, autoescape=True) if code else false(),
    ]
    return or_(*same) if whole else or_(*same, Signup.id.in_(_inside(session, series, sought)))


def _inside(session: Session, series: Series, sought: str) -> list[int]:
    """Whose name, address, number or worker has this in it."""
    wanted = names.canonical(sought)
    found = select(Signup.id, Signup.name, Signup.contact).where(Signup.series_id == series.id)
    return [id for id, name, contact in session.execute(found) if wanted and _has(name, contact or {}, sought, wanted)]


def _has(name: str, contact: Mapping[str, str], sought: str, wanted: str) -> bool:
    return (
        any(wanted in names.canonical(text) for text in (name, contact.get("via", "")))
        or addresses.canonical(sought) in addresses.canonical(contact.get("email", ""))
        or (phones.canonical(sought) or wanted) in contact.get("phone", "")
    )
