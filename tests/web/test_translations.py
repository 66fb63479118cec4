"""Every sentence has its words in every whole language, in the catalogue of its room, and `make messages` sees it."""

from __future__ import annotations

import ast
import importlib
import importlib.util
import pkgutil
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir

import web
from config import unwelcome
from matcher.catalogues import MATCHER, forms, languages, written
from web.cli.message_flaws import LIBRARIES, UNTRANSLATED
from web.cli.messages import (
    COMMON,
    KEYWORDS,
    METHODS,
    SETTINGS,
    WEB,
    Rooms,
    by_key,
    engine_keys,
    folders,
    merged,
    room_of,
    spoken,
    wrong,
)
from web.errors import Mishap
from web.languages import TRANSLATIONS

pytestmark = pytest.mark.slow

WHOLE = ("nl", "en")
"""The languages in which nothing may be missing; any other may be on its way."""
CARRIED = ("flask_security", "wtforms", "flask_wtf", "flask_login")
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
RESIDENTS += ("templates/base.html", "templates/error.html", "services/plans/own_table.py")
RESIDENTS += tuple(f"services/signups/{name}.py" for name in ("answers", "change", "register"))


@pytest.fixture(scope="module")
def said() -> Rooms:
    """What the sources say, by room."""
    return spoken()


@pytest.fixture(scope="module")
def sentences() -> list[tuple[str, str]]:
    """The file and the text of every sentence in the sources; those of a plural one by one."""
    found = extract_from_dir(WEB, METHODS, keywords=KEYWORDS)
    return [(file, text) for file, _line, texts, *_ in found for text in forms(texts)]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The catalogues of the site, to be spoilt."""
    shutil.copytree(TRANSLATIONS, tmp_path / "translations")
    return tmp_path / "translations"


def change(file: Path, old: str, new: str) -> None:
    before = file.read_text("utf-8")
    assert before.count(old) == 1, f"{old!r} stands {before.count(old)} times in {file.name}"
    file.write_text(before.replace(old, new), "utf-8")


def test_nothing_is_wrong_with_a_catalogue() -> None:
    places = list(folders())
    assert {own.name for own, *_ in places} >= set(WHOLE)
    for own, sentences, dutch in places:
        found = wrong(own, sentences, dutch)
        assert [flaw for flaw in found if own.name in WHOLE or flaw.what != UNTRANSLATED] == [], own


ENTRY = 'msgid "Jouw aanmelding"\nmsgstr "Your sign-up"\n'
SPOILT = {
    "left out": ("resident", ENTRY, "", "resident", UNTRANSLATED),
    "empty": ("resident", '"Your sign-up"', '""', "resident", UNTRANSLATED),
    "fuzzy": ("resident", ENTRY, f"#, fuzzy\n{ENTRY}", "resident", "is doubtful (fuzzy)"),
    "obsolete": (
        "resident",
        ENTRY,
        f'{ENTRY}\nmsgid "Wie zei dit?"\nmsgstr "Who?"\n',
        "resident",
        "is said by nobody",
    ),
    "in another room": ("admin", 'msgid "Accounts"', f'{ENTRY}\nmsgid "Accounts"', "admin", "belongs in resident.po"),
    "another place": (
        "admin",
        "View and change the account of %(name)s",
        "View the account of %(nam)s",
        "admin",
        "unknown named placeholder 'nam'",
    ),
    "a place less": (
        "admin",
        "View and change the account of %(name)s",
        "View the account",
        "admin",
        "has other places to fill in",
    ),
    "no place": (
        "admin",
        "View and change the account of %(name)s",
        "View the account of %(name)",
        "admin",
        "has other places to fill in",
    ),
    "other order": ("resident", ENTRY, f"{ENTRY}\n\n", "resident", "is not as `make messages` writes it"),
    "heading": ("resident", "nplurals=2", "nplurals=2 ", "resident", "is not as `make messages` writes it"),
    "of a library": (LIBRARIES, 'msgstr "Password"', 'msgstr ""', LIBRARIES, UNTRANSLATED),
}
"""The room, what stands in its catalogue, what stands there instead; the room in which it shows, and how."""


@pytest.mark.parametrize("mistake", SPOILT)
def test_a_spoilt_catalogue_is_noticed(copy: Path, said: Rooms, mistake: str) -> None:
    room, old, new, where, what = SPOILT[mistake]
    change(copy / "en" / f"{room}.po", old, new)
    assert [flaw for flaw in wrong(copy / "en", said, by_key(copy)) if flaw.room == where and what in flaw.what]


def test_a_room_without_a_catalogue_is_noticed(copy: Path, said: Rooms) -> None:
    (copy / "en" / "public.po").unlink()
    assert len([flaw for flaw in wrong(copy / "en", said, by_key(copy)) if flaw.room == "public"]) > 50


def test_merging_brings_every_text_home_and_leaves_out_what_nobody_says(copy: Path, said: Rooms) -> None:
    own = copy / "en"
    before = {path.name: path.read_text("utf-8") for path in own.glob("*.po")}
    change(own / "resident.po", ENTRY, 'msgid "Wie zei dit?"\nmsgstr "Who?"\n')
    change(own / "admin.po", 'msgid "Accounts"', f'{ENTRY}\nmsgid "Accounts"')
    shutil.move(own / "letters.po", own / "post.po")
    assert {path.name: text for path, text in merged(own, said, by_key(copy)).items()} == before


def test_a_language_that_begins_gets_every_room_and_keeps_what_it_has(copy: Path, said: Rooms) -> None:
    """Its first file may have any name."""
    own = copy / "fy"
    shutil.rmtree(own, ignore_errors=True)
    own.mkdir()
    (own / "earste.po").write_text(
        'msgid "Jouw aanmelding"\nmsgstr "Dyn oanmelding"\n\nmsgid "Samen koken"\nmsgstr "Tegearre itensiede"\n',
        "utf-8",
    )
    engine = by_key(MATCHER)
    ((sentences, dutch),) = [(said, dutch) for place, said, dutch in folders(copy) if place == own]
    files = {path.stem: text for path, text in merged(own, sentences, dutch).items()}
    assert {*said, *engine, LIBRARIES, "printing", "pictures", SETTINGS} == files.keys()
    assert 'msgid "Jouw aanmelding"\nmsgstr "Dyn oanmelding"' in files["resident"]
    assert 'msgid "Samen koken"\nmsgstr "Tegearre itensiede"' in files[SETTINGS]
    assert 'msgid "Accounts"\nmsgstr ""' in files["admin"]
    for path, text in merged(own, sentences, dutch).items():
        path.write_text(text, "utf-8")
    (own / "earste.po").unlink()
    assert {flaw.what for flaw in wrong(own, sentences, dutch)} == {UNTRANSLATED}


def test_a_new_key_of_the_engine_joins_those_like_it() -> None:
    rooms = by_key(MATCHER, ["reason.quite_new", "other"])
    assert [room for room, catalogue in rooms.items() if "reason.quite_new" in catalogue] == ["engine"]
    assert "other" in rooms["engine"]
    assert len(engine_keys()) > 50


def test_a_sentence_has_one_home(said: Rooms) -> None:
    texts = [forms(message.id)[0] for template in said.values() for message in template if message.id]
    assert len(texts) == len(set(texts)) > 1500
    assert {"resident", "organiser", "facilitator", "admin", "public", "letters", "site", COMMON} <= said.keys()
    assert "Annuleren" in texts or "Opslaan" in texts
    assert (room_of("templates/security/login.html"), room_of("templates/base.html")) == ("accounts", "site")
    assert (room_of("services/groups/editor/edits.py"), room_of("failing.py")) == ("groups", "site")


def modules() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(WEB.rglob("*.py")):
        yield str(path.relative_to(WEB)), ast.parse(path.read_text("utf-8"))


def test_nothing_that_is_translated_hides_from_the_extraction(sentences: list[tuple[str, str]]) -> None:
    """Inside an f-string, or under a name, a text would be shown in Dutch for ever; only a mishap carries its own."""
    extracted = {text for _, text in sentences}
    hidden = []
    for file, tree in modules():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in KEYWORDS:
                first = node.args[0]
                known = isinstance(first, ast.Constant) and first.value in extracted
                mishap = isinstance(first, ast.Attribute) and first.attr == "sentence"
                hidden += [] if known or mishap else [(file, node.lineno, ast.unparse(node))]
    assert hidden == []


def test_every_mishap_has_a_marked_sentence(sentences: list[tuple[str, str]]) -> None:
    for module in pkgutil.walk_packages(web.__path__, "web."):
        if not module.name.startswith(("web.rows.migrations", "web.bench")):
            importlib.import_module(module.name)
    kinds = list(_kinds(Mishap))
    assert len(kinds) > 50
    assert {kind.sentence for kind in kinds} <= {text for _, text in sentences}


def _kinds(kind: type[Mishap]) -> Iterator[type[Mishap]]:
    yield kind
    for below in kind.__subclasses__():
        yield from _kinds(below)


@pytest.mark.parametrize("language", WHOLE)
def test_what_a_library_says_it_really_says(language: str) -> None:
    """A new version with other words would speak its own English to everybody without our knowing."""
    theirs = {" ".join(text.split()) for package in CARRIED for text in _texts_of(package)}
    carried = [" ".join(forms(m.id)[0].split()) for m in written(TRANSLATIONS / language / f"{LIBRARIES}.po", language)]
    assert len(carried) > 20
    assert [text for text in carried if text and text not in theirs] == []


def _texts_of(package: str) -> Iterator[str]:
    """Every text in the code of an installed package."""
    spec = importlib.util.find_spec(package)
    for path in Path(str(spec.origin)).parent.rglob("*.py") if spec else ():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


def test_no_sentence_makes_the_gap_that_it_names(sentences: list[tuple[str, str]]) -> None:
    assert [text for _, text in sentences if unwelcome(text)] == []
    for language in languages(TRANSLATIONS):
        catalogues = [written(path, language) for path in (TRANSLATIONS / language).glob("*.po")]
        said = [text for catalogue in catalogues for message in catalogue for text in forms(message.string or "")]
        assert [text for text in said if unwelcome(text)] == []


def test_a_resident_reads_short_sentences(sentences: list[tuple[str, str]]) -> None:
    long = [
        (len(sentence.split()), sentence)
        for file, text in sentences
        if file.startswith(RESIDENTS)
        for sentence in re.split(r"(?<=[.?!:])\s", text)
        if len(sentence.split()) > LONGEST
    ]
    assert long == []
    assert [source for source in RESIDENTS if not (WEB / source).exists()] == []


@pytest.mark.parametrize("room", ["printing", "pictures"])
def test_every_key_of_a_room_is_used_there(room: str) -> None:
    """A key is put together from its kind and its name; the name stands in a template or in the code."""
    sources = "".join(path.read_text("utf-8") for kind in ("*.py", "*.typ") for path in (WEB / room).rglob(kind))
    names = [forms(message.id)[0].rpartition(".")[2] for message in by_key(TRANSLATIONS)[room] if message.id]
    engine = ["footer", "pages"]
    assert [
        name for name in names if name not in engine and f".{name}" not in sources and f'"{name}"' not in sources
    ] == []


def test_every_message_of_the_engine_is_said() -> None:
    """And none that is said lacks a key of the catalogue: `make messages` would have added it."""
    sources = "".join(path.read_text("utf-8") for folder in (MATCHER.parent, WEB) for path in folder.rglob("*.py"))
    keys = [forms(message.id)[0] for message in by_key(MATCHER)["engine"] if message.id]
    assert [key for key in keys if f'"{key}"' not in sources] == []
