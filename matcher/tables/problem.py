"""All tables and a format to one problem; every fault in them is told at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from matcher.domain import Facilitator, Format, Lock, Problem
from matcher.faults import FaultList, instead, written
from matcher.formats import format_of
from matcher.messages import Message
from matcher.tables.cells import Cells
from matcher.tables.hashes import format_sha256, input_sha256
from matcher.tables.history import locks_of, met_of, population_of
from matcher.tables.locks import check_locks
from matcher.tables.people import People, people_of, unused
from matcher.tables.sessions import Sessions, facilitators_of, in_order, sessions_of
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
    """A problem, its fingerprints, and what is worth knowing about its files without being wrong."""

    problem: Problem
    notes: tuple[Message, ...]
    input_sha256: str
    format_sha256: str


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
    return None if faults else _inputs(whole, parts.notes)


def _parts(tables: Tables, recipe: Document | None, faults: FaultList) -> _Parts | None:
    """The parts; None if they cannot be held together for want of people, sessions, sizes or rules."""
    sessions = sessions_of(tables.sessions, faults)
    session_ids = sessions.sessions.keys() if sessions else None
    people = people_of(tables.people, session_ids, faults)
    ids, dimensions = (people.people.keys(), people.dimensions) if people else (None, None)
    leaders = facilitators_of(tables.facilitators, session_ids, ids, faults)
    met, notes = met_of(tables.met, ids, faults)
    locks = locks_of(tables.locked, ids, session_ids, faults)
    population = population_of(tables.population, dimensions, faults)
    before = len(faults)
    format = format_of(recipe, dimensions, faults) if recipe else Format()
    if people is None or sessions is None or len(faults) > before:
        return None
    return _Parts(people, sessions, format, leaders, met, locks, population, notes)


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


def _inputs(whole: Whole, notes: list[Message]) -> Inputs:
    format, people = whole.problem.format, whole.people
    used = {name for name, weight in format.bridging.items() if weight > 0}
    for rule in format.rules:
        used |= {getattr(rule, "dimension", ""), *getattr(rule, "on", ())}
    said = (*people.notes, *unused(people.file, people.dimensions, used), *notes, *notes_on(whole))
    return Inputs(whole.problem, said, input_sha256(whole.problem), format_sha256(format))
