"""All tables and a format to one problem; every fault in them is told at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from matcher.domain import Facilitator, Format, Lock, Problem
from matcher.faults import FaultList, instead, written
from matcher.formats import format_of
from matcher.formats.conventions import KEYS, conventions_of
from matcher.messages import Message
from matcher.tables import arranging
from matcher.tables.advice import advice, check_dates, used_by
from matcher.tables.answers import Answers
from matcher.tables.cells import Cells
from matcher.tables.hashes import format_sha256, input_sha256
from matcher.tables.history import locks_of, met_of, population_of
from matcher.tables.locks import check_locks
from matcher.tables.people import People, dimensions_of, people_of, unused
from matcher.tables.sessions import Sessions, facilitators_of, in_order, names_of, sessions_of
from matcher.tables.table import Table
from matcher.tables.together import Whole, check_together, notes_on
from matcher.toml.document import Document


@dataclass(frozen=True, slots=True)
class Tables:
    """The tables as text. `people` may be several, of which the first names the dimensions."""

    people: tuple[Table | None, ...]
    sessions: Table | None
    facilitators: Table | None = None
    met: Table | None = None
    locked: Table | None = None
    population: Table | None = None


@dataclass(frozen=True, slots=True)
class Mention:
    """An id and where it stands."""

    id: str
    file: str
    row: int


@dataclass(frozen=True, slots=True)
class Inputs:
    """A problem, its fingerprints, and what is worth knowing about its files without being wrong.

    `names` is what people and facilitators are called, by id: only for lists of those who run the evening. The
    problem, its fingerprints and its record do not know them.
    """

    problem: Problem
    notes: tuple[Message, ...]
    input_sha256: str
    format_sha256: str
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Parts:
    """What each table says by itself, names of the others included; not yet what they mean together."""

    people: People
    sessions: Sessions
    format: Format
    leaders: tuple[Facilitator, ...]
    met: Mapping[tuple[str, str], int]
    locks: list[tuple[Lock, Cells]]
    population: Mapping[str, Mapping[str, float]]
    names: Mapping[str, str]
    notes: list[Message]


def assembled(
    tables: Tables, recipe: Document | None, faults: FaultList, gone: Sequence[Mention] = ()
) -> Inputs | None:
    """The problem in these tables; None after a fault."""
    parts = _parts(tables, recipe, faults)
    if parts is None or recipe is None:
        return None
    parts = replace(parts, people=_without(parts.people, gone, faults))
    locks = [(lock, row) for lock, row in parts.locks if _is_sound(lock, parts)]
    whole = Whole(_problem(parts, [lock for lock, _ in locks]), parts.people, parts.sessions, locks, recipe.file)
    check_together(whole, faults)
    check_locks(whole)
    check_dates(parts.people, used_by(parts.format))
    return None if faults else _inputs(whole, parts)


def _parts(tables: Tables, recipe: Document | None, faults: FaultList) -> _Parts | None:
    """The parts; None if they cannot be held together for want of people, sessions, sizes or rules."""
    table, notes = arranging.of_sessions(tables.sessions)
    sessions = sessions_of(table, faults)
    session_ids = sessions.sessions.keys() if sessions else None
    dimensions, before = dimensions_of(tables.people[0]), len(faults)
    conventions = conventions_of(recipe, dimensions, faults)
    format = format_of(recipe, dimensions, faults, KEYS) if recipe else Format()
    is_sound = len(faults) == before
    people = people_of(tables.people, session_ids, faults, conventions)
    ids = people.people.keys() if people else None
    able, told = arranging.of_facilitators(tables.facilitators, session_ids)
    leaders = facilitators_of(able, session_ids, ids, faults)
    met, gone = met_of(tables.met, ids, faults)
    locks = locks_of(tables.locked, ids, session_ids, faults)
    answers = people.answers if people else Answers(conventions)
    population = population_of(tables.population, dimensions, faults, answers)
    if people is None or sessions is None or not is_sound:
        return None
    notes = [*notes, *told, *gone, *_table_notes(tables.met, tables.locked, tables.population)]
    return _Parts(people, sessions, format, leaders, met, locks, population, names_of(able), notes)


def _table_notes(*tables: Table | None) -> list[Message]:
    return [note for table in tables if table for note in table.notes]


def _is_sound(lock: Lock, parts: _Parts) -> bool:
    """Whether a lock is about sessions and people there are, and who did not leave."""
    known = lock.person is None or lock.person in parts.people.people
    return known and lock.session in parts.sessions.sessions


def _problem(parts: _Parts, locks: Sequence[Lock]) -> Problem:
    """The problem, in an order that does not depend on that of the rows."""
    people = parts.people.people
    return Problem(
        people=tuple(people[id] for id in sorted(people)),
        sessions=in_order(parts.sessions.sessions.values()),
        format=parts.format,
        facilitators=tuple(leader for leader in parts.leaders if not leader.person or leader.person in people),
        met={pair: times for pair, times in sorted(parts.met.items()) if people.keys() >= set(pair)},
        locks=tuple(sorted(locks, key=lambda k: (k.session, k.group or 0, k.person or ""))),
        population=parts.population,
    )


def _without(people: People, gone: Sequence[Mention], faults: FaultList) -> People:
    """The people who are left, who name only each other."""
    for mention in gone:
        if mention.id not in people.people:
            what = Message.of("fault.unknown_person", value=written(mention.id))
            faults.add(mention.file, mention.row, "id", what, instead(mention.id, people.people))
    if not gone:
        return people
    ids = {mention.id for mention in gone}
    left = {
        id: replace(person, buddies=person.buddies - ids, apart=person.apart - ids, wishes=person.wishes - ids)
        for id, person in people.people.items()
        if id not in ids
    }
    return replace(people, people=left)


def _inputs(whole: Whole, parts: _Parts) -> Inputs:
    problem, people = whole.problem, whole.people
    idle = unused(people.file, people.dimensions, used_by(problem.format))
    said = (*people.notes, *idle, *advice(problem, people), *parts.notes, *notes_on(whole))
    names = {**parts.names, **people.names()}
    return Inputs(problem, said, input_sha256(problem), format_sha256(problem.format), names)
