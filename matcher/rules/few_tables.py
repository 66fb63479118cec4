"""People of one bubble sit together at as few tables as possible, such as neighbours of one street."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from matcher.messages import BubbleName
from matcher.terms import DimensionRule, Floats, Headcount, View


@dataclass(frozen=True, kw_only=True)
class FewTables(DimensionRule):
    """A breach is one table more than the people of a bubble need; at each the part of them that is elsewhere.

    `bubble`: only this one. The other dimensions may still be mixed. Never firm: a bubble on two tables is better than
    people without a seat.
    """

    bubble: str = ""

    modes: ClassVar[tuple[str, ...]] = ("weight",)

    def terms(self, view: View) -> Iterator[Headcount]:
        """One head-count per bubble of several people."""
        for bubble, people in view.holders(self.dimension).items():
            if len(people) > 1 and self.bubble in ("", bubble):
                yield Headcount(BubbleName(bubble, self.dimension), people, _tables(view, len(people)))


def _tables(view: View, held: int) -> Floats:
    """A group holds everybody of the bubble, or is full of them: no table too many."""
    return view.table(lambda c, n: max(0.0, 1 - c / min(held, view.largest)) if c else 0)
