"""The cells of one sheet of a workbook, gathered as its XML streams by, within a budget."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

MERGED, FORMULA, ERROR = "merged", "formula", "error"
"""Cells that hold no text we may trust: stands over several, was never worked out, went wrong."""
Fault = tuple[int, str]


@dataclass(frozen=True, slots=True)
class WorkbookBudget:
    """The most that is read of a workbook; ten times what a list of 5,000 people with every column filled needs."""

    parts: int = 2_000
    unpacked: int = 64 << 20
    cells: int = 1_000_000
    strings: int = 500_000
    characters: int = 32 << 20
    styles: int = 70_000
    merges: int = 2_000
    depth: int = 40
    rows: int = 20_000
    columns: int = 100


class BudgetSpent(Exception):
    """There is more in a workbook than its budget; `what` is the name of the field."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


class DamagedWorkbook(Exception):
    """A workbook that is none, or not a whole one."""


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row: `number` as in the spreadsheet, its text, and what is the matter with which column (from 0)."""

    number: int
    cells: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()

    @property
    def filled(self) -> bool:
        """Whether anything stands in it."""
        return any(cell.strip() for cell in self.cells)


def as_text(value: Any) -> str:
    """A value of a workbook or frame as it stands in a CSV: lists with `|`, whole numbers without `.0`."""
    if value is None or value != value:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, frozenset | set):
        return "|".join(sorted(map(as_text, value)))
    if isinstance(value, list | tuple):
        return "|".join(map(as_text, value))
    return str(value)


@dataclass(slots=True)
class SheetReader:
    """The handlers of a sheet: they gather the cells that hold something."""

    budget: WorkbookBudget
    strings: list[str]
    dates: dict[int, str]
    from_1904: bool
    filled: dict[int, dict[int, str]] = field(default_factory=dict)
    faults: dict[int, list[Fault]] = field(default_factory=dict)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    row: int = 0
    column: int = -1
    cells: int = 0
    spent: int = 0
    kind: str = "n"
    style: int = 0
    formula: bool = False
    within: str = ""
    aloud: bool = False
    pieces: list[str] = field(default_factory=list)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        if name == "c":
            self._cell(attributes)
        elif name in ("v", "t"):
            self.within = "" if self.aloud else name
        elif name == "f":
            self.formula, self.within = True, ""
        elif name == "row":
            self.row = int(attributes.get("r") or self.row + 1)
            self.column = -1
        elif name == "rPh":
            self.aloud = True
        elif name == "mergeCell":
            if len(self.merges) == self.budget.merges:
                raise BudgetSpent("merges")
            self.merges.append(_span(attributes["ref"]))

    def _cell(self, attributes: dict[str, str]) -> None:
        self.cells += 1
        if self.cells > self.budget.cells:
            raise BudgetSpent("cells")
        at = attributes.get("r")
        self.column = _place(at)[0] - 1 if at else self.column + 1
        self.kind, self.style = attributes.get("t", "n"), int(attributes.get("s", 0))
        self.formula = False
        self.pieces.clear()

    def text(self, piece: str) -> None:
        """Text within an element."""
        if self.within:
            self.spent += len(piece)
            if self.spent > self.budget.characters:
                raise BudgetSpent("characters")
            self.pieces.append(piece)

    def end(self, name: str) -> None:
        """An element is over."""
        if name == "c":
            if self.column < self.budget.columns:
                self._keep("".join(self.pieces))
        elif name == "rPh":
            self.aloud = False
        self.within = ""

    def _keep(self, said: str) -> None:
        fault = ""
        if self.kind == "e":
            text, fault = said, ERROR
        elif said:
            text, fault = self._value(said)
        else:
            text, fault = "", FORMULA if self.formula else ""
        if text or fault:
            if self.row > self.budget.rows:
                raise BudgetSpent("rows")
            self.filled.setdefault(self.row, {})[self.column] = text
        if fault:
            self.faults.setdefault(self.row, []).append((self.column, fault))

    def _value(self, said: str) -> tuple[str, str]:
        match self.kind:
            case "s":
                return self.strings[int(said)], ""
            case "str" | "inlineStr":
                return said, ""
            case "b":
                return as_text(bool(int(said))), ""
            case "d":
                return as_text(datetime.fromisoformat(said)), ""
        number = float(said) if any(sign in said for sign in ".eE") else int(said)
        return (as_text(number), "") if self.style not in self.dates else self._moment(number)

    def _moment(self, number: float) -> tuple[str, str]:
        from openpyxl.styles.numbers import is_timedelta_format
        from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH, from_excel

        epoch = MAC_EPOCH if self.from_1904 else WINDOWS_EPOCH
        try:
            return as_text(from_excel(number, epoch, is_timedelta_format(self.dates[self.style]))), ""
        except (OverflowError, ValueError):
            return "#VALUE!", ERROR

    def rows(self) -> Iterator[SheetRow]:
        """What was gathered, from the top; with the columns in each row that are merged with others."""
        merged = _Merged(self.merges, self.budget.columns)
        for number in range(1, max(self.filled, default=0) + 1):
            cells = self.filled.get(number, {})
            texts = tuple(cells.get(at, "") for at in range(max(cells, default=-1) + 1))
            faults = [*((column, MERGED) for column in merged.columns(number)), *self.faults.get(number, ())]
            yield SheetRow(number, texts, tuple(sorted(faults)))


class _Merged:
    """Which columns are merged, row after row: two thousand merges of twenty thousand rows cost no more than one."""

    def __init__(self, spans: list[tuple[int, int, int, int]], columns: int) -> None:
        self._over = [0] * columns
        self._changes: dict[int, list[tuple[int, int, int]]] = {}
        self._now: tuple[int, ...] = ()
        for left, top, right, bottom in spans:
            self._changes.setdefault(top, []).append((left, right, 1))
            self._changes.setdefault(bottom + 1, []).append((left, right, -1))

    def columns(self, row: int) -> tuple[int, ...]:
        """Those of a row (from 0); rows are asked for in order, from 1."""
        if row in self._changes:
            for left, right, more in self._changes[row]:
                for column in range(left, min(right + 1, len(self._over))):
                    self._over[column] += more
            self._now = tuple(column for column, many in enumerate(self._over) if many)
        return self._now


def _span(ref: str) -> tuple[int, int, int, int]:
    """(first column from 0, first row, last column, last row) of `A1:B2`."""
    first, _, last = ref.partition(":")
    (left, top), (right, bottom) = _place(first), _place(last or first)
    return left - 1, top, right - 1, bottom


def _place(ref: str) -> tuple[int, int]:
    """Column and row, both from 1, of `AB12`."""
    row = ref.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    letters, column = ref.removesuffix(row), 0
    for sign in letters[:4]:
        column = column * 26 + ord(sign) - 64
    if not 1 <= column <= 16_384:
        raise DamagedWorkbook
    return column, int(row)
