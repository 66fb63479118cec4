"""The columns of an import and what a cell in them may say: from the settings and the times of one series."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property

from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from config import Settings
from config.dimensions import Dimension
from web.rows import Series
from web.signup_fields import FIELDS, Choice, Heading, Kind, SignupField, Text
from web.signup_fields.choices import in_words, named

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

    `off`: the series does not ask it, for it has not the building block or the meal that it belongs to.
    `no` are the cells, folded, that say nothing at all, as an empty one does.
    """

    key: str
    said: tuple[str, ...]
    options: tuple[Option, ...] = ()
    several: bool = False
    hint: str = ""
    off: bool = False
    no: frozenset[str] = frozenset()

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
    return tuple(column for column in _all(settings, series) if not column.off)


def switched_off(settings: Settings, series: Series) -> frozenset[str]:
    """The names, folded, of columns that this series does not ask for (P5)."""
    return frozenset(folded(said) for column in _all(settings, series) if column.off for said in column.said)


def _all(settings: Settings, series: Series) -> tuple[Column, ...]:
    """A column for every question that has a heading, and two that only an import has."""
    early = [column for asked in FIELDS if not _late(asked) for column in _columns(asked, settings, series)]
    late = [column for asked in FIELDS if _late(asked) for column in _columns(asked, settings, series)]
    channel, code = in_every(settings, _l("kanaal")), in_every(settings, _l("code"))
    return (
        *early,
        *late,
        Column("channel", channel, _channels(settings), hint=_("hoe de aanmelding binnenkwam")),
        Column("code", code, hint=_("alleen om een aanmelding te veranderen")),
    )


def _late(asked: SignupField) -> bool:
    return isinstance(asked.heading, Heading) and asked.heading.late


def _columns(asked: SignupField, settings: Settings, series: Series) -> list[Column]:
    """The columns of a question; a special dimension needs a consent of its own, which no spreadsheet gives."""
    if asked.kind is Kind.BUBBLES:
        return [_dimension(d, settings) for d in settings.dimensions if not d.special]
    if not isinstance(asked.heading, Heading):
        return []
    yes_no = asked.kind in (Kind.YES_NO, Kind.CONSENT)
    return [
        Column(
            asked.key,
            (*in_every(settings, asked.heading.name), *asked.heading.also),
            _yes_no(settings) if yes_no else _options(settings, asked.choices(series, settings)),
            asked.kind in (Kind.CHOICES, Kind.TIMES),
            str(asked.heading.hint),
            not asked.asked_in(series, settings),
            frozenset(map(folded, asked.no)),
        )
    ]


def _dimension(d: Dimension, settings: Settings) -> Column:
    names = (*in_every(settings, in_words(d.question)), d.key)
    return Column(DIMENSION + d.key, names, _options(settings, named(d.bubbles)), d.several)


def in_every(settings: Settings, text: Text) -> tuple[str, ...]:
    """A text in this page's language first and then in the other languages of the screens."""
    said = [str(text)]
    for code in settings.languages:
        with force_locale(code):
            said.append(str(text))
    return tuple(dict.fromkeys(said))


def _options(settings: Settings, choices: Iterable[Choice]) -> tuple[Option, ...]:
    return tuple(Option(c.value, (*in_every(settings, c.in_cell), *c.also)) for c in choices)


def _yes_no(settings: Settings) -> tuple[Option, ...]:
    return (
        Option(YES, (*in_every(settings, _l("ja")), "j", "y", "x", "1", "true", "waar")),
        Option(NO, (*in_every(settings, _l("nee")), "n", "0", "false", "onwaar")),
    )


def _channels(settings: Settings) -> tuple[Option, ...]:
    return (
        Option("paper", (*in_every(settings, _l("papier")), "paper")),
        Option("phone", (*in_every(settings, _l("telefoon")), "phone")),
    )
