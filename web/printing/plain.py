"""What anybody typed, made fit for paper: no control characters, not without end, and it can break."""

from __future__ import annotations

import re
from typing import Any
from unicodedata import category

LONGEST = 300
"""Characters; on paper a longer text says less, and one of 10,000 would fill it."""
SHORT = 40
SHORT_FIELDS = frozenset({"code", "made", "version", "table", "phone"})
"""Fields that stand in a corner or at the foot, where a second line has no room."""
UNBROKEN, PIECE = 20, 10
BREAK = "\u200b"

# They turn the letters of everything that follows on the line.
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf][\U0001f000-\U0001faff\u2600-\u27bf\u200d\ufe0f]*")
_WORD = re.compile(rf"\S{{{UNBROKEN + 1},}}")


def plain(text: str, most: int = LONGEST) -> str:
    """A text on one line, without control characters, cut where it gets too long."""
    kept = "".join(_kept(c) for c in text[: 4 * most])
    line = " ".join(kept.split())
    return line if len(line) <= most and len(text) <= 4 * most else line[: most - 1].rstrip() + "…"


def _kept(character: str) -> str:
    if character in _TURNING or category(character) in ("Cs", "Cn", "Co"):
        return ""
    return " " if category(character) in ("Cc", "Zl", "Zp") else character


def without_emoji(text: str) -> str:
    """Without emoji, unless there is nothing else: no font here draws them, and an empty box looks like a tick box."""
    return " ".join(_EMOJI.sub("", text).split()) or text


def breakable(text: str) -> str:
    """With invisible places to break in what is too long for a word; Typst hyphenates the words."""
    return _WORD.sub(lambda word: BREAK.join(re.findall(rf".{{1,{PIECE}}}", word[0])), text)


def printable(value: Any, most: int = LONGEST) -> Any:
    """Every text inside a value plain and breakable; tuples become lists, as JSON has them."""
    if isinstance(value, dict):
        return {key: printable(inner, SHORT if key in SHORT_FIELDS else most) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [printable(inner, most) for inner in value]
    return breakable(without_emoji(plain(value, most))) if isinstance(value, str) else value
