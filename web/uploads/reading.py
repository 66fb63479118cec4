"""Bytes to rows of text, within limits: CSV in the encodings and with the separators people use, and workbooks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from zipfile import BadZipFile, ZipFile

from matcher.tables.reading import UnreadableTable, records_of, text_of
from matcher.tables.sheet import BudgetSpent, DamagedWorkbook, SheetRow, WorkbookBudget
from matcher.tables.workbook import rows_of, sheets_of

UploadedRow = SheetRow
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_OTHERS = (b"%PDF", b"{\\rtf", b"<", b"PK")
"""PDF, rich text, web pages, broken zips: text to a decoder, but no table."""
_WIDE = 3
"""Filled cells beside each other that make a table of a sheet, whatever stands in them."""
_REACHED = re.compile(r"@|\d[\d -]{6,}\d")


class UploadedRows(list[UploadedRow]):
    """The rows of a file; `leaf` is the name of their sheet, if it is not the first of a workbook."""

    leaf: str = ""


@dataclass(frozen=True, slots=True)
class ReadLimits:
    """The most that is read of a file: people below the header, and what a workbook may hold.

    `rows` is how far down somebody may stand. `memory` is in bytes, `cpu` in seconds of a processor, `wall` in seconds
    of the clock.
    """

    people: int
    rows: int = 20_000
    columns: int = 100
    cells: int = 1_000_000
    characters: int = 32 << 20
    memory: int = 768 << 20
    cpu: int = 15
    wall: int = 45


class Unread(Exception):
    """A file that is not read; `kind` says why, in a word of `web.services.signups.importing.reading`."""

    def __init__(self, kind: str, row: int = 0) -> None:
        super().__init__(kind)
        self.kind, self.row = kind, row


def rows_within(data: bytes, limits: ReadLimits) -> UploadedRows:
    """The header, and every row below it that holds something. Raises Unread."""
    found = _within(_rows(data, limits), limits)
    if data.startswith(_ZIP) and not _is_table(found):
        with suppress(BudgetSpent, DamagedWorkbook):  # Of a sheet that nobody meant nothing is said.
            return _elsewhere(data, limits) or found
    return found


def _elsewhere(data: bytes, limits: ReadLimits) -> UploadedRows | None:
    """The first other sheet that holds a table, where the first one is a cover."""
    budget = _budget(limits)
    for leaf in sheets_of(data, budget)[1:]:
        rows = _within(rows_of(data, budget, leaf), limits)
        if _is_table(rows):
            rows.leaf = leaf
            return rows
    return None


def _is_table(rows: UploadedRows) -> bool:
    """Whether rows are more than a cover with a title and a telephone number."""
    filled = [[cell for cell in row.cells if cell.strip()] for row in rows]
    people = sum(len(cells) > 1 and any(map(_REACHED.search, cells)) for cells in filled)
    return people > 1 or any(len(cells) >= _WIDE for cells in filled)


def _within(rows: Iterator[UploadedRow], limits: ReadLimits) -> UploadedRows:
    found = UploadedRows()
    spent = [0, 0]
    for row in rows:
        if row.faults or any(cell.strip() for cell in row.cells):
            if len(found) > limits.people:
                raise Unread("TooMany")
            _spend(row, spent, limits)
            found.append(row)
    return found


def _spend(row: UploadedRow, spent: list[int], limits: ReadLimits) -> None:
    """Count the cells of a row and what stands in them."""
    spent[0] += len(row.cells)
    spent[1] += sum(map(len, row.cells))
    if spent[0] > limits.cells or spent[1] > limits.characters:
        raise Unread("TooLarge")


def _rows(data: bytes, limits: ReadLimits) -> Iterator[UploadedRow]:
    if not data.strip():
        raise Unread("Empty")
    if data.startswith(_OLE):
        raise Unread("OldOrLocked")
    return _of_workbook(data, limits) if data.startswith(_ZIP) else _of_text(data, limits)


def _of_workbook(data: bytes, limits: ReadLimits) -> Iterator[UploadedRow]:
    try:
        names = [name.lower() for name in ZipFile(BytesIO(data)).namelist()]
        if any("vbaproject" in name or name.startswith("xl/macrosheets/") for name in names):
            raise Unread("Macros")
        yield from rows_of(data, _budget(limits))
    except BudgetSpent:
        raise Unread("TooLarge") from None
    except (BadZipFile, DamagedWorkbook):
        raise Unread("NoTable") from None


def _budget(limits: ReadLimits) -> WorkbookBudget:
    return WorkbookBudget(cells=limits.cells, rows=limits.rows, columns=limits.columns)


def _of_text(data: bytes, limits: ReadLimits) -> Iterator[UploadedRow]:
    _refuse_other_files(data)
    try:
        for row in records_of(data):
            yield UploadedRow(row.number, _short(row.cells, limits))
    except UnreadableTable as error:
        raise Unread("Broken", error.row) from None


def _short(cells: tuple[str, ...], limits: ReadLimits) -> tuple[str, ...]:
    """A row without the empty cells at its end, as Excel makes them by the thousand."""
    end = len(cells)
    while end and not cells[end - 1].strip():
        end -= 1
    if end > limits.columns:
        raise Unread("TooWide", 0)
    return cells[:end]


def _refuse_other_files(data: bytes) -> None:
    try:
        text = text_of(data)
    except UnreadableTable:
        raise Unread("NoTable") from None
    if "\0" in text or data.lstrip().startswith(_OTHERS):
        raise Unread("NoTable")
