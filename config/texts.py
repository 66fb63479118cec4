"""What people read, in every language of the screens, and the words that never stand there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from config.tables import needed, prose, refuse
from matcher.faults import written
from matcher.messages import Message
from matcher.toml.document import Section

HOME = "nl"
"""The language that every text has, and that stands in for one that is missing."""

UNWELCOME = (
    "polaris*, polariz*, radicalis*, radicaliz*, allochto*, autochto*, doelgroep*, target group*, "
    "uit je bubbel, uit je eigen bubbel, out of your bubble, out of your own bubble"
)
"""Never on a resident's screen: these words make the gap that they name."""


@dataclass(frozen=True, slots=True)
class Texts:
    """One text in several languages: `texts["en"]`, or the Dutch one where there is no English."""

    said: tuple[tuple[str, str], ...]

    def __getitem__(self, language: str) -> str:
        known = dict(self.said)
        return known.get(language) or known.get(language.partition("-")[0]) or known[HOME]

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that it is written in."""
        return tuple(language for language, _ in self.said)


def spotter(words: str) -> re.Pattern[str]:
    """Finds words (between commas) whatever their case; one with `*` behind it is the beginning of a word."""
    each = (re.escape(word.removesuffix("*")) + (r"\w*" if word.endswith("*") else r"\b") for word in words.split(", "))
    return re.compile(rf"\b(?:{'|'.join(each)})", re.IGNORECASE)


_UNWELCOME = spotter(UNWELCOME)


def unwelcome(text: str) -> str:
    """The first word in a text that no resident should read, or nothing."""
    hit = _UNWELCOME.search(text)
    return hit.group() if hit else ""


def texts_in(table: Section, languages: Sequence[str], more: Sequence[str] = ()) -> Texts:
    """The text in a table with a key per language; `more` are its keys that are no language."""
    refuse(table, [*languages, *more], Message.of("config.text_per_language"))
    return texts_of([(language, table, language) for language in languages])


def texts_of(places: Iterable[tuple[str, Section, str]]) -> Texts:
    """One text whose translations stand anywhere: (language, table, key)."""
    return Texts(tuple((language, _said(table, key)) for language, table, key in places))


def _said(table: Section, key: str) -> str:
    said: str = needed(table, key, prose(), "")
    if word := unwelcome(said):
        table.fault(key, Message.of("config.unwelcome", word=written(word)), Message.of("config.other_words"))
    return said
