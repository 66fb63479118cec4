"""The cells of one row, read as what they should be; what cannot be read is a fault."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from matcher.domain import NONE
from matcher.faults import FaultList, instead, printable, quoted
from matcher.tables.table import Table

_YES = frozenset({"1", "true", "yes", "y", "x", "ja", "waar"})
_NO = frozenset({"", "0", "false", "no", "n", "nee", "onwaar"})
_WHOLE = re.compile(r"-?\d{1,18}(\.0)?", re.ASCII)
_NUMBER = re.compile(r"\d{1,12}([.,]\d{1,12})?", re.ASCII)
_THOUSANDS = re.compile(r"[1-9]\d{0,2}[.,]\d{3}", re.ASCII)
"""1.234 is a thousand to one and a little more than one to another."""
MANY = 1_000_000
_LOCAL = "a local date and time like 2027-01-11T19:00"


@dataclass(frozen=True, slots=True)
class Cells:
    """One row of a table; an absent column is empty."""

    file: str
    row: int
    values: Mapping[str, str]
    faults: FaultList

    def fault(self, column: str, what: str, right: str) -> None:
        """Something is wrong with a cell."""
        self.faults.add(self.file, self.row, column, what, right)

    def text(self, column: str) -> str:
        """The cell as it stands."""
        return self.values.get(column, "")

    def word(self, column: str) -> str:
        """The cell in lower case: capitals carry no meaning in a language, need or mode."""
        return self.text(column).casefold()

    def several(self, column: str) -> frozenset[str]:
        """The values between `|`, whether or not the cell stood between quotes; empty ones do not count."""
        cell = self.text(column)
        if "|" not in cell:
            return frozenset([cell]) if cell else NONE
        return frozenset(piece.strip() for piece in cell.split("|")) - {""}

    def words(self, column: str) -> frozenset[str]:
        """Several values in lower case."""
        return frozenset(value.casefold() for value in self.several(column))

    def id(self, column: str, *, unique: Collection[str] = ()) -> str:
        """An id; it must be there, must not be a list, and not be one of `unique`."""
        value = self.text(column)
        if not value:
            self.fault(column, "is empty", "write an id")
        elif "|" in value:
            self.fault(column, f"{quoted(value)} is a list", "an id without '|'")
        elif value in unique:
            self.fault(column, f"{quoted(value)} stands here twice", "every row needs an id of its own")
        return value

    def known(self, column: str, known: Collection[str] | None, what: str) -> frozenset[str]:
        """References to known ids; those to others are faults, unless the ids could not be read (None)."""
        values = self.several(column)
        if known is not None:
            for value in sorted(value for value in values if value not in known):
                self.fault(column, f"unknown {what} {quoted(value)}", instead(value, known))
        return values

    def whole(self, column: str, default: int, low: int, high: int = MANY) -> int:
        """A whole number within bounds."""
        number = self.maybe(column, low, high)
        return default if number is None else number

    def maybe(self, column: str, low: int, high: int = MANY) -> int | None:
        """A whole number within bounds, or none."""
        value = self.text(column)
        if not value:
            return None
        if _WHOLE.fullmatch(value) and low <= (number := int(value.partition(".")[0])) <= high:
            return number
        right = f"a whole number of {low} or more" if high == MANY else f"a whole number from {low} to {high}"
        self.fault(column, f"{quoted(value)} cannot be used", right)
        return None

    def number(self, column: str, default: float) -> float:
        """A finite number of 0 or more, with a decimal point or comma."""
        value = self.text(column)
        if not value:
            return default
        if _NUMBER.fullmatch(value) and not _THOUSANDS.fullmatch(value):
            return float(value.replace(",", "."))
        self.fault(column, f"{quoted(value)} cannot be used", "a number of 0 or more, like 1200 or 12.5")
        return default

    def flag(self, column: str) -> bool:
        """Yes or no; empty is no."""
        value = self.word(column)
        if value not in _YES | _NO:
            self.fault(column, f"{quoted(self.text(column))} is neither yes nor no", "1 or empty")
        return value in _YES

    def one_of(self, column: str, words: Collection[str], default: str) -> str:
        """One of a few words."""
        value = self.word(column) or default
        if value in words:
            return value
        self.fault(column, f"unknown {column} {quoted(value)}", instead(value, sorted(words)))
        return default

    def moments(self, column: str) -> tuple[datetime, ...]:
        """Dates and times between `|`, local and in the order given."""
        parts = [part.strip() for part in self.text(column).split("|") if part.strip()]
        return tuple(moment for part in parts if (moment := self._moment(column, part)))

    def _moment(self, column: str, value: str) -> datetime | None:
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            self.fault(column, f"{quoted(value)} is not a date", _LOCAL)
            return None
        if moment.tzinfo is not None:
            self.fault(column, f"{quoted(value)} names a time zone", _LOCAL)
            return None
        return moment


def cells_of(table: Table | None, faults: FaultList) -> Iterator[Cells]:
    """Every row of a table, from top to bottom; no table has none."""
    if table is not None:
        for row, cells in table.rows:
            yield Cells(table.file, row, dict(zip(table.columns, cells, strict=True)), faults)


def shown(ids: Collection[str]) -> str:
    """A few ids for a sentence."""
    first = [printable(i, 30) for i in sorted(ids)[:6]]
    more = len(ids) - len(first)
    return f"{', '.join(first)} and {more} more" if more else ", ".join(first)
