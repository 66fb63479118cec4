"""Panels as columns of a master program that mixes them; which panel is missing is found by the duals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

import numpy as np

from matcher.lottery.panels import Panels
from matcher.lottery.program import INFINITY, Program
from matcher.lottery.quotas import Floats, Ints

GAIN = 1e-9
"""A panel must be worth this much more than the mixture has, else it is rounding."""
REACHED = 1e-7
"""Expected people, in all, by which a mixture may miss its goal."""
JITTER = 1e-6
"""Random part of the weights while seeding: it only decides between kinds that are left behind as much."""

Progress = Callable[[str, float, float], bool | None]
"""Phase, smallest chance so far, proven bound on it; answering True stops."""
Extra = tuple[float, list[int], list[float]]
"""A column that is no panel: cost, rows, values."""


class Watch:
    """Tells somebody how far the search is and hears when to stop."""

    def __init__(self, progress: Progress | None) -> None:
        self.bound, self.stopped = 1.0, False
        self._progress = progress

    def tell(self, phase: str, smallest: float) -> bool:
        """Whether to go on."""
        if self._progress and not self.stopped:
            self.stopped = self._progress(phase, smallest, self.bound) is True
        return not self.stopped


class Columns:
    """The panels found so far, each once."""

    def __init__(self, panels: Panels, watch: Watch, start: Ints) -> None:
        self.panels, self.watch, self.sizes = panels, watch, panels.pool.sizes
        self.found: list[Ints] = []
        self._known: set[bytes] = set()
        self.add(start)

    def add(self, panel: Ints) -> bool:
        """Whether the panel is new."""
        new = panel.tobytes() not in self._known
        if new:
            self._known.add(panel.tobytes())
            self.found.append(panel)
        return new

    def seed(self, goal: Floats, random: Random) -> None:
        """Find about as many panels as a mixture needs, whose plain average comes near the goal [T].

        Herding (Welling, ICML 2009): the next panel favours the kinds that the panels so far left behind.
        """
        behind, total = goal * self.sizes, np.zeros(len(goal))
        for turn in range(1, len(goal) + 1):
            jitter = np.array([random.random() for _ in goal])
            panel = self.panels.near(behind + JITTER * jitter)
            self.add(panel)
            behind, total = behind + goal * self.sizes - panel, total + panel
            if not self.watch.tell("seeding", float((total / self.sizes).min()) / turn):
                return


class Mixing:
    """The master program: a probability for every panel, at least `floors` [T] expected people of each kind.

    `extras` stand as columns in front of the panels.
    """

    phase = "mixing"

    def __init__(self, columns: Columns, floors: Floats, extras: Sequence[Extra]) -> None:
        self.columns, self.program = columns, Program(grows=True)
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
    """Mix the panels to given chances [T]; what is missing costs, so the optimum 0 is the goal itself."""

    phase = "reaching"

    def __init__(self, columns: Columns, goal: Floats) -> None:
        short = [(1.0, [kind], [1.0]) for kind in range(len(goal))]
        super().__init__(columns, goal * columns.sizes, short)

    def reached(self) -> Floats | None:
        """Probabilities [C] that give everybody the goal; None if no mixture does, or when stopped."""
        weights = self.solve()
        while self.program.objective > REACHED:
            if not self.grow(weights):
                return None
            weights = self.solve()
        return weights


class Rising(Mixing):
    """One leximin level after the other over the panels themselves."""

    phase = "rising"

    def __init__(self, columns: Columns) -> None:
        sizes = columns.sizes
        height = (-1.0, list(range(len(sizes))), (-1.0 * sizes).tolist())
        super().__init__(columns, np.zeros(len(sizes)), [height])
        self.weights = np.zeros(0)

    def raised(self) -> tuple[float, Floats]:
        self.weights = self.solve()
        while self.grow(self.weights):
            self.weights = self.solve()
        return -self.program.objective, self.program.duals[:-1] * self.columns.sizes

    def settle(self, kind: int, rate: float) -> None:
        self.program.settle(kind, 0, float(self.columns.sizes[kind]) * rate)
