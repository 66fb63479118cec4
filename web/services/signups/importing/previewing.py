"""What an import would do, row by row: add, change, ask first, or refuse and why. Nothing is stored here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from config import Settings
from web.crypto import Vault, hashed
from web.identity import codes
from web.rows import Series, Signup
from web.rows.people import SignupState
from web.services.signups import CONSENT, told_by
from web.services.signups.importing.answering import RowAnswers, told
from web.services.signups.importing.cells import FilledCells, cells_of, quoted
from web.services.signups.importing.columns import DIMENSION, Column, columns_of, switched_off
from web.services.signups.importing.differences import Difference, differences, is_private
from web.services.signups.importing.faults import ImportFault
from web.services.signups.importing.headers import Unused, header_of
from web.services.signups.importing.keeping import ImportStore
from web.services.signups.importing.known import KnownSignups
from web.services.signups.importing.reading import ImportSheet


class RowKind(StrEnum):
    """What a row of an import would do."""

    NEW = "new"
    LIKE = "like"
    CHANGE = "change"
    SAME = "same"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Entry:
    """What one row would do. `like`: codes and earlier rows of people alike; `whole`: every answer is
    kept; `no_buddy` is a code that nobody has."""

    row: int
    kind: str
    told: RowAnswers | None = None
    signup: Signup | None = None
    like: tuple[str | int, ...] = ()
    no_buddy: str = ""
    differences: tuple[Difference, ...] = ()
    whole: bool = True
    faults: tuple[ImportFault, ...] = ()

    @property
    def looks_like(self) -> list[str]:
        """Whom it looks like, in words."""
        row, code = _("rij %(row)d"), _("aanmelding %(code)s")
        return [row % {"row": like} if isinstance(like, int) else code % {"code": like} for like in self.like]

    @property
    def verdict(self) -> str:
        """The same as long as nothing in the database changes what this row does."""
        changed = self.signup.changed_at.isoformat() if self.signup else ""
        sessions = sorted(self.told.answers.sessions) if self.told else []
        return hashed(f"{self.kind} {self.like} {changed} {sessions}")[:16]


@dataclass(frozen=True, slots=True)
class Preview:
    """Every row in order, the columns of the file that nobody reads and the numbers of those that are read."""

    entries: tuple[Entry, ...]
    unused: tuple[Unused, ...]
    read: tuple[int, ...]
    columns: Mapping[str, Column] = field(repr=False)

    def of(self, kind: str) -> list[Entry]:
        """The rows that do one thing."""
        return [entry for entry in self.entries if entry.kind == kind]

    def count(self, kind: str) -> int:
        """How many rows do one thing."""
        return len(self.of(kind))

    @property
    def silent(self) -> list[Entry]:
        """The rows of which some answers are not kept, because there is no consent."""
        return [entry for entry in self.entries if entry.told and not entry.whole]

    @property
    def useful(self) -> bool:
        """Whether there is anything to add or to change."""
        return any(entry.kind in (RowKind.NEW, RowKind.LIKE, RowKind.CHANGE) for entry in self.entries)

    @property
    def verdicts(self) -> dict[str, str]:
        """What every row does, to be compared later."""
        return {str(entry.row): entry.verdict for entry in self.entries}


@dataclass(frozen=True, slots=True)
class _World:
    settings: Settings
    sessions: frozenset[int]
    known: KnownSignups
    columns: Mapping[str, Column]
    seen: dict[str, int]
    tells: bool


def preview(
    session: Session, series: Series, sheet: ImportSheet, settings: Settings, vault: Vault, now: datetime
) -> Preview:
    """What a file would do in a series. Raises a subclass of Unusable."""
    listed = columns_of(settings, series)
    header = header_of(sheet.header, listed, switched_off(settings, series))
    columns = {column.key: column for column in listed}
    rows = [cells_of(line, header, columns) for line in sheet.lines]
    known = KnownSignups(session, series, filter(None, map(_code, rows)), vault)
    world = _World(
        settings, frozenset(s.id for s in series.ahead(now)), known, columns, {}, series.project.sees_bubbles
    )
    # A row that says nothing in the columns that we read is no person.
    entries = tuple(_entry(cells, world) for cells in rows if cells.said or cells.faults)
    return Preview(entries, header.unused, tuple(header.places.values()), columns)


def keep(desk: ImportStore, sheet: ImportSheet, shown: Preview, now: datetime) -> str:
    """Seal the rows of a preview until it is confirmed; the token that opens them."""
    return desk.keep(sheet, list(shown.read), shown.verdicts, now)


def _code(cells: FilledCells) -> str:
    return codes.canonical(cells.said.get("code"))


def _entry(cells: FilledCells, world: _World) -> Entry:
    signup = _signup(cells, world)
    heard = told(cells, world.settings, world.sessions, signup)
    if cells.faults or heard is None:
        return Entry(cells.row, RowKind.REFUSED, faults=tuple(cells.faults))
    blind = None if world.tells or signup is None else frozenset(filter(is_private, cells.said))
    whole, no_buddy = _whole(cells, heard, blind is not None), _unknown(heard.answers.buddy, world.known)
    if signup is not None:
        changed = tuple(differences(told_by(signup), heard.answers, world.columns, blind=blind))
        kind = RowKind.CHANGE if changed else RowKind.SAME
        return Entry(cells.row, kind, heard, signup, differences=changed, whole=whole, no_buddy=no_buddy)
    like = world.known.likes(heard.answers, cells.row)
    return Entry(cells.row, RowKind.LIKE if like else RowKind.NEW, heard, like=like, whole=whole, no_buddy=no_buddy)


def _unknown(buddy: str, known: KnownSignups) -> str:
    """What stands for the code of a buddy, if nobody has it."""
    meant = codes.looks_like_code(buddy) and known.codes.isdisjoint(codes.within(buddy))
    return buddy if meant else ""


def _signup(cells: FilledCells, world: _World) -> Signup | None:
    """Whom a row changes; a code that means nobody, or somebody twice, is a fault."""
    code = _code(cells)
    if not code:
        return None
    found = world.known.coded(code)
    if found is None:
        right = _("Kijk de code na, of laat de cel leeg om iemand toe te voegen.")
        cells.fault("code", quoted(code), _("Deze code is er niet bij deze ontmoeting. %(right)s", right=right))
    elif found.state == SignupState.LEFT:
        cells.fault(
            "code", quoted(code), _("Deze persoon heeft zich afgemeld. Maak de cel leeg om opnieuw aan te melden.")
        )
    elif code in world.seen:
        cells.fault(
            "code", quoted(code), _("Deze code staat ook in rij %(row)d. Laat er een over.", row=world.seen[code])
        )
    else:
        world.seen[code] = cells.row
        return found
    return None


def _whole(cells: FilledCells, heard: RowAnswers, blind: bool) -> bool:
    """Whether all that a row says is kept: nothing lacks its consent.

    Whether somebody consented before is not for who is `blind`: then only a consent in the file counts.
    """
    asked = {"bubbles" if key.startswith(DIMENSION) else key for key in cells.said}
    if blind and f"{CONSENT}bubbles" not in cells.said:
        asked.discard("bubbles")
    return heard.answers.uncovered.isdisjoint(asked)
