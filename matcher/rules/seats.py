"""A session has no more people than seats."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar, Literal

import numpy as np

from matcher.terms import Frame, Rule, View


@dataclass(frozen=True, kw_only=True)
class Seats(Rule):
    """A breach is one session with too many people."""

    implied: ClassVar[Literal["", "firm", "weight"]] = "firm"
    modes: ClassVar[tuple[str, ...]] = ("firm",)

    def frame(self, view: View, frame: Frame) -> Frame:
        """The seats of the sessions that count them."""
        room = zip(view.sessions, frame.seats.tolist(), strict=True)
        seats = [seats if s.seats is None else min(s.seats, seats) for s, seats in room]
        return replace(frame, seats=np.array(seats, np.int64)) if self.firm else frame
