"""Which column of a file is which: names in every language and in other words, days above columns, what is asked."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

from web.services.signups.importing.columns import Column, folded
from web.services.signups.importing.contacts import looks_like_contact
from web.services.signups.importing.faults import HeaderOnly, MergedHeader, NoHeader
from web.services.signups.importing.lines import ImportLine, ImportSheet, letter
from web.services.signups.importing.moments import Times

TITLES = 15
"""Rows above the names of the columns, at most: a title, a date, whose list it is."""
WAYS = ("reach", "email", "phone", "via")
TICKS = "ticks"
"""The key of a column with a day above it and crosses in it."""
_ABOUT_TIME = re.compile(
    r"\b(beschikba\w*|kan|kun|kunnen|kunt|wanneer|dag|dagen|dagdeel|dagdelen|datum|datums|data|moment|momenten|tijd"
    r"|tijden|tijdstip|tijdvak|avond|avonden|middag|ochtend|week|weekdag|voorkeur\w*|keuze|ronde|sessie|availab\w*"
    r"|when|day|days|date|dates|time|times|session|sessions|slot|slots)\b"
)
_ENOUGH = 0.5
"""The share of the filled cells that are about time, from which a column is about time."""


@dataclass(frozen=True, slots=True)
class Unused:
    """A column that we do not read: `off`, `no_day` of this series, or unknown, and which one may have been meant."""

    name: str
    letter: str
    near: str
    off: bool = False
    at: int = 0
    no_day: bool = False


@dataclass(frozen=True, slots=True)
class AskedColumn:
    """A column of which somebody has to say what it is; `double` is the letter of one that says the same."""

    at: int
    name: str
    letter: str
    guess: str = ""
    double: str = ""


@dataclass(frozen=True, slots=True)
class Header:
    """`places`: the number (from 0) of each column that was found; `ticks`: the times of a column with crosses."""

    number: int
    places: dict[str, int]
    ticks: dict[int, frozenset[int]]
    unused: tuple[Unused, ...]
    asked: tuple[AskedColumn, ...]

    @property
    def named(self) -> bool:
        """Whether it says who is who: first names to add, or codes to change."""
        return bool({"name", "code"} & self.places.keys())

    @property
    def kept(self) -> list[int]:
        """The columns that are needed: those that are read or asked about; all, while nothing says who is who."""
        read = {*self.places.values(), *self.ticks, *(one.at for one in self.asked)}
        missing = not self.named or not {"code", *WAYS} & self.places.keys()
        return sorted(read | ({one.at for one in self.unused if not one.off} if missing else set()))


@dataclass(frozen=True)
class Headings:
    """What names of columns may say: `known` of this series, `off` what its project does not ask for, both folded,
    and `remembered` what columns were by hand in this organisation."""

    columns: Sequence[Column]
    times: Times
    off: Collection[str] = ()
    remembered: Mapping[str, str] = field(default_factory=dict)

    def key_of(self, name: str) -> str:
        """The key of the column with a name; empty where nobody knows it."""
        form = folded(name)
        mine = self.remembered.get(form, "")
        if any(column.key == mine for column in self.columns):
            return mine
        return next((c.key for c in self.columns if form and form in map(folded, c.said)), "")

    def near(self, name: str) -> Column | None:
        """The column that may have been meant."""
        known = {folded(said): column for column in reversed(self.columns) for said in column.said}
        close = get_close_matches(folded(name), known, 1, 0.7)
        return known[close[0]] if close else None


def placed(sheet: ImportSheet, headings: Headings) -> ImportSheet:
    """The same table with the row of names found below what stands above it. Raises NoHeader or HeaderOnly."""
    if sheet.found:
        return sheet
    rows = (sheet.header, *sheet.lines)
    scores = [_score(line, headings) for line in rows[: TITLES + 1]]
    best = max(range(len(scores)), key=lambda at: (scores[at], -at))
    if scores[best] < 1:
        raise NoHeader(row=sheet.header.number)
    if best == len(rows) - 1:
        raise HeaderOnly
    return ImportSheet(rows[best], rows[best + 1 :], sheet.leaf, found=True)


def _score(line: ImportLine, headings: Headings) -> float:
    """How much a row looks like names of columns: by the names we know; else by having several, and no address."""
    names = [cell for cell in line.cells if cell.strip()]
    if not names or any(map(looks_like_contact, names)):
        return 0
    known = {key for name in names if (key := headings.key_of(name))}
    days = {ids for name in names if (ids := headings.times.read(name, heading=True))}
    return len(known) + len(days) + (0.5 if len(names) > 1 else 0) * 2 * (0.9 if known or days else 1)


def header_of(sheet: ImportSheet, headings: Headings) -> Header:
    """The columns of a file. Raises MergedHeader."""
    line = sheet.header
    if line.faults:
        raise MergedHeader(row=line.number, column=letter(line.faults[0][0]))
    places: dict[str, int] = {key: at for at, key in sheet.chosen.items() if key and key != TICKS}
    ticks: dict[int, frozenset[int]] = {}
    unused: list[Unused] = []
    asked: list[AskedColumn] = []
    for at, name in enumerate(line.cells):
        key, days = headings.key_of(name), headings.times.read(name, heading=True)
        if at in sheet.chosen and sheet.chosen[at] != TICKS:
            if not sheet.chosen[at]:
                unused.append(_unused(at, name, headings))
        elif key and key not in places:
            places[key] = at
        elif key:
            asked.append(AskedColumn(at, _short(name), letter(at), double=letter(places[key])))
        elif days:
            ticks[at] = days
        elif days is None and folded(name) not in headings.off and _about_time(sheet, at, name, headings.times):
            guess = "" if "sessions" in places else "sessions"
            asked.append(AskedColumn(at, _short(name), letter(at), guess))
        else:
            unused.append(_unused(at, name, headings))
    return Header(line.number, places, ticks, tuple(u for u in unused if u.name), tuple(asked))


def _about_time(sheet: ImportSheet, at: int, name: str, times: Times) -> bool:
    """By its name, or by what stands below it."""
    if _ABOUT_TIME.search(folded(name)):
        return True
    said = [cell for line in sheet.lines if (cell := line.cell(at)).strip()]
    return bool(said) and sum(bool(times.read(cell)) for cell in said) >= _ENOUGH * len(said)


def _short(name: str) -> str:
    return " ".join(name.split())[:60]


def _unused(at: int, name: str, headings: Headings) -> Unused:
    off, near = folded(name) in headings.off, headings.near(name)
    no_day = headings.times.read(name, heading=True) == frozenset()
    return Unused(_short(name), letter(at), near.name if near and not off else "", off, at, no_day)
