"""The largest bubble is at most this share of a group, rounded down to people (P19: two thirds)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from matcher.messages import BubbleName
from matcher.terms import DimensionRule, Headcount, View, floor_share


@dataclass(frozen=True, kw_only=True)
class ShareCap(DimensionRule):
    """A breach is one person too many."""

    share: float = 2 / 3

    def terms(self, view: View) -> Iterator[Headcount]:
        """One head-count per bubble."""
        most = [floor_share(self.share, n) for n in range(view.largest + 1)]
        many = view.table(lambda c, n: max(0, c - most[n]))
        for bubble, people in view.holders(self.dimension).items():
            yield Headcount(BubbleName(bubble, self.dimension), people, many)
