"""One row of a file, as text, with the cells in it that hold no text we may trust."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

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
    """The names of the columns, and every row that holds something.

    `leaf` is the sheet of a workbook that was read, if it is not the first. `found`: the names were looked for, and do
    not have to stand in the first row. What an organiser answered: `chosen` says by column (from 0) which key it has,
    empty for one that is not used, and `alone` are the rows of which the name is one person.
    """

    header: ImportLine
    lines: tuple[ImportLine, ...]
    leaf: str = ""
    found: bool = False
    chosen: Mapping[int, str] = field(default_factory=dict)
    alone: frozenset[int] = frozenset()


def letter(column: int) -> str:
    """A, B, ... Z, AA: the name a spreadsheet gives to a column (from 0)."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name
