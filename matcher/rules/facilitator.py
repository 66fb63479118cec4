"""Groups are led as their format says, by somebody who can come and has the skills (P17)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar, Literal

from matcher.terms import Frame, Rule, View


@dataclass(frozen=True, kw_only=True)
class Facilitator(Rule):
    """A breach is one group without a leader it needs, or one thing asked of a leader that cannot be done."""

    implied: ClassVar[Literal["", "firm", "weight"]] = "firm"
    modes: ClassVar[tuple[str, ...]] = ("firm",)

    def frame(self, view: View, frame: Frame) -> Frame:
        """The format says whether groups have a leader."""
        return replace(frame, leader=view.problem.format.facilitator) if self.firm else frame
