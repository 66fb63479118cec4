"""The columns of an import and what a cell in them may say: from the settings and the times of one series."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property

from flask_babel import force_locale
from flask_babel import gettext as _

from config import Settings, Texts
from web.formatting import clock, short_day
from web.languages import language
from web.rows import Series, TimeSlot
from web.rows.organisation import BUDDIES, INTERESTS

DIMENSION = "bubbles:"
"""How the key of a column begins that holds a dimension."""
YES, NO = "yes", "no"


@dataclass(frozen=True, slots=True)
class Option:
    """One thing a cell may say; `said` are all ways to write it, the first one as this page would."""

    value: str
    said: tuple[str, ...]


@dataclass(frozen=True)
class Column:
    """One column; without options it holds text. `said` are its names, the first one as this page would.

    `block` is the building block that it belongs to, if any.
    """

    key: str
    said: tuple[str, ...]
    options: tuple[Option, ...] = ()
    several: bool = False
    hint: str = ""
    block: str = ""

    @property
    def name(self) -> str:
        """As this page calls it."""
        return self.said[0]

    @cached_property
    def known(self) -> dict[str, str]:
        """Everything a cell may say, folded, and what it means."""
        return {folded(said): option.value for option in reversed(self.options) for said in option.said}

    def shown(self, value: str) -> str:
        """A value as this page would say it."""
        return next((option.said[0] for option in self.options if option.value == value), value)

    def near(self, said: str) -> str:
        """What somebody may have meant, or everything that is possible."""
        close = get_close_matches(folded(said), self.known, 1, 0.7)
        return self.shown(self.known[close[0]]) if close else " | ".join(option.said[0] for option in self.options)


def folded(text: str) -> str:
    """The same for 'E-mail', ' e mail' and 'É-MAIL'."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return " ".join(re.sub(r"[-_.:;?!*'’\"()/\s]+", " ", bare).split())


def columns_of(settings: Settings, series: Series) -> tuple[Column, ...]:
    """Every column that an import for this series may have, in the order of the empty file."""
    return tuple(column for column in _all(settings, series) if _asked(column, series))


def switched_off(settings: Settings, series: Series) -> frozenset[str]:
    """The names, folded, of columns that the project of this series does not ask for (P5)."""
    off = (column for column in _all(settings, series) if not _asked(column, series))
    return frozenset(folded(said) for column in off for said in column.said)


def _asked(column: Column, series: Series) -> bool:
    return not column.block or series.project.has(column.block)


def _all(settings: Settings, series: Series) -> tuple[Column, ...]:

    def names(say: Callable[[], str], *more: str) -> tuple[str, ...]:
        return (*in_every(settings, say), *more)

    times = tuple(_time(settings, number, session) for number, session in enumerate(series.sessions, 1))
    likes = names(lambda: _("interesses"), "interesse", "interest")
    together = _("de code of voornaam van wie er samen komt")
    return (
        Column("name", names(lambda: _("voornaam"), "naam", "name")),
        Column("reach", names(lambda: _("bereik"), "contact"), _reach(settings), hint=_("hoe we iemand bereiken")),
        Column("email", names(lambda: _("e-mail"), "mail", "e-mailadres", "email", "email address")),
        Column("phone", names(lambda: _("telefoon"), "telefoonnummer", "mobiel", "tel", "phone number", "mobile")),
        Column("via", names(lambda: _("via")), hint=_("bij of via wie, als bereik brief of via is")),
        Column("sessions", names(lambda: _("tijden"), "tijd", "time"), times, True, _("leeg is: kan altijd")),
        Column("prefers", names(lambda: _("liever"), "voorkeur", "preference"), times, True),
        Column("languages", names(lambda: _("talen"), "taal", "language"), _spoken(settings), True, _("leeg is: nl")),
        Column("needs", names(lambda: _("behoeften"), "nodig"), _named(settings.needs), True),
        Column("note", names(lambda: _("opmerking"), "opmerkingen", "notes"), hint=_("wat er verder nodig is")),
        Column("interests", likes, _named(settings.interests), True, block=INTERESTS),
        *_dimensions(settings),
        Column("buddy", names(lambda: _("maatje")), hint=together, block=BUDDIES),
        Column("consent_bubbles", names(lambda: _("toestemming kringen"), "kringen"), _yes_no(settings)),
        Column("consent_next_time", names(lambda: _("toestemming volgende keer"), "volgende keer"), _yes_no(settings)),
        Column("channel", names(lambda: _("kanaal")), _channels(settings), hint=_("hoe de aanmelding binnenkwam")),
        Column("code", names(lambda: _("code")), hint=_("alleen om een aanmelding te veranderen")),
    )


def in_every(settings: Settings, say: Callable[[], str]) -> tuple[str, ...]:
    """What is said, in this page's language first and then in the other languages of the screens."""
    said = [say()]
    for code in settings.languages:
        with force_locale(code):
            said.append(say())
    return tuple(dict.fromkeys(said))


def _words(texts: Texts) -> tuple[str, ...]:
    return tuple(dict.fromkeys([texts[language()], *(text for _, text in texts.said)]))


def _time(settings: Settings, number: int, session: TimeSlot) -> Option:
    """A time by its number in the series, with the day beside it; without a comma, which may part two times."""

    def label() -> str:
        return f"{number} ({short_day(session.starts)} {clock(session.starts)})"

    return Option(str(session.id), (*in_every(settings, label), str(number)))


def _named(things: Sequence[object]) -> tuple[Option, ...]:
    return tuple(Option(thing.key, (*_words(thing.texts), thing.key)) for thing in things)  # type: ignore[attr-defined]


def _spoken(settings: Settings) -> tuple[Option, ...]:
    return tuple(Option(spoken.code, (spoken.code, spoken.name)) for spoken in settings.conversation)


def _dimensions(settings: Settings) -> Iterator[Column]:
    """A special dimension needs a consent of its own, which no spreadsheet gives."""
    for d in settings.dimensions:
        if not d.special:
            yield Column(DIMENSION + d.key, (*_words(d.question), d.key), _named(d.bubbles), d.several)


def _reach(settings: Settings) -> tuple[Option, ...]:
    def option(value: str, say: Callable[[], str], *more: str) -> Option:
        return Option(value, (*in_every(settings, say), value, *more))

    return (
        option("email", lambda: _("email"), "e-mail", "mail"),
        option("text", lambda: _("sms")),
        option("call", lambda: _("bellen"), "bel", "telefoon", "phone"),
        option("letter", lambda: _("brief"), "post"),
        option("via", lambda: _("via")),
    )


def _yes_no(settings: Settings) -> tuple[Option, ...]:
    return (
        Option(YES, (*in_every(settings, lambda: _("ja")), "j", "y", "x", "1", "true", "waar")),
        Option(NO, (*in_every(settings, lambda: _("nee")), "n", "0", "false", "onwaar")),
    )


def _channels(settings: Settings) -> tuple[Option, ...]:
    return (
        Option("paper", (*in_every(settings, lambda: _("papier")), "paper")),
        Option("phone", (*in_every(settings, lambda: _("telefoon")), "phone")),
    )
