"""People of one household sit in different groups."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from matcher.terms import Headcount, Rule, View


@dataclass(frozen=True, kw_only=True)
class SameHouseholdApart(Rule):
    """A breach is every member of a household in a group but the first."""

    def terms(self, view: View) -> Iterator[Headcount]:
        """One head-count per household."""
        for household, people in view.sharing("household").items():
            yield Headcount(household, people, view.table(lambda c, n: max(0, c - 1)))
