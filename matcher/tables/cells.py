"""The cells of one row, read as what they should be; what cannot be read is a fault."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from matcher.domain import NONE
from matcher.faults import FaultList, instead, several, written
from matcher.messages import Key, Message, Value
from matcher.tables.table import Table
from matcher.toml.kinds import whole_number

_YES = frozenset(["1", "1.0", "true", "t", "yes", "y", "x", "ja", "j", "waar", "v", "✓", "✔"])
_NO = frozenset(["", "0", "0.0", "false", "f", "no", "n", "nee", "neen", "onwaar"])
_WHOLE = re.compile(r"-?\d{1,18}(\.0)?", re.ASCII)
_NUMBER = re.compile(r"\d{1,12}([.,]\d{1,12})?", re.ASCII)
_THOUSANDS = re.compile(r"[1-9]\d{0,2}[.,]\d{3}", re.ASCII)
"""1.234 is a thousand to one and a little more than one to another."""
MANY = 1_000_000
UNKNOWN = {
    "person": Key("fault.unknown_person"),
    "session": Key("fault.unknown_session"),
    "dimension": Key("fault.unknown_dimension"),
}
"""What is said of an id that nothing of this kind has."""


@dataclass(frozen=True, slots=True)
class Cells:
    """One row of a table; an absent column is empty."""

    file: str
    row: int
    values: Mapping[str, str]
    faults: FaultList

    def fault(self, column: str, what: Message, right: Message) -> None:
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

    def ranked(self, column: str, known: Collection[str] | None, kind: str) -> frozenset[str] | tuple[str, ...]:
        """References like those of `known`, in the order of the cell; one alone needs no order."""
        values = self.known(column, known, kind)
        pieces = dict.fromkeys(piece.strip() for piece in self.text(column).split("|"))
        ordered = tuple(piece for piece in pieces if piece in values)
        return ordered if len(ordered) == len(values) > 1 else values

    def words(self, column: str) -> frozenset[str]:
        """Several values in lower case."""
        return frozenset(value.casefold() for value in self.several(column))

    def id(self, column: str, *, unique: Collection[str] = ()) -> str:
        """An id; it must be there, must not be a list, and not be one of `unique`."""
        value = self.text(column)
        if not value:
            self.fault(column, Message.of("fault.empty"), Message.of("fix.id"))
        elif "|" in value:
            self.fault(column, Message.of("fault.is_list", value=written(value)), Message.of("fix.no_list"))
        elif value in unique:
            self.fault(column, Message.of("fault.twice", value=written(value)), Message.of("fix.own_id"))
        return value

    def known(self, column: str, known: Collection[str] | None, kind: str) -> frozenset[str]:
        """References to ids of a kind in UNKNOWN; unknown ones are faults, unless the ids could not be read (None)."""
        values = self.several(column)
        for value in sorted(values) if known is not None else ():
            self.refer(column, value, known, kind)
        return values

    def refer(self, column: str, value: str, known: Collection[str] | None, kind: str) -> None:
        """One reference, like those of `known`."""
        if known is not None and value not in known:
            right = instead(value, known)
            if any(sign in value for sign in ",;"):
                right = Message.of("fix.bar", fix=right)
            self.fault(column, Message.of(UNKNOWN[kind], value=written(value)), right)

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
        self.fault(column, Message.of("fault.unusable", value=written(value)), whole_number(low, high))
        return None

    def number(self, column: str, default: float) -> float:
        """A finite number of 0 or more, with a decimal point or comma."""
        value = self.text(column)
        if not value:
            return default
        if _NUMBER.fullmatch(value) and not _THOUSANDS.fullmatch(value):
            return float(value.replace(",", "."))
        self.fault(column, Message.of("fault.unusable", value=written(value)), Message.of("fix.number"))
        return default

    def flag(self, column: str) -> bool:
        """Yes or no; empty is no."""
        value = self.word(column)
        if value not in _YES | _NO:
            self.fault(column, Message.of("fault.no_flag", value=written(self.text(column))), Message.of("fix.flag"))
        return value in _YES

    def mode(self, column: str, words: Collection[str], default: str) -> str:
        """One of a few ways to meet."""
        value = self.word(column) or default
        if value in words:
            return value
        self.fault(column, Message.of("fault.unknown_mode", value=written(value)), instead(value, sorted(words)))
        return default

    def moments(self, column: str) -> tuple[datetime, ...]:
        """Dates and times between `|`, local and in the order given."""
        parts = [part.strip() for part in self.text(column).split("|") if part.strip()]
        return tuple(moment for part in parts if (moment := self._moment(column, part)))

    def _moment(self, column: str, value: str) -> datetime | None:
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            self.fault(column, Message.of("fault.no_date", value=written(value)), Message.of("fix.local_time"))
            return None
        if moment.tzinfo is not None:
            self.fault(column, Message.of("fault.time_zone", value=written(value)), Message.of("fix.local_time"))
            return None
        return moment


def cells_of(table: Table | None, faults: FaultList) -> Iterator[Cells]:
    """Every row of a table, from top to bottom; no table has none."""
    if table is not None:
        for row, cells in table.rows:
            yield Cells(table.file, row, dict(zip(table.columns, cells, strict=True)), faults)


def few(ids: Collection[str]) -> Value:
    """A few ids for a sentence."""
    return several(sorted(ids), limit=6, length=30)
