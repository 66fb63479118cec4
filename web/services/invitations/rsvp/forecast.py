"""How many people will come: a small model that says how sure it is.

Who gave the same answer comes with the same chance, which we do not know exactly: it has a Beta distribution, so the
number of them that comes is beta-binomial (wider than binomial: rain keeps everybody at home). The sums are exact, by
convolution; with chances that are certain this is the Poisson-binomial distribution. Where it is known who came,
the counts of a project add to `a` and `b` (`learning`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

YES, MAYBE, NONE, NO = "yes", "maybe", "none", "no"


@dataclass(frozen=True, slots=True)
class Chance:
    """The chance that somebody comes, as known from `a` people like them who came and `b` who did not."""

    a: float
    b: float

    @property
    def mean(self) -> float:
        """The chance as one number."""
        return self.a / (self.a + self.b)


CHANCES = {YES: Chance(18, 2), MAYBE: Chance(10, 10), NONE: Chance(12, 8), NO: Chance(0.6, 19.4)}
"""Assumed until a project has its own figures, as if seen with twenty people each: 0.9, 0.5, 0.6 and 0.03."""
SHARE = 0.8
"""How much of what may happen lies within the bounds that we name."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """The distribution of how many come: `chance[k]` that exactly k do."""

    chance: tuple[float, ...]

    @property
    def mean(self) -> float:
        """How many we expect."""
        return sum(count * chance for count, chance in enumerate(self.chance))

    @property
    def low(self) -> int:
        """In one case of ten at most fewer people come."""
        return self._reached((1 - SHARE) / 2)

    @property
    def high(self) -> int:
        """In one case of ten at most more people come."""
        return self._reached((1 + SHARE) / 2)

    def under(self, least: int) -> float:
        """The chance that fewer than `least` come."""
        return min(1.0, sum(self.chance[:least]))

    def _reached(self, share: float) -> int:
        # A little less, for sums of fractions are not exact.
        return next(count for count, sum_ in enumerate(accumulate(self.chance)) if sum_ >= share - 1e-9)


def forecast(answers: Mapping[str, int], chances: Mapping[str, Chance] = CHANCES) -> Forecast:
    """How many come of so many people with each answer."""
    found: Sequence[float] = (1.0,)
    for answer, people in answers.items():
        found = _sum(found, _of(people, chances[answer]))
    return Forecast(tuple(found))


def _of(people: int, chance: Chance) -> list[float]:
    """Of so many people with the same chance exactly k: who comes makes it likelier that the next one does."""
    found = [1.0]
    for seen in range(people):
        found.append(0.0)
        for k in reversed(range(seen + 1)):
            comes = found[k] * (chance.a + k) / (chance.a + chance.b + seen)
            found[k + 1] += comes
            found[k] -= comes
    return found


def _sum(one: Sequence[float], other: Sequence[float]) -> list[float]:
    found = [0.0] * (len(one) + len(other) - 1)
    for i, p in enumerate(one):
        for j, q in enumerate(other):
            found[i + j] += p * q
    return found
