"""The list of a facilitator as a spreadsheet: the same columns as on paper, and nothing that a program could run."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

import xlsxwriter

from matcher.report.sheets import Names, Sheet, styles
from matcher.report.workbook import EPOCH, SAFE
from matcher.tables.table import escaped
from matcher.words import Words
from web.languages import words_in
from web.printing.plain import plain
from web.printing.values import GroupList, ListedGroup

COLUMNS = {"present": 9.0, "name": 24.0, "languages": 22.0, "needs": 34.0, "buddy": 22.0}
WHERE = ("table", "place", "time")


def group_list_csv(paper: GroupList, lang: str = "nl") -> bytes:
    """One row per person, in UTF-8 with a byte order mark and semicolons.

    The Excel of a Dutch computer splits at semicolons, whatever language the list is in, and takes a file without
    the mark for Windows-1252; LibreOffice asks, and proposes both.
    """
    text = words_in(lang)
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(text(f"paper.list.{name}") for name in (*WHERE, *COLUMNS))
    for group in paper.groups:
        where = [plain(value) for value in (group.table, group.place, group.time)]
        writer.writerows([escaped(cell) for cell in (*where, *row)] for row in _rows(group))
    return out.getvalue().encode("utf-8-sig")


def group_list_xlsx(paper: GroupList, lang: str = "nl") -> bytes:
    """One sheet per group, laid out to print on A4 and with 'destroy afterwards' in its footer."""
    text, out, names = words_in(lang), io.BytesIO(), Names()
    with xlsxwriter.Workbook(out, {**SAFE, "in_memory": True}) as book:
        book.set_properties({"title": plain(paper.title), "comments": text("paper.list.destroy"), "created": EPOCH})
        style = styles(book)
        for group in paper.groups:
            name = names.take(_narrow(text("paper.list.called", table=group.table)), text("paper.list.table"))
            _sheet(text, Sheet(book.add_worksheet(name), style), paper, group)
        if not paper.groups:
            book.add_worksheet(names.take(text("paper.list.none"), "-"))
    return out.getvalue()


def _sheet(text: Words, sheet: Sheet, paper: GroupList, group: ListedGroup) -> None:
    title = plain(f"{text('paper.list.called', table=group.table)}: {group.place}, {group.time}")
    hint = plain(" · ".join(filter(None, (paper.title, group.language, text("paper.list.made", when=paper.made)))))
    sheet.head(text, title, hint, [(text(f"paper.list.{name}"), width) for name, width in COLUMNS.items()])
    rows = [*_rows(group), *[("",) * len(COLUMNS)] * paper.walk_ins]
    for number, row in enumerate(rows, start=3):
        sheet.row(number, row)
        sheet.text(number, 0, "", "box")


def _narrow(text: str) -> str:
    """Without the characters that count twice in the length of a sheet's name (emoji, old scripts)."""
    return "".join(c for c in plain(text) if c <= "\uffff")


def _rows(group: ListedGroup) -> Iterator[tuple[str, ...]]:
    for person in group.people:
        yield ("", *(plain(value) for value in (person.name, person.languages, person.needs, person.buddy)))
