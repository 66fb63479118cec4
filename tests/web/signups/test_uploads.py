"""Files that are made to do harm: each is refused with a sentence, in a process of its own, while nobody waits."""

from __future__ import annotations

import io
import subprocess
import zipfile
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from matcher.tables.sheet import BudgetSpent, WorkbookBudget
from matcher.tables.workbook import rows_of
from tests.web import sheets
from web.uploads import ReadLimits, Unread, apart, read_apart
from web.uploads.reading import rows_within

LIMITS = ReadLimits(people=5000)


def written() -> bytes:
    """A workbook as Excel writes it: with shared texts, and a date that is a number."""
    data = io.BytesIO()
    with xlsxwriter.Workbook(data) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, sheets.HEADER)
        page.write_row(1, 0, sheets.BART)
        page.write_datetime(1, 6, datetime(2026, 11, 30), book.add_format({"num_format": "d-m-yyyy"}))
    return data.getvalue()


GOOD = written()


def with_parts(**changed: str | bytes) -> bytes:
    """The good workbook with other or more parts; in names `__` is a slash and `_xml` the end."""
    new, old = io.BytesIO(), zipfile.ZipFile(io.BytesIO(GOOD))
    parts: dict[str, str | bytes] = {name: old.read(name) for name in old.namelist()}
    parts |= {name.replace("__", "/").replace("_xml", ".xml"): said for name, said in changed.items()}
    with zipfile.ZipFile(new, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, said in parts.items():
            archive.writestr(name, said)
    return new.getvalue()


def sheet(rows: str, after: str = "") -> bytes:
    """The good workbook with other rows."""
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    part = f"<worksheet {space}><dimension ref='A1:XFD1048576'/><sheetData>{rows}</sheetData>{after}</worksheet>"
    return with_parts(xl__worksheets__sheet1_xml=part)


def merges(count: int) -> str:
    return "<mergeCells>" + "<mergeCell ref='A1:CV20000'/>" * count + "</mergeCells>"


STRINGS = "<sst>" + "<si><t>abcdefghij</t></si>" * 30 + "</sst>"
STYLES = "<styleSheet><cellXfs>" + "<xf numFmtId='0'/>" * 30 + "</cellXfs></styleSheet>"


@pytest.mark.parametrize(
    ("spent", "data"),
    [
        ("parts", with_parts(**{f"xl__worksheets__more{n}_xml": "" for n in range(20)})),
        ("unpacked", with_parts(xl__media__picture=bytes(100_000))),
        ("cells", sheet("<row r='1'>" + "<c/>" * 30 + "</row>")),
        ("strings", with_parts(xl__sharedStrings_xml=STRINGS)),
        ("characters", with_parts(xl__sharedStrings_xml=STRINGS)),
        ("styles", with_parts(xl__styles_xml=STYLES)),
        ("merges", sheet("<row r='1'><c><v>1</v></c></row>", merges(30))),
        ("depth", sheet("<a>" * 30 + "</a>" * 30)),
        ("rows", sheet("<row r='30'><c><v>1</v></c></row>")),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_every_budget_of_a_workbook_ends_the_reading(spent: str, data: bytes) -> None:
    few = replace(WorkbookBudget(), **{spent: 50_000 if spent == "unpacked" else 25})
    with pytest.raises(BudgetSpent) as refused:
        list(rows_of(data, few))
    assert refused.value.what == spent


def test_what_costs_nothing_is_read_all_the_same() -> None:
    """A dimension that lies, other sheets, names and links to other books: they are never opened."""
    lies = sheet("<row><c t='inlineStr'><is><t>Naam</t></is></c></row><row r='3'><c r='B3' t='str'><v>x</v></c></row>")
    assert [row.cells for row in rows_of(lies, WorkbookBudget())] == [("Naam",), (), ("", "x")]
    assert rows_within(GOOD, LIMITS)[1].cells == (*sheets.BART, "2026-11-30T00:00:00")
    linked = with_parts(xl__externalLinks__link1_xml="no xml", xl__worksheets__sheet2_xml="no xml either")
    assert len(rows_within(linked, LIMITS)) == 2


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        # Two thousand merges over everything, and somebody at the bottom.
        (sheet("<row r='20000'><c><v>1</v></c></row>", merges(1999)), "TooMany"),
        (sheet("<!DOCTYPE a>" + "<row/>"), "NoTable"),
        (with_parts(xl__workbook_xml="<!DOCTYPE a [<!ENTITY b 'c'>]><workbook>&b;</workbook>"), "NoTable"),
        (sheet("<row><c t='s'><v>99</v></c></row>"), "NoTable"),
        (sheet("<row><c r='ZZZZ1'><v>1</v></c></row>"), "NoTable"),
        (b"x;" * 100_000 + b"x\n", "TooWide"),
        (b'naam\n"' + b"x" * 300_000, "Broken"),
        (b'naam\n"' + b'x";"' * 200_000, "Broken"),
        ("naam\n".encode("utf-16") + b"\x00\xd8\x00\xd8", "NoTable"),
    ],
    ids=["merges", "entities", "more entities", "strings", "columns", "wide", "quote", "quotes", "encoding"],
)
def test_a_file_made_to_do_harm_is_refused(data: bytes, kind: str) -> None:
    with pytest.raises(Unread) as refused:
        rows_within(data, LIMITS)
    assert refused.value.kind == kind


def test_the_process_that_reads_has_little_memory_little_time_and_no_keys(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REBUBBELEN_KEYS", "secret")
    given: dict[str, Any] = {}
    run = subprocess.run
    monkeypatch.setattr(apart.subprocess, "run", lambda *words, **more: given.update(more) or run(*words, **more))
    assert [row.cells[0] for row in read_apart(GOOD, LIMITS, tmp_path)] == ["Voornaam", "Bart"]
    assert "secret" not in repr(given["env"])
    for data, limits, kind in [
        (b"naam\n" + b"x\n" * 8_000_000, replace(LIMITS, memory=100 << 20), "TooLarge"),
        (GOOD, replace(LIMITS, wall=0), "Busy"),
        (b"naam\n" + b",\n" * 8_000_000, replace(LIMITS, cpu=1), "TooSlow"),
    ]:
        slots = [(tmp_path / f"reading-{n}.lock").open("a") for n in range(apart.SLOTS)]
        if kind == "Busy":
            assert all(apart._taken(slot.fileno()) for slot in slots)
        with pytest.raises(Unread) as refused:
            read_apart(data, limits, tmp_path)
        assert refused.value.kind == kind
        for slot in slots:
            slot.close()
