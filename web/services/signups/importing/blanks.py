"""The empty file to fill in: a workbook with an example and every allowed answer, or a CSV with the same columns."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

import xlsxwriter
from flask_babel import gettext as _

from web.services.signups.importing.columns import Column

ROWS = 500
"""How many rows offer a list to choose from."""


def blank_csv(columns: Sequence[Column]) -> bytes:
    """The names of the columns, as Excel in the Netherlands opens it: with `;` and a byte order mark."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=";").writerow([column.name for column in columns])
    return text.getvalue().encode("utf-8-sig")


def blank_workbook(columns: Sequence[Column]) -> bytes:
    """An empty sheet, a sheet with three invented people and one with the allowed answers."""
    data = io.BytesIO()
    with xlsxwriter.Workbook(data, {"in_memory": True, "strings_to_formulas": False}) as book:
        looks = {
            "head": book.add_format(
                {"bold": True, "bg_color": "#E4ECF4", "border": 1, "text_wrap": True, "valign": "top"}
            ),
            # Text: as a number a phone loses its 0, and 1|2 would become a date.
            "text": book.add_format({"num_format": "@"}),
        }
        sheet = _sheet(book, _("Aanmeldingen"), columns, looks)
        _fill(_sheet(book, _("Voorbeeld"), columns, looks), columns)
        choices = _("Keuzes")
        _choices(book.add_worksheet(choices), columns, looks)
        _lists(sheet, columns, choices)
    return data.getvalue()


def _sheet(book: Any, name: str, columns: Sequence[Column], looks: dict[str, Any]) -> Any:
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 1)
    sheet.set_row(0, 48)
    for at, column in enumerate(columns):
        sheet.set_column(at, at, max(12, min(28, len(column.name) + 2)), looks["text"])
        sheet.write_string(0, at, column.name, looks["head"])
    return sheet


def examples(columns: Sequence[Column]) -> list[dict[str, str]]:
    """Three invented people by column key; what they answer is on the lists of this series."""
    by_key = {column.key: column for column in columns}

    def pick(key: str, *at: int) -> str:
        options = by_key[key].options if key in by_key else ()
        return " | ".join(dict.fromkeys(options[i % len(options)].said[0] for i in at)) if options else ""

    bubbles = [c.key for c in columns if c.key.startswith("bubbles:")]
    yes, no = pick("consent_bubbles", 0), pick("consent_bubbles", 1)
    fatma = {"name": "Fatma", "reach": pick("reach", 0), "email": "fatma@voorbeeld.example", "languages": "nl | ar"}
    henk = {"name": "Henk", "reach": pick("reach", 2), "phone": "06 12345678", "needs": pick("needs", 0)}
    henk |= {"consent_needs": pick("consent_needs", 0)}
    # Columns that only a meeting with a meal has.
    henk |= {"diet": pick("diet", 0), "allergies": _("noten"), "consent_food": pick("consent_food", 0)}
    joke = {"name": "Joke", "reach": pick("reach", 4), "via": _("balie buurthuis"), "buddy": "Henk"}
    return [
        {
            **fatma,
            "sessions": pick("sessions", 0, 1),
            "prefers": pick("sessions", 0),
            "interests": pick("interests", 0, 1),
        }
        | {key: pick(key, 1) for key in bubbles}
        | {"consent_bubbles": yes, "consent_next_time": yes, "channel": pick("channel", 0)},
        {**henk, "note": _("komt een kwartier later"), "consent_bubbles": no, "channel": pick("channel", 1)},
        {**joke, "sessions": pick("sessions", 0)},
    ]


def _fill(sheet: Any, columns: Sequence[Column]) -> None:
    for row, person in enumerate(examples(columns), 1):
        for at, column in enumerate(columns):
            sheet.write_string(row, at, person.get(column.key, ""))


def _choices(sheet: Any, columns: Sequence[Column], looks: dict[str, Any]) -> None:
    for at, column in enumerate(columns):
        sheet.set_column(at, at, 28)
        sheet.write_string(0, at, column.name, looks["head"])
        rule = _("meer mag, met | ertussen") if column.several else ""
        sheet.write_string(1, at, "; ".join(filter(None, (column.hint, rule))))
        for row, option in enumerate(column.options, 2):
            sheet.write_string(row, at, option.said[0])


def _lists(sheet: Any, columns: Sequence[Column], choices: str) -> None:
    for at, column in enumerate(columns):
        if column.options and not column.several:
            name = xlsxwriter.utility.xl_col_to_name(at)
            source = f"='{choices}'!${name}$3:${name}${2 + len(column.options)}"
            sheet.data_validation(1, at, ROWS, at, {"validate": "list", "source": source, "error_type": "warning"})
