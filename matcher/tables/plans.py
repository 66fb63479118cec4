"""plan.csv and unplaced.csv: plans to rows, and rows back to plans."""

from __future__ import annotations

from collections.abc import Iterator

from matcher.domain import Group, Plan, Problem, Reason, Result
from matcher.faults import Found, quoted
from matcher.messages import Message
from matcher.tables.cells import Cells, cells_of
from matcher.tables.table import Layout, Table
from matcher.words import words

COLUMNS = ("round", "session", "group", "language", "facilitator", "person")
PLAN = Layout(COLUMNS[1:3] + COLUMNS[5:], ("round", "language", "facilitator"), most=1_000_000, rows="seats")
UNPLACED = ("person", "reason", "what_would_help")

LANGUAGE = "en"
"""Of what stands in files for machines and on the command line, as their columns and keys do."""

Seat = tuple[str, int]

_UNKNOWN = Message.of("reason.not_found"), Message.of("help.more_room")


def plan_of(table: Table | None, found: Found) -> Plan:
    """The plan in a table. Unknown people and sessions stay in it: to tell these is up to the check."""
    rows: dict[Seat, list[Cells]] = {}
    for row in cells_of(table, found):
        id = row.id("person")
        session, number = row.id("session"), _number(row)
        seated = rows.setdefault((session, number), [])
        if any(id == other.text("person") for other in seated):
            row.fault("person", f"{quoted(id)} sits here twice", "one row for every person in a group")
        seated.append(row)
    return Plan(tuple(sorted(_group(seat, members) for seat, members in rows.items())))


def _number(row: Cells) -> int:
    if not row.text("group"):
        row.fault("group", "is empty", "the number of the group within the session")
    return row.whole("group", 1, 1)


def _group(seat: Seat, rows: list[Cells]) -> Group:
    first = rows[0]
    for row in rows[1:]:
        for column in ("language", "facilitator"):
            if row.text(column) != first.text(column):
                what = f"{quoted(row.text(column))}, but {quoted(first.text(column))} in row {first.row}"
                row.fault(column, what, f"one {column} for a group")
    people = tuple(sorted({row.text("person") for row in rows}))
    return Group(*seat, people, first.word("language"), first.text("facilitator"))


def plan_rows(problem: Problem, plan: Plan) -> Iterator[tuple[object, ...]]:
    """One row for every seat, by round, session and group."""
    rounds = {session.id: session.round for session in problem.sessions}
    groups = sorted(plan.groups, key=lambda g: (rounds.get(g.session, 0), g.session, g.number))
    for group in groups:
        for person in group.people:
            seat = (rounds.get(group.session, ""), group.session, group.number)
            yield (*seat, group.language, group.facilitator, person)


def unplaced(problem: Problem, result: Result) -> list[Reason]:
    """Why everybody without a seat has none, by id."""
    placed = result.plan.placed()
    reasons = {reason.person: reason for reason in result.reasons}
    missing = sorted(person.id for person in problem.people if person.id not in placed)
    return [reasons.get(id) or Reason(id, *_UNKNOWN) for id in missing]


def unplaced_rows(problem: Problem, result: Result) -> Iterator[tuple[object, ...]]:
    """One row for everybody without a seat."""
    say = words(LANGUAGE).say
    for reason in unplaced(problem, result):
        yield reason.person, say(reason.why), say(reason.help)
