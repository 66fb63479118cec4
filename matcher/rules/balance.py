"""No table pays for the others: every group reaches a share of the bridging of a group picked blindly."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from matcher.terms import Level, Rule, View


@dataclass(frozen=True, kw_only=True)
class Balance(Rule):
    """A breach is one unit of bridging short. Never firm: a dull group is better than none."""

    share: float = 0.9

    modes: ClassVar[tuple[str, ...]] = ("weight",)

    def terms(self, view: View) -> Iterator[Level]:
        """One floor for all groups."""
        yield Level(self.share)
