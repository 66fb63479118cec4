"""People meet new people: a pair that met before, in an earlier series or round, should not meet again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from matcher.terms import Pair, Rule, View

MOST = 99
"""Who met so often will not notice once more."""


@dataclass(frozen=True, kw_only=True)
class MetBefore(Rule):
    """A breach is one more meeting of two people, as often as they met before: a third one is worse than a second.

    Earlier meetings of a pair count up to 99. Weight 1 when a format is silent.
    """

    weight: float = 1.0

    implied: ClassVar[Literal["", "firm", "weight"]] = "weight"

    def terms(self, view: View) -> Iterator[Pair]:
        """The earlier meetings; meetings within the plan are counted by whoever reads the term."""
        met = [(*pair, n) for pair, n in sorted(view.problem.met.items()) if view.person.keys() >= set(pair)]
        rows = [(view.person[a], view.person[b], min(n, MOST)) for a, b, n in met]
        a, b, n = np.array(rows, np.int64).reshape(-1, 3).T
        yield Pair(a, b, n.astype(np.float64), "again")
