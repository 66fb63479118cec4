"""What the cells of one row mean, in the words of the empty file: days, crosses, addresses, two people in a cell."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from matcher.tables.silence import is_nothing
from web.services.signups.importing.columns import Column, folded
from web.services.signups.importing.contacts import sorted_out
from web.services.signups.importing.headers import Header
from web.services.signups.importing.lines import ImportLine
from web.services.signups.importing.moments import Times

_PEOPLE = re.compile(r"\s+(?:en|and|und|et)\s+|\s*[&+/]\s*", re.IGNORECASE)
_CROSS = frozenset({"✓", "✔", "v", "ok", "oke", "kan", "kan wel", "can", "x"})


@dataclass(frozen=True, slots=True)
class Read:
    """Something that was read as something else: what stands in which column, and what that is here."""

    column: str
    said: str
    meant: str


@dataclass
class Meaning:
    """How the rows of one file are read; `heard` counts what was read as something else."""

    header: Header
    columns: Mapping[str, Column]
    times: Times
    heard: Counter[Read] = field(default_factory=Counter)

    def of(self, line: ImportLine) -> tuple[dict[str, str], tuple[int, str] | None]:
        """The filled cells by key of their column, and a cross that says neither yes nor no: column and text."""
        cells = {key: line.cell(at) for key, at in self.header.places.items()}
        said = {key: text for key, text in cells.items() if text.strip() and not self._says_no(key, text)}
        if "reach" in self.columns:
            sorted_out(said, frozenset(self.columns["reach"].known), folded(said.get("reach", "")))
        for key in ("sessions", "prefers"):
            if key in said:
                said[key] = self._days(key, said[key])
        strange = self._crosses(line, said) if self.header.ticks and "sessions" not in said else None
        return said, strange

    def _says_no(self, key: str, text: str) -> bool:
        """`geen` or a dash, below a column that has such words."""
        no = self.columns[key].no
        return bool(no) and (is_nothing(text) or folded(text) in no)

    def _days(self, key: str, text: str) -> str:
        column = self.columns[key]
        if all(folded(part) in column.known for part in re.split(r"[|;,\n]", text) if part.strip()):
            return text
        ids = self.times.read(text)
        if not ids:
            return text
        self._hear(column, text, ids)
        return self.times.cell(ids)

    def _crosses(self, line: ImportLine, said: dict[str, str]) -> tuple[int, str] | None:
        chosen: set[int] = set()
        for at, ids in self.header.ticks.items():
            text = line.cell(at)
            met = self._cross(text, ids)
            if met is None:
                return at, text
            chosen |= met
        if chosen:
            said["sessions"] = self.times.cell(frozenset(chosen))
        return None

    def _cross(self, text: str, ids: frozenset[int]) -> frozenset[int] | None:
        """The times that a cell below a day adds; None if it says neither yes nor no."""
        form, yes_no = folded(text), self.columns["consent_bubbles"].known
        if form in _CROSS or text.strip() in _CROSS or yes_no.get(form) == "yes":
            return ids
        if not form or yes_no.get(form) == "no" or is_nothing(text):
            return frozenset()
        met = self.times.read(text)
        return None if met is None else met & ids

    def _hear(self, column: Column, text: str, ids: frozenset[int]) -> None:
        meant = ", ".join(column.shown(str(id)) for id in sorted(ids))
        self.heard[Read(column.name, " ".join(text.split())[:60], meant)] += 1


def people_in(name: str) -> tuple[str, ...]:
    """The names in a cell that may hold several people: `Truus en Henk`; none for one person."""
    names = tuple(part.strip() for part in _PEOPLE.split(name))
    return names if len(names) > 1 and all(part[:1].isalpha() for part in names) else ()
