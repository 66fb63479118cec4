"""A board in words: names of tables, what a change did, where somebody can go."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask_babel import format_decimal
from flask_babel import gettext as _
from flask_babel import lazy_gettext as later

from config import Settings
from web.formatting import moment, short_day
from web.rows import TimeSlot
from web.services.groups.editor.edits import Place
from web.services.groups.editor.looking import BoardPerson, BoardSession, BoardView, TableCard
from web.services.plans.board import Change

MIXED = 0.85
"""A group that reaches less than this part of the points of an average group deserves a look."""

REACH = {
    "email": later("e-mail"),
    "text": later("sms"),
    "call": later("bellen"),
    "letter": later("brief"),
    "via": later("via iemand anders"),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A table to go to: its token, what it is called, whether it is full."""

    token: str
    text: str


@dataclass(frozen=True, slots=True)
class Choices:
    """The tables of a session, under its time; `can` says whether the person can come then."""

    label: str
    can: bool
    tables: tuple[Choice, ...]


def token(place: Place | None) -> str:
    """A place as it travels in a form; nothing for no place."""
    return f"{place[0]}.{place[1]}" if place else ""


def anchor(person: str, place: Place | None) -> str:
    """The id of somebody at a place on the page."""
    return f"p{person}-{place[0]}-{place[1]}" if place else f"p{person}"


def percent(value: float) -> str:
    """A percentage with at most one digit behind the comma."""
    return f"{format_decimal(round(value, 1))}%"


def place_of(row: TimeSlot) -> str:
    """Where a session is."""
    return _("Online") if row.mode == "online" or row.venue is None else str(row.venue.name)


class BoardWords:
    """The words for one look at a board."""

    def __init__(self, look: BoardView, settings: Settings, lang: str) -> None:
        self.look, self.settings, self.lang = look, settings, lang
        self.rows = {table.id: table.row for table in look.tables}

    def table(self, place: Place | None) -> str:
        """tafel 3 (di 12 jan); or no place."""
        if place is None:
            return _("geen plek")
        name = _("tafel %(number)s", number=place[1])
        row = self.rows.get(place[0])
        return f"{name} ({short_day(row.starts)})" if row is not None and len(self.rows) > 1 else name

    def moves(self, changes: Iterable[Change]) -> list[str]:
        """Fatma: tafel 1 → tafel 3"""
        return [f"{self.name(c.person)}: {self.table(c.before)} → {self.table(c.after)}" for c in changes]

    def name(self, person: str) -> str:
        """A first name; somebody who left is nobody in particular any more."""
        known = self.look.people.get(person)
        return known.name if known else _("iemand die niet meer meedoet")

    def names(self, people: Iterable[str]) -> list[str]:
        """First names, in order."""
        return sorted(map(self.name, people), key=str.casefold)

    def last(self) -> list[str]:
        """What the last change did: who sits elsewhere, and what that does to the rules and the mix."""
        return self.moves(self.look.last) + self.effects()

    def effects(self) -> list[str]:
        """What the last change did: every rule that is broken more or less often, and the mix."""
        rules = [f"{rule.title}: {rule.before} → {rule.broken}" for rule in self.look.rules if rule.change]
        before, after = (self._mixed(check.figures.difference) for check in (self.look.before, self.look.check))
        mixed = [_("Gemengd: %(before)s → %(after)s", before=before, after=after)] if before != after else []
        return rules + mixed

    def mixed(self) -> str:
        """How close the mix is to its bound; nothing if that is not known, or would tell bubbles."""
        return self._mixed(self.look.check.figures.difference)

    def _mixed(self, difference: float) -> str:
        bound = self.look.bounds.get("difference") if self.look.tells else None
        return percent(min(100.0, 100.0 * difference / bound)) if bound else ""

    def well_mixed(self, card: TableCard) -> bool:
        """Whether nothing about the mix of a group asks for a look."""
        return card.mixed >= MIXED

    def language(self, code: str) -> str:
        """A language in its own script; one that left the settings by its code."""
        return {spoken.code: spoken.name for spoken in self.settings.conversation}.get(code, code)

    def told(self, person: BoardPerson) -> list[tuple[str, str]]:
        """What somebody told, question and answers; empty where the organiser may not see it."""
        lang, found = self.lang, []
        for dimension in self.settings.dimensions:
            answers = person.told.get(dimension.key, ())
            if answers and not dimension.special:
                said = [bubble.texts[lang] for bubble in dimension.bubbles if bubble.key in answers]
                found.append((dimension.question[lang], ", ".join(said)))
        return found

    def times(self, person: BoardPerson) -> str:
        """The times at which somebody can come."""
        return ", ".join(moment(table.row.starts) for table in self.look.tables if table.id in person.sessions)

    def targets(self, person: BoardPerson, origin: Place | None) -> Sequence[Choices]:
        """Where somebody can go, the times that suit first."""
        found = [self._choices(table, table.id in person.sessions, origin) for table in self.look.tables]
        return sorted((group for group in found if group.tables), key=lambda group: not group.can)

    def _choices(self, table: BoardSession, can: bool, origin: Place | None) -> Choices:
        when = moment(table.row.starts)
        label = when if can else _("%(time)s – kan dan niet", time=when)
        cards = (card for card in table.cards if card.place != origin and card.place[1] <= table.row.groups)
        return Choices(label, can, tuple(Choice(token(card.place), self._choice(table, card)) for card in cards))

    def _choice(self, table: BoardSession, card: TableCard) -> str:
        """Its time as well: a closed list shows nothing of the heading that it stands under."""
        name, many = _("tafel %(number)s", number=card.place[1]), len(card.people)
        where = f"{short_day(table.row.starts)}, {name}" if len(self.rows) > 1 else name
        full = [_("vol")] if many >= self.look.problem.format.size.max else []
        return " – ".join([where, ", ".join([self.people(many), *full])])

    def people(self, many: int) -> str:
        """6 mensen"""
        return _("1 mens") if many == 1 else _("%(n)s mensen", n=many)
