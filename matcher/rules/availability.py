"""People sit only in sessions that they can come to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from matcher.terms import Fit, Rule, View


@dataclass(frozen=True, kw_only=True)
class Availability(Rule):
    """A breach is one seat in an impossible session."""

    implied: ClassVar[Literal["", "firm", "weight"]] = "firm"

    def terms(self, view: View) -> Iterator[Fit]:
        """1 where a person cannot come."""
        rows = [[bool(p.sessions) and s.id not in p.sessions for s in view.sessions] for p in view.people]
        yield Fit(np.array(rows, np.float64).reshape(len(view.people), len(view.sessions)))
