"""What people read, in every language of the screens."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from babel.support import Translations

from config.spotting import unwelcome
from config.tables import needed, prose, refuse
from matcher.catalogues import HOME
from matcher.faults import written
from matcher.messages import Message
from matcher.toml.document import Section


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


def texts_in(table: Section, languages: Mapping[str, Translations], more: Sequence[str] = ()) -> Texts:
    """The text in a table with a key per language; `more` are its keys that are no language."""
    refuse(table, [*languages, *more], Message.of("config.text_per_language"))
    return texts_of([(language, table, language) for language in languages], languages)


def texts_of(places: Iterable[tuple[str, Section, str]], languages: Mapping[str, Translations]) -> Texts:
    """One text whose translations stand anywhere: (language, table, key).

    Where none stands there, the catalogue of the language is asked by the Dutch text.
    """
    said = {language: _said(table, key) for language, table, key in places if language == HOME or key in table.content}
    for language, catalogue in languages.items():
        dutch = said[HOME]
        if language not in said and dutch and (known := catalogue.gettext(dutch)) != dutch:
            said[language] = known
    return Texts(tuple(said.items()))


def _said(table: Section, key: str) -> str:
    said: str = needed(table, key, prose(), "")
    if word := unwelcome(said):
        table.fault(key, Message.of("config.unwelcome", word=written(word)), Message.of("config.other_words"))
    return said
