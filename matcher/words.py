"""The words of one language: texts by their key, numbers, and the messages of the engine."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from matcher.catalogues import MATCHER, catalogue, languages
from matcher.messages import Message, Named, RuleName, Value

if TYPE_CHECKING:
    from babel.support import Translations

LANGUAGE = "en"
"""Of what stands in files for machines and on the command line, as their columns and keys do."""

UNKNOWN = "–"

Called = Callable[[Named], str]
"""What a rule, dimension, answer, session, person, language, need or skill is called where a message is read."""


def code_of(named: Named) -> str:
    """Called by its code, as in the files that the engine was given."""
    return named.code


@dataclass(frozen=True, slots=True)
class RuleWords:
    """A rule in a text: `{rule}` as the reader calls it; `{rule.title}` and `{rule.inside}` as the catalogue does."""

    called: str
    title: str
    inside: str

    def __str__(self) -> str:
        return self.called


@dataclass(frozen=True, slots=True)
class Words:
    """One language. Called with a key it gives its text; a count `n` chooses the plural."""

    lang: str
    catalogue: Translations

    def __call__(self, key: str, n: int | None = None, **values: object) -> str:
        """The text with its values; whole numbers get the separators of the language. Raises KeyError."""
        if n is not None:
            values["n"] = n
        shown = {name: self.number(v) if isinstance(v, int) else v for name, v in values.items()}
        return self._text(key, n).format(**shown)

    def get(self, key: str, otherwise: str = "") -> str:
        """The text of a key that may be missing, with its placeholders."""
        text = self.catalogue.ugettext(key)
        return otherwise if text == key else text

    def _text(self, key: str, n: int | None) -> str:
        text = key if n is None else self.catalogue.ungettext(key, key, n)
        text = self.catalogue.ugettext(key) if text == key else text
        if text == key:
            raise KeyError(key)
        return text

    def say(self, message: Message, called: Called = code_of) -> str:
        """A message in this language. Raises KeyError for a key without words."""
        values = {name: self._shown(value, called) for name, value in message.values}
        n = values.get("n")
        return self._text(message.key, n if isinstance(n, int) else None).format(**values)

    def _shown(self, value: Value, called: Called) -> object:
        match value:
            case Message():
                return self.say(value, called)
            case RuleName():
                return self._rule(value, called)
            case Named():
                return called(value)
            case tuple():
                return ", ".join(str(self._shown(part, called)) for part in value)
        return value

    def _rule(self, rule: RuleName, called: Called) -> RuleWords:
        title = self.get(f"rule.{rule.code}", rule.code)
        return RuleWords(called(rule), title, self.get(f"rule.{rule.code}_inside", title))

    def name(self, kind: str, code: str) -> str:
        """What a code of the data or the engine is called, with its number if it has one; an unknown one stays."""
        first, _, rest = code.partition(" ")
        return self.get(f"{kind}.{code}") or f"{self.get(f'{kind}.{first}', first)} {rest}".strip()

    def number(self, value: float, digits: int = 0) -> str:
        """With the separators of the language; a dash for what is not finite."""
        if not math.isfinite(value):
            return UNKNOWN
        separators = self.get("number.thousands") + self.get("number.decimal")
        return f"{value:,.{digits}f}".translate(str.maketrans(",.", separators))

    def short(self, value: float) -> str:
        """With at most two digits after the comma, and none that say nothing."""
        return self.number(value, next((d for d in (0, 1) if round(value, d) == round(value, 2)), 2))

    def percent(self, share: float, digits: int = 0) -> str:
        """A share of 1 as a percentage."""
        return f"{self.number(100.0 * share, digits)}%"

    def listed(self, items: Iterable[str]) -> str:
        """a, b and c."""
        parts = list(items)
        return f" {self('listed.and')} ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


@cache
def words(lang: str, *folders: Path) -> Words:
    """The words of the matcher in a language, and those in the catalogues of other folders.

    Raises ValueError for a language without texts.
    """
    known = languages(MATCHER)
    if lang not in known:
        raise ValueError(f"unknown language {lang!r}; known: {', '.join(known)}")
    return Words(lang, catalogue(lang, MATCHER, *folders))


def readable(code: str) -> str:
    """A column or rule name as words: `age_band` becomes `Age band`."""
    plain = code.replace("_", " ").strip() or code
    return plain[:1].upper() + plain[1:]
