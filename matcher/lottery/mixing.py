"""The master program of column generation: panels mixed to the best there is, and which panel is missing."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from matcher.lottery.columns import PanelColumns
from matcher.lottery.incremental import INFINITY, IncrementalProgram
from matcher.lottery.quotas import Floats

GAIN = 1e-9
"""A panel must be worth this much more than the mixture has, else it is rounding."""
REACHED = 2e-7
"""A fifth of a ticket: by so much a mixture may miss the chance that somebody should have."""
HANDFUL = 5
"""Herded panels beside every one the duals ask for: they save more turns than they cost."""

Extra = tuple[float, list[int], list[float]]
"""A column that is no panel: cost, rows, values."""


class Mixing:
    """The master program: a probability for every panel, at least `floors` [T] expected people of each kind.

    `extras` stand as columns in front of the panels.
    """

    phase = "mixing"

    def __init__(self, columns: PanelColumns, floors: Floats, extras: Sequence[Extra]) -> None:
        self.columns, self.program = columns, IncrementalProgram(grows=True)
        self._ahead, self._used = len(extras), 0
        for floor in floors.tolist():
            self.program.row(floor, INFINITY, [], [])
        self.program.row(1.0, 1.0, [], [])
        for cost, rows, values in extras:
            self.program.column(cost, INFINITY, rows, values)

    def solve(self) -> Floats:
        """The best mixture of the panels found: their probabilities [C]."""
        found = self.columns.found
        for panel in found[self._used :]:
            kinds = np.flatnonzero(panel)
            self.program.column(0.0, INFINITY, [*kinds.tolist(), len(panel)], [*panel[kinds].tolist(), 1.0])
        self._used = len(found)
        if not self.program.solve():
            raise RuntimeError("the panels found cannot be mixed to what they were mixed to before")
        return self.program.values[self._ahead :].clip(0.0)

    def grow(self, weights: Floats) -> bool:
        """Find one panel that makes this mixture better; False if there is none, proven, or when stopped."""
        smallest = float((weights @ np.array(self.columns.found) / self.columns.sizes).min())
        if not self.columns.watch.tell(self.phase, smallest):
            return False
        pull, share = self.program.duals[:-1], float(self.program.duals[-1])
        panel = self.columns.panels.beat(pull, GAIN - share)
        return panel is not None and self.columns.add(panel)


class Reaching(Mixing):
    """Mix the panels to the goal; what is missing costs, so the optimum 0 is the goal itself."""

    phase = "reaching"

    def __init__(self, columns: PanelColumns) -> None:
        short = [(1.0, [kind], [1.0]) for kind in range(len(columns.goal))]
        super().__init__(columns, columns.goal * columns.sizes, short)

    def reached(self) -> Floats | None:
        """Probabilities [C] that give everybody the goal; None if no mixture does, or when stopped."""
        weights = self.solve()
        while self._missed() > REACHED:
            if not self.grow(weights):
                return None
            for _ in range(HANDFUL):
                self.columns.herd()
            weights = self.solve()
        return weights

    def _missed(self) -> float:
        """The most that somebody's chance is below the goal."""
        short = self.program.values[: len(self.columns.goal)]
        return float((short / self.columns.sizes).max())

    def nearest(self, smallest: float) -> Floats:
        """Probabilities [C] that come nearest to the goal while nobody's chance is under `smallest`."""
        sizes = self.columns.sizes.tolist()
        for kind, (goal, size) in enumerate(zip(self.columns.goal.tolist(), sizes, strict=True)):
            self.program.bound(kind, 0.0, size * max(0.0, goal - smallest) + REACHED)
        return self.solve()


class Rising(Mixing):
    """One leximin level after the other over the panels themselves."""

    phase = "rising"

    def __init__(self, columns: PanelColumns) -> None:
        sizes = columns.sizes
        height = (-1.0, list(range(len(sizes))), (-1.0 * sizes).tolist())
        super().__init__(columns, np.zeros(len(sizes)), [height])
        self.weights = np.zeros(0)

    def raised(self) -> tuple[float, Floats]:
        self.weights = self.solve()
        while self.grow(self.weights):
            self.weights = self.solve()
        watch, height = self.columns.watch, -self.program.objective
        if not watch.stopped:
            # The first level is the smallest chance; later ones are higher.
            watch.bound = min(watch.bound, max(0.0, height))
        return height, self.program.duals[:-1] * self.columns.sizes

    def settle(self, kind: int, rate: float) -> None:
        self.program.settle(kind, 0, float(self.columns.sizes[kind]) * rate)
