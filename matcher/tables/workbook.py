"""The first sheet of an .xlsx, row by row as text, within a budget: a file of 2 kB may hold millions of cells.

Read as a stream, straight from the XML (ECMA-376, part 1, chapter 18): what is not needed, as pictures, other sheets,
defined names and links to other books, is never opened. Nothing but the standard library until a date turns up.
"""

from __future__ import annotations

import io
import posixpath
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from xml.parsers import expat
from zipfile import ZipFile

MERGED, FORMULA, ERROR = "merged", "formula", "error"
"""Cells that hold no text we may trust: stands over several, was never worked out, went wrong."""
Fault = tuple[int, str]
Handler = Callable[[str, dict[str, str]], None]
_CHUNK = 1 << 16
_RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships"


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


def rows_of(data: bytes, budget: WorkbookBudget) -> Iterator[SheetRow]:
    """Every row up to the last that holds something, blank ones included. Raises BudgetSpent or DamagedWorkbook."""
    try:
        yield from _Book(data, budget).rows()
    except (BudgetSpent, DamagedWorkbook):
        raise
    except MemoryError:
        raise BudgetSpent("unpacked") from None
    except Exception:  # A damaged workbook fails in as many ways as it has parts.
        raise DamagedWorkbook from None


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


class _Book:
    """The parts of a workbook that a list of people needs."""

    def __init__(self, data: bytes, budget: WorkbookBudget) -> None:
        self.archive, self.budget = ZipFile(io.BytesIO(data)), budget
        parts = self.archive.infolist()
        if len(parts) > budget.parts:
            raise BudgetSpent("parts")
        if sum(part.file_size for part in parts) > budget.unpacked:
            raise BudgetSpent("unpacked")
        self.names = {part.filename.lower(): part.filename for part in parts}
        if "xl/workbook.xml" not in self.names:
            raise DamagedWorkbook
        self.from_1904 = False

    def rows(self) -> Iterator[SheetRow]:
        links = self._links()
        sheet = next(links[id] for id in self._sheets() if id in links and links[id][0].endswith("/worksheet"))
        by_kind = {kind.rpartition("/")[2]: path for kind, path in links.values()}
        strings = self._strings(by_kind.get("sharedStrings", ""))
        dates = self._dates(by_kind.get("styles", ""))
        reader = _Sheet(self.budget, strings, dates, self.from_1904)
        self.parse(sheet[1], reader.start, reader.end, reader.text)
        return reader.rows()

    def parse(
        self,
        part: str,
        start: Handler,
        end: Callable[[str], None] | None = None,
        text: Callable[[str], None] | None = None,
    ) -> None:
        """Stream one part of the archive through handlers, which see names without their name spaces."""
        parser = expat.ParserCreate(namespace_separator=" ")
        depth = 0

        def started(name: str, attributes: dict[str, str]) -> None:
            nonlocal depth
            depth += 1
            if depth > self.budget.depth:
                raise BudgetSpent("depth")
            start(name.rpartition(" ")[2], attributes)

        def ended(name: str) -> None:
            nonlocal depth
            depth -= 1
            if end is not None:
                end(name.rpartition(" ")[2])

        def refused(*_: object) -> None:
            raise DamagedWorkbook

        parser.StartElementHandler, parser.EndElementHandler = started, ended
        parser.StartDoctypeDeclHandler = refused
        parser.buffer_text = True
        if text is not None:
            parser.CharacterDataHandler = text
        with self.archive.open(self.names[part.lower()]) as stream:
            while chunk := stream.read(_CHUNK):
                parser.Parse(chunk, False)
        parser.Parse(b"", True)

    def _sheets(self) -> list[str]:
        """The ids of the sheets, the first one first."""
        found: list[str] = []

        def start(name: str, attributes: dict[str, str]) -> None:
            if name == "sheet":
                found.append(attributes.get(f"{_RELS} id") or attributes.get(f"{_STRICT} id", ""))
            elif name == "workbookPr":
                self.from_1904 = attributes.get("date1904") in ("1", "true")

        self.parse("xl/workbook.xml", start)
        return found

    def _links(self) -> dict[str, tuple[str, str]]:
        """By id: the kind of part, and where it lies."""
        found: dict[str, tuple[str, str]] = {}

        def start(name: str, attributes: dict[str, str]) -> None:
            if name == "Relationship" and attributes.get("TargetMode") != "External":
                path = posixpath.normpath(posixpath.join("/xl", attributes["Target"])).lstrip("/")
                found[attributes["Id"]] = (attributes["Type"], path)

        self.parse("xl/_rels/workbook.xml.rels", start)
        return found

    def _strings(self, part: str) -> list[str]:
        """The texts that cells refer to by number; what is said aloud beside Japanese is left out."""
        found: list[str] = []
        if part.lower() not in self.names:
            return found
        pieces: list[str] = []
        within, aloud, spent = False, False, 0

        def start(name: str, _: dict[str, str]) -> None:
            nonlocal within, aloud
            within, aloud = name == "t" and not aloud, aloud or name == "rPh"

        def end(name: str) -> None:
            nonlocal within, aloud
            within = False
            if name == "rPh":
                aloud = False
            elif name == "si":
                if len(found) == self.budget.strings:
                    raise BudgetSpent("strings")
                found.append("".join(pieces).replace("x005F_", ""))
                pieces.clear()

        def text(piece: str) -> None:
            nonlocal spent
            if within:
                spent += len(piece)
                if spent > self.budget.characters:
                    raise BudgetSpent("characters")
                pieces.append(piece)

        self.parse(part, start, end, text)
        return found

    def _dates(self, part: str) -> dict[int, str]:
        """The styles that show a number as a date or a time: their number, and how it is written."""
        formats: dict[int, str] = {}
        styles: list[int] = []
        if part.lower() not in self.names:
            return {}
        within = False

        def start(name: str, attributes: dict[str, str]) -> None:
            nonlocal within
            if name == "numFmt":
                formats[int(attributes["numFmtId"])] = attributes["formatCode"]
            elif name == "cellXfs":
                within = True
            elif within and name == "xf":
                styles.append(int(attributes.get("numFmtId", 0)))
            if len(formats) + len(styles) > self.budget.styles:
                raise BudgetSpent("styles")

        def end(name: str) -> None:
            nonlocal within
            within = within and name != "cellXfs"

        self.parse(part, start, end)
        if not any(number in formats or 14 <= number <= 47 for number in styles):
            return {}
        return _those_of_dates(styles, formats)


def _those_of_dates(styles: list[int], formats: dict[int, str]) -> dict[int, str]:
    from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format

    written = {number: formats.get(number) or BUILTIN_FORMATS.get(number, "") for number in set(styles)}
    shows = {number for number, code in written.items() if code and is_date_format(code)}
    return {at: written[number] for at, number in enumerate(styles) if number in shows}


@dataclass(slots=True)
class _Sheet:
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
