"""A group holds at least so many different bubbles of a dimension."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from matcher.messages import DimensionName
from matcher.terms import DimensionRule, Headcount, View


@dataclass(frozen=True, kw_only=True)
class AtLeastDifferent(DimensionRule):
    """A breach is one bubble too few.

    Somebody who did not tell counts as a bubble of their own: silence must not cost anybody a place (promise 3).
    """

    bubbles: int = 2

    def terms(self, view: View) -> Iterator[Headcount]:
        """One count of bubbles present."""
        short = view.table(lambda c, n: max(0, self.bubbles - c) if n else 0, most=self.bubbles)
        yield Headcount(
            DimensionName(self.dimension),
            view.untold(self.dimension),
            short,
            tuple(view.holders(self.dimension).values()),
        )
