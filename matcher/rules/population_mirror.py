"""A group mirrors the district: every bubble by its share of the population, rounded up or down to people."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

import numpy as np

from matcher.messages import BubbleName
from matcher.terms import DimensionRule, Floats, Headcount, View

SEVERAL = Fraction(11, 10)
"""Answers a person from which on a question is one with several answers, and not one in which a few could not choose.
"""


@dataclass(frozen=True, kw_only=True)
class PopulationMirror(DimensionRule):
    """A breach is one person too many or too few of a bubble.

    Where people gave several answers (1.1 or more on average), the figures are taken to be of answers too, and a share
    is that of the people who would give one.
    Bubbles without a figure, or that nobody told of, say nothing: who did not come is a matter of recruiting
    (P20). Somebody who did not tell may be of any bubble: never one too many, and in the place of
    one too few.
    """

    def terms(self, view: View) -> Iterator[Headcount]:
        """Two head-counts per bubble: too many of those who told, too few with those who did not."""
        counts = {b: Fraction(n) for b, n in view.problem.population.get(self.dimension, {}).items()}
        untold, holders, answers = view.untold(self.dimension), view.holders(self.dimension), sum(counts.values())
        each = Fraction(sum(map(len, holders.values())), max(1, len(view.people) - len(untold)))
        for bubble, people in holders.items() if answers else ():
            if bubble in counts:
                share = min(Fraction(1), counts[bubble] / answers * (each if each >= SEVERAL else 1))
                many, few = _tables(view, share.limit_denominator(10**6))
                yield Headcount(BubbleName(bubble, self.dimension), people, many)
                yield Headcount(BubbleName(bubble, self.dimension), np.sort(np.concatenate([people, untold])), few)


def _tables(view: View, share: Fraction) -> tuple[Floats, Floats]:
    quota = [share * n for n in range(view.largest + 1)]
    most, least = [ceil(q) for q in quota], [floor(q) for q in quota]
    return view.table(lambda c, n: max(0, c - most[n])), view.table(lambda c, n: max(0, least[n] - c))
