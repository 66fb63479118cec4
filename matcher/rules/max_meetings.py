"""Nobody sits in more meetings than they asked for, or in two at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from matcher.terms import Rule


@dataclass(frozen=True, kw_only=True)
class MaxMeetings(Rule):
    """A breach is one person with too many seats, or two seats of one person at the same time.

    It adds no terms: the meetings of a person are part of every frame, and this names its breaches.
    """

    implied: ClassVar[Literal["", "firm", "weight"]] = "firm"
    modes: ClassVar[tuple[str, ...]] = ("firm",)
