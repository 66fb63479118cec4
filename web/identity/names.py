"""Names in the form in which two of them are compared; never the form in which one is shown."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Hashable, Mapping
from typing import TypeVar

from web.identity.text import one_line, unseen_out

Key = TypeVar("Key", bound=Hashable)

_APOSTROPHES = "'`´‘’‛′ʹʻʼʽʾʿˈˊˋ՚׳ꞌ＇｀΄᾽᾿"
_HYPHENS = "-‐‑‒–—―−˗⁃﹘﹣－־"
# Before NFKC: that makes a space and a mark of an accent that stands by itself.
_SIGNS = {**dict.fromkeys(map(ord, _APOSTROPHES), "'"), **dict.fromkeys(map(ord, _HYPHENS), "-")}
_LETTERS = str.maketrans(
    {
        "ı": "i",  # Turkish: IŞIL, Işıl and ışıl are one name, and casefold knows only that I becomes i
        "ș": "ş",  # Romanian on a keyboard that has the comma, and on one that has the cedilla
        "ț": "ţ",
        "ی": "ي",  # one letter on a Persian and on an Arabic keyboard
        "ى": "ي",
        "ک": "ك",
        "ـ": "",  # makes an Arabic word longer, and is no letter
    }
)
_DOT_ABOVE = re.compile("i\u0307")
_VOWELS = re.compile("[\u064b-\u0652\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7]")
"""The points of Arabic and Hebrew, which most people leave out."""
_ROUND_SIGNS = re.compile(r"\s*([-'])\s*")


def canonical(name: str) -> str:
    """The same for 'O’Brien', 'o´brien' and ' O'BRIEN '; 'Zoë' and 'Zoe', or 'Müller' and 'Mueller', stay two names.

    For recognising only, and only together with an address or a number: ı and i become one, as do ß and ss, although
    Turkish and German tell them apart.
    """
    form = _once(name)
    while (again := _once(form)) != form:
        form = again
    return form


def _once(name: str) -> str:
    text = unicodedata.normalize("NFD", unseen_out(name.translate(_SIGNS))).casefold()
    # Unicode's toNFKC_Casefold: what NFKC brings out may have to be folded once more.
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    text = _VOWELS.sub("", _DOT_ABOVE.sub("i", text).translate(_SIGNS).translate(_LETTERS))
    return _ROUND_SIGNS.sub(r"\1", one_line(text))


SHORTEST = 2
"""Characters of a code that tell namesakes apart; more only where these are the same."""


def told_apart(people: Mapping[Key, tuple[str, str]]) -> dict[Key, str]:
    """Names for one list, from the (name, code) of everybody on it; namesakes with the beginning of their codes.

    Not the whole code: who has that may say that they come together.
    """
    alike: dict[str, list[str]] = defaultdict(list)
    for name, code in people.values():
        alike[canonical(name)].append(code)
    return {key: _called(name, code, alike[canonical(name)]) for key, (name, code) in people.items()}


def _called(name: str, code: str, codes: list[str]) -> str:
    if len(codes) < 2 or not code:
        return name
    most = max(map(len, codes))
    length = next((n for n in range(SHORTEST, most) if len({one[:n] for one in codes}) == len(codes)), most)
    return f"{name} ({code[:length]})"
