"""The panels that meet the quotas, as an integer program: which one is worth most under given weights?"""

from __future__ import annotations

import numpy as np

from matcher.lottery.incremental import IncrementalProgram
from matcher.lottery.quotas import Floats, Ints, Pool

NEAR = 1e-6
"""How far from a whole number a count still is that number (HiGHS' own integrality tolerance)."""


class Panels:
    """All panels of a pool: counts [T] of people per kind; weights [T] say what a person of each is worth."""

    def __init__(self, pool: Pool) -> None:
        self.pool = pool
        self._relaxed, self._whole = framed(pool), framed(pool, whole=True)

    @property
    def solves(self) -> int:
        return self._relaxed.solves + self._whole.solves

    def best(self, weights: Floats) -> Ints | None:
        """A panel of the highest worth, proven; None if no panel meets the quotas."""
        self._whole.costs(-weights)
        return self._rounded(self._whole.values) if self._whole.solve() else None

    def good(self, weights: Floats) -> tuple[Ints | None, float]:
        """A panel of nearly the highest worth (None: none found), and what no panel's worth exceeds.

        Dives: the most settled fractional count is rounded and the linear program solved again. About ten
        times as fast as `best`, and column generation needs the best panel only to prove that it is done.
        """
        self._relaxed.costs(-weights)
        if not self._relaxed.solve():
            # Says nothing about panels: there may be none, or it is rounding.
            return None, np.inf
        bound, fixed = -self._relaxed.objective, list[int]()
        found = self._dive(fixed)
        for kind in fixed:
            self._relaxed.bound(kind, 0, int(self.pool.sizes[kind]))
        return found, bound

    def near(self, weights: Floats) -> Ints:
        """A panel of nearly the highest worth. Raises RuntimeError if no panel meets the quotas."""
        panel, _ = self.good(weights)
        if panel is None:
            panel = self.best(weights)
        if panel is None:
            raise RuntimeError("no panel meets the quotas")
        return panel

    def beat(self, weights: Floats, worth: float) -> Ints | None:
        """A panel worth more than `worth`; None is a proof that there is none."""
        panel, bound = self.good(weights)
        if bound <= worth:
            return None
        if panel is None or weights @ panel <= worth:
            panel = self.best(weights)
        return panel if panel is not None and weights @ panel > worth else None

    def _dive(self, fixed: list[int]) -> Ints | None:
        while True:
            counts = self._relaxed.values
            away = np.abs(counts - np.round(counts))
            if away.max() <= NEAR:
                return self._rounded(counts)
            kind = int(np.where(away > NEAR, away, 1.0).argmin())
            fixed.append(kind)
            if not self._fix(kind, float(counts[kind])):
                return None

    def _fix(self, kind: int, count: float) -> bool:
        """Round a count to the nearest whole number, else to the other side."""
        near = round(count)
        for whole in (near, near - 1 if near > count else near + 1):
            self._relaxed.bound(kind, whole, whole)
            if self._relaxed.solve():
                return True
        return False

    def _rounded(self, counts: Floats) -> Ints:
        panel = np.round(counts).astype(np.int64)
        if not meets(self.pool, panel):
            raise RuntimeError("the solver returned a panel outside the quotas")
        return panel


def meets(pool: Pool, panel: Ints) -> bool:
    """Whether a panel [T] has the right number of people and every quota line holds."""
    held = pool.rows @ panel
    fits = ((panel >= 0) & (panel <= pool.sizes)).all() and panel.sum() == pool.places
    return bool(fits and (held >= pool.low).all() and (held <= pool.high).all())


def framed(pool: Pool, *, whole: bool = False) -> IncrementalProgram:
    """The program of which every (whole) solution is a panel: first the kinds, then a row per quota line."""
    program = IncrementalProgram(whole=whole)
    for size in pool.sizes.tolist():
        program.column(0.0, size, [], [])
    for low, high, row in zip(pool.low.tolist(), pool.high.tolist(), pool.rows, strict=True):
        kinds = np.flatnonzero(row).tolist()
        program.row(low, high, kinds, [1.0] * len(kinds))
    program.row(pool.places, pool.places, list(range(pool.kinds)), [1.0] * pool.kinds)
    return program
