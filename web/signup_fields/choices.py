"""What there is to choose in a question of the sign-up: from the settings, the times of a series, or a fixed list."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from config import Settings, Texts
from web.formatting import clock, dates, short_day, when, words
from web.rows import Gathering, Series, TimeSlot
from web.signup_fields.shape import Choice, Choices, Text


class Named(Protocol):
    """A thing of the settings with a text in every language."""

    @property
    def key(self) -> str:
        """What stands for it in a row."""

    @property
    def texts(self) -> Texts:
        """What people read."""


def in_words(texts: Texts) -> LazyString:
    """A text of config, in the language of the moment when it is read."""
    return LazyString(words, texts)


def fixed(texts: Mapping[str, Text]) -> Choices:
    """Always the same answers: value -> text."""
    return lambda series, settings: (Choice(value, text, also=(value,)) for value, text in texts.items())


def named(things: Iterable[Named]) -> Iterator[Choice]:
    """One answer for every thing of the settings."""
    return (Choice(thing.key, in_words(thing.texts), also=(thing.key,)) for thing in things)


def diets(series: Series, settings: Settings) -> Iterator[Choice]:
    """What people eat; a spreadsheet says it in a word or two."""
    return (Choice(one.key, in_words(one.texts), also=(one.key, *one.also)) for one in settings.diets)


def of_settings(pick: Callable[[Settings], Iterable[Named]]) -> Choices:
    """The things that an organisation put in its settings."""
    return lambda series, settings: named(pick(settings))


def spoken(series: Series, settings: Settings) -> Iterator[Choice]:
    """The languages of conversation, each in its own script; a spreadsheet says the code."""
    return (Choice(one.code, one.name, one.code, (one.name,)) for one in settings.conversation)


def written(series: Series, settings: Settings) -> Iterator[Choice]:
    """The languages of pages and letters."""
    return (Choice(code, settings.language(code).name) for code in settings.languages)


def times(series: Series, settings: Settings) -> Iterator[Choice]:
    """The sessions of a series; a spreadsheet says their number, for nobody knows their ids."""
    for number, session in enumerate(series.sessions, 1):
        cell = LazyString(_numbered, number, session)
        yield Choice(str(session.id), LazyString(called, session, series), cell, (str(number),))


def to_choose(series: Series, now: datetime) -> dict[str, str]:
    """The times that somebody can still choose, by the dates that are to come: id -> text."""
    return {str(row.id): called(row, series, row.coming(now)) for row in series.ahead(now)}


def _numbered(number: int, session: TimeSlot) -> str:
    """A time by its number, with the day beside it; without a comma, which may part two times."""
    return f"{number} ({short_day(session.starts)} {clock(session.starts)})"


def called(session: TimeSlot, series: Series, ahead: Sequence[Gathering] = ()) -> str:
    """A session as one can choose it: all its dates or those `ahead`, and the place where there are several."""
    days, places = dates(ahead) if ahead else when(session), {other.venue_id for other in series.sessions}
    if session.mode == "online":
        return _("%(when)s, online", when=days)
    return f"{days}, {session.venue.name}" if session.venue and len(places) > 1 else days


def ways(series: Series, settings: Settings) -> tuple[Choice, ...]:
    """The ways to reach somebody, as the resident says it, and as a spreadsheet does."""
    return (
        Choice("email", _l("Met een e-mail"), _l("email"), ("email", "e-mail", "mail")),
        Choice("text", _l("Met een sms"), _l("sms"), ("text",)),
        Choice("call", _l("Bel mij"), _l("bellen"), ("call", "bel", "telefoon", "phone")),
        Choice("letter", _l("Met een brief die ik ophaal"), _l("brief"), ("letter", "post")),
        Choice("via", _l("Via iemand anders"), _l("via"), ("via",)),
    )
