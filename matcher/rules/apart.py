"""People who should not meet each other do not sit in the same group."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from matcher.terms import Pair, Rule, View


@dataclass(frozen=True, kw_only=True)
class Apart(Rule):
    """A breach is one meeting of two people of whom one or both named the other."""

    implied: ClassVar[Literal["", "firm", "weight"]] = "firm"

    def terms(self, view: View) -> Iterator[Pair]:
        """The pairs, each once, lower index first."""
        people = enumerate(view.people)
        named = {(i, view.person[other]) for i, p in people for other in p.apart if other in view.person}
        pairs = sorted({(min(i, j), max(i, j)) for i, j in named if i != j})
        if pairs:
            a, b = np.array(pairs, np.int64).T
            yield Pair(a, b, np.ones(len(pairs)), "together")
