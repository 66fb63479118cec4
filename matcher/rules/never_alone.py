"""Nobody is the only one of a bubble in a group: 0 or at least 2 (P19)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from matcher.messages import BubbleName
from matcher.terms import DimensionRule, Headcount, View


@dataclass(frozen=True, kw_only=True)
class NeverAlone(DimensionRule):
    """`below`: protect only bubbles held by less than this share of the people. A breach is one lone member."""

    below: float | None = None

    def terms(self, view: View) -> Iterator[Headcount]:
        """One head-count per protected bubble."""
        for bubble, people in view.holders(self.dimension).items():
            if self.below is None or len(people) < self.below * len(view.people):
                yield Headcount(BubbleName(bubble, self.dimension), people, view.table(lambda c, n: c == 1))
