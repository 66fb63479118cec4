"""People who were invited by the same key contact sit in different groups (P9)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from matcher.terms import Headcount, Rule, View


@dataclass(frozen=True, kw_only=True)
class SameRecruiterApart(Rule):
    """A breach is every person in a group brought by the same key contact, but the first."""

    def terms(self, view: View) -> Iterator[Headcount]:
        """One head-count per key contact."""
        for recruited_by, people in view.sharing("recruited_by").items():
            yield Headcount(recruited_by, people, view.table(lambda c, n: max(0, c - 1)))
