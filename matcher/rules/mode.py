"""Online groups stay small, and who needs to meet online or in person does so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import ClassVar, Literal

import numpy as np

from matcher.terms import Fit, Frame, Rule, View

MODES = frozenset({"here", "online"})


@dataclass(frozen=True, kw_only=True)
class Mode(Rule):
    """A breach is one seat in a session of another mode than its person needs; who needs both sits in either.

    `online_max`: people in an online group (P25), unless its session says how many itself.
    """

    online_max: int = 6

    implied: ClassVar[Literal["", "firm", "weight"]] = "firm"
    modes: ClassVar[tuple[str, ...]] = ("firm",)

    def terms(self, view: View) -> Iterator[Fit]:
        """1 in the wrong mode."""
        needed = [p.needs & MODES for p in view.people]
        rows = [[bool(modes) and s.mode not in modes for s in view.sessions] for modes in needed]
        yield Fit(np.array(rows, np.float64).reshape(len(view.people), len(view.sessions)))

    def frame(self, view: View, frame: Frame) -> Frame:
        """Online groups are smaller."""
        online = np.array([s.mode == "online" and s.max is None for s in view.sessions], bool)
        smaller = np.where(online, np.minimum(frame.high, self.online_max), frame.high)
        return replace(frame, high=smaller) if self.firm else frame
