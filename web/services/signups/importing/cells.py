"""One row cell by cell: text, choices, addresses and numbers; every fault is kept, with what would be right."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from flask_babel import gettext as _

from web.identity import addresses, phones, text
from web.identity.faults import NoContact
from web.identity.phones import Phone
from web.services.signups.importing.columns import Column, folded
from web.services.signups.importing.faults import ImportFault
from web.services.signups.importing.headers import Header
from web.services.signups.importing.lines import ERROR, FORMULA, MERGED, ImportLine, letter
from web.services.signups.importing.meaning import Meaning, people_in

Read = TypeVar("Read")

SHOWN = 40
"""Characters of a cell that a fault repeats."""
_PARTS = re.compile(r"[|;\n]")
_WHOLE = re.compile(r"\d+\.0+")


@dataclass(slots=True)
class FilledCells:
    """The filled cells of one row by column key."""

    row: int
    columns: Mapping[str, Column]
    said: Mapping[str, str]
    faults: list[ImportFault] = field(default_factory=list)
    wrong: set[str] = field(default_factory=set)

    def fault(self, key: str, what: str, right: str, at: str = "", people: tuple[str, ...] = ()) -> None:
        """Remember what is wrong, and with which column; `at` is its letter where only the file shows it."""
        name = self.columns[key].name
        shown = f"{name} ({at})" if at else name
        self.faults.append(ImportFault(self.row, shown, what, right, key, self.said.get(key, ""), people))
        self.wrong.add(key)

    def text(self, key: str, most: int, *, lines: bool = False) -> str | None:
        """Clean text, or None where nothing stands or where it is too long."""
        said = text.plain(self.said.get(key))
        said = said if lines else " ".join(said.split())
        if len(said) > most:
            what = _("Hier staan %(count)d letters of tekens.", count=len(said))
            self.fault(key, what, _("Dit is te lang. Gebruik hooguit %(max)d letters of tekens.", max=most))
            return None
        return said or None

    def one(self, key: str) -> str | None:
        """The one option that is said, or None."""
        found = self.many(key)
        if found and len(found) > 1:
            self.fault(key, quoted(self.said[key]), _("Hier past één antwoord. Kies er een."))
            return None
        return found[0] if found else None

    def many(self, key: str) -> tuple[str, ...] | None:
        """The options that are said, in order, each once; None where nothing stands."""
        column = self.columns[key]
        found = []
        for part in _parts(column, text.plain(self.said.get(key))):
            value = column.known.get(folded(part))
            if value is None:
                self._unknown(key, part)
            else:
                found.append(value)
        return tuple(dict.fromkeys(found)) or None

    def _unknown(self, key: str, part: str) -> None:
        right = _("Kies uit: %(options)s", options=self.columns[key].near(part))
        if key in ("sessions", "prefers"):
            right = _("%(right)s. Zet | tussen twee nummers: 1|2", right=right)
        self.fault(key, quoted(part), right)

    def number(self, key: str, most: int) -> int | None:
        """A whole number from 0, or None; what a spreadsheet made of it (2.0) is mended."""
        said = self.text(key, SHOWN)
        bare = said.split(".")[0] if said and _WHOLE.fullmatch(said) else said or ""
        found = int(bare) if bare.isdecimal() and int(bare) <= most else None
        if said and found is None:
            right = _("Vul een getal in van %(low)d tot en met %(high)d.", low=0, high=most)
            self.fault(key, quoted(said), right)
        return found

    def email(self, key: str, most: int) -> str | None:
        """An address that we can mail."""
        return self._understood(key, most, addresses.read)

    def phone(self, key: str, most: int) -> Phone | None:
        """A number that somebody can have; what a spreadsheet made of it (612345678, 31612345678.0) is mended."""
        return self._understood(key, most, phones.read)

    def _understood(self, key: str, most: int, read: Callable[[str], Read]) -> Read | None:
        said = self.text(key, most)
        try:
            return read(said) if said else None
        except NoContact as fault:
            self.fault(key, quoted(said or ""), _(fault.sentence))
            return None


def cells_of(line: ImportLine, meaning: Meaning, *, alone: bool = False) -> FilledCells:
    """A row by column key, with the faults that the file itself has there; `alone`: its name is one person."""
    said, strange = meaning.of(line)
    cells = FilledCells(line.number, meaning.columns, said)
    header = meaning.header
    keys = {**dict.fromkeys(header.ticks, "sessions"), **{at: key for key, at in header.places.items()}}
    for at, kind in line.faults:
        if at in keys:
            cells.fault(keys[at], *_file_fault(kind), at=letter(at))
    people = () if alone else people_in(said.get("name", ""))
    if people:
        what = _("Staan hier %(count)d mensen?", count=len(people))
        cells.fault("name", f"{quoted(said['name'])} {what}", _("Zeg of dit één persoon is."), people=people)
    if header.ticks and (said or line.faults):
        _ask_days(cells, header, strange)
    return cells


def _ask_days(cells: FilledCells, header: Header, strange: tuple[int, str] | None) -> None:
    """Below days a cross says when somebody can come: what is none is asked, and so is who has none at all."""
    right = _("Zet een kruisje of ‘ja’ als iemand kan, of vul hier de tijden in.")
    if strange:
        cells.fault("sessions", quoted(strange[1]), right, at=letter(strange[0]))
    elif "sessions" not in cells.said and "code" not in cells.said:
        letters = ", ".join(letter(at) for at in header.ticks)
        cells.fault("sessions", _("Bij geen enkele dag staat een kruisje."), right, at=letters)


def quoted(text: str) -> str:
    """What stands in a cell, short enough to show."""
    bare = " ".join(text.split())
    return f"‘{bare[:SHOWN]}…’" if len(bare) > SHOWN else f"‘{bare}’"


def _parts(column: Column, text: str) -> Iterator[str]:
    """By `|`, `;` or line; by comma only where that is no part of an answer."""
    for part in _PARTS.split(text):
        whole = folded(part) in column.known
        yield from (bare for piece in ([part] if whole else part.split(",")) if (bare := piece.strip()))


def _file_fault(kind: str) -> tuple[str, str]:
    return {
        MERGED: (_("Deze cel is samengevoegd met een andere."), _("Splits de cel en vul elke rij apart in.")),
        FORMULA: (_("Hier staat een formule zonder uitkomst."), _("Typ de uitkomst zelf in de cel.")),
        ERROR: (_("Hier staat een formule die niet lukt."), _("Typ de uitkomst zelf in de cel.")),
    }[kind]
