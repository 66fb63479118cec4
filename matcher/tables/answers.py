"""The dimensions of people.csv as people fill them in: not told, one bubble in several spellings, numbers in bands."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from matcher.faults import FaultList, several, written
from matcher.formats.conventions import USUAL, Conventions, labels
from matcher.messages import Key, Message
from matcher.tables.columns import Change, Columns
from matcher.tables.silence import is_silence, may_be_silence
from matcher.tables.spelling import folded, pieces

_SHARED = 20
"""What one in so many people say, and more than one, is an answer."""


@dataclass(frozen=True)
class Answers:
    """How values are read, also those of other files: by dimension the spelling that is kept for every folded form.

    `silent` is by dimension what may be an answer, but of so few people that it is none; folded.
    """

    conventions: Conventions = USUAL
    spellings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    silent: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def bubble(self, dimension: str, value: str) -> str:
        """The bubble that a value of a dimension stands for; empty for one that is no answer."""
        form = folded(value)
        if self.is_silent(value) or form in self.silent.get(dimension, ()):
            return ""
        return self.spellings.get(dimension, {}).get(form, value)

    def is_silent(self, value: str) -> bool:
        """Whether a value of a dimension is no answer."""
        form = folded(value)
        return form not in self._told and (is_silence(value) or form in self._not_told)

    def is_unclear(self, value: str) -> bool:
        """Whether it may be an answer or none, and the format does not say which: `geen`."""
        return may_be_silence(value) and folded(value) not in self._told | self._not_told

    @cached_property
    def _told(self) -> frozenset[str]:
        return frozenset(map(folded, self.conventions.told))

    @cached_property
    def _not_told(self) -> frozenset[str]:
        return frozenset(map(folded, self.conventions.not_told))


AS_TOLD = Answers()
"""Where nobody told anything yet."""


def answered(columns: Columns, dimensions: Collection[str], conventions: Conventions, faults: FaultList) -> Answers:
    """Rewrite the dimensions; what remains stands for how other files name their bubbles."""
    plain = Answers(conventions)
    spellings: dict[str, Mapping[str, str]] = {}
    silent: dict[str, frozenset[str]] = {}
    for dimension in dimensions:
        told = columns.rewrite(dimension, _without_silence(columns, dimension, plain))
        columns.tell(Key("note.not_told"), dimension, told)
        if dimension in conventions.bands:
            _band(columns, dimension, conventions, faults)
        silent[dimension] = _settle(columns, dimension, plain)
        spellings[dimension] = columns.spell(dimension)
    return Answers(conventions, spellings, silent)


def _without_silence(columns: Columns, dimension: str, plain: Answers) -> Change:
    """Beside `+` a `-` is an answer."""
    scale = any(set(value) == {"+"} for value in columns.values(dimension))
    return lambda value: () if plain.is_silent(value) and not (scale and set(value) == {"-"}) else (value,)


def _settle(columns: Columns, dimension: str, plain: Answers) -> frozenset[str]:
    """`geen` is an answer where people share it, as of a religion; of one or a few it is none, as of a gender."""
    counts = columns.values(dimension)
    unclear = {value: n for value, n in counts.items() if plain.is_unclear(value)}
    count = sum(unclear.values())
    if count > 1 and _SHARED * count >= sum(counts.values()):
        columns.tell(Key("note.unclear"), dimension, {(value, value): n for value, n in unclear.items()})
        return frozenset()
    told = columns.rewrite(dimension, lambda value: () if value in unclear else (value,)) if unclear else {}
    columns.tell(Key("note.unclear_silent"), dimension, told)
    return frozenset(map(folded, unclear))


def _band(columns: Columns, dimension: str, conventions: Conventions, faults: FaultList) -> None:
    """Numbers to bands; what is neither is a fault."""
    bands = {value: conventions.band(dimension, value) for value in columns.values(dimension)}
    columns.rewrite(dimension, lambda value: [bands[value] or value])
    strange = {value for value, band in bands.items() if band is None}
    right = Message.of("fix.band", bands=several(labels(conventions.bands[dimension])))
    for table in columns.tables:
        if strange and table and dimension in table.columns:
            at = table.columns.index(dimension)
            for row, cells in table.rows:
                for value in (v for v in pieces(cells[at]) if v in strange) if cells else ():
                    faults.add(table.file, row, dimension, Message.of("fault.no_band", value=written(value)), right)
