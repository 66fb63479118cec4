"""Rows of the first sheet of an .xlsx: values, never formulas; macros and zip bombs are refused first."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any
from zipfile import BadZipFile, ZipFile

from openpyxl import load_workbook
from openpyxl.utils import range_boundaries

from matcher.tables.reading import as_text
from web.services.signups.importing.faults import Macros, NoTable, TooLarge, Unusable
from web.services.signups.importing.lines import ERROR, FORMULA, MERGED, ImportLine

UNPACKED = 64 * 2**20
"""Bytes: 5,000 people with every column filled are less than a tenth of this."""
COLUMNS = 100
MERGES = 2000
ROWS = 20_000
"""How far down somebody may stand."""
_MERGE = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]+[0-9]+(?::[A-Z]+[0-9]+)?)"')
_FILLED = (b"<v", b"<f", b"<is", b":v>", b":f>", b":is>")
_NUMBER = re.compile(rb'\br="(\d+)"')
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")

Span = tuple[int, int, int, int]


def lines_of(data: bytes) -> Iterator[ImportLine]:
    """Every row of the first sheet, blank ones included. Raises a subclass of Unusable."""
    try:
        _refuse_unsafe(data)
        yield from _rows(data)
    except Unusable:
        raise
    except Exception:  # A damaged workbook fails in as many ways as it has parts.
        raise NoTable from None


def _refuse_unsafe(data: bytes) -> None:
    try:
        parts = ZipFile(io.BytesIO(data)).infolist()
    except BadZipFile:
        raise NoTable from None
    names = {part.filename.lower() for part in parts}
    if sum(part.file_size for part in parts) > UNPACKED:
        raise TooLarge
    if any("vbaproject" in name or name.startswith("xl/macrosheets/") for name in names):
        raise Macros
    if "xl/workbook.xml" not in names:
        raise NoTable


def _rows(data: bytes) -> Iterator[ImportLine]:
    values = _sheet(data, values=True)
    with ZipFile(io.BytesIO(data)) as archive:
        raw = archive.read(values._worksheet_path)
    spans = _merges(raw)
    # Without formulas the values are asked for themselves: half the work.
    formulas = _sheet(data, values=False) if _FORMULA.search(raw) else None
    within = {"max_col": COLUMNS, "max_row": _last(raw)}
    said = formulas.iter_rows(**within) if formulas else None
    for number, cells in enumerate(values.iter_rows(**within), 1):
        typed = next(said) if said else cells
        texts = [as_text(cell.value) for cell in cells]
        yield ImportLine(number, _short(texts), tuple(sorted(_faults(number, cells, typed, spans))))


def _last(raw: bytes) -> int:
    """The last row that holds something: who colours whole columns makes a million rows that do not."""
    rows = raw[: max(raw.rfind(b"sheetData>"), 0)]
    found = _NUMBER.search(rows, max(rows.rfind(b"<row", 0, max(map(rows.rfind, _FILLED))), 0))
    last = int(found.group(1)) if found else ROWS
    if last > ROWS:
        raise TooLarge
    return last


def _sheet(data: bytes, *, values: bool) -> Any:
    sheet = load_workbook(io.BytesIO(data), read_only=True, data_only=values, keep_links=False).worksheets[0]
    sheet.reset_dimensions()
    return sheet


def _short(texts: list[str]) -> tuple[str, ...]:
    while texts and not texts[-1]:
        texts.pop()
    return tuple(texts)


def _merges(raw: bytes) -> list[Span]:
    """(first column, first row, last column, last row), from 1."""
    spans = [range_boundaries(found.decode()) for found in _MERGE.findall(raw)]
    if len(spans) > MERGES:
        raise NoTable
    return spans


def _faults(number: int, cells: Any, typed: Any, spans: list[Span]) -> Iterator[tuple[int, str]]:
    for left, top, right, bottom in spans:
        if top <= number <= bottom and left <= COLUMNS:
            yield from ((column - 1, MERGED) for column in range(left, min(right, COLUMNS) + 1))
    for column, (cell, source) in enumerate(zip(cells, typed, strict=True)):
        if cell.value is None and source.data_type == "f":
            yield column, FORMULA
        elif cell.data_type == "e":
            yield column, ERROR
