"""A group has at least the minimum and at most the maximum number of people of its format."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from matcher.terms import Rule


@dataclass(frozen=True, kw_only=True)
class Size(Rule):
    """A breach is one group that is too small or too large.

    It adds no terms: the size of the format is where every frame begins, and this names its breaches.
    """

    implied: ClassVar[Literal["", "firm", "weight"]] = "firm"
    modes: ClassVar[tuple[str, ...]] = ("firm",)
