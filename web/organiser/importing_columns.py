"""How the preview of an import shows which column is which, and what somebody fills in there."""

from __future__ import annotations

import re
from dataclasses import dataclass

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from web.services.signups.importing import Mended, Preview
from web.services.signups.importing.headers import TICKS
from web.services.signups.importing.lines import letter

_COLUMN = re.compile(r"column-(\d{1,3})", re.ASCII)
_CELL = re.compile(r"cell-(\d{1,7})-([\w:-]{1,60})", re.ASCII)
_PEOPLE = re.compile(r"people-(\d{1,7})", re.ASCII)
UNANSWERED = "?"
"""What a list says before anybody chose: a column is asked about, and nothing is no answer."""
LONGEST = 2000


@dataclass(frozen=True, slots=True)
class ShownColumn:
    """One column of a file: `key` is what it is read as, or guessed to be where it `asks`; empty is not at all."""

    at: int
    letter: str
    name: str
    key: str
    asks: bool = False
    double: str = ""
    meant: str = ""


@dataclass(frozen=True, slots=True)
class ColumnBoard:
    """Every column with a name, the ones that are asked about, and what each can be."""

    columns: list[ShownColumn]
    options: list[tuple[str, str]]

    @property
    def asked(self) -> list[ShownColumn]:
        """Those that somebody has to answer."""
        return [column for column in self.columns if column.asks]


def board_of(shown: Preview) -> ColumnBoard:
    """The columns of a preview."""
    header = shown.header
    keys = {at: key for key, at in header.places.items()} | dict.fromkeys(header.ticks, TICKS)
    asked = {one.at: one for one in header.asked}
    columns = []
    for at, cell in enumerate(shown.sheet.header.cells):
        if not (name := " ".join(cell.split())[:60]):
            continue
        ask = asked.get(at)
        ids = sorted(header.ticks.get(at, ()))
        meant = ", ".join(shown.columns["sessions"].shown(str(id)) for id in ids)
        key = ask.guess if ask else keys.get(at, "")
        columns.append(ShownColumn(at, letter(at), name, key, bool(ask), ask.double if ask else "", meant))
    options = [("", _("niet gebruiken")), *((key, column.name) for key, column in shown.columns.items())]
    return ColumnBoard(columns, options)


def said_in(form: MultiDict[str, str]) -> Mended:
    """What somebody filled in."""
    columns, cells, people = {}, {}, {}
    for name, text in form.items():
        if (found := _COLUMN.fullmatch(name)) and text != UNANSWERED:
            columns[int(found[1])] = text
        elif found := _CELL.fullmatch(name):
            cells[int(found[1]), found[2]] = text[:LONGEST]
        elif (found := _PEOPLE.fullmatch(name)) and text in ("one", "apart"):
            people[int(found[1])] = text
    return Mended(columns, cells, people)
