"""Text as people type it, without what nobody can see."""

from __future__ import annotations

import re
import unicodedata

_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
IGNORABLE = (
    r"\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    r"\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
"""Default_Ignorable_Code_Point of Unicode (DerivedCoreProperties.txt), for between the brackets of a pattern."""
_UNSEEN = re.compile(f"[{IGNORABLE}]")
_BLANK = "\u2800\ufffc\U0001d159"
"""Symbols that are drawn as nothing: the empty Braille cell, the place of an object, a note without a head."""


def plain(text: str | None) -> str:
    """What somebody typed, without control characters and with single spaces; line breaks stay.

    Empty for what shows nothing: then a field that needs something is empty, wherever it came in.
    """
    lines = _CONTROLS.sub("", unicodedata.normalize("NFC", text or "").replace("\r\n", "\n")).split("\n")
    clean = "\n".join(" ".join(line.split()) for line in lines).strip()
    return clean if shows_something(clean) else ""


def one_line(text: str | None) -> str:
    """The same on one line."""
    return " ".join(plain(text).split())


def shows_something(text: str) -> bool:
    """Whether there is a letter, digit, sign or picture in it that can be seen."""
    return any(unicodedata.category(c)[0] in "LNPS" and c not in _BLANK for c in unseen_out(text))


def unseen_out(text: str) -> str:
    """Without the code points that say nothing by themselves: soft hyphens, joiners, marks of direction, fillers."""
    return _UNSEEN.sub("", text)
