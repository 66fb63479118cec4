"""people.csv: everybody who signed up, with their bubbles, times, needs and wishes."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

from matcher.domain import Participant
from matcher.faults import FaultList, instead, several, written
from matcher.formats.conventions import USUAL, Conventions
from matcher.messages import Key, Message
from matcher.tables import arranging
from matcher.tables.answers import AS_TOLD, Answers, answered
from matcher.tables.cells import Cells, cells_of, few
from matcher.tables.columns import Columns
from matcher.tables.table import Layout, Table

_RESERVED = (
    "name",
    "sessions",
    "prefers",
    "languages",
    "interpreters",
    "needs",
    "interests",
    "buddies",
    "apart",
    "wishes",
    "household",
    "recruited_by",
    "organisation",
    "outspoken",
    "priority",
    "max_meetings",
)
PEOPLE = Layout(("id",), _RESERVED, others=True, rows=Key("rows.people"), filled=True)
MOST_PRIORITY = 1000


@dataclass(frozen=True, slots=True)
class People:
    """Who signed up, where each of them stands in the files, the dimensions in order of their columns, and how
    what was told is read."""

    file: str
    people: dict[str, Participant]
    cells: dict[str, Cells]
    dimensions: tuple[str, ...]
    answers: Answers = AS_TOLD
    notes: list[Message] = field(default_factory=list)

    def names(self) -> dict[str, str]:
        """What people are called, as far as the column `name` says so: for lists on the evening, for no record."""
        return {id: name for id, row in self.cells.items() if id in self.people and (name := row.text("name"))}


def dimensions_of(table: Table | None) -> tuple[str, ...] | None:
    """The columns of a people file without a meaning of their own; None if it could not be read."""
    return tuple(c for c in table.columns if c not in PEOPLE.known) if table else None


def people_of(
    tables: Sequence[Table | None],
    sessions: Collection[str] | None,
    faults: FaultList,
    conventions: Conventions = USUAL,
) -> People | None:
    """The people of the tables, of which the first gives the dimensions; None if it could not be read."""
    first, dimensions = tables[0], dimensions_of(tables[0])
    if first is None or dimensions is None:
        return None
    columns = Columns(tables)
    answers = answered(columns, dimensions, conventions, faults)
    arranging.of_people(columns, columns.cells("id").keys(), sessions)
    cells = _cells(columns.tables, dimensions, faults)
    people = {id: _person(row, dimensions, sessions, cells) for id, row in cells.items()}
    read = [note for table in tables if table for note in table.notes]
    notes = [*read, *_near_names(first.file, dimensions), *columns.notes]
    return People(first.file, people, cells, dimensions, answers, notes)


def _cells(tables: Sequence[Table | None], dimensions: Collection[str], faults: FaultList) -> dict[str, Cells]:
    """The rows by their ids; references need all ids before the first row can be read."""
    cells: dict[str, Cells] = {}
    for table in tables:
        for column in table.columns if table else ():
            if column not in PEOPLE.known and column not in dimensions and table:
                what = Message.of("fault.unknown_dimension", value=written(column))
                faults.add(table.file, 1, column, what, instead(column, dimensions))
        for row in cells_of(table, faults):
            if id := row.id("id", unique=cells):
                cells.setdefault(id, row)
    return cells


def _person(
    row: Cells, dimensions: Collection[str], sessions: Collection[str] | None, ids: Collection[str]
) -> Participant:
    told = {dimension: row.several(dimension) for dimension in dimensions if row.text(dimension)}
    person = Participant(
        id=row.text("id"),
        bubbles={dimension: bubbles for dimension, bubbles in told.items() if bubbles},
        sessions=row.known("sessions", sessions, "session"),
        prefers=row.ranked("prefers", sessions, "session"),
        languages=row.words("languages") or frozenset({"nl"}),
        interpreters=row.words("interpreters"),
        needs=row.words("needs"),
        interests=row.several("interests"),
        buddies=row.known("buddies", ids, "person"),
        apart=row.known("apart", ids, "person"),
        wishes=row.known("wishes", ids, "person"),
        household=row.text("household"),
        recruited_by=row.text("recruited_by"),
        organisation=row.text("organisation"),
        outspoken=row.flag("outspoken"),
        priority=row.whole("priority", 0, 0, MOST_PRIORITY),
        max_meetings=row.maybe("max_meetings", 1),
    )
    _check(row, person)
    return person


def _check(row: Cells, person: Participant) -> None:
    for column, others in (("buddies", person.buddies), ("apart", person.apart), ("wishes", person.wishes)):
        if person.id in others:
            row.fault(column, Message.of("fault.names_self", person=written(person.id)), Message.of("fix.others"))
    if both := (person.buddies & person.apart) - {person.id}:
        row.fault("apart", Message.of("fault.buddy_too", people=few(both)), Message.of("fix.buddy_or_apart"))


def _near_names(file: str, dimensions: Collection[str]) -> list[Message]:
    """A typing error in a column turns wishes into a dimension that mixes people."""
    close = ((name, get_close_matches(name.casefold(), PEOPLE.known, n=1, cutoff=0.8)) for name in dimensions)
    return [
        Message.of("note.near_column", file=file, column=written(name), near=near[0]) for name, near in close if near
    ]


def unused(file: str, dimensions: Collection[str], used: Collection[str]) -> list[Message]:
    """Columns that neither bridging nor a rule asks for: a slip, or data that need not be here."""
    idle = [dimension for dimension in dimensions if dimension not in used]
    return [Message.of("note.unused", file=file, dimensions=several(idle))] if idle else []
