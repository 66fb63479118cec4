"""One sheet of an .xlsx, row by row as text, within a budget: a file of 2 kB may hold millions of cells.

Read as a stream, straight from the XML (ECMA-376, part 1, chapter 18): what is not needed, as pictures, other sheets,
defined names and links to other books, is never opened. Nothing but the standard library until a date turns up.
"""

from __future__ import annotations

import io
import posixpath
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from xml.parsers import expat
from zipfile import ZipFile

from matcher.tables.sheet import BudgetSpent, DamagedWorkbook, SheetReader, SheetRow, WorkbookBudget

Handler = Callable[[str, dict[str, str]], None]
_CHUNK = 1 << 16
_RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships"


def rows_of(data: bytes, budget: WorkbookBudget, sheet: str = "") -> Iterator[SheetRow]:
    """Every row up to the last that holds something, blank ones included, of the first sheet or the one of a name.

    Raises BudgetSpent or DamagedWorkbook.
    """
    with _guarded():
        yield from _Book(data, budget).rows(sheet)


def sheets_of(data: bytes, budget: WorkbookBudget) -> list[str]:
    """The names of the sheets with cells, hidden ones last. Raises BudgetSpent or DamagedWorkbook."""
    with _guarded():
        leaves = _Book(data, budget).leaves()
        return [leaf.name for leaf in sorted(leaves, key=lambda leaf: leaf.hidden)]


@contextmanager
def _guarded() -> Iterator[None]:
    try:
        yield
    except (BudgetSpent, DamagedWorkbook):
        raise
    except MemoryError:
        raise BudgetSpent("unpacked") from None
    except Exception:  # A damaged workbook fails in as many ways as it has parts.
        raise DamagedWorkbook from None


@dataclass(frozen=True, slots=True)
class _Leaf:
    """A sheet of a workbook, and the part that holds its cells."""

    name: str
    part: str
    hidden: bool


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

    def rows(self, sheet: str = "") -> Iterator[SheetRow]:
        part = next(leaf.part for leaf in self.leaves() if sheet in ("", leaf.name))
        by_kind = {kind.rpartition("/")[2]: path for kind, path in self._links().values()}
        strings = self._strings(by_kind.get("sharedStrings", ""))
        dates = self._dates(by_kind.get("styles", ""))
        reader = SheetReader(self.budget, strings, dates, self.from_1904)
        self.parse(part, reader.start, reader.end, reader.text)
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

    def leaves(self) -> list[_Leaf]:
        """The sheets with cells, the first one first; charts and macros are none."""
        found: list[_Leaf] = []
        links = self._links()

        def start(name: str, attributes: dict[str, str]) -> None:
            if name == "sheet":
                kind, part = links.get(attributes.get(f"{_RELS} id") or attributes.get(f"{_STRICT} id", ""), ("", ""))
                if kind.endswith("/worksheet"):
                    hidden = attributes.get("state", "visible") != "visible"
                    found.append(_Leaf(attributes.get("name", ""), part, hidden))
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
