"""Eight lists of people as they lie about in community centres, none of them made for us; who they hold, and when."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from openpyxl import Workbook

from tests.web import sheets

TRUUS = ("Truus", "truus@voorbeeld.example", "")
HENK = ("Henk", "", "+31612345678")
Person = tuple[str, str, str, tuple[int, ...]]
"""A name, an address, a number, and the times that somebody can come, counted from 1."""


def _two(truus: Sequence[int], henk: Sequence[int]) -> list[Person]:
    return [(*TRUUS, tuple(truus)), (*HENK, tuple(henk))]


def _leaves(**leaves: Sequence[Sequence[Any]]) -> bytes:
    book, data = Workbook(), io.BytesIO()
    book.remove(book.active)
    for name, rows in leaves.items():
        leaf = book.create_sheet(name)
        for row in rows:
            leaf.append(list(row))
    book.save(data)
    return data.getvalue()


ROWS = [["Truus", "truus@voorbeeld.example", ""], ["Henk", "", "06-12345678"]]


def _with(*more: Any) -> list[list[Any]]:
    return [[*row, extra] for row, extra in zip(ROWS, more, strict=True)]


LISTS: dict[str, tuple[bytes, list[Person]]] = {
    "title rows": (
        sheets.workbook(
            [
                ["Aanmeldingen kookclub"],
                ["Bijgewerkt op", "3 december"],
                [],
                ["Naam", "Mail", "Tel.", "Tijden"],
                *_with("di 12 jan", "alle"),
            ]
        ),
        _two([1], [1, 2, 3]),
    ),
    "a merged title": (
        sheets.workbook(
            [
                ["Lijst van Fatma"],
                ["", "Bereikbaar", "", ""],
                ["Naam", "E-mail", "Telefoon", "Dagen"],
                *_with("dinsdag", "do en za"),
            ],
            ["A1:D1", "B2:C2"],
        ),
        _two([1], [2, 3]),
    ),
    "other words": (
        sheets.workbook(
            [
                ["Roepnaam", "Contactgegevens", "Wanneer"],
                ["Truus", "truus@voorbeeld.example", "18.00"],
                ["Henk", "06 12345678", "donderdagavond"],
            ]
        ),
        _two([1, 2, 3], [2]),
    ),
    "weekdays above crosses": (
        sheets.workbook(
            [
                ["Naam", "E-mail", "Telefoon", "di", "woensdag", "do 14-1", "zaterdag 16 januari"],
                ["Truus", "truus@voorbeeld.example", "", "x", "x", "", "ja"],
                ["Henk", "", 612345678, "-", "", "✓", "nee"],
            ]
        ),
        _two([1, 3], [2]),
    ),
    "dates of Excel": (
        sheets.workbook(
            [["Naam", "E-mail", "Telefoon", "Datum"], *_with(date(2027, 1, 12), datetime(2027, 1, 16, 18))]
        ),
        _two([1], [3]),
    ),
    "serial numbers": (
        sheets.table(
            *_with("46399", "46401.75"), header=["Naam", "E-mail", "Telefoon", "Beschikbaar"], separator=","
        ).encode(),
        _two([1], [2]),
    ),
    "both ways, on the second sheet": (
        _leaves(
            Voorblad=[["Kookclub De Brink"], ["Vragen? Bel", "030 1234567"]],
            Deelnemers=[
                ["Naam", "E-mail", "Mobiel", "Kan op"],
                ["Truus", "truus@voorbeeld.example", "0612345678", "1"],
            ],
        ),
        [("Truus", "truus@voorbeeld.example", "+31612345678", (1,))],
    ),
    "semicolons, and each other's columns": (
        sheets.table(
            ["Truus", "", "truus@voorbeeld.example", "beide"],
            ["Henk", "06 12 34 56 78", "", "12 jan; 16 jan"],
            header=["Naam deelnemer", "Mailadres", "Telefoonnr.", "Welke dagen?"],
        ).encode("cp1252"),
        _two([1, 2, 3], [1, 3]),
    ),
}
