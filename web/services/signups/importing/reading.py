"""Bytes to rows of text: CSV in the encodings and with the separators that people use, and workbooks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from config.settings import Limits
from matcher.tables.reading import UnreadableTable, records_of, text_of
from web.services.signups.importing import workbooks
from web.services.signups.importing.faults import Broken, Empty, HeaderOnly, NoTable, OldOrLocked, TooLarge, TooMany
from web.services.signups.importing.lines import ImportLine

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_OTHERS = (b"%PDF", b"{\\rtf", b"<", b"PK")
"""PDF, rich text, web pages, broken zips: text to a decoder, but no table."""


@dataclass(frozen=True, slots=True)
class ImportSheet:
    """The names of the columns, and every row that holds something."""

    header: ImportLine
    lines: tuple[ImportLine, ...]


def read(data: bytes, limits: Limits) -> ImportSheet:
    """The table in a file. Raises a subclass of Unusable."""
    if len(data) > limits.upload_bytes:
        raise TooLarge
    filled = (line for line in _lines(data) if not line.empty)
    header = next(filled, None)
    if header is None:
        raise Empty
    people: list[ImportLine] = []
    for line in filled:
        if len(people) == limits.import_people:
            raise TooMany(most=limits.import_people)
        people.append(line)
    if not people:
        raise HeaderOnly
    return ImportSheet(header, tuple(people))


def _lines(data: bytes) -> Iterator[ImportLine]:
    if not data.strip():
        raise Empty
    if data.startswith(_OLE):
        raise OldOrLocked
    if data.startswith(_ZIP):
        return workbooks.lines_of(data)
    return _text_lines(data)


def _text_lines(data: bytes) -> Iterator[ImportLine]:
    _refuse_other_files(data)
    records = records_of(data)
    number = 0
    try:
        for number, cells in enumerate(records, 1):
            if number > 1 or not _names_separator(cells):
                yield ImportLine(number, tuple(cells))
    except UnreadableTable as error:
        raise Broken(row=error.row) from None


def _refuse_other_files(data: bytes) -> None:
    try:
        text = text_of(data)
    except UnreadableTable:
        raise NoTable from None
    if "\0" in text or data.lstrip().startswith(_OTHERS):
        raise NoTable


def _names_separator(cells: list[str]) -> bool:
    """Excel's own first line `sep=;`, which holds nobody."""
    return bool(cells) and cells[0].lower().startswith("sep=") and len("".join(cells)) <= len("sep=;")
