"""Two people who share an interest, a language or a bubble earn points in one group (P1, P13)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from matcher.terms import Floats, Pair, Rule, View


@dataclass(frozen=True, kw_only=True)
class CommonGround(Rule):
    """Never a breach: a pair that shares anything earns the weight once, as part of its bridging.

    `on` lists what counts: `interests`, `languages` or the name of a dimension. Who told nothing shares
    nothing.
    """

    on: tuple[str, ...] = ("interests",)

    modes: ClassVar[tuple[str, ...]] = ("weight",)

    def terms(self, view: View) -> Iterator[Pair]:
        """Every pair with something in common, once."""
        held = np.hstack([np.zeros((len(view.people), 0)), *(_held(view, ground) for ground in self.on)])
        a, b = np.nonzero(np.triu(held @ held.T, 1))
        yield Pair(a, b, np.ones(len(a)), "bond")


def _held(view: View, ground: str) -> Floats:
    """Person x answer: 1 where somebody gave it."""
    named = ground in ("interests", "languages")
    answers = [getattr(p, ground) if named else p.bubbles.get(ground, ()) for p in view.people]
    column = {answer: k for k, answer in enumerate(sorted(frozenset().union(*answers)))}
    held = np.zeros((len(answers), len(column)))
    for i, given in enumerate(answers):
        held[i, [column[answer] for answer in given]] = 1.0
    return held
