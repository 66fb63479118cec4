"""A linear program over columns: a bound for all choices of them, and which may be part of a better one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from ortools.linear_solver import pywraplp

from matcher.exact.pool import MOST_UNITS, Columns
from matcher.exact.rows import CountRow
from matcher.model import ONE
from matcher.search.packing import SLICE, look
from matcher.terms import Floats, Ints

FAST = "use_preprocessing: false change_status_to_imprecise: false"
"""Start from the last solution; prices need not be precise."""
SURE = "use_preprocessing: true change_status_to_imprecise: false"
"""If that goes wrong, from the beginning."""
RUNS = 96
"""Columns that may enter at once."""
WORK_SOLVE, WORK_PIVOT, WORK_COLUMN, WORK_LOOK = 1.5e-3, 8e-7, 2.5e-5, 2e-9
"""Seconds, more or less: to solve, for an iteration per row, for a new column, to look at a column per row.

Work is counted rather than timed, so that it can be repeated.
"""
DEAR = 20
"""Price of a unit that no column covers, in times the dearest column."""
EPS = ONE // 1_000_000
NONE = 1 << 60

Limits = dict[CountRow, tuple[int, int]]


@dataclass(frozen=True)
class Pricing:
    """All columns at the prices of one solution: no choice among them costs less than `bound`.

    Choosing a column adds at least its `rest` to the bound. `found` could make the program better.
    """

    bound: int
    rest: Ints
    found: Ints


class Master:
    """Every unit once, at most so many of a kind, rooms, rows about sets; columns and rows come as needed."""

    def __init__(self, columns: Columns, start: Ints, limits: Limits) -> None:
        self.lp = pywraplp.Solver.CreateSolver("GLOP")
        self.lp.Objective().SetMinimization()
        self.dear = DEAR * (float(np.abs(columns.costs).max(initial=0)) / ONE + 1.0)
        self.units = [self._limit(1, 1, bought=True) for _ in columns.units]
        self.kinds = [self._limit(-NONE, kind.count) for kind in columns.kinds]
        self.rooms = [self._limit(-NONE, room) for room in columns.room.tolist()]
        self.rows: dict[CountRow, pywraplp.Constraint] = {}
        self.limits: Limits = {}
        self.known: dict[tuple[int, int], pywraplp.Variable] = {}
        self.cost: dict[tuple[int, int], int] = {}
        self.binding: set[CountRow] = set()
        self.work = 0.0
        for row, ends in limits.items():
            self.limit(row, *ends)
        self.add(columns, start)

    def _limit(self, low: int, high: int, bought: bool = False) -> pywraplp.Constraint:
        """A row; what lacks for its lower end may be bought, dearly, so that there always is a solution."""
        far = self.lp.infinity()
        row = self.lp.Constraint(-far if low <= -NONE else float(low), far if high >= NONE else float(high))
        if bought:
            row.SetCoefficient(self._column(self.dear), 1.0)
        return row

    def _column(self, cost: float) -> pywraplp.Variable:
        column = self.lp.NumVar(0.0, self.lp.infinity(), "")
        self.lp.Objective().SetCoefficient(column, cost)
        return column

    def add(self, columns: Columns, found: Ints) -> int:
        """Let columns in; returns how many are new."""
        before, kinds = len(self.known), columns.kind
        for j in found.tolist():
            key = int(columns.masks[j]), int(kinds[j])
            if key not in self.known:
                self.cost[key] = int(columns.costs[j])
                self.known[key] = self._column(self.cost[key] / ONE)
                self._enter(columns, *key)
        new = len(self.known) - before
        self.work += WORK_COLUMN * new
        return new

    def _enter(self, columns: Columns, mask: int, k: int) -> None:
        column, kind = self.known[mask, k], columns.kinds[k]
        bits = [b for b in range(len(self.units)) if mask >> b & 1]
        for b in bits:
            self.units[b].SetCoefficient(column, 1.0)
        self.kinds[k].SetCoefficient(column, 1.0)
        if kind.pool >= 0:
            self.rooms[kind.pool].SetCoefficient(column, float(kind.use[bits].sum()))
        for row, limit in self.rows.items():
            if times := row.times(mask):
                limit.SetCoefficient(column, float(times))

    def limit(self, row: CountRow, low: int = -NONE, high: int = NONE) -> bool:
        """Keep a row within limits; returns whether it is a new one."""
        if row in self.rows:
            return False
        self.rows[row] = self._limit(low, high, bought=low > -NONE)
        self.limits[row] = low, high
        for (mask, _), column in self.known.items():
            if times := row.times(mask):
                self.rows[row].SetCoefficient(column, float(times))
        return True

    def solve(self, columns: Columns) -> Pricing | None:
        """Solve the program over the columns it knows, and look at all of them at its prices.

        Prices are rounded to whole numbers: the bound is exact whatever the precision of the program. None
        if the solver fails.
        """
        if not self._solved():
            return None
        unit, kind, room = self._prices(self.units), self._prices(self.kinds), self._prices(self.rooms)
        kind, room = np.minimum(kind, 0), np.minimum(room, 0)
        sets, tolls, bound = self._tolls()
        self.work += WORK_SOLVE + WORK_PIVOT * self.lp.iterations() * self.lp.NumConstraints()
        self.work += WORK_LOOK * len(columns) * (2 + len(sets))
        bound += int(unit.sum() + room @ columns.room)
        rest, found = np.empty(len(columns), np.int64), []
        for k, alike in enumerate(columns.kinds):
            mine = slice(int(columns.ptr[k]), int(columns.ptr[k + 1]))
            lookup = _lookup(unit + room[alike.pool] * alike.use if alike.pool >= 0 else unit, kind[k])
            best = np.zeros(min(RUNS, mine.stop - mine.start), np.int64)
            look(columns.masks[mine], columns.costs[mine], lookup, sets, tolls, rest[mine], best)
            least = min(0, int(rest[mine][best].min(initial=0)))
            found.append(best[rest[mine][best] < -EPS] + mine.start)
            # Where the program does not know the cheapest columns, all of the kind pay for it.
            rest[mine] -= least
            bound += alike.count * (int(kind[k]) + least)
        return Pricing(bound, rest, np.concatenate(found))

    def _solved(self) -> bool:
        self.lp.SetSolverSpecificParametersAsString(FAST)
        if self.lp.Solve() == self.lp.OPTIMAL:
            return True
        afresh = pywraplp.MPSolverParameters()
        afresh.SetIntegerParam(afresh.INCREMENTALITY, afresh.INCREMENTALITY_OFF)
        self.lp.SetSolverSpecificParametersAsString(SURE)
        return bool(self.lp.Solve(afresh) == self.lp.OPTIMAL)

    def _prices(self, rows: list[pywraplp.Constraint]) -> Ints:
        return np.array([round(row.dual_value() * ONE) for row in rows], np.int64)

    def _tolls(self) -> tuple[Ints, Ints, int]:
        """Sets and prices of the rows that bind, and what these add to the bound."""
        binding, tolls, bound = [], [], 0
        for row, limit in self.rows.items():
            price = round(limit.dual_value() * ONE)
            end = self.limits[row][0 if price > 0 else 1]
            if price and abs(end) < NONE:
                binding.append(row)
                tolls.append([price * times for times in row.table])
                bound += price * end
        self.binding = set(binding)
        sets = np.array([row.members for row in binding], np.int64)
        return sets, np.array(tolls, np.int64).reshape(len(sets), MOST_UNITS + 1), bound

    def chosen(self) -> tuple[Ints, Ints, Floats]:
        """Masks, kinds and amounts of the columns in the solution."""
        value = [(mask, k, column.solution_value()) for (mask, k), column in self.known.items()]
        taken = [v for v in value if v[2] > 1e-6]
        masks, kinds = np.array([v[:2] for v in taken], np.int64).reshape(-1, 2).T
        return masks, kinds, np.array([v[2] for v in taken])


def _lookup(price: Ints, base: int) -> Ints:
    """Summed prices of every slice of a mask; the base is in the first."""
    found = np.zeros((-(-len(price) // SLICE), 1 << SLICE), np.int64)
    for bit, value in enumerate(price.tolist()):
        found[bit // SLICE].reshape(-1, 2, 1 << bit % SLICE)[:, 1] += value
    found[0] += base
    return found
