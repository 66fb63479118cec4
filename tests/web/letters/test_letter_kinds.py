"""The kinds of letters: every one has a name, words and a place where it is put, and whatever is put is one of them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest
from flask import Flask
from flask_babel import force_locale

import web.letters
import web.services
from web import languages
from web.letters import LETTERS, OF_A_PLACE, REMINDERS, TO_WHO_LEFT, LetterKind, Method

SERVICES = Path(web.services.__file__).parent
MODULES = {path.stem for path in Path(web.letters.__file__).parent.glob("*.py")}


def kinds_in(package: object) -> Iterator[LetterKind]:
    """Every kind that a module of a package or the package itself names, however often."""
    paths, name = package.__path__, package.__name__  # type: ignore[attr-defined]
    for module in (package, *(import_module(found.name) for found in walk_packages(paths, f"{name}."))):
        yield from (value for value in vars(module).values() if isinstance(value, LetterKind))


def kinds_named(path: Path) -> Iterator[str]:
    """The names of the kinds that a source of the services takes from a module of letters, also by `places.offer`."""
    tree = ast.parse(path.read_text())
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("web.letters."):
            yield from (one.name for one in node.names)
        if isinstance(node, ast.Attribute) and ast.unparse(node.value).split(".")[-1] in MODULES:
            yield node.attr


def test_every_kind_that_is_written_anywhere_is_registered_under_its_own_name() -> None:
    written = {kind.name: kind for kind in kinds_in(web.letters)}
    assert written == LETTERS
    assert all(kind.write.__name__ == name for name, kind in LETTERS.items())


def test_every_kind_is_used_by_a_service_and_services_use_no_other() -> None:
    """The outbox itself does not count: it packs what others put there."""
    sources = [path for path in SERVICES.rglob("*.py") if "outbox" not in path.relative_to(SERVICES).parts]
    assert set(LETTERS) <= {name for path in sources for name in kinds_named(path)}
    assert all(kind in LETTERS.values() for kind in kinds_in(web.services))


def test_no_service_looks_for_a_kind_by_a_string() -> None:
    """mypy sees it where a letter is put; this sees it where letters are compared."""
    for path in SERVICES.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Compare) and re.search(r"\b(DueLetter|letter|due)\.kind$", ast.unparse(node.left)):
                compared = [one for side in node.comparators for one in ast.walk(side)]
                assert not any(isinstance(one, ast.Constant) for one in compared), path


@pytest.mark.parametrize("language", ["nl", "en"])
def test_lists_have_words_of_its_own_for_every_kind(language: str) -> None:
    app = Flask("letters")
    languages.install(app, ["nl", "en"], "Europe/Amsterdam")
    with app.app_context(), force_locale(language):
        words = {str(kind.words) for kind in LETTERS.values()}
    assert len(words) == len(LETTERS) and all(words)


def test_a_calendar_hears_of_a_place_and_of_nothing_else() -> None:
    """Invitations have a table of differences of their own: a letter beside it must not touch their calendars."""
    assert {name: kind.method for name, kind in LETTERS.items() if kind.method} == {
        "placed": Method.REQUEST,
        "changed": Method.REQUEST,
        "cancelled": Method.CANCEL,
    }
    assert OF_A_PLACE == ("placed", "changed", "cancelled")


def test_who_left_still_hears_what_matters_then_and_gets_no_reminder() -> None:
    assert {"link", "cancelled"} <= set(TO_WHO_LEFT)
    assert {"reminder_week", "reminder_day"} <= set(REMINDERS)
    assert not set(REMINDERS) & set(TO_WHO_LEFT)
