"""The panels found so far: the first ones by herding, the others as the duals of a mixture ask for them."""

from __future__ import annotations

import math
from collections.abc import Callable
from random import Random

import numpy as np

from matcher.lottery.panels import Panels
from matcher.lottery.quotas import Floats, Ints

JITTER = 1e-6
"""Random part of the weights in herding: it only decides between kinds that are left behind as much."""

Progress = Callable[[str, float, float], bool | None]
"""Phase, smallest chance so far, proven bound on it; answering True stops."""


class Watch:
    """Tells somebody how far the search is, and hears from them or from the clock when to stop."""

    def __init__(self, progress: Progress | None, seconds: float | None, clock: Callable[[], float]) -> None:
        self.bound, self.stopped = 1.0, False
        self._progress, self._clock = progress, clock
        self._end = math.inf if seconds is None else clock() + seconds

    def tell(self, phase: str, smallest: float) -> bool:
        """Whether to go on."""
        if self._progress and not self.stopped:
            self.stopped = self._progress(phase, smallest, self.bound) is True
        self.stopped = self.stopped or self._clock() >= self._end
        return not self.stopped


class PanelColumns:
    """Panels, each once, from `start` on; herding makes their plain average come near the `goal` [T]."""

    def __init__(self, panels: Panels, watch: Watch, start: Ints, goal: Floats, random: Random) -> None:
        self.panels, self.watch, self.goal, self.sizes = panels, watch, goal, panels.pool.sizes
        self.found: list[Ints] = []
        self._known: set[bytes] = set()
        self._random = random
        self._behind, self._total = goal * self.sizes, np.zeros(len(goal))
        self.add(start)

    def add(self, panel: Ints) -> bool:
        """Whether the panel is new."""
        new = panel.tobytes() not in self._known
        if new:
            self._known.add(panel.tobytes())
            self.found.append(panel)
        return new

    def seed(self) -> None:
        """Find a panel per kind of people, which is about how many a mixture needs; fewer when stopped."""
        turns = range(1, len(self.goal) + 1)
        for turn in turns:
            self.herd()
            if not self.watch.tell("seeding", float((self._total / self.sizes).min()) / turn):
                return

    def herd(self) -> None:
        """Add the panel that favours the kinds left behind so far (herding: Welling, ICML 2009)."""
        jitter = np.array([self._random.random() for _ in self.goal])
        panel = self.panels.near(self._behind + JITTER * jitter)
        self.add(panel)
        self._behind += self.goal * self.sizes - panel
        self._total += panel
