"""A message brings every value that its words name, and the words of faults are words of their language."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from matcher.catalogues import MATCHER
from tests.catalogues import LANGUAGES, entries, placeholders, rooms, texts

SOURCE = [path for room in ("matcher", "config") for path in sorted((MATCHER.parents[1] / room).rglob("*.py"))]
SAME = {"bench.head", "config.dimensions", "fix.size", "mode.firm"}
"""Names and notation, the same in every language."""


def calls(path: Path) -> Iterator[tuple[str, set[str]]]:
    """The key and the names of the values of every `Message.of("key", ...)` that spells them out."""
    for node in ast.walk(ast.parse(path.read_bytes())):
        match node:
            case ast.Call(ast.Attribute(ast.Name("Message"), "of" | "private"), [ast.Constant(str(key))], values):
                if all(value.arg for value in values):
                    yield key, {str(value.arg) for value in values}


def test_messages_are_made_in_the_source() -> None:
    """Else the next test would hold for want of anything to look at."""
    made = {key for path in SOURCE for key, _ in calls(path)}
    assert {"fault.empty", "fix.near", "lottery.clash", "config.missing"} <= made


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", [path for path in SOURCE if any(calls(path))], ids=lambda path: path.stem)
def test_a_message_brings_the_values_that_its_words_name(path: Path, language: str) -> None:
    for key, values in calls(path):
        named = set[str]().union(*map(placeholders, texts(entries(language)[key])))
        assert values - {"n"} == named - {"n"}, key


@pytest.mark.parametrize("room", ["faults", "lottery", "config"])
def test_a_fault_is_told_in_dutch(room: str) -> None:
    english = {entry.id: entry.string for entry in rooms("en")[room] if entry.id}
    dutch = {entry.id: entry.string for entry in rooms("nl")[room] if entry.id}
    same = {key for key, text in english.items() if dutch[key] == text and not _is_frame(text)}
    assert same <= SAME


def _is_frame(text: str) -> bool:
    """Whether a text only puts its values together: `{fix} ({where})`."""
    return not any(letter.isalpha() for letter in text.format_map(_Nothing()))


class _Nothing(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return ""
