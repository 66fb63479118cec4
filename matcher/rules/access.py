"""People sit only in sessions that offer what they need, such as a lift or a hearing loop."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from matcher.terms import Fit, Rule, View

MODES = frozenset({"here", "online"})
"""Needs that name a mode belong to the rule `mode`."""


@dataclass(frozen=True, kw_only=True)
class Access(Rule):
    """A breach is one seat in a session that lacks something its person needs; a need is not a wish."""

    implied: ClassVar[Literal["", "firm", "weight"]] = "firm"
    modes: ClassVar[tuple[str, ...]] = ("firm",)

    def terms(self, view: View) -> Iterator[Fit]:
        """1 where a need is not met."""
        rows = [[bool(p.needs - MODES - s.access) for s in view.sessions] for p in view.people]
        yield Fit(np.array(rows, np.float64).reshape(len(view.people), len(view.sessions)))
