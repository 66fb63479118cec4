"""One row of a file, as text, with the cells in it that hold no text we may trust."""

from __future__ import annotations

from dataclasses import dataclass

from matcher.tables.sheet import ERROR, FORMULA, MERGED

__all__ = ["ERROR", "FORMULA", "MERGED", "ImportLine", "ImportSheet", "letter"]


@dataclass(frozen=True, slots=True)
class ImportLine:
    """`number` counts as in the spreadsheet. `faults` are (column from 0, what it is)."""

    number: int
    cells: tuple[str, ...]
    faults: tuple[tuple[int, str], ...] = ()

    @property
    def empty(self) -> bool:
        """Whether nobody filled in anything."""
        return not self.faults and not any(cell.strip() for cell in self.cells)

    def cell(self, column: int) -> str:
        """The text in a column; rows may be shorter than the header."""
        return self.cells[column] if column < len(self.cells) else ""


@dataclass(frozen=True, slots=True)
class ImportSheet:
    """The names of the columns, and every row that holds something."""

    header: ImportLine
    lines: tuple[ImportLine, ...]


def letter(column: int) -> str:
    """A, B, ... Z, AA: the name a spreadsheet gives to a column (from 0)."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name
