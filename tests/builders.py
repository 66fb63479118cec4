"""Tiny problems and plans in the notation of a table on paper, and every plan of a tiny problem."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from itertools import product

from matcher.domain import (
    Facilitator,
    Format,
    Group,
    Lock,
    Participant,
    Plan,
    Problem,
    Session,
    Size,
)
from matcher.terms import Rule

FIELDS = {f.name for f in fields(Participant)}
WORDS = {"household": str, "recruited_by": str, "organisation": str, "priority": int, "max_meetings": int}
ROOM = (Session("s", 2),)


def people(table: str) -> tuple[Participant, ...]:
    """A header and one line per person, `|` between cells; a column that is no field is a dimension.

    A cell holds words; nothing, or a missing cell, is the default: not told.
    """
    header, *lines = [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]
    return tuple(_person(dict(zip(header, line, strict=False))) for line in lines)


def _person(cells: Mapping[str, str]) -> Participant:
    given = {name: cell for name, cell in cells.items() if cell}
    told = {name: frozenset(cell.split()) for name, cell in given.items() if name not in FIELDS}
    known = {name: _field(name, cell) for name, cell in given.items() if name in FIELDS}
    return Participant(**known, bubbles=told)  # type: ignore[arg-type]


def _field(name: str, cell: str) -> object:
    if name in WORDS or name == "id":
        return WORDS.get(name, str)(cell)
    return True if name == "outspoken" else frozenset(cell.split())


def problem(
    table: str,
    *rules: Rule,
    sessions: Iterable[Session] = ROOM,
    size: tuple[int, int, int] = (1, 4, 7),
    facilitators: Iterable[Facilitator] = (),
    met: Mapping[tuple[str, str], int] | None = None,
    locks: Iterable[Lock] = (),
    population: Mapping[str, Mapping[str, float]] | None = None,
    **format: object,
) -> Problem:
    """A problem of the people in a table under some rules; what is not given forbids nothing."""
    recipe = Format(size=Size(*size), rules=tuple(rules), **format)  # type: ignore[arg-type]
    return Problem(
        people(table),
        tuple(sessions),
        recipe,
        tuple(facilitators),
        met or {},
        tuple(locks),
        population or {},
    )


def plan(text: str) -> Plan:
    """`s.1: ann bo; s.2 ar eva: cy dan` is a group that speaks Dutch, and one led in Arabic by eva."""
    return Plan(tuple(sorted(_group(*part.split(":")) for part in text.split(";") if part.strip())))


def _group(place: str, ids: str) -> Group:
    where, language, leader = (*place.split(), *("nl", "")[len(place.split()) - 1 :])
    session, number = where.rsplit(".", 1)
    return Group(session, int(number), tuple(sorted(ids.split())), language, leader)


def plans_of(problem: Problem, dress: Iterable[tuple[str, str]] = (("nl", ""),)) -> Iterator[Plan]:
    """Every way to give each person at most one group of each session.

    Every group wears every `dress`: its language and its leader.
    """
    each = list(product(*[range(s.groups + 1) for s in problem.sessions]))
    ids, sessions, dresses = [p.id for p in problem.people], [s.id for s in problem.sessions], list(dress)
    for choice in product(each, repeat=len(ids)):
        tables: dict[tuple[str, int], list[str]] = {}
        for person, seats in zip(ids, choice, strict=True):
            for session, number in zip(sessions, seats, strict=True):
                if number:
                    tables.setdefault((session, number), []).append(person)
        for worn in product(dresses, repeat=len(tables)):
            pairs = zip(sorted(tables), worn, strict=True)
            yield Plan(tuple(Group(*key, tuple(sorted(tables[key])), *dress) for key, dress in pairs))
