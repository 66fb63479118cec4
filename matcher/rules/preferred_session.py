"""People who prefer certain sessions sit in one of these, and rather in the first that they named."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from matcher.terms import Fit, Rule, View


@dataclass(frozen=True, kw_only=True)
class PreferredSession(Rule):
    """A breach is one seat in a session that its person did not prefer; no preference is no breach.

    Who named k sessions in order is at 1/k of a breach in the second, 2/k in the third. Firm: any of them will do.
    """

    weight: float = 0.05

    implied: ClassVar[Literal["", "firm", "weight"]] = "weight"

    def terms(self, view: View) -> Iterator[Fit]:
        """1 where a person would rather not be, and less where it is not their first choice."""
        rows = [[self._short(p.prefers, s.id) for s in view.sessions] for p in view.people]
        yield Fit(np.array(rows, np.float64).reshape(len(view.people), len(view.sessions)))

    def _short(self, prefers: frozenset[str] | tuple[str, ...], session: str) -> float:
        if session not in prefers:
            return float(bool(prefers))
        if self.firm or isinstance(prefers, frozenset):
            return 0.0
        return prefers.index(session) / len(prefers)
