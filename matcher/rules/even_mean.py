"""A number that people told, such as skill or age, has about the same mean in every group."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from matcher.messages import DimensionName, Key
from matcher.terms import DimensionRule, Floats, Headcount, View

_NUMBER = re.compile(r"-?\d{1,9}([.,]\d{1,9})?", re.ASCII)
MOST_STEPS = 10_000
"""Sums of a group that are told apart: the table of a head-count has a row for each."""
TINY = 1e-9
"""Less than any step, and more than what floating point misses."""


@dataclass(frozen=True, kw_only=True)
class EvenMean(DimensionRule):
    """A breach is one step that one person would have to be nearer, for the mean of a group to be `within` so much of
    that of all.

    The answers to `dimension` are numbers, such as 7 or 6,5, and count rounded to a `step` (a coarser one where
    sums would have more than 10,000 of them). Who did not tell a number counts as the mean, at no cost.
    """

    within: float = 0.0
    step: float = 1.0

    def terms(self, view: View) -> Iterator[Headcount]:
        """One head-count, in which everybody counts as often as they are steps above the least."""
        answers = [number(p.bubbles.get(self.dimension, frozenset())) for p in view.people]
        told = {i: answer for i, answer in enumerate(answers) if answer is not None}
        if len(set(told.values())) < 2:
            return
        least, spread = min(told.values()), max(told.values()) - min(told.values())
        step = max(Fraction(self.step).limit_denominator(10**6), spread * view.largest / MOST_STEPS)
        steps = {i: round((value - least) / step) for i, value in told.items()}
        mean, within = Fraction(sum(steps.values()), len(steps)), Fraction(self.within).limit_denominator(10**6) / step
        low, high = mean - within, mean + within
        if len(steps) < len(answers):
            low, high = min(low, Fraction(round(mean))), max(high, Fraction(round(mean)))
        times = [steps.get(i, round(mean)) for i in range(len(answers))]
        off = _off(view, float(low), float(high), max(times) * view.largest)
        label = DimensionName(self.dimension)
        yield Headcount(label, np.repeat(np.arange(len(times)), times), off, said=Key("breach.mean"))


def _off(view: View, low: float, high: float, most: int) -> Floats:
    """By how many steps a sum is beyond n times the band."""
    return view.table(lambda c, n: max(0.0, c - high * n - TINY, low * n - c - TINY) if n else 0, most)


def number(told: frozenset[str]) -> Fraction | None:
    """The number that somebody told; None if it is none, or there are several."""
    answer = next(iter(told), "")
    if len(told) != 1 or not _NUMBER.fullmatch(answer):
        return None
    return Fraction(answer.replace(",", "."))
