"""Records to a table: its header, its rows, and the fault of every cell that holds no text we may trust."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import chain, islice
from unicodedata import category

from matcher.faults import FaultList, instead, several, written
from matcher.messages import Key, Message
from matcher.tables.sheet import ERROR, FORMULA, MERGED, SheetRow
from matcher.tables.table import LONGEST, MOST_COLUMNS, ODD, Layout, SheetChoice, Table, cleaned

TOP = 10
"""The header is one of so many rows that hold anything."""
_ERRORS = frozenset(
    {"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#SPILL!", "#CALC!", "#GETTING_DATA", "#FIELD!"}
    | {"#BLOCKED!", "#LEEG!", "#DEEL/0!", "#WAARDE!", "#VERW!", "#NAAM?", "#GETAL!", "#OVERLOOP!", "#BEREKENEN!"}
)
"""What a spreadsheet shows for a value that it could not work out, in English and Dutch; but `#N/A` in a text file is
also what programs write for an empty cell."""
_ODDITIES = {
    ERROR: (Key("fault.error_cell"), Key("fix.error_cell")),
    FORMULA: (Key("fault.formula_cell"), Key("fix.formula_cell")),
    MERGED: (Key("fault.merged_cell"), Key("fix.merged_cell")),
}


def tabled(
    file: str, records: Iterable[SheetRow], layout: Layout, faults: FaultList, choice: SheetChoice | None = None
) -> Table | None:
    """The table in these records. The header is the first of the top rows with all columns; if there is none, the
    first row that is not blank."""
    filled = (record for record in records if record.filled)
    top = list(islice(filled, TOP))
    if not top:
        right = Message.of("fix.header", columns=several(layout.required))
        faults.add(file, 1, "-", Message.of("fault.file_empty"), right)
        return None
    at = header_at(top, layout.required)
    first, below = top[at], chain(top[at + 1 :], filled)
    header = [_known_name(cell, layout) for cell in first.cells]
    _check_header(file, first.number, header, layout, faults, choice)
    if not set(layout.required) <= set(header) or len(header) > MOST_COLUMNS:
        return None
    odd: list[tuple[int, str]] = []
    rows = tuple(_rows(file, below, header, layout, faults, odd))
    if len(rows) > layout.most:
        # What is known of these people would be half, and every reference to the others a false fault.
        return None
    if layout.filled and not rows:
        what = Message.of("fault.no_rows", rows=Message.of(layout.rows))
        faults.add(file, first.number, "-", what, Message.of("fix.row_below"))
        return None
    keep = [i for i, name in enumerate(header) if name and name not in header[:i]]
    if len(keep) < len(header):
        rows = tuple((row, tuple(cells[i] for i in keep)) for row, cells in rows)
    above = [Message.of("note.above", file=file, row=first.number)] if at else []
    return Table(file, tuple(header[i] for i in keep), rows, (*above, *_notes(file, odd, choice)))


def _notes(file: str, odd: list[tuple[int, str]], choice: SheetChoice | None) -> Iterator[Message]:
    if choice and choice.others:
        yield Message.of("note.sheet", file=file, sheet=written(choice.name), others=several(choice.others))
    if odd:
        row, column = odd[0]
        yield Message.of("note.marks", file=file, n=len(odd), row=row, column=written(column))


def header_at(top: Sequence[SheetRow], required: Collection[str]) -> int:
    """The place of the header among the first rows that hold anything: a title or an explanation may stand above it."""
    return next((at for at, record in enumerate(top[:TOP]) if has_columns(record, required)), 0)


def has_columns(record: SheetRow, names: Iterable[str]) -> bool:
    """Whether this row is a header with all of these columns, in any case."""
    return set(names) <= {cleaned(cell).casefold() for cell in record.cells}


def _known_name(cell: str, layout: Layout) -> str:
    """The column of a header cell; known ones in any case, for a dimension must not arise from `Sessions`."""
    name = cleaned(cell)
    return name.casefold() if name.casefold() in layout.known else name


def _check_header(
    file: str, row: int, header: list[str], layout: Layout, faults: FaultList, choice: SheetChoice | None
) -> None:
    if len(header) > MOST_COLUMNS:
        what = Message.of("fault.columns", columns=len(header))
        faults.add(file, row, "-", what, Message.of("fix.at_most", most=MOST_COLUMNS))
    for name in layout.required:
        if name not in header:
            right = Message.of("fix.column", header=written(", ".join(header)))
            if choice and choice.others:
                others = several(choice.others)
                right = Message.of("fix.column_in_sheet", fix=right, sheet=written(choice.name), others=others)
            faults.add(file, row, name, Message.of("fault.no_column", column=written(name)), right)
    for i, name in enumerate(header[:MOST_COLUMNS]):
        if name and name in header[:i]:
            faults.add(file, row, name, Message.of("fault.column_twice"), Message.of("fix.leave_or_rename"))
        elif name and not layout.others and name not in layout.known:
            what = Message.of("fault.unknown_column", value=written(name))
            faults.add(file, row, name, what, instead(name, layout.known))
        _check_cell(file, row, name, name, faults)


def _rows(
    file: str,
    filled: Iterator[SheetRow],
    header: list[str],
    layout: Layout,
    faults: FaultList,
    odd: list[tuple[int, str]],
) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The rows below the header; `odd` gathers where marks stand that nobody sees."""
    width = len(header)
    for count, record in enumerate(filled, start=1):
        row, cells = record.number, record.cells
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
            if len(cell) > LONGEST or not cell.isprintable() or (cell and not name) or cell[:1] == "#":
                _check_cell(file, row, name, cell, faults)
        odd += (
            (row, name) for name, cell in zip(header, cells, strict=False) if not cell.isascii() and ODD.search(cell)
        )
        for column, kind in record.faults:
            if column < width and held[column].upper() not in _ERRORS:
                _tell_oddity(file, row, header[column], kind, written(held[column]), faults)
        yield row, held


def _tell_oddity(file: str, row: int, column: str, kind: str, value: str, faults: FaultList) -> None:
    what, right = _ODDITIES[kind]
    faults.add(file, row, column, Message.of(what, value=value), Message.of(right))


def _check_cell(file: str, row: int, column: str, cell: str, faults: FaultList) -> None:
    if cell and not column:
        what = Message.of("fault.nameless_column", value=written(cell))
        faults.add(file, row, "-", what, Message.of("fix.name_columns"))
    if cell.upper() in _ERRORS:
        _tell_oddity(file, row, column, ERROR, written(cell), faults)
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
