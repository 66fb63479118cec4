"""Files of people, from bytes to rows: in a process of its own, as the import does it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import xlsxwriter

from matcher.bench.table import Row
from web.uploads import ReadLimits, read_apart

HEADER = ("voornaam", "bereik", "e-mail", "telefoon", "via", "tijden", "talen", "opmerking")
TARGETS = {60: "<= 0.5 s", 5000: "<= 3 s"}


def cases() -> Iterator[Row]:
    """A short list and the longest one."""
    with TemporaryDirectory() as folder:
        for people, target in TARGETS.items():
            data, began = _workbook(people), time.perf_counter()
            rows = read_apart(data, ReadLimits(people=people), Path(folder))
            took = time.perf_counter() - began
            yield f"a workbook of {people} people is read", f"{len(rows) - 1} people; {took:.2f} s", target


def _workbook(people: int) -> bytes:
    data = BytesIO()
    with xlsxwriter.Workbook(data) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, HEADER)
        for row in range(1, people + 1):
            cells = (
                f"Buur {row}",
                "e-mail",
                f"buur{row}@voorbeeld.example",
                "",
                "",
                "1|2",
                "nl|ar",
                "komt met de buurvrouw",
            )
            page.write_row(row, 0, cells)
    return data.getvalue()
