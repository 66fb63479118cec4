"""A linear programme over columns, with cuts: what no choice of columns can beat, and which may still beat the best."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import combinations

import numpy as np
from ortools.linear_solver import pywraplp

from matcher.exact.pool import Columns
from matcher.model import ONE
from matcher.search.packing import SLICE, look
from matcher.terms import Ints

RUNS = 96
EPS = ONE // 1_000_000


@dataclass(frozen=True)
class Prices:
    """Duals in whole numbers, with the signs that make their bound valid."""

    unit: Ints
    kind: Ints
    room: Ints
    cut: Ints


class Master:
    """The programme: every unit once, kinds and rooms within their limits, and cuts of the form
    sum of floor(members of a set / k) <= floor(set / k)."""

    def __init__(self, columns: Columns, start: list[int]) -> None:
        self.columns = columns
        self.lp = pywraplp.Solver.CreateSolver("GLOP")
        self.lp.Objective().SetMinimization()
        low = -self.lp.infinity()
        self.unit = [self.lp.Constraint(1.0, 1.0) for _ in columns.units]
        self.kind = [self.lp.Constraint(low, float(k.count)) for k in columns.kinds]
        self.room = [self.lp.Constraint(low, float(r)) for r in columns.room]
        self.cuts: list[tuple[int, int]] = []
        self.cut_rows = []
        self.known: dict[tuple[int, int], object] = {}
        self.mask, self.variable = [], []
        for j, k in start:
            self.add(j, k)

    def add(self, mask: int, cost: int, k: int) -> bool:
        if (mask, k) in self.known:
            return False
        v = self.lp.NumVar(0.0, self.lp.infinity(), "")
        self.known[mask, k] = v
        kind = self.columns.kinds[k]
        used = 0
        for b, row in enumerate(self.unit):
            if mask >> b & 1:
                row.SetCoefficient(v, 1.0)
                used += int(kind.use[b])
        self.kind[k].SetCoefficient(v, 1.0)
        if kind.pool >= 0:
            self.room[kind.pool].SetCoefficient(v, float(used))
        for (members, share), row in zip(self.cuts, self.cut_rows, strict=True):
            if times := (mask & members).bit_count() // share:
                row.SetCoefficient(v, float(times))
        self.lp.Objective().SetCoefficient(v, cost / ONE)
        return True

    def solve(self) -> Prices:
        status = self.lp.Solve()
        assert status == self.lp.OPTIMAL, status
        self.value = self.lp.Objective().Value()
        def duals(rows): return np.rint(np.array([r.dual_value() for r in rows]) * ONE).astype(np.int64)
        return Prices(duals(self.unit), *(np.minimum(duals(rows), 0) for rows in (self.kind, self.room, self.cut_rows)))

    def cut(self, sets: list[tuple[int, int]]) -> None:
        for members, share in sets:
            row = self.lp.Constraint(-self.lp.infinity(), float(members.bit_count() // share))
            self.cuts.append((members, share)); self.cut_rows.append(row)
            for (mask, _), v in self.known.items():
                if times := (mask & members).bit_count() // share:
                    row.SetCoefficient(v, float(times))


def tables(price: Ints) -> Ints:
    found = np.zeros((-(-len(price) // SLICE), 1 << SLICE), np.int64)
    for b, value in enumerate(price.tolist()):
        rows = found[b // SLICE].reshape(-1, 2, 1 << b % SLICE)
        rows[:, 1] += value
    return found
