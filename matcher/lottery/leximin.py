"""The fairest chances that quotas allow: leximin by column generation (Flanigan et al., Nature 596, 2021).

Leximin raises the smallest chance, then the second smallest, and so on. Each level is a linear program;
whoever has a positive dual there cannot rise further (complementary slackness) and is settled at that level.

Exact in two steps. First leximin over *fractional* panels, a small linear program: no lottery can do better.
Then panels are generated until a mixture of them gives everybody just that chance. If they mix to it, it is
the leximin lottery. If not (quotas that only a fraction of a person could meet), the levels are climbed once
more over the panels themselves, priced by the true duals until none is missing.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Protocol

import numpy as np

from matcher.lottery.columns import PanelColumns, Watch
from matcher.lottery.incremental import INFINITY
from matcher.lottery.mixing import Reaching, Rising
from matcher.lottery.panels import Panels, framed
from matcher.lottery.quotas import Floats, Ints, Pool

PULL = 1e-3
"""Share of the largest dual that is surely no rounding; who is missed is settled by the next solve."""


@dataclass(frozen=True, slots=True)
class Mixture:
    """`panels` [C, T] of counts, drawn with probabilities `weights` [C].

    `bound` is proven: no lottery has a higher smallest chance. `proven` says that the chances are leximin.
    `columns` panels were found and `programs` solved on the way.
    """

    panels: Ints
    weights: Floats
    bound: float
    proven: bool
    columns: int
    programs: int


class LeximinStage(Protocol):
    """Chances that rise together until somebody is stuck."""

    def raised(self) -> tuple[float, Floats]:
        """The highest level all open kinds can have, and the pull (dual) [T] of each kind against it."""

    def settle(self, kind: int, rate: float) -> None:
        """Keep a kind at this chance, at least, from now on."""


class Fractional:
    """The levels of fractional panels: 2.4 people of a kind, if the quotas like that."""

    def __init__(self, pool: Pool) -> None:
        self._sizes, self._lines = pool.sizes, len(pool.low) + 1
        self.program = framed(pool)
        self.program.column(-1.0, INFINITY, [], [])
        for kind, size in enumerate(pool.sizes.tolist()):
            self.program.row(0.0, INFINITY, [kind, pool.kinds], [1.0, -size])

    def raised(self) -> tuple[float, Floats]:
        if not self.program.solve():
            raise RuntimeError("the quotas hold for a panel but not for a fraction of one")
        return -self.program.objective, self.program.duals[self._lines :] * self._sizes

    @property
    def rates(self) -> Floats:
        """The chances [T] of the last solution: within the quotas, while levels add up their rounding."""
        return (self.program.values[:-1] / self._sizes).clip(0.0, 1.0)

    def settle(self, kind: int, rate: float) -> None:
        self.program.settle(self._lines + kind, len(self._sizes), float(self._sizes[kind]) * rate)


def climb(level: LeximinStage, kinds: int, watch: Watch) -> float:
    """Raise the chances to leximin, level by level, until all are settled or the watch says stop.

    Returns the first level: the smallest chance.
    """
    still, first = np.ones(kinds, bool), np.inf
    while still.any():
        height, pull = level.raised()
        first = min(first, height)
        if not watch.tell("climbing", 0.0):
            break
        stuck = still & (pull > PULL * pull[still].max())
        for kind in np.flatnonzero(stuck).tolist():
            level.settle(kind, height)
        still &= ~stuck
    return first


def leximin(panels: Panels, start: Ints, random: Random, watch: Watch) -> Mixture:
    """Mix panels to leximin chances, beginning with one; if stopped, as near as the panels found by then."""
    fractional = Fractional(panels.pool)
    watch.bound = max(0.0, climb(fractional, panels.pool.kinds, watch))
    columns = PanelColumns(panels, watch, start, fractional.rates, random)
    columns.seed()
    reaching, rising = Reaching(columns), Rising(columns)
    weights = reaching.reached()
    if weights is None and watch.stopped:
        weights = reaching.nearest(rising.raised()[0])
    elif weights is None:
        climb(rising, panels.pool.kinds, watch)
        weights = rising.weights
    found, proven = np.array(columns.found), not watch.stopped
    solves = sum(part.solves for part in (fractional.program, panels, reaching.program, rising.program))
    return Mixture(found, weights, watch.bound, proven, len(found), solves)
