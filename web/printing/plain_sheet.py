"""Rows of text as a spreadsheet: one sheet with a heading, in which nothing can be run."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

import xlsxwriter

from matcher.report.workbook import EPOCH, SAFE
from matcher.tables.table import escaped
from web.printing.plain import plain

WIDTH = 22


@dataclass(frozen=True, slots=True)
class PlainSheet:
    """A title, the names of the columns, and the rows below them."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]


def plain_csv(sheet: PlainSheet) -> bytes:
    """As Excel in the Netherlands opens it: with `;` and a byte order mark."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerows([escaped(plain(cell)) for cell in row] for row in (sheet.columns, *sheet.rows))
    return out.getvalue().encode("utf-8-sig")


def plain_xlsx(sheet: PlainSheet) -> bytes:
    """Every cell is text: as a number a phone would lose its 0."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {**SAFE, "in_memory": True}) as book:
        book.set_properties({"title": plain(sheet.title), "created": EPOCH})
        page, head, text = book.add_worksheet(), book.add_format({"bold": True}), book.add_format({"num_format": "@"})
        page.set_column(0, max(0, len(sheet.columns) - 1), WIDTH)
        page.freeze_panes(1, 0)
        for number, row in enumerate((sheet.columns, *sheet.rows)):
            for column, cell in enumerate(row):
                page.write_string(number, column, plain(cell), text if number else head)
    return out.getvalue()
