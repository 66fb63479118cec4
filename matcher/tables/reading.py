"""Bytes to records: CSV as people make it, in several encodings and with several separators, and XLSX."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

from matcher.faults import FaultList
from matcher.messages import Message
from matcher.tables.sheet import BudgetSpent, DamagedWorkbook, WorkbookBudget
from matcher.tables.table import MOST_COLUMNS, Layout, Table, tabled
from matcher.tables.workbook import rows_of

LARGEST = 32 * 2**20
"""Bytes of a file: 50,000 people with 600 characters each."""
_BUDGET = WorkbookBudget(
    unpacked=16 * LARGEST,
    cells=5_000_000,
    strings=3_000_000,
    characters=8 * LARGEST,
    rows=200_000,
    columns=MOST_COLUMNS + 1,
)
"""Of a workbook: 50,000 people with a hundred columns, somebody far below them, and one column too many."""
_QUOTED = re.compile(r'"[^"]*"?')


class UnreadableTable(Exception):
    """A file that holds no table: what is wrong with it, and what would be right."""

    def __init__(self, what: Message, right: Message, row: int = 1) -> None:
        super().__init__(what)
        self.what, self.right, self.row = what, right, row


def read_table(path: Path, layout: Layout, faults: FaultList) -> Table | None:
    """The table in a file, or None; everything wrong with it goes to `faults`."""
    file = faults.open(str(path))
    try:
        return tabled(file, records_of(data_of(path)), layout, faults)
    except UnreadableTable as error:
        faults.add(file, error.row, "-", error.what, error.right)
        return None


def data_of(path: Path) -> bytes:
    """The bytes of a file, unless it is too large to be a list of people."""
    try:
        with path.open("rb") as stream:
            data = stream.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise UnreadableTable(Message.of("fault.unreadable", why=str(why)), Message.of("fix.table_file")) from None
    if len(data) > LARGEST:
        raise UnreadableTable(Message.of("fault.larger", megabytes=LARGEST // 2**20), Message.of("fix.split"))
    return data


def records_of(data: bytes) -> Iterator[list[str]]:
    """The records in a file, one for each row of a spreadsheet, blank ones included."""
    if data.startswith(b"PK\x03\x04"):
        return _sheet(data)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableTable(Message.of("fault.old_excel"), Message.of("fix.save_new"))
    return _csv(text_of(data))


def text_of(data: bytes) -> str:
    """Text from UTF-8 or UTF-16, with or without a byte order mark, or else from Windows-1252."""
    for encoding in _encodings(data):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableTable(Message.of("fault.no_text"), Message.of("fix.save_utf8"))


def _encodings(data: bytes) -> tuple[str, ...]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ("utf-16",)
    if b"\0" in data[:2]:
        return ("utf-16-be",) if data[0] == 0 else ("utf-16-le",)
    return ("utf-8-sig", "cp1252")


def separator_of(text: str) -> str:
    """The separator that stands most often in the header, outside quotes."""
    header = _QUOTED.sub("", next((line for line in text[:100_000].splitlines() if line.strip()), ""))
    return max(",;\t", key=header.count)


def _csv(text: str) -> Iterator[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator_of(text))
    row = 0
    try:
        for cells in reader:
            row += 1
            yield cells
    except csv.Error as error:
        raise UnreadableTable(
            Message.of("fault.unreadable", why=str(error)), Message.of("fix.close_quotes"), row + 1
        ) from None


def _sheet(data: bytes) -> Iterator[list[str]]:
    """The first sheet of a workbook, values instead of formulas."""
    try:
        for row in rows_of(data, _BUDGET):
            yield list(row.cells)
    except BudgetSpent:
        raise UnreadableTable(Message.of("fault.unpacks"), Message.of("fix.split")) from None
    except DamagedWorkbook:
        raise UnreadableTable(Message.of("fault.no_excel"), Message.of("fix.save_again")) from None
