"""Every sentence has its English, with the same places to fill in; no catalogue holds what nobody says any more."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from pathlib import Path

import pytest
from babel.messages.catalog import Message

from config import unwelcome
from tests.web.sentences import CARRIED, Said, constants, entries, said_by, spoken, texts

pytestmark = pytest.mark.slow

PLACE = re.compile(r"%\((\w+)\)[sd]|%[sd%]")
LIBRARIES = ("flask_security", "wtforms", "flask_wtf", "flask_login")
LONGEST = 25
"""Words in a sentence that a resident reads: level B1."""
RESIDENTS = (
    "resident/",
    "public/",
    "signup_fields/",
    "signup_forms.py",
    "form_checks.py",
    "letters/",
    "errors.py",
    "failing.py",
)
RESIDENTS += ("templates/base.html", "templates/error.html", "services/signing_up/", "services/explaining.py")


def said_in(message: Message) -> Said:
    return message.id if isinstance(message.id, str) else tuple(message.id)


def places(text: str) -> Counter[str]:
    return Counter(found.group() for found in PLACE.finditer(text))


def test_sentences_of_every_kind_are_found() -> None:
    """In code, in templates, in mishaps, under a name, in plural: else the tests below look at too little."""
    said = spoken()
    assert len(said) > 600
    assert "Je mag dit niet doen. Vraag een beheerder van je organisatie." in said
    assert "Wanneer kun je?" in said
    assert any(isinstance(one, tuple) for one in said)
    assert {"resident", "organiser", "facilitator", "admin", "public", "templates"} <= {
        Path(file).parts[0] for file in said.values()
    }


def test_every_sentence_has_its_english() -> None:
    known = {said_in(message) for _, message in entries("en", True)}
    single = {text for said in known for text in texts(said)}
    missing = {said: file for said, file in spoken().items() if said not in known and texts(said)[0] not in single}
    assert missing == {}


def test_no_translation_is_doubtful_or_empty() -> None:
    for language in ("en", "nl"):
        for file, message in entries(language, True):
            assert all(text.strip() for text in texts(message.string)), (file, message.id)
            assert not message.fuzzy, (file, message.id)


def test_a_translation_has_the_same_places_to_fill_in() -> None:
    """'One person' may leave its number out, and we may say less than a library; nothing is asked that is not given."""
    for file, message in entries("en", True):
        said = said_in(message)
        given, may_be_less = places(texts(said)[-1]), isinstance(said, tuple) or CARRIED in file
        for text in texts(message.string):
            assert places(text) == given or (may_be_less and places(text) <= given), (file, said, text)


def test_one_sentence_has_one_translation() -> None:
    found = defaultdict(set)
    for _, message in entries("en"):
        found[texts(said_in(message))[0]].add(str(message.string))
    assert {said: told for said, told in found.items() if len(told) > 1} == {}


def test_no_catalogue_holds_what_nobody_says() -> None:
    said = {text for one in spoken() for text in texts(one)} | constants()
    left = [(file, message.id) for file, message in entries("en") if texts(said_in(message))[0] not in said]
    assert left == []


@pytest.mark.parametrize("language", ["nl", "en"])
def test_what_a_library_says_it_really_says(language: str) -> None:
    """A new version with other words would speak its own English to everybody without our knowing."""
    ours = {text for one in spoken() for text in texts(one)} | constants()
    theirs = {" ".join(text.split()) for text in said_by(*LIBRARIES)}
    carried = [(file, " ".join(message.id.split())) for file, message in entries(language, True) if CARRIED in file]
    assert len(carried) > 20
    assert [(file, said) for file, said in carried if said not in theirs and said not in ours] == []


def test_no_dutch_sentence_makes_the_gap_that_it_names() -> None:
    ours = [text for said in spoken() for text in texts(said)]
    assert [text for text in ours if unwelcome(text)] == []
    assert [m.string for _, m in entries("en", True) if unwelcome(str(m.string))] == []


def test_a_resident_reads_short_sentences() -> None:
    long = [
        (len(sentence.split()), sentence)
        for said, file in spoken().items()
        if file.startswith(RESIDENTS)
        for text in texts(said)
        for sentence in re.split(r"(?<=[.?!:])\s", text)
        if len(sentence.split()) > LONGEST
    ]
    assert long == []
