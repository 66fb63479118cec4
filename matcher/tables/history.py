"""met.csv, locked.csv and population.csv: what came before, what was decided by hand, and who lives here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping

from matcher.domain import Lock
from matcher.faults import FaultList, written
from matcher.messages import Key, Message
from matcher.tables.answers import AS_TOLD, Answers
from matcher.tables.cells import Cells, cells_of
from matcher.tables.table import Layout, Table

MET = Layout(("a", "b"), ("times",), most=1_000_000, rows=Key("rows.meetings"))
LOCKED = Layout(("person", "session"), ("group",), rows=Key("rows.locks"))
POPULATION = Layout(("dimension", "bubble", "count"), rows=Key("rows.bubbles"))


def met_of(
    table: Table | None, people: Collection[str] | None, faults: FaultList
) -> tuple[dict[tuple[str, str], int], list[Message]]:
    """Earlier meetings (a < b), and a note on pairs of whom somebody did not sign up this time."""
    met: dict[tuple[str, str], int] = defaultdict(int)
    gone = 0
    for row in cells_of(table, faults):
        a, b = sorted((row.id("a"), row.id("b")))
        times = row.whole("times", 1, 0)
        if a == b and a:
            row.fault("b", Message.of("fault.met_self", person=written(a)), Message.of("fix.two_people"))
        elif people is None or (a in people and b in people):
            met[a, b] += times
        else:
            gone += 1
    if not table or not gone:
        return dict(met), []
    if not met:
        what, right = Message.of("fault.nobody_known"), Message.of("fix.known_ids")
        faults.add(table.file, table.rows[0][0], "a", what, right)
    note = Message.of("note.met_gone", file=table.file, gone=gone, pairs=len(table.rows))
    return dict(met), [note]


def locks_of(
    table: Table | None, people: Collection[str] | None, sessions: Collection[str] | None, faults: FaultList
) -> list[tuple[Lock, Cells]]:
    """Every lock with its row. Without a person it fixes a group; without a group too, a session."""
    locks: dict[Lock, Cells] = {}
    for row in cells_of(table, faults):
        if not row.text("session"):
            row.fault("session", Message.of("fault.empty"), Message.of("fix.locked_session"))
        for column, known in (("person", people), ("session", sessions)):
            _one(row, column, known)
        group = row.maybe("group", 1)
        locks.setdefault(Lock(row.text("person") or None, row.text("session"), group), row)
    return list(locks.items())


def _one(row: Cells, column: str, known: Collection[str] | None) -> None:
    value = row.text(column)
    if value:
        row.refer(column, value, known, column)


def population_of(
    table: Table | None, dimensions: Collection[str] | None, faults: FaultList, answers: Answers = AS_TOLD
) -> Mapping[str, Mapping[str, float]]:
    """Dimension -> bubble -> how many live here. A bubble of which nobody signed up is no fault.

    Bubbles go by the spelling of the people; of whom it is not known which bubble they have says nothing.
    """
    population: dict[str, dict[str, float]] = {}
    before = len(faults)
    for row in cells_of(table, faults):
        _one(row, "dimension", dimensions)
        for column in ("dimension", "bubble", "count"):
            if not row.text(column):
                row.fault(column, Message.of("fault.empty"), Message.of("fix.population"))
        counts = population.setdefault(row.text("dimension"), {})
        bubble = answers.bubble(row.text("dimension"), row.text("bubble"))
        if bubble in counts:
            row.fault("bubble", Message.of("fault.twice", value=written(bubble)), Message.of("fix.bubble_once"))
        count = row.number("count", 0.0)
        if bubble:
            counts[bubble] = count
    for dimension, counts in population.items():
        if table and len(faults) == before and not any(counts.values()):
            what = Message.of("fault.nobody_lives", dimension=written(dimension))
            faults.add(table.file, table.rows[0][0], "count", what, Message.of("fix.counts"))
    return population
