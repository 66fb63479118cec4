"""People who prefer certain sessions sit in one of these."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from matcher.terms import Fit, Rule, View


@dataclass(frozen=True, kw_only=True)
class PreferredSession(Rule):
    """A breach is one seat in a session that its person did not prefer; no preference is no breach."""

    weight: float = 0.05

    implied: ClassVar[Literal["", "firm", "weight"]] = "weight"

    def terms(self, view: View) -> Iterator[Fit]:
        """1 where a person would rather not be."""
        rows = [[bool(p.prefers) and s.id not in p.prefers for s in view.sessions] for p in view.people]
        yield Fit(np.array(rows, np.float64).reshape(len(view.people), len(view.sessions)))
