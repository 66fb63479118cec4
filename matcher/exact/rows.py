"""Rows that count the members of a set in every group: cuts that no plan violates, questions to branch on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

import numpy as np

from matcher.exact.pool import MOST_UNITS
from matcher.terms import Floats, Ints

SLACK = 0.02
"""A cut that is violated by less is not worth its place."""
MOST_CUTS = 12
"""Cuts that come at once."""
SIZES_FIRST = 1.6
"""How much more it changes to settle the sizes of groups than how many of a bubble sit where."""


@dataclass(frozen=True)
class CountRow:
    """The sum over chosen columns of `table[members of the set]`; `asked` to branch on, otherwise a cut."""

    members: int
    table: tuple[int, ...]
    asked: bool = False

    def times(self, mask: int) -> int:
        """The coefficient of a column."""
        return self.table[(mask & self.members).bit_count()]


def shared(members: int, k: int) -> CountRow:
    """Every k members in a group count for one: at most members // k in all (Chvatal-Gomory, rank 1)."""
    return CountRow(members, tuple(c // k for c in range(MOST_UNITS + 1)))


def several(members: int, k: int) -> CountRow:
    """How many groups have k members or more."""
    return CountRow(members, tuple(int(c >= k) for c in range(MOST_UNITS + 1)), asked=True)


class Sets:
    """The sets of units that rows are about: everybody, the bubbles, and what two of these make together."""

    def __init__(self, bubbles: Iterable[int], units: int) -> None:
        self.units = units
        self.whole = [(1 << units) - 1, *sorted(set(bubbles))]

    @cached_property
    def cuts(self) -> list[tuple[int, int]]:
        """(Set, k) of every cut that could bite."""
        pairs = {x for a, b in combinations(self.whole, 2) for x in (a | b, a & b)}
        sets = sorted(pairs.union(self.whole))
        shares = [(x, k) for x in sets for k in range(2, x.bit_count()) if x.bit_count() % k]
        three = [1 << a | 1 << b | 1 << c for a, b, c in combinations(range(self.units), 3)]
        return list(dict.fromkeys(shares + [(x, 2) for x in three]))

    @cached_property
    def _arrays(self) -> tuple[Ints, Ints, Ints]:
        members, k = np.array(self.cuts, np.int64).reshape(-1, 2).T
        return members, k, np.bitwise_count(members) // k

    def violated(self, masks: Ints, x: Floats) -> list[tuple[CountRow, int]]:
        """The cuts (and what they allow) that a fractional choice of columns violates most."""
        members, k, most = self._arrays
        excess = counted(members, masks) // k[:, None] @ x - most
        order = np.argsort(-excess, kind="stable")[:MOST_CUTS]
        return [(shared(*self.cuts[i]), int(most[i])) for i in order if excess[i] > SLACK]

    def questions(self, masks: Ints, x: Floats) -> Iterator[tuple[float, CountRow, float]]:
        """(How undecided, row, value) of what a fractional choice of columns leaves open."""
        members = np.array(self.whole, np.int64)
        for mine, count in zip(self.whole, counted(members, masks), strict=True):
            for k in range(2, int(count.max(initial=0)) + 1):
                value = float(x @ (count >= k))
                weight = SIZES_FIRST if mine == self.whole[0] else 1.0
                yield weight * abs(value - round(value)), several(mine, k), value

    def pairs(self, masks: Ints, x: Floats) -> Iterator[tuple[float, CountRow, float]]:
        """The same for two units together: when all else is settled, one is open (Ryan, Foster 1981)."""
        for a, b in combinations(range(self.units), 2):
            both = 1 << a | 1 << b
            value = float(x[masks & both == both].sum())
            yield abs(value - round(value)), several(both, 2), value


def counted(members: Ints, masks: Ints) -> Ints:
    """[set, column]: how many members of a set are in a column."""
    found: Ints = np.bitwise_count(members[:, None] & masks[None, :]).astype(np.int64)
    return found
