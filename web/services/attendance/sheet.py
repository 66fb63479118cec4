"""The sheet of one date: who was expected at which table, and what was written of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from web.rows import Attendance, Gathering, Invitation, Series, Signup
from web.rows.attendance import CAME, Presence
from web.rows.invitations import InvitationState, Partstat
from web.rows.people import SignupState
from web.services.attendance import records
from web.services.plans import current, table_list

ASKED_FOR = timedelta(weeks=4)
"""So long after a date it is asked who was there; later nobody knows any more."""


@dataclass(frozen=True, slots=True)
class SheetPerson:
    """Somebody with a seat; `expected` unless they said no."""

    signup: Signup
    expected: bool
    presence: Presence


@dataclass(frozen=True, slots=True)
class SheetTable:
    """One table, with who came without a sign-up."""

    number: int
    people: tuple[SheetPerson, ...]
    walk_ins: tuple[Attendance, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One date, table by table."""

    gathering: Gathering
    tables: tuple[SheetTable, ...]

    @property
    def people(self) -> list[SheetPerson]:
        """Everybody with a seat."""
        return [person for table in self.tables for person in table.people]

    @property
    def came(self) -> int:
        """How many of them came."""
        return sum(person.presence in CAME for person in self.people)

    @property
    def expected(self) -> int:
        """Of how many that is: who said no and stayed away does not count."""
        return sum(person.expected or person.presence in CAME for person in self.people)

    @property
    def open(self) -> int:
        """Of how many who were expected nobody wrote anything."""
        return sum(person.expected and person.presence == Presence.OPEN for person in self.people)

    @property
    def walk_ins(self) -> int:
        """How many came without a sign-up."""
        return sum(len(table.walk_ins) for table in self.tables)


def of(session: Session, gathering: Gathering, *, led_by: int | None = None) -> Sheet:
    """The sheet of a date, by the plan that counts now; `led_by`: only the tables of one facilitator."""
    evening = gathering.session
    groups = [group for group in current.groups_of(session, evening.round.series_id) if group.session_id == evening.id]
    if led_by is not None:
        groups = [group for group in groups if group.facilitator_id == led_by]
    record, people = records.of(session, gathering), table_list.seated(session, groups)
    no = _said_no(session, [gathering.id])
    tables = [
        SheetTable(
            group.number,
            _people((people[seat.signup_id] for seat in group.seats), gathering, record, no),
            tuple(mark for mark in record.walk_ins if mark.number == group.number),
        )
        for group in groups
    ]
    return Sheet(gathering, tuple(tables))


def _people(
    seated: Iterable[Signup], gathering: Gathering, record: records.Record, no: set[tuple[int, int]]
) -> tuple[SheetPerson, ...]:
    """Who left is only on the sheet if they came all the same."""
    found = []
    for one in sorted(seated, key=lambda one: (one.name.casefold(), one.id)):
        mark = record.people.get(one.id)
        presence = Presence(mark.presence) if mark else Presence.OPEN
        if one.state != SignupState.LEFT or presence in CAME:
            stays = one.state != SignupState.LEFT and (gathering.id, one.id) not in no
            found.append(SheetPerson(one, stays, presence))
    return tuple(found)


def _said_no(session: Session, dates: Sequence[int]) -> set[tuple[int, int]]:
    """(date, sign-up) of who said that they would not come."""
    said = Invitation.state == InvitationState.ON, Invitation.partstat == Partstat.DECLINED
    found = select(Invitation.gathering_id, Invitation.signup_id).where(Invitation.gathering_id.in_(dates), *said)
    return {(date, signup) for date, signup in session.execute(found)}


def over(series: Series, now: datetime) -> list[Gathering]:
    """The dates of a series that have begun and stand, the last first."""
    found = (date for row in series.sessions for date in row.dates if date.starts <= now)
    return sorted(found, key=lambda date: (date.starts, date.id), reverse=True)


def to_write(session: Session, series: Series, now: datetime) -> list[Gathering]:
    """The dates that are over and of which we do not know of everybody whether they were there, the last first."""
    lately = [date for date in over(series, now) if now - ASKED_FOR < date.ends <= now]
    if not lately:
        return []
    ids = [date.id for date in lately]
    no, found = _said_no(session, ids), records.of_all(session, ids)
    seats: dict[int, list[int]] = {}
    stay = current.seats_of(series.id).join(Signup).where(Signup.state != SignupState.LEFT)
    for signup, evening, _number in session.execute(stay):
        seats.setdefault(evening, []).append(signup)
    return [
        date
        for date in lately
        if any(
            (date.id, signup) not in no and signup not in found[date.id].people
            for signup in seats.get(date.session_id, ())
        )
    ]
