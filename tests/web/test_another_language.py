"""A language is one folder of catalogues and one line of settings: three strings of it, and Dutch for the rest."""

from __future__ import annotations

from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

import config
from config.folder import SHIPPED
from tests.web import cast as casting
from tests.web.cast import Cast
from tests.web.conftest import PLAIN, Stage
from tests.web.test_resident_words import pages
from web.app import create_app
from web.languages import TRANSLATIONS, words_in

SERIES = "/doe-mee/zuid/samen-koken/"
STRINGS = """
msgid "Privacy"
msgstr "Privatsphär"

msgid "Wanneer kun je?"
msgstr "Wéini kanns du?"

msgid "Hoe oud ben je?"
msgstr "Wéi al bass du?"
"""


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """The shipped catalogues and one of Luxembourgish."""
    (tmp_path / "own" / "lb").mkdir(parents=True)
    (tmp_path / "own" / "lb" / "earste.po").write_text(STRINGS, "utf-8")
    return TRANSLATIONS, tmp_path / "own"


@pytest.fixture
def luxembourgish(folders: tuple[Path, Path], tmp_path: Path) -> config.Settings:
    """The shipped settings with one line changed."""
    (tmp_path / "settings").mkdir()
    text = (SHIPPED / "settings.toml").read_text("utf-8")
    line = 'languages = ["nl", '
    assert text.count(line) == 1
    (tmp_path / "settings" / "settings.toml").write_text(text.replace(line, 'languages = ["nl", "lb", '), "utf-8")
    return config.load(tmp_path / "settings", folders)


@pytest.fixture
def abroad(
    stage: Stage,
    luxembourgish: config.Settings,
    keys: config.Secrets,
    clock: casting.Clock,
    folders: tuple[Path, Path],
    tmp_path: Path,
) -> Iterator[Flask]:
    """The application in three languages."""
    stage.put(tmp_path)
    app = create_app(luxembourgish, keys, tmp_path, secure=False, clock=clock, catalogues=folders, **PLAIN)
    yield app
    with app.app_context():
        casting.db.session.remove()
        casting.db.engine.dispose()


@pytest.fixture
def client(abroad: Flask) -> FlaskClient:
    """Somebody who reads Luxembourgish."""
    return abroad.test_client()


def page(client: FlaskClient, path: str) -> str:
    answer = client.get(path, query_string={"taal": "lb"}, follow_redirects=True)
    assert answer.status_code == 200
    return unescape(answer.text)


def test_its_strings_are_luxembourgish_and_the_rest_is_dutch(client: FlaskClient) -> None:
    home = page(client, "/")
    assert '<html lang="lb" dir="ltr"' in home
    assert "Privatsphär" in home
    assert "Toegankelijkheid" in home
    assert 'hreflang="lb" dir="ltr" aria-current="true">Lëtzebuergesch</a>' in " ".join(home.split())


def test_dates_are_luxembourgish(client: FlaskClient) -> None:
    assert "Dënschdeg" in page(client, SERIES)
    assert "dinsdag" in client.get(SERIES, query_string={"taal": "nl"}).text


def test_a_text_of_the_settings_is_looked_up_by_its_dutch(client: FlaskClient, luxembourgish: config.Settings) -> None:
    age = luxembourgish.dimension("age")
    assert (age.question["lb"], age.question["en"]) == ("Wéi al bass du?", "How old are you?")
    assert age.reason["lb"] == age.reason["nl"]
    assert luxembourgish.language("lb").name == "Lëtzebuergesch"


def test_everything_that_a_resident_sees_can_be_shown(abroad: Flask, cast: Cast) -> None:
    """Every page and every mistake; a letter is written in it too."""
    seen = {path: unescape(html) for path, html in pages(abroad, cast, "lb")}
    assert len(seen) > 30
    assert [path for path, html in seen.items() if '<html lang="lb" dir="ltr"' not in html] == []
    assert "Wéini kanns du?" in seen[f"{SERIES}aanmelden/1"]
    assert "Wéi al bass du?" in seen[f"{SERIES}aanmelden/4"]
    assert "Met wie woon je?" in seen[f"{SERIES}aanmelden/4"]


def test_an_organiser_works_in_it(abroad: Flask, cast: Cast) -> None:
    """The words of the engine too are Dutch where there are no others."""
    amina = casting.log_in(abroad.test_client(), cast.amina)
    for path in ("/werk/", f"/werk/{cast.series}", f"/werk/{cast.series}/importeren"):
        assert '<html lang="lb" dir="ltr"' in page(amina, path)
    assert words_in("lb")("picture.mix.people") == "Mensen"
    assert words_in("lb")("rule.never_alone") == "Nooit de enige"
