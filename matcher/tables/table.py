"""A table as text: rows numbered as in a spreadsheet, columns under their known names."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from unicodedata import normalize

from matcher.messages import Key, Message

LONGEST = 200
MOST_COLUMNS = 1000

_ESCAPED = re.compile(r"'+[=+\-@]")
_SPACES = "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_UNSEEN = "\u00ad\u180e\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
ODD = re.compile(f"[{_SPACES}{_UNSEEN}]")
"""Spaces that do not break, and marks that nobody sees."""
_PLAIN = str.maketrans(dict.fromkeys(_SPACES, " ") | dict.fromkeys(_UNSEEN, ""))


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
    notes: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True)
class SheetChoice:
    """Which sheet of a workbook was read, and the names of the others."""

    name: str
    others: tuple[str, ...] = ()


def cleaned(cell: str) -> str:
    """A cell without outer spaces and marks that nobody sees, in one Unicode form, without the quote that keeps
    formulas harmless."""
    if not cell.isascii():
        cell = normalize("NFC", cell.translate(_PLAIN))
    cell = cell.strip()
    return cell[1:] if _ESCAPED.match(cell) else cell


def escaped(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula: a quote in front, which `cleaned` takes off."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@") or _ESCAPED.match(cell) else cell
