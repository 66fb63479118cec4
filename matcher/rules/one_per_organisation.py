"""A group has at most one person who speaks for an organisation (P9)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from matcher.terms import Headcount, Rule, View


@dataclass(frozen=True, kw_only=True)
class OnePerOrganisation(Rule):
    """A breach is every person in a group who speaks for the same organisation, but the first."""

    def terms(self, view: View) -> Iterator[Headcount]:
        """One head-count per organisation."""
        for organisation, people in view.sharing("organisation").items():
            yield Headcount(organisation, people, view.table(lambda c, n: max(0, c - 1)))
