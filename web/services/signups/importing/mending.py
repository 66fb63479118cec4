"""What somebody mends in the preview of an import: which column is which, a cell, and two people in one cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from web.rows import Organisation
from web.services.signups.importing.columns import folded
from web.services.signups.importing.headers import TICKS
from web.services.signups.importing.lines import ImportLine, ImportSheet
from web.services.signups.importing.meaning import people_in
from web.services.signups.importing.previewing import Preview

REMEMBERED = 300
"""Names of columns that one organisation is remembered by, at most."""


@dataclass(frozen=True, slots=True)
class Mended:
    """What somebody filled in: by column (from 0) its key, by row and key what a cell says, and by row how many
    people its name is."""

    columns: Mapping[int, str] = field(default_factory=dict)
    cells: Mapping[tuple[int, str], str] = field(default_factory=dict)
    people: Mapping[int, str] = field(default_factory=dict)


def mended(shown: Preview, said: Mended) -> ImportSheet:
    """The table with what was filled in; what is said of columns, rows or keys that are not there is left out."""
    sheet = shown.sheet
    for key in {key for _row, key in said.cells if key in shown.columns and key not in shown.header.places}:
        sheet = _with_column(sheet, shown, key)
    places = {**shown.header.places, **{key: at for at, key in sheet.chosen.items() if key}}
    lines: list[ImportLine] = []
    for line in sheet.lines:
        told = {places[key]: text for (row, key), text in said.cells.items() if row == line.number and key in places}
        lines.append(_with(line, told) if told else line)
    sheet = replace(sheet, lines=tuple(lines))
    sheet = _apart(sheet, places.get("name"), said.people)
    return _chosen(sheet, shown, said.columns)


def _with_column(sheet: ImportSheet, shown: Preview, key: str) -> ImportSheet:
    """A column more, for what the file has no place for."""
    at = max(len(sheet.header.cells), *sheet.chosen, *(len(line.cells) for line in sheet.lines), 0)
    names = (*sheet.header.cells, *[""] * (at - len(sheet.header.cells)), shown.columns[key].name)
    return replace(sheet, header=replace(sheet.header, cells=names), chosen={**sheet.chosen, at: key})


def _with(line: ImportLine, told: Mapping[int, str]) -> ImportLine:
    cells = [*line.cells, *[""] * (max(told) + 1 - len(line.cells))]
    for at, text in told.items():
        cells[at] = text
    return replace(line, cells=tuple(cells), faults=tuple(fault for fault in line.faults if fault[0] not in told))


def _apart(sheet: ImportSheet, at: int | None, people: Mapping[int, str]) -> ImportSheet:
    """`Truus en Henk` as two rows, of which the second stands below all others; or one person, who is called so."""
    if at is None or not people:
        return sheet
    lines: list[ImportLine] = []
    more: list[ImportLine] = []
    last = max(line.number for line in sheet.lines)
    for line in sheet.lines:
        names = people_in(line.cell(at)) if people.get(line.number) == "apart" else ()
        first, *others = [_with(line, {at: name}) for name in names] or [line]
        lines.append(first)
        more += [replace(other, number=last + len(more) + n) for n, other in enumerate(others, 1)]
    alone = {row for row, answer in people.items() if answer == "one"}
    return replace(sheet, lines=(*lines, *more), alone=sheet.alone | alone)


def _chosen(sheet: ImportSheet, shown: Preview, columns: Mapping[int, str]) -> ImportSheet:
    """With what columns are; of two that are said to be the same the last one counts, and the other is not used."""
    chosen = dict(sheet.chosen)
    for at, key in columns.items():
        if at < len(sheet.header.cells) and key in ("", TICKS, *shown.columns) and _differs(shown, at, key):
            for other, held in {**{a: k for k, a in shown.header.places.items()}, **chosen}.items():
                if key and key != TICKS and held == key and other != at:
                    chosen[other] = ""
            chosen[at] = key
    return replace(sheet, chosen=chosen)


def _differs(shown: Preview, at: int, key: str) -> bool:
    """Whether this is an answer: it asks, or it was read as something else."""
    header = shown.header
    now = next((k for k, a in header.places.items() if a == at), TICKS if at in header.ticks else "")
    return key != now or any(one.at == at for one in header.asked)


def remember(organisation: Organisation, shown: Preview, columns: Mapping[int, str]) -> None:
    """Keep what columns were said to be, for the next file of this organisation. Nothing is committed."""
    said = {
        folded(shown.sheet.header.cell(at)): key
        for at, key in columns.items()
        if key in shown.columns and _differs(shown, at, key) and folded(shown.sheet.header.cell(at))
    }
    if said:
        known = {**(organisation.import_headings or {}), **said}
        organisation.import_headings = dict(list(known.items())[-REMEMBERED:])


def unkept(shown: Preview, columns: Mapping[int, str]) -> bool:
    """Whether a column is chosen of which the cells were not kept: then the file has to be chosen again."""
    return any(key and at not in shown.header.kept for at, key in columns.items() if _differs(shown, at, key))
