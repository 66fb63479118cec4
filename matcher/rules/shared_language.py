"""Everybody in a group, and who leads it, speaks the language of the group."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar, Literal

from matcher.terms import Frame, Rule, View


@dataclass(frozen=True, kw_only=True)
class SharedLanguage(Rule):
    """A breach is one group without a language that all of it speaks."""

    implied: ClassVar[Literal["", "firm", "weight"]] = "firm"
    modes: ClassVar[tuple[str, ...]] = ("firm",)

    def frame(self, view: View, frame: Frame) -> Frame:
        """A group has one language."""
        return replace(frame, one_language=True) if self.firm else frame
