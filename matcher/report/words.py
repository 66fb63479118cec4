"""The sentences, names and numbers of a report in one language; the texts stand in `texts/*.toml`."""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

TEXTS = Path(__file__).parent / "texts"
UNKNOWN = "–"


@dataclass(frozen=True, slots=True)
class Words:
    """One language. Called with a key it gives a sentence; a count `n` of 1 takes the key with `_one`."""

    lang: str
    table: Mapping[str, Any]

    def __call__(self, key: str, n: int | None = None, **values: object) -> str:
        section, _, name = key.rpartition(".")
        found = self.table[section] if section else self.table
        template: str = found.get(f"{name}_one", found[name]) if n == 1 else found[name]
        if n is not None:
            values["n"] = n
        return template.format(**{k: self.number(v) if isinstance(v, int) else v for k, v in values.items()})

    def name(self, kind: str, code: str) -> str:
        """What a code of the data or the engine is called, with its number if it has one; an unknown one stays."""
        first, _, rest = code.partition(" ")
        known = self.table[kind]
        return str(known[code]) if code in known else f"{known.get(first, first)} {rest}".strip()

    def number(self, value: float, digits: int = 0) -> str:
        """With the separators of the language; a dash for what is not finite."""
        if not math.isfinite(value):
            return UNKNOWN
        return f"{value:,.{digits}f}".translate(str.maketrans(",.", self.table["separators"]))

    def short(self, value: float) -> str:
        """With at most two digits after the comma, and none that say nothing."""
        return self.number(value, next((d for d in (0, 1) if round(value, d) == round(value, 2)), 2))

    def percent(self, share: float, digits: int = 0) -> str:
        """A share of 1 as a percentage."""
        return f"{self.number(100.0 * share, digits)}%"

    def listed(self, items: list[str]) -> str:
        """a, b and c."""
        return f" {self('and')} ".join([", ".join(items[:-1]), items[-1]] if len(items) > 1 else items)

    def sentence(self, text: str) -> str:
        """A sentence of the checker in this language; one without a translation stays as it is."""
        for pattern, answer in self.table["sentences"].items():
            if match := re.fullmatch(pattern, text):
                return match.expand(answer)
        return text


@cache
def words(lang: str) -> Words:
    """The texts of a language.

    Raises ValueError for a language without texts.
    """
    known = sorted(path.stem for path in TEXTS.glob("*.toml"))
    if lang not in known:
        raise ValueError(f"unknown language {lang!r}; known: {', '.join(known)}")
    return Words(lang, tomllib.loads((TEXTS / f"{lang}.toml").read_text("utf-8")))


def readable(code: str) -> str:
    """A column or rule name as words: `age_band` becomes `Age band`."""
    plain = code.replace("_", " ").strip() or code
    return plain[:1].upper() + plain[1:]
