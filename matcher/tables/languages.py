"""Names of languages as people write them, and the codes that they stand for: `Nederlands` is nl."""

from __future__ import annotations

import re
from functools import cache

from matcher.tables.spelling import bare, folded, parts

_USUAL = frozenset(
    [
        "nl",
        "en",
        "ar",
        "tr",
        "uk",
        "pl",
        "es",
        "de",
        "fr",
        "pt",
        "it",
        "ru",
        "fa",
        "ti",
        "so",
        "zh",
        "bg",
        "ro",
        "ku",
        "ber",
        "pap",
        "fy",
        "dse",
    ]
)
"""What neighbourhoods speak: their own names for these are known too, and these need no look into a list."""
_OTHERS = {
    "vlaams": "nl",
    "flemish": "nl",
    "nederlandse": "nl",
    "farsi": "fa",
    "dari": "prs",
    "mandarijn": "zh",
    "mandarin": "zh",
    "sorani": "ckb",
    "kurmanci": "ku",
    "berbers": "ber",
    "berber": "ber",
    "tamazight": "ber",
    "papiamento": "pap",
    "sranan": "srn",
    "surinaams": "srn",
    "moldavisch": "ro",
    "nederlandse gebarentaal": "dse",
    "dutch sign language": "dse",
    "gebarentaal": "dse",
    "ngt": "dse",
}
"""Names that the list of Unicode (CLDR) does not have."""
_REGION = re.compile(r"([a-z]{2,3})[-_][a-z]{2}")
_AND = re.compile(r" (?:en|and) ")


def codes(text: str) -> tuple[str, ...]:
    """The codes of the languages in one value, such as `Nederlands` or `nl, en`; a word that is none stays as it is."""
    found = [_code(part) for part in _apart(folded(text))]
    if all(found):
        return tuple(dict.fromkeys(code for code in found if code))
    return (text.casefold(),)


def _apart(word: str) -> list[str]:
    if _code(word) is not None:
        return [word]
    found = [part for piece in parts(word, ",;/&+") for part in _named_apart(piece)]
    return found or [word]


def _named_apart(piece: str) -> list[str]:
    """`Nederlands en Engels` is two; of `nl en ar` nobody knows whether it is two or three."""
    words = piece.split()
    if len(words) > 1 and _USUAL.issuperset(words) and "en" not in words[1:-1]:
        return words
    names = _AND.split(piece)
    return names if all(len(name) > 3 for name in names) else [piece]


def is_code(word: str) -> bool:
    """Whether this is the code of a language."""
    return word in _USUAL or word in _world()[0]


def _code(word: str) -> str | None:
    if word in _USUAL:
        return word
    known, names = _world()
    if region := _REGION.fullmatch(word):
        word = region.group(1)
    if word in known:
        return known[word]
    return names.get(bare(word))


@cache
def _world() -> tuple[dict[str, str], dict[str, str]]:
    """Every code with the one it stands for, and every name with its code: Dutch, English, and their own."""
    from babel import Locale
    from babel.core import get_global

    known, names = {}, dict[str, str]()
    lists = [Locale("nl").languages, Locale("en").languages]
    for languages in lists:
        for code, name in languages.items():
            if "_" not in code:
                known[code] = code
                names.setdefault(bare(folded(name)), code)
    own = (
        (code, Locale.parse(code).languages.get(code, "")) for code in sorted(_USUAL & known.keys()) if _is_locale(code)
    )
    names |= {bare(folded(name)): code for code, name in own if name} | _OTHERS
    aliases = get_global("language_aliases")
    known |= {old: new for old, new in aliases.items() if len(old) == 3 and "_" not in new and old not in known}
    return known | {code: code for code in _USUAL | set(_OTHERS.values())}, names


def _is_locale(code: str) -> bool:
    from babel.localedata import exists

    return exists(code)
