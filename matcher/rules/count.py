"""A group holds at least and at most so many people of one bubble, in people or as a share of the group."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from matcher.messages import BubbleName
from matcher.terms import DimensionRule, Headcount, View, floor_share


@dataclass(frozen=True, kw_only=True)
class Count(DimensionRule):
    """A breach is one person too many or too few of `bubble`.

    `min` and `max` are people, `min_share` (rounded up) and `max_share` (rounded down) a part of the group. Somebody
    who did not tell is never one too many, and in the place of one too few. A bubble that nobody is of
    says nothing. For a cap on every bubble there is `share_cap`, for how many bubbles `at_least_different`.
    """

    bubble: str
    min: int = 0
    max: int | None = None
    min_share: float = 0.0
    max_share: float = 1.0

    def terms(self, view: View) -> Iterator[Headcount]:
        """Too many of those who told, and too few with those who did not."""
        people = view.holders(self.dimension).get(self.bubble)
        if people is None:
            return
        label, either = BubbleName(self.bubble, self.dimension), [people, view.untold(self.dimension)]
        most = [self._most(n) for n in range(view.largest + 1)]
        least = [self._least(n) for n in range(view.largest + 1)]
        if any(k < n for n, k in enumerate(most)):
            yield Headcount(label, people, view.table(lambda c, n: max(0, c - most[n])))
        if any(least):
            few = view.table(lambda c, n: max(0, least[n] - c), most=max(least))
            yield Headcount(label, np.sort(np.concatenate(either)), few)

    def _most(self, n: int) -> int:
        share = floor_share(self.max_share, n)
        return share if self.max is None else min(self.max, share)

    def _least(self, n: int) -> int:
        return max(self.min, n - floor_share(1 - self.min_share, n)) if n else 0
