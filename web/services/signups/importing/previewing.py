"""What an import would do, row by row: add, change, ask first, or refuse and why. Nothing is stored here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from config import Settings
from web.crypto import Vault, hashed, new_secret
from web.identity import codes
from web.rows import Series, Signup
from web.rows.people import SignupState
from web.services.signups import CONSENT, told_by
from web.services.signups.importing.answering import RowAnswers, told
from web.services.signups.importing.cells import FilledCells, cells_of, quoted
from web.services.signups.importing.columns import DIMENSION, Column, columns_of, switched_off
from web.services.signups.importing.differences import Difference, differences, is_private
from web.services.signups.importing.faults import ImportFault, TooMany
from web.services.signups.importing.headers import Header, Headings, Unused, header_of, placed
from web.services.signups.importing.keeping import ImportStore
from web.services.signups.importing.known import KnownSignups
from web.services.signups.importing.lines import ImportSheet
from web.services.signups.importing.meaning import Meaning, Read
from web.services.signups.importing.moments import Times


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
    kept; `no_buddy` is a code that nobody has; `id` and `changed_at` are those of `signup`, as they were read."""

    row: int
    kind: str
    told: RowAnswers | None = None
    signup: Signup | None = None
    like: tuple[str | int, ...] = ()
    no_buddy: str = ""
    differences: tuple[Difference, ...] = ()
    whole: bool = True
    faults: tuple[ImportFault, ...] = ()
    id: int | None = None
    changed_at: datetime | None = None

    @property
    def looks_like(self) -> list[str]:
        """Whom it looks like, in words."""
        row, code = _("rij %(row)d"), _("aanmelding %(code)s")
        return [row % {"row": like} if isinstance(like, int) else code % {"code": like} for like in self.like]

    @property
    def verdict(self) -> str:
        """The same as long as nothing in the database changes what this row does."""
        changed = self.changed_at.isoformat() if self.changed_at else ""
        sessions = sorted(self.told.answers.sessions) if self.told else []
        return hashed(f"{self.kind} {self.like} {changed} {sessions}")[:16]


@dataclass(frozen=True, slots=True)
class Preview:
    """Every row in order, where the table stood, which column is which, and what was read as something else.

    There are no rows as long as nothing says who is who.
    """

    entries: tuple[Entry, ...]
    sheet: ImportSheet = field(repr=False)
    header: Header
    heard: Mapping[Read, int]
    columns: Mapping[str, Column] = field(repr=False)

    @property
    def unused(self) -> tuple[Unused, ...]:
        """The columns of the file that nobody reads."""
        return self.header.unused

    @property
    def ready(self) -> bool:
        """Whether every column is what somebody says it is: nothing is added before."""
        return self.header.named and not self.header.asked

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
    headings = headings_of(series, settings, now)
    sheet = placed(sheet, headings)
    if len(sheet.lines) > settings.limits.import_people:
        raise TooMany(most=settings.limits.import_people)
    header, columns = header_of(sheet, headings), {column.key: column for column in headings.columns}
    meaning = Meaning(header, columns, headings.times)
    rows = [cells_of(line, meaning, alone=line.number in sheet.alone) for line in sheet.lines] if header.named else []
    known = KnownSignups(session, series, filter(None, map(_code, rows)), vault)
    world = _World(settings, headings.times.ahead, known, columns, {}, series.project.sees_bubbles)
    # A row that says nothing in the columns that we read is no person.
    entries = tuple(_entry(cells, world) for cells in rows if cells.said or cells.faults)
    return Preview(entries, sheet, header, dict(meaning.heard), columns)


def headings_of(series: Series, settings: Settings, now: datetime) -> Headings:
    """What the columns of a file for this series may be called."""
    ahead = frozenset(time.id for time in series.ahead(now))
    return Headings(
        columns_of(settings, series),
        Times(series.sessions, ahead, settings.languages),
        switched_off(settings, series),
        series.project.organisation.import_headings or {},
    )


def keep(desk: ImportStore, shown: Preview, now: datetime, token: str = "") -> str:
    """Seal the rows of a preview until it is confirmed; the token that opens them, a new one unless it is given."""
    return desk.keep(shown.sheet, shown.header.kept, shown.verdicts, now, token or new_secret())


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
        return Entry(
            cells.row,
            kind,
            heard,
            signup,
            differences=changed,
            whole=whole,
            no_buddy=no_buddy,
            id=signup.id,
            changed_at=signup.changed_at,
        )
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
