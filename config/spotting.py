"""Words that are spotted in a text: those that never stand on a resident's screen, and those that the law protects."""

from __future__ import annotations

import re

UNWELCOME = (
    "polaris*, polariz*, radicalis*, radicaliz*, allochto*, autochto*, doelgroep*, target group*, "
    "uit je bubbel, uit je eigen bubbel, out of your bubble, out of your own bubble"
)
"""Never on a resident's screen: these words make the gap that they name."""


def spotter(words: str) -> re.Pattern[str]:
    """Finds words (between commas) whatever their case; one with `*` behind it is the beginning of a word."""
    each = (re.escape(word.removesuffix("*")) + (r"\w*" if word.endswith("*") else r"\b") for word in words.split(", "))
    return re.compile(rf"\b(?:{'|'.join(each)})", re.IGNORECASE)


_UNWELCOME = spotter(UNWELCOME)


def unwelcome(text: str) -> str:
    """The first word in a text that no resident should read, or nothing."""
    hit = _UNWELCOME.search(text)
    return hit.group() if hit else ""
