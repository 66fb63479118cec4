"""A project that has just begun starts small: few groups and few people in a session (P10)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from matcher.terms import Frame, Rule, View


@dataclass(frozen=True, kw_only=True)
class Orientation(Rule):
    """A breach is one session with too many groups; one with too many people is a breach of `seats`."""

    groups: int = 2
    people: int = 16

    modes: ClassVar[tuple[str, ...]] = ("firm",)

    def frame(self, view: View, frame: Frame) -> Frame:
        """Fewer groups and seats."""
        groups, seats = np.minimum(frame.groups, self.groups), np.minimum(frame.seats, self.people)
        return replace(frame, groups=groups, seats=seats) if self.firm else frame
