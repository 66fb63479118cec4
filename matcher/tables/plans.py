"""plan.csv and unplaced.csv: plans to rows, and rows back to plans."""

from __future__ import annotations

import re
from collections.abc import Iterator

from matcher.claims import reasons_of
from matcher.domain import Group, Plan, Problem
from matcher.faults import FaultList, written
from matcher.messages import Key, Message
from matcher.outcome import Reason, Result
from matcher.tables.cells import Cells, cells_of
from matcher.tables.table import Layout, Table
from matcher.words import LANGUAGE, words

COLUMNS = ("round", "session", "group", "language", "facilitator", "person")
PLAN = Layout(COLUMNS[1:3] + COLUMNS[5:], ("round", "language", "facilitator"), most=1_000_000, rows=Key("rows.seats"))
UNPLACED = ("person", "reason", "what_would_help")

Seat = tuple[str, int]
_NUMBER = re.compile(r"-?\d+(\.\d+)?", re.ASCII)

_ONE = {"language": Message.of("fix.one_language"), "facilitator": Message.of("fix.one_facilitator")}
"""What a group has one of, and what to do where its rows say otherwise."""

_UNKNOWN = Message.of("reason.not_found"), Message.of("help.more_room")


def plan_of(table: Table | None, faults: FaultList) -> Plan:
    """The plan in a table. Unknown people and sessions stay in it: to tell these is up to the check."""
    rows: dict[Seat, list[Cells]] = {}
    cells = list(cells_of(table, faults))
    names = _names(cells)
    for row in cells:
        id = row.id("person")
        session, number = row.id("session"), names.get(row.text("group")) or _number(row)
        seated = rows.setdefault((session, number), [])
        if any(id == other.text("person") for other in seated):
            what = Message.of("fault.sits_twice", person=written(id))
            row.fault("person", what, Message.of("fix.person_once"))
        seated.append(row)
    return Plan(tuple(sorted(_group(seat, members) for seat, members in rows.items())))


def _names(rows: list[Cells]) -> dict[str, int]:
    """Groups that have a name where a number should stand, numbered in turn: one fault for all of them."""
    named = [row for row in rows if (name := row.text("group")) and not _NUMBER.fullmatch(name)]
    if named:
        what = Message.of("fault.group_names", value=written(named[0].text("group")), n=len(named))
        named[0].fault("group", what, Message.of("fix.group_numbers"))
    return {name: number for number, name in enumerate(dict.fromkeys(row.text("group") for row in named), start=1)}


def _number(row: Cells) -> int:
    if not row.text("group"):
        row.fault("group", Message.of("fault.empty"), Message.of("fix.group_number"))
    return row.whole("group", 1, 1)


def _group(seat: Seat, rows: list[Cells]) -> Group:
    first = rows[0]
    for row in rows[1:]:
        for column, right in _ONE.items():
            value, other = row.text(column), first.text(column)
            if value != other:
                what = Message.of("fault.differs", value=written(value), other=written(other), row=first.row)
                row.fault(column, what, right)
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
    reasons = reasons_of(result)
    missing = sorted(person.id for person in problem.people if person.id not in placed)
    return [reasons.get(id) or Reason(id, *_UNKNOWN) for id in missing]


def unplaced_rows(problem: Problem, result: Result) -> Iterator[tuple[object, ...]]:
    """One row for everybody without a seat."""
    say = words(LANGUAGE).say
    for reason in unplaced(problem, result):
        yield reason.person, say(reason.why), say(reason.help)
