"""How the answers of people are read: `[answers]` and `[bands]` of a format."""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from matcher.faults import FaultList
from matcher.formats.rules import unknown_dimension
from matcher.messages import Message
from matcher.toml.document import Document, Section
from matcher.toml.kinds import LARGEST, TEXTS, ValueKind, for_instance

KEYS = ("answers", "bands")
_NUMBER = re.compile(r"(\d{1,9})(?:[.,]\d{1,9})? ?(?:jaar|jr|years?|yrs?)?\.?", re.IGNORECASE | re.ASCII)
_MOST_BOUNDS = 50


@dataclass(frozen=True, slots=True)
class Conventions:
    """Words that are no answer or one although they seem the other, and by column the numbers at which bands begin."""

    not_told: frozenset[str] = frozenset()
    told: frozenset[str] = frozenset()
    bands: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    def band(self, column: str, value: str) -> str | None:
        """The band of a number: with 18, 30, 65 one of 0-17, 18-29, 30-64, 65+. A band stays one; None for others."""
        bounds = self.bands[column]
        if (number := number_in(value)) is not None:
            return _label(bounds, bisect(bounds, number))
        return value if value in labels(bounds) else None


USUAL = Conventions()
"""Those of a format that says nothing of it."""


def number_in(value: str) -> int | None:
    """The whole years, euros or points of a number without a sign: 34 for `34`, `34,5` and `34 jaar`."""
    found = _NUMBER.fullmatch(value)
    return int(found.group(1)) if found else None


def labels(bounds: tuple[int, ...]) -> list[str]:
    """The names of all bands, from low to high."""
    return [_label(bounds, at) for at in range(0 if bounds[0] else 1, len(bounds) + 1)]


def _label(bounds: tuple[int, ...], at: int) -> str:
    low = bounds[at - 1] if at else 0
    if at == len(bounds):
        return f"{low}+"
    high = bounds[at] - 1
    return str(low) if low == high else f"{low}-{high}"


def conventions_of(recipe: Document | None, columns: Collection[str] | None, faults: FaultList) -> Conventions:
    """Those of a recipe; `columns` are the dimensions, None if they could not be read."""
    if recipe is None:
        return USUAL
    whole = Section.whole(recipe, faults)
    answers, bands = whole.inner("answers"), whole.inner("bands")
    answers.refuse_unknown(("not_told", "told"))
    for name in bands.content if columns is not None else ():
        if name not in (columns or ()):
            bands.fault(name, *unknown_dimension(name, columns or ()))
    return Conventions(
        not_told=frozenset(answers.take("not_told", TEXTS, ())),
        told=frozenset(answers.take("told", TEXTS, ())),
        bands={name: read for name in bands.content if (read := bands.take(name, _BOUNDS, ()))},
    )


def _is_rising(value: Any) -> bool:
    whole = isinstance(value, list | tuple) and 0 < len(value) <= _MOST_BOUNDS and all(type(v) is int for v in value)
    return whole and list(value) == sorted(set(value)) and value[0] >= 0 and value[-1] <= LARGEST


_BOUNDS = ValueKind(Message.of("kind.bounds"), for_instance("[18, 30, 45, 65]"), _is_rising, tuple)
