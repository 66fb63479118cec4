"""met.csv, locked.csv and population.csv: what came before, what was decided by hand, and who lives here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping

from matcher.domain import Lock
from matcher.faults import FaultList, instead, quoted
from matcher.tables.cells import Cells, cells_of
from matcher.tables.table import Layout, Table

MET = Layout(("a", "b"), ("times",), most=1_000_000, rows="meetings")
LOCKED = Layout(("person", "session"), ("group",), rows="locks")
POPULATION = Layout(("dimension", "bubble", "count"), rows="bubbles")


def met_of(
    table: Table | None, people: Collection[str] | None, faults: FaultList
) -> tuple[dict[tuple[str, str], int], list[str]]:
    """Earlier meetings (a < b), and a note on pairs of whom somebody did not sign up this time."""
    met: dict[tuple[str, str], int] = defaultdict(int)
    gone = 0
    for row in cells_of(table, faults):
        a, b = sorted((row.id("a"), row.id("b")))
        times = row.whole("times", 1, 0)
        if a == b and a:
            row.fault("b", f"{quoted(a)} met themselves", "two people")
        elif people is None or (a in people and b in people):
            met[a, b] += times
        else:
            gone += 1
    if not table or not gone:
        return dict(met), []
    if not met:
        faults.add(table.file, table.rows[0][0], "a", "nobody here is known", "ids as in people.csv")
    note = f"{table.file}: {gone} of {len(table.rows)} pairs name somebody who is not among the people"
    return dict(met), [note]


def locks_of(
    table: Table | None, people: Collection[str] | None, sessions: Collection[str] | None, faults: FaultList
) -> list[tuple[Lock, Cells]]:
    """Every lock with its row. Without a person it fixes a group; without a group too, a session."""
    locks: dict[Lock, Cells] = {}
    for row in cells_of(table, faults):
        if not row.text("session"):
            row.fault("session", "is empty", "the session somebody is locked into")
        for column, known in (("person", people), ("session", sessions)):
            _one(row, column, known)
        group = row.maybe("group", 1)
        locks.setdefault(Lock(row.text("person") or None, row.text("session"), group), row)
    return list(locks.items())


def _one(row: Cells, column: str, known: Collection[str] | None) -> None:
    value = row.text(column)
    if value and known is not None and value not in known:
        row.fault(column, f"unknown {column} {quoted(value)}", instead(value, known))


def population_of(
    table: Table | None, dimensions: Collection[str] | None, faults: FaultList
) -> Mapping[str, Mapping[str, float]]:
    """Dimension -> bubble -> how many live here. A bubble of which nobody signed up is no fault."""
    population: dict[str, dict[str, float]] = {}
    before = len(faults)
    for row in cells_of(table, faults):
        _one(row, "dimension", dimensions)
        for column in ("dimension", "bubble", "count"):
            if not row.text(column):
                row.fault(column, "is empty", "a dimension, one of its bubbles and a count")
        counts = population.setdefault(row.text("dimension"), {})
        if row.text("bubble") in counts:
            row.fault("bubble", f"{quoted(row.text('bubble'))} stands here twice", "one row for every bubble")
        counts[row.text("bubble")] = row.number("count", 0.0)
    for dimension, counts in population.items():
        if table and len(faults) == before and not any(counts.values()):
            what = f"nobody lives in {quoted(dimension)}"
            faults.add(table.file, table.rows[0][0], "count", what, "counts above 0")
    return population
