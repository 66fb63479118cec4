"""A group mirrors the district: every bubble by its share of the population, rounded up or down to people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

import numpy as np

from matcher.messages import BubbleName
from matcher.terms import DimensionRule, Floats, Headcount, Ints, View


@dataclass(frozen=True, kw_only=True)
class PopulationMirror(DimensionRule):
    """A breach is one person too many or too few of a bubble.

    A share is of people. Where people may belong to several bubbles, the figures count answers: they are taken to be
    of as many people as gave so many answers here.

    Bubbles without a figure, or that nobody told of, say nothing: who did not come is a matter of recruiting
    (P20). Somebody who did not tell may be of any bubble: never one too many, and in the place of
    one too few.
    """

    def terms(self, view: View) -> Iterator[Headcount]:
        """Two head-counts per bubble: too many of those who told, too few with those who did not."""
        counts = {b: Fraction(n) for b, n in view.problem.population.get(self.dimension, {}).items()}
        untold, total = view.untold(self.dimension), sum(counts.values())
        held = {bubble: people for bubble, people in view.holders(self.dimension).items() if bubble in counts}
        for bubble, people in held.items() if total else ():
            share = min(Fraction(1), counts[bubble] / total * _answers(held.values()))
            many, few = _tables(view, share.limit_denominator(10**6))
            yield Headcount(BubbleName(bubble, self.dimension), people, many)
            yield Headcount(BubbleName(bubble, self.dimension), np.sort(np.concatenate([people, untold])), few)


def _answers(held: Iterable[Ints]) -> Fraction:
    """Answers a person, among those who gave one."""
    every = np.concatenate(list(held))
    return Fraction(len(every), len(np.unique(every)))


def _tables(view: View, share: Fraction) -> tuple[Floats, Floats]:
    quota = [share * n for n in range(view.largest + 1)]
    most, least = [ceil(q) for q in quota], [floor(q) for q in quota]
    return view.table(lambda c, n: max(0, c - most[n])), view.table(lambda c, n: max(0, least[n] - c))
