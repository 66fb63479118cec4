"""Every key has words in every language, every word is used, and nobody reads a sentence back."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

import matcher
from matcher.rules import KNOWN
from matcher.words import words
from tests.catalogues import LANGUAGES, entries, keys, placeholders, rooms, texts

ROOT = Path(matcher.__file__).parent
WEB, CONFIG = ROOT.parent / "web", ROOT.parent / "config"
WITHOUT_PATTERNS = [ROOT / "explain", ROOT / "report", WEB / "services" / "groups" / "editor"]
SINGLE = [ROOT / name for name in ("checking.py", "frames.py", "messages.py", "words.py", "catalogues.py")]


def test_the_languages_say_the_same_things() -> None:
    for language in LANGUAGES:
        assert {name: {*entries(language)} for name in rooms(language)} == {name: keys() for name in rooms("nl")}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_key_stands_in_one_catalogue_once(language: str) -> None:
    found = Counter(str(entry.id) for room in rooms(language).values() for entry in room if entry.id)
    assert [key for key, times in found.items() if times > 1] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", sorted(keys()))
def test_a_key_has_words_and_the_same_values_in_every_language(key: str, language: str) -> None:
    entry, home = entries(language)[key], entries("nl")[key]
    assert all(texts(entry)) and not entry.fuzzy
    assert isinstance(entry.id, str) == isinstance(home.id, str)
    needed = placeholders(texts(home)[-1])
    assert placeholders(texts(entry)[-1]) == needed
    assert all(placeholders(text) <= needed for text in texts(entry))


def literals() -> Iterator[str]:
    """Every string in the code that could be a key, and what the templates ask for."""
    for path in [*ROOT.rglob("*.py"), *CONFIG.rglob("*.py"), *(WEB / "services").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value
    for path in (ROOT / "report" / "templates").iterdir():
        yield from re.findall(r"\bt\(\s*\"([\w.]+)\"", path.read_text("utf-8"))


# Where the rest of a key is a code of the engine, the format or the data; and what else is chosen while it runs.
BY_CODE = {"rule", "parameters", "stops", "phases", "modes", "languages"}
CHOSEN = {
    "figures": {"placed", "priority", "seats", "bridging", "bonding", "pairs", "worst", "again"},
    "made": {"created", "seed", "iterations", "seconds", "stopped", "input", "format"},
    "verdict": {"gap_bonding", "optimal_bonding", "gap", "optimal"},
}


def test_every_key_is_used() -> None:
    named = set(literals())
    unused = []
    for key in sorted(keys() - named):
        section, _, name = key.partition(".")
        column = section == "sheets" and name in named
        if section not in BY_CODE and name.removesuffix("_about") not in CHOSEN.get(section, ()) and not column:
            unused.append(key)
    assert unused == []


def test_every_key_that_the_code_names_has_words() -> None:
    sections = {key.partition(".")[0] for key in keys()}
    asked = {text for text in literals() if re.fullmatch(r"[a-z]+\.[a-z_]+(?<!\.xlsx)(?<!\.json)", text)}
    assert sorted(key for key in asked - keys() if key.partition(".")[0] in sections) == []


@pytest.mark.parametrize("name", sorted(KNOWN))
def test_a_rule_has_a_title_and_says_what_it_asks(name: str) -> None:
    assert {f"rule.{name}", f"rule.{name}_about"} <= keys()


@pytest.mark.parametrize("path", [*SINGLE, *(p for folder in WITHOUT_PATTERNS for p in sorted(folder.rglob("*.py")))])
def test_what_handles_words_knows_no_patterns(path: Path) -> None:
    names = {
        name
        for node in ast.walk(ast.parse(path.read_bytes()))
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert "re" not in names


def test_a_plural_follows_the_count_and_a_whole_number_its_language() -> None:
    assert (words("nl")("verdict.people", 1), words("nl")("verdict.people", 1200)) == ("1 mens", "1.200 mensen")


def test_a_key_without_words_is_no_text() -> None:
    with pytest.raises(KeyError, match=r"no\.such_key"):
        words("nl")("no.such_key")


def test_a_language_without_texts_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown language 'xx'; known: en, nl"):
        words("xx")
