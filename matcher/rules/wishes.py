"""Everybody who named people they would like to meet sits with at least one of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from matcher.messages import Key
from matcher.terms import Floats, Headcount, Rule, View


@dataclass(frozen=True, kw_only=True)
class Wishes(Rule):
    """A breach is one seat of a person with one wish too few: `least` of the people they named, or all if they are
    fewer. Unlike with buddies one side is enough, and whom of them is left open.
    """

    least: int = 1

    def terms(self, view: View) -> Iterator[Headcount]:
        """One head-count per person with wishes, who counts more than all they named: so it tells who is there."""
        for i, person in enumerate(view.people):
            named = sorted(view.person[name] for name in person.wishes - {person.id} if name in view.person)
            own, least = len(named) + 1, min(self.least, len(named))
            if least:
                people = np.array([i] * own + named, np.int64)
                yield Headcount("", people, _few(view, own, least), said=Key("breach.wishes"))


def _few(view: View, own: int, least: int) -> Floats:
    """From `own` on the person is there, and what is more are wishes that come true."""
    return view.table(lambda c, n: max(0, own + least - c) if c >= own else 0, most=2 * own - 1)
