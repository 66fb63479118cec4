"""People who named each other as buddy come together, in the same group."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import ClassVar, Literal

import numpy as np

from matcher.terms import Frame, Pair, Rule, View


@dataclass(frozen=True, kw_only=True)
class Buddies(Rule):
    """Firm: placed as one, or not at all. Weighted: a breach is two placed buddies in different groups."""

    implied: ClassVar[Literal["", "firm", "weight"]] = "firm"

    def terms(self, view: View) -> Iterator[Pair]:
        """The pairs, when splitting them has a price."""
        pairs = buddy_pairs(view)
        if pairs and not self.firm:
            a, b = np.array(pairs, np.int64).T
            yield Pair(a, b, np.ones(len(pairs)), "apart")

    def frame(self, view: View, frame: Frame) -> Frame:
        """Chains of buddies become one."""
        return replace(frame, together=chains(buddy_pairs(view))) if self.firm else frame


def buddy_pairs(view: View) -> list[tuple[int, int]]:
    """Pairs of indices, each once, lower first; one of the two naming the other is enough."""
    named = ((i, view.person[b]) for i, p in enumerate(view.people) for b in sorted(p.buddies) if b in view.person)
    return sorted({(min(i, j), max(i, j)) for i, j in named if i != j})


def chains(pairs: list[tuple[int, int]]) -> tuple[frozenset[int], ...]:
    """The connected sets of people."""
    chain: dict[int, set[int]] = {}
    for i, j in pairs:
        joined = chain.get(i, {i}) | chain.get(j, {j})
        for person in joined:
            chain[person] = joined
    return tuple(sorted({frozenset(c) for c in chain.values()}, key=min))
