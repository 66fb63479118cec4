"""Files as people send them: what can be read is read, and what cannot is refused with what would be right."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from dataclasses import replace

import pytest

import config
from matcher.tables.sheet import WorkbookBudget
from tests.web import sheets
from web.services.signups.importing import faults, reading
from web.services.signups.importing.headers import TITLES
from web.services.signups.importing.lines import ERROR, FORMULA, MERGED, ImportSheet, letter
from web.uploads.reading import rows_within

UNPACKED = WorkbookBudget().unpacked


@pytest.fixture
def limits(settings: config.Settings) -> config.settings.Limits:
    return settings.limits


def read(data: bytes, limits: config.settings.Limits) -> ImportSheet:
    return reading.read(data, limits, rows_within)


def packed(**parts: bytes) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/"), content)
    return data.getvalue()


def with_part(data: bytes, name: str, content: bytes) -> bytes:
    more = io.BytesIO(data)
    with zipfile.ZipFile(more, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return more.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_every_encoding_and_separator_that_people_use(encoding: str, separator: str, limits) -> None:
    text = sheets.table(["Zoë", "email", "zoë@voorbeeld.example", "", "", "1|2"], separator=separator)
    sheet = read(text.encode(encoding), limits)
    assert sheet.header.cells == tuple(sheets.HEADER)
    assert sheet.lines[0].cells[0] == "Zoë"


def test_rows_keep_their_number_and_blank_ones_are_nobody(limits) -> None:
    sheet = read(sheets.table(sheets.BART, [""] * 6, [" "] * 6, sheets.BART).encode(), limits)
    assert [line.number for line in sheet.lines] == [2, 5]
    sheet = read(sheets.workbook([[], sheets.HEADER, sheets.BART, [None, ""], sheets.BART]), limits)
    assert (sheet.header.number, [line.number for line in sheet.lines]) == (2, [3, 5])


def test_the_line_that_excel_writes_about_its_separator_is_nobody(limits) -> None:
    assert read(("sep=;\n" + sheets.table(sheets.BART)).encode(), limits).header.cells[0] == "Voornaam"


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", faults.Empty),
        (b" \r\n\t\n", faults.Empty),
        (sheets.table().encode(), faults.HeaderOnly),
        (sheets.workbook([sheets.HEADER]), faults.HeaderOnly),
        (sheets.workbook([]), faults.Empty),
        (OLE, faults.OldOrLocked),
        (b"%PDF-1.7\n1 0 obj", faults.NoTable),
        (b"<html><table><tr><td>voornaam</td></tr></table>", faults.NoTable),
        (bytes(range(256)) * 8, faults.NoTable),
        (b"\x89PNG\r\n\x1a\n" + bytes(64), faults.NoTable),
        (b"PK\x03\x04" + b"no zip at all", faults.NoTable),
        (packed(mimetype=b"application/vnd.oasis.opendocument.spreadsheet", content=b"<x/>"), faults.NoTable),
        (packed(xl__workbook=b"x"), faults.NoTable),
        (sheets.workbook([sheets.HEADER, sheets.BART])[:-700], faults.NoTable),
        (with_part(sheets.workbook([sheets.HEADER]), "xl/vbaProject.bin", b"x"), faults.Macros),
        (with_part(sheets.workbook([sheets.HEADER]), "xl/macrosheets/sheet1.xml", b"x"), faults.Macros),
        (with_part(sheets.workbook([sheets.HEADER]), "xl/media/bomb.bin", bytes(UNPACKED)), faults.TooLarge),
        (b'voornaam;bereik\nBart;"email\n' + b"x" * 200_000, faults.Broken),
    ],
)
def test_what_is_no_list_of_people_is_refused(data: bytes, error: type[faults.Unusable], limits) -> None:
    with pytest.raises(faults.Unusable) as told:
        read(data, limits)
    assert type(told.value) is error
    assert told.value.sentence % told.value.values


def test_too_many_people_or_bytes_are_refused(limits) -> None:
    few = replace(limits, import_people=2)
    assert len(read(sheets.table(*[sheets.BART] * 2).encode(), few).lines) == 2
    many = [sheets.BART] * (3 + TITLES)
    for data in (sheets.table(*many).encode(), sheets.workbook([sheets.HEADER, *many])):
        with pytest.raises(faults.TooMany):
            read(data, few)
    with pytest.raises(faults.TooLarge):
        read(b"x" * 101, replace(limits, upload_bytes=100))


def with_rows(data: bytes, more: bytes) -> bytes:
    """A workbook with more rows in its sheet."""
    changed, old = io.BytesIO(), zipfile.ZipFile(io.BytesIO(data))
    with zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in old.namelist():
            archive.writestr(name, old.read(name).replace(b"</sheetData>", more + b"</sheetData>"))
    return changed.getvalue()


def test_a_million_coloured_rows_below_the_people_are_nobody(limits) -> None:
    blank = b"".join(b'<row r="%d"><c r="A%d" s="1"/></row>' % (n, n) for n in range(3, 60_000))
    data = with_rows(sheets.workbook([sheets.HEADER, sheets.BART]), blank)
    assert len(read(data, limits).lines) == 1


def test_somebody_far_below_is_not_overlooked(limits) -> None:
    data = with_rows(sheets.workbook([sheets.HEADER, sheets.BART]), b'<row r="99999"><c r="A99999"><v>1</v></c></row>')
    with pytest.raises(faults.TooLarge):
        read(data, limits)


def test_formulas_are_values_and_without_a_value_a_fault(limits) -> None:
    sheet = read(sheets.workbook([sheets.HEADER, ["=UPPER(A1)", "email", "#REF!"], sheets.BART]), limits)
    assert sheet.lines[0].cells[:2] == ("", "email")
    assert (0, FORMULA) in sheet.lines[0].faults
    assert sheet.lines[1].faults == ()


def test_a_formula_that_fails_is_a_fault(limits) -> None:
    sheet = read(sheets.workbook([sheets.HEADER, ["Bart", "#N/A"]]), limits)
    assert sheet.lines[0].faults == ((1, ERROR),)


def test_merged_cells_are_named_on_every_row_they_touch(limits) -> None:
    sheet = read(sheets.workbook([sheets.HEADER, sheets.BART, sheets.BART, sheets.BART], ["B2:B3", "D3:E3"]), limits)
    assert [line.faults for line in sheet.lines] == [((1, MERGED),), ((1, MERGED), (3, MERGED), (4, MERGED)), ()]


def test_columns_are_named_as_a_spreadsheet_does() -> None:
    assert [letter(n) for n in (0, 25, 26, 51, 702)] == ["A", "Z", "AA", "AZ", "AAA"]


def test_the_import_brings_no_solver_and_no_pandas() -> None:
    heavy = "[m for m in ('pandas', 'ortools', 'numba') if m in sys.modules]"
    code = f"import sys, web.services.signups.importing; print({heavy})"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
