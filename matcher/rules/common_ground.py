"""Two people who share an interest, a language or a bubble earn points in one group (P1, P13)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from matcher.terms import Bond, Rule, View


@dataclass(frozen=True, kw_only=True)
class CommonGround(Rule):
    """Never a breach: a pair that shares anything earns the weight once, as part of its bridging.

    `on` lists what counts: `interests`, `languages` or the name of a dimension. Who told nothing shares
    nothing.
    """

    on: tuple[str, ...] = ("interests",)

    modes: ClassVar[tuple[str, ...]] = ("weight",)

    def terms(self, view: View) -> Iterator[Bond]:
        """People by what they have; two kinds with anything in common share ground."""
        held = [_held(view, ground) for ground in self.on]
        each = [frozenset().union(*told) for told in zip(*held, strict=True)] or [frozenset()] * len(view.people)
        kinds = {told: k for k, told in enumerate(sorted(set(each), key=sorted))}
        shared = np.array([[bool(a & b) for b in kinds] for a in kinds], float).reshape(len(kinds), len(kinds))
        yield Bond(np.array([kinds[told] for told in each], np.int64), shared)


def _held(view: View, ground: str) -> list[frozenset[tuple[str, str]]]:
    """What everybody has of a ground."""
    named = ground in ("interests", "languages")
    answers = [getattr(p, ground) if named else p.bubbles.get(ground, ()) for p in view.people]
    return [frozenset((ground, answer) for answer in given) for given in answers]
