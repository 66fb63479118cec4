"""The words of faults: every key of the source stands in both languages, and says the same values."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from string import Formatter

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from matcher.catalogues import MATCHER

ROOT = MATCHER.parents[1]
ROOMS = {"faults": ("fault", "fix", "kind", "mode", "rows", "note", "bench"), "lottery": ("lottery",)}
ROOMS |= {"config": ("config",)}
"""A catalogue -> what its keys begin with."""
PREFIXES = tuple(f"{prefix}." for prefixes in ROOMS.values() for prefix in prefixes)
LANGUAGES = ("en", "nl")

Values = frozenset[str] | None
"""The names of the values that a key gets; None where it is kept to be said elsewhere."""


def calls() -> Iterator[tuple[str, Values]]:
    """Every `Message.of("key", ...)` and `Key("key")` about faults, in all of the source."""
    for path in (path for room in ("matcher", "config") for path in (ROOT / room).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_bytes())):
            match node:
                case ast.Call(ast.Name("Key"), [ast.Constant(str(key))]):
                    yield key, None
                case ast.Call(ast.Attribute(ast.Name("Message"), "of"), [ast.Constant(str(key))], keywords):
                    yield key, frozenset(word.arg or "**" for word in keywords)


def used() -> dict[str, set[Values]]:
    keys = defaultdict(set)
    for key, values in calls():
        if key.startswith(PREFIXES):
            keys[key].add(values)
    return keys


def texts(room: str, language: str) -> Catalog:
    with (MATCHER / language / f"{room}.po").open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def words(language: str) -> dict[str, str]:
    """Key -> text, over the catalogues of these rooms."""
    return {str(m.id): str(m.string) for room in ROOMS for m in texts(room, language) if m.id}


def placeholders(text: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in Formatter().parse(text) if name is not None)


def test_the_source_speaks_of_faults() -> None:
    """Else the tests below would hold for want of anything to look at."""
    assert {"fault.unknown_person", "fix.near", "lottery.clash", "config.missing"} <= used().keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_key_has_words_and_no_words_are_left_over(language: str) -> None:
    assert sorted(words(language)) == sorted(used())


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_says_every_value_and_no_other(language: str) -> None:
    said = {key: placeholders(text) for key, text in words(language).items()}
    given = {key: values for key, every in used().items() for values in every if values is not None}
    assert {key: (said[key], values) for key, values in given.items() if said[key] != values} == {}


def test_the_languages_say_the_same_values() -> None:
    english, dutch = map(words, LANGUAGES)
    assert {key for key in english if placeholders(english[key]) != placeholders(dutch[key])} == set()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("room", ROOMS)
def test_no_text_is_empty_or_uncertain(room: str, language: str) -> None:
    unfit = [m.id for m in texts(room, language) if m.id and (m.fuzzy or not m.string)]
    assert unfit == []


@pytest.mark.parametrize("room", ROOMS)
def test_a_key_begins_with_a_word_of_its_room(room: str) -> None:
    strange = [m.id for m in texts(room, "nl") if m.id and str(m.id).partition(".")[0] not in ROOMS[room]]
    assert strange == []


def test_only_what_is_the_same_everywhere_stays_untranslated() -> None:
    english, dutch = map(words, LANGUAGES)
    same = {key for key in english if english[key] == dutch[key] and any(c.isalpha() for c in _plain(english[key]))}
    assert same == {"bench.head", "config.dimensions", "fix.size", "mode.firm"}


def _plain(text: str) -> str:
    """A text without its placeholders."""
    return "".join(literal for literal, *_ in Formatter().parse(text))
