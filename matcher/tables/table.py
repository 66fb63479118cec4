"""A table as text: rows numbered as in a spreadsheet, columns under their known names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from unicodedata import category, normalize

from matcher.faults import FaultList, instead, several, written
from matcher.messages import Key, Message

LONGEST = 200
MOST_COLUMNS = 1000

_ESCAPED = re.compile(r"'+[=+\-@]")


@dataclass(frozen=True, slots=True)
class Layout:
    """What a table may hold: its required and optional columns; whether others are welcome;
    the most `rows`, and whether there must be any."""

    required: tuple[str, ...]
    optional: tuple[str, ...] = ()
    others: bool = False
    most: int = 50_000
    rows: Key = field(kw_only=True)
    filled: bool = False

    @property
    def known(self) -> tuple[str, ...]:
        """Every column with a meaning."""
        return self.required + self.optional


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a file that hold anything: number in the spreadsheet, and cells by `columns`."""

    file: str
    columns: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...] = ()


def tabled(file: str, records: Iterable[list[str]], layout: Layout, faults: FaultList) -> Table | None:
    """The table in these records, of which the first that is not blank is the header."""
    numbered = filter(_filled, enumerate(records, start=1))
    first = next(numbered, None)
    if first is None:
        right = Message.of("fix.header", columns=several(layout.required))
        faults.add(file, 1, "-", Message.of("fault.file_empty"), right)
        return None
    header = [_known_name(cell, layout) for cell in first[1]]
    _check_header(file, first[0], header, layout, faults)
    if not set(layout.required) <= set(header) or len(header) > MOST_COLUMNS:
        return None
    rows = tuple(_rows(file, numbered, header, layout, faults))
    if len(rows) > layout.most:
        # What is known of these people would be half, and every reference to the others a false fault.
        return None
    if layout.filled and not rows:
        what = Message.of("fault.no_rows", rows=Message.of(layout.rows))
        faults.add(file, first[0], "-", what, Message.of("fix.row_below"))
        return None
    keep = [i for i, name in enumerate(header) if name and name not in header[:i]]
    if len(keep) < len(header):
        rows = tuple((row, tuple(cells[i] for i in keep)) for row, cells in rows)
    return Table(file, tuple(header[i] for i in keep), rows)


def _filled(record: tuple[int, list[str]]) -> bool:
    return any(cell.strip() for cell in record[1])


def _known_name(cell: str, layout: Layout) -> str:
    """The column of a header cell; known ones in any case, for a dimension must not arise from `Sessions`."""
    name = cleaned(cell)
    return name.casefold() if name.casefold() in layout.known else name


def _check_header(file: str, row: int, header: list[str], layout: Layout, faults: FaultList) -> None:
    if len(header) > MOST_COLUMNS:
        what = Message.of("fault.columns", columns=len(header))
        faults.add(file, row, "-", what, Message.of("fix.at_most", most=MOST_COLUMNS))
    for name in layout.required:
        if name not in header:
            right = Message.of("fix.column", header=written(", ".join(header)))
            faults.add(file, row, name, Message.of("fault.no_column", column=written(name)), right)
    for i, name in enumerate(header[:MOST_COLUMNS]):
        if name and name in header[:i]:
            faults.add(file, row, name, Message.of("fault.column_twice"), Message.of("fix.leave_or_rename"))
        elif name and not layout.others and name not in layout.known:
            what = Message.of("fault.unknown_column", value=written(name))
            faults.add(file, row, name, what, instead(name, layout.known))
        _check_cell(file, row, name, name, faults)


def _rows(
    file: str, numbered: Iterator[tuple[int, list[str]]], header: list[str], layout: Layout, faults: FaultList
) -> Iterator[tuple[int, tuple[str, ...]]]:
    width = len(header)
    for count, (row, cells) in enumerate(numbered, start=1):
        if count > layout.most:
            what = Message.of("fault.too_many_rows", most=layout.most, rows=Message.of(layout.rows))
            faults.add(file, row, "-", what, Message.of("fix.split"))
            yield row, ()
            return
        if any(cell.strip() for cell in cells[width:]):
            what = Message.of("fault.too_many_values", values=len(cells), columns=width)
            faults.add(file, row, "-", what, Message.of("fix.quote"))
        # Excel leaves out empty cells at the end of a row.
        held = tuple(cleaned(cell) for cell in cells[:width]) + ("",) * (width - len(cells))
        for name, cell in zip(header, held, strict=True):
            if len(cell) > LONGEST or not cell.isprintable() or (cell and not name):
                _check_cell(file, row, name, cell, faults)
        yield row, held


def _check_cell(file: str, row: int, column: str, cell: str, faults: FaultList) -> None:
    if cell and not column:
        what = Message.of("fault.nameless_column", value=written(cell))
        faults.add(file, row, "-", what, Message.of("fix.name_columns"))
    if any(len(piece) > LONGEST for piece in cell.split("|")):
        what = Message.of("fault.too_long", value=written(cell))
        faults.add(file, row, column, what, Message.of("fix.characters", most=LONGEST))
    if odd := next((c for c in cell if category(c) in ("Cc", "Cs")), None):
        what = _control(odd, written(cell))
        faults.add(file, row, column, what, Message.of("fix.remove"))


def _control(character: str, value: str) -> Message:
    if character in "\r\n":
        return Message.of("fault.line_break", value=value)
    return Message.of("fault.control", code=f"{ord(character):04X}", value=value)


def cleaned(cell: str) -> str:
    """A cell without outer spaces, in one Unicode form, without the quote that keeps formulas harmless."""
    cell = cell.strip()
    if not cell.isascii():
        cell = normalize("NFC", cell)
    return cell[1:] if _ESCAPED.match(cell) else cell


def escaped(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula: a quote in front, which `cleaned` takes off."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@") or _ESCAPED.match(cell) else cell
