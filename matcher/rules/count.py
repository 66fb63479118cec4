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
    min: int | None = None
    max: int | None = None
    min_share: float | None = None
    max_share: float | None = None

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
        people = n if self.max is None else self.max
        return min(people, n if self.max_share is None else floor_share(self.max_share, n))

    def _least(self, n: int) -> int:
        people = (self.min or 0) if n else 0
        return max(people, n - floor_share(1 - (self.min_share or 0.0), n))
