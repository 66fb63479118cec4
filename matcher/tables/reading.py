"""Bytes to records: CSV as people make it, in several encodings and with several separators, and XLSX."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterator
from itertools import islice
from pathlib import Path

from matcher.faults import FaultList
from matcher.messages import Message
from matcher.tables.sheet import BudgetSpent, DamagedWorkbook, SheetRow, WorkbookBudget
from matcher.tables.table import MOST_COLUMNS, Layout, SheetChoice, Table
from matcher.tables.tabling import TOP, has_columns, header_at, tabled
from matcher.tables.workbook import rows_of, sheets_of

_ZIP = b"PK\x03\x04"
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
_SAMPLE = 100_000
"""Characters in which the separator is looked for."""
_SAMPLED = 200
_SEPARATORS = ",;\t"
_NAMED_SEPARATOR = re.compile(r'\ufeff?"?sep=([,;\t|])"?[,;\t]*(?:\r\n|\n|\r|\Z)', re.IGNORECASE)
"""The first line that Excel reads, shows nobody, and takes the separator from."""
_MOST_SHEETS = 20


class UnreadableTable(Exception):
    """A file that holds no table: what is wrong with it, and what would be right."""

    def __init__(self, what: Message, right: Message, row: int = 1) -> None:
        super().__init__(what)
        self.what, self.right, self.row = what, right, row


def read_table(path: Path, layout: Layout, faults: FaultList) -> Table | None:
    """The table in a file, or None; everything wrong with it goes to `faults`."""
    file = faults.open(str(path))
    try:
        data = data_of(path)
        if not data.startswith(_ZIP):
            return tabled(file, _csv(data, layout.required), layout, faults)
        choice = _choice(data, layout.required)
        return tabled(file, _sheet(data, choice.name), layout, faults, choice)
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


def records_of(data: bytes) -> Iterator[SheetRow]:
    """The records in a file, one for each row of a spreadsheet, blank ones included; of a workbook its first sheet."""
    return _sheet(data) if data.startswith(_ZIP) else _csv(data)


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


def separator_of(text: str, required: Collection[str] = ()) -> str:
    """The separator under which the header has its columns, the rows agree with it, and it stands there most often."""
    sample = text[:_SAMPLE]
    if len(text) > _SAMPLE:
        # The line that was cut off would seem too short.
        sample = sample[: max(sample.rfind("\n"), sample.rfind("\r")) + 1] or sample
    return max(_SEPARATORS, key=lambda separator: _fitness(sample, separator, required))


def _fitness(sample: str, separator: str, required: Collection[str]) -> tuple[bool, float, int]:
    """Whether the header has the columns, the share of rows that hold several cells and no more than it, its width."""
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=separator)
    try:
        read = [cells for cells in islice(reader, _SAMPLED) if len(cells) > 1 or "".join(cells).strip()]
    except csv.Error:
        read = []
    rows = [SheetRow(row, tuple(cells)) for row, cells in enumerate(read)] or [SheetRow(0)]
    header, *below = rows[header_at(rows, required) :]
    fit = sum(1 < len(row.cells) <= len(header.cells) for row in below) / max(1, len(below))
    return has_columns(header, required), fit, len(header.cells)


def _csv(data: bytes, required: Collection[str] = ()) -> Iterator[SheetRow]:
    """The records of a text; a first line that names the separator is a blank one."""
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableTable(Message.of("fault.old_excel"), Message.of("fix.save_new"))
    text, row = text_of(data), 0
    if named := _NAMED_SEPARATOR.match(text):
        text, row = text[named.end() :], 1
        yield SheetRow(1)
    delimiter = named.group(1) if named else separator_of(text, required)
    try:
        for cells in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            row += 1
            yield SheetRow(row, tuple(cells))
    except csv.Error as error:
        raise UnreadableTable(
            Message.of("fault.unreadable", why=str(error)), Message.of("fix.close_quotes"), row + 1
        ) from None


def _choice(data: bytes, required: Collection[str]) -> SheetChoice:
    """The first sheet with these columns in its header; if there is none, the first."""
    try:
        names = sheets_of(data, _BUDGET)
    except (BudgetSpent, DamagedWorkbook):
        # Whoever reads it says so.
        return SheetChoice("")
    fitting = (name for name in names[:_MOST_SHEETS] if len(names) == 1 or _has_header(data, name, required))
    read = next(fitting, names[0] if names else "")
    return SheetChoice(read, tuple(name for name in names if name != read))


def _has_header(data: bytes, name: str, required: Collection[str]) -> bool:
    try:
        top = islice((row for row in _sheet(data, name) if row.filled), TOP)
        return any(has_columns(row, required) for row in top)
    except UnreadableTable:
        return False


def _sheet(data: bytes, name: str = "") -> Iterator[SheetRow]:
    """A sheet of a workbook, values instead of formulas."""
    try:
        yield from rows_of(data, _BUDGET, name)
    except BudgetSpent:
        raise UnreadableTable(Message.of("fault.unpacks"), Message.of("fix.split")) from None
    except DamagedWorkbook:
        raise UnreadableTable(Message.of("fault.no_excel"), Message.of("fix.save_again")) from None
