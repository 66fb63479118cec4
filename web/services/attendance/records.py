"""What is known of who was at a date: of all marks about somebody the last one holds."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from web.rows import Attendance, Gathering
from web.rows.attendance import CAME, Presence


@dataclass(frozen=True, slots=True)
class Record:
    """Who was at one date, as far as anybody wrote it down.

    `people` are marks by sign-up and `walk_ins` those of who did not sign up, both without what was taken back;
    `tables` are the numbers of tables of which anything was written.
    """

    people: Mapping[int, Attendance] = field(default_factory=dict)
    walk_ins: tuple[Attendance, ...] = ()
    tables: frozenset[int] = frozenset()

    def there(self, signup_id: int, number: int | None) -> bool | None:
        """Whether somebody with a seat at that table was there; None if nobody wrote anything of it.

        At a table of which something was written who was not marked was not there: people tap who is.
        """
        if mark := self.people.get(signup_id):
            return mark.presence in CAME
        return False if number in self.tables else None

    def absent(self, signup_id: int) -> bool:
        """Whether somebody said in so many words that they were not there."""
        mark = self.people.get(signup_id)
        return mark is not None and mark.presence == Presence.ABSENT

    @property
    def met(self) -> dict[int, set[int]]:
        """Who signed up and was there, by the table where that was."""
        found: dict[int, set[int]] = {number: set() for number in self.tables}
        for id, mark in self.people.items():
            if mark.presence in CAME:
                found[mark.number].add(id)
        return found


def of(session: Session, gathering: Gathering, until: datetime | None = None) -> Record:
    """What is known of one date; `until`: what was known at that moment."""
    return of_all(session, [gathering.id], until)[gathering.id]


def of_all(session: Session, dates: Collection[int], until: datetime | None = None) -> dict[int, Record]:
    """What is known of each of these dates, by id."""
    found = select(Attendance).where(Attendance.gathering_id.in_(dates)).order_by(Attendance.id)
    if until is not None:
        found = found.where(Attendance.received_at <= until)
    marks: dict[int, list[Attendance]] = {id: [] for id in dates}
    for mark in session.scalars(found):
        marks[mark.gathering_id].append(mark)
    return {id: _record(some) for id, some in marks.items()}


def last(marks: Iterable[Attendance]) -> dict[int | str | None, Attendance]:
    """The mark that holds of everybody, by sign-up or walk-in: the last by the clock, in whatever order they came."""
    found: dict[int | str | None, Attendance] = {}
    for mark in marks:
        who = mark.walk_in if mark.signup_id is None else mark.signup_id
        before = found.setdefault(who, mark)
        if (before.recorded_at, before.device_entry) < (mark.recorded_at, mark.device_entry):
            found[who] = mark
    return found


def _record(marks: Collection[Attendance]) -> Record:
    names = {mark.walk_in for mark in marks if mark.walk_in_name}
    said = [mark for mark in last(marks).values() if mark.presence != Presence.OPEN]
    people = {mark.signup_id: mark for mark in said if mark.signup_id is not None}
    # Of a walk-in the name stands in the mark that brought them, which may still be on its way.
    walk_ins = tuple(m for m in said if m.signup_id is None and m.walk_in in names and m.presence in CAME)
    return Record(people, walk_ins, frozenset(mark.number for mark in said))
