"""The sentences of the engine with the names that people know: times for sessions, words for keys."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from config import Settings
from config.texts import HOME
from matcher.report.words import Words
from matcher.report.words import words as texts_of

_GROUP = re.compile(r"(?<!\\)\(([^()]*)\)")
"""What a pattern of the engine's sentences captures; escaped brackets are brackets."""
_TEXT = frozenset({".+", ".*"})


def told(words: Words, text: str, names: Mapping[str, str]) -> str:
    """A sentence of the engine in a language. `names` says what an id or key is called; a count stays a count."""
    for pattern in texts_of(HOME).table["sentences"]:
        if match := re.fullmatch(pattern, text):
            said = [_named(value, kind, names) for value, kind in zip(match.groups(), _kinds(pattern), strict=True)]
            answer = words.table["sentences"].get(pattern)
            return _filled(answer, said) if answer else _ruled(words, _respelt(match, said))
    return text


def _ruled(words: Words, text: str) -> str:
    """With the name of a rule that it begins with in words; the sentences of other languages hold those already."""
    key = re.split(r"[: ]", text, maxsplit=1)[0]
    return f"{words.table['rules'][key]}{text[len(key) :]}" if key in words.table["rules"] else text


def _filled(answer: str, said: list[str]) -> str:
    return re.sub(r"\\(\d)", lambda number: said[int(number[1]) - 1], answer)


def _respelt(match: re.Match[str], said: list[str]) -> str:
    """The sentence itself, for a language that needs no translation."""
    text = match.string
    for k in reversed(range(len(said))):
        text = text[: match.start(k + 1)] + said[k] + text[match.end(k + 1) :]
    return text


@cache
def _kinds(pattern: str) -> tuple[str, ...]:
    return tuple(_GROUP.findall(pattern))


def _named(value: str, kind: str, names: Mapping[str, str]) -> str:
    if kind not in _TEXT:
        return value
    return ", ".join(_known(part, names) for part in value.split(", "))


def _known(part: str, names: Mapping[str, str]) -> str:
    """A key in words; of an answer with its dimension before it the answer."""
    return names.get(part) or names.get(part.rpartition(": ")[2], part)


def names_of(settings: Settings, lang: str, sessions: Mapping[str, str]) -> dict[str, str]:
    """What everything is called that the engine may name: sessions by id, and the keys of the settings."""
    found = {need.key: need.texts[lang] for need in settings.needs}
    found |= {spoken.code: spoken.name for spoken in settings.conversation}
    for dimension in settings.dimensions:
        found[dimension.key] = dimension.question[lang]
        found |= {bubble.key: bubble.texts[lang] for bubble in dimension.bubbles}
    return found | dict(sessions)


def tells_a_bubble(text: str) -> bool:
    """Whether a warning of the engine says how many people gave one answer; those stand between quotes."""
    return "'" in text
