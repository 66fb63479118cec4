"""Texts in tables of TOML, as paper and pictures still have them; everything else has catalogues (`matcher.words`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from matcher.words import words as common


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

    def number(self, value: float, digits: int = 0) -> str:
        """With the separators of the language; a dash for what is not finite."""
        return common(self.lang).number(value, digits)

    def short(self, value: float) -> str:
        """With at most two digits after the comma, and none that say nothing."""
        return common(self.lang).short(value)

    def percent(self, share: float, digits: int = 0) -> str:
        """A share of 1 as a percentage."""
        return common(self.lang).percent(share, digits)

    def listed(self, items: list[str]) -> str:
        """a, b and c."""
        return common(self.lang).listed(items)
