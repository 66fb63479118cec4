"""A language is one folder of catalogues and one line of settings: three strings of Frisian, and Dutch for the rest."""

from __future__ import annotations

import shutil
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
from tests.web.conftest import PLAIN
from tests.web.test_resident_words import pages
from web.app import create_app
from web.languages import TRANSLATIONS, words_in

SERIES = "/doe-mee/zuid/samen-koken/"
STRINGS = """
msgid "Privacy"
msgstr "Privacy yn it Frysk"

msgid "Wanneer kun je?"
msgstr "Wannear kinsto?"

msgid "Hoe oud ben je?"
msgstr "Hoe âld bisto?"
"""


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """The shipped catalogues and one of Frisian."""
    (tmp_path / "own" / "fy").mkdir(parents=True)
    (tmp_path / "own" / "fy" / "earste.po").write_text(STRINGS, "utf-8")
    return TRANSLATIONS, tmp_path / "own"


@pytest.fixture
def frisian(folders: tuple[Path, Path], tmp_path: Path) -> config.Settings:
    """The shipped settings with one line changed."""
    (tmp_path / "settings").mkdir()
    text = (SHIPPED / "settings.toml").read_text("utf-8")
    line = 'languages = ["nl", "en"]'
    assert text.count(line) == 1
    (tmp_path / "settings" / "settings.toml").write_text(text.replace(line, 'languages = ["nl", "en", "fy"]'), "utf-8")
    return config.load(tmp_path / "settings", folders)


@pytest.fixture
def abroad(
    stage: tuple[Path, Cast],
    frisian: config.Settings,
    keys: config.Secrets,
    clock: casting.Clock,
    folders: tuple[Path, Path],
    tmp_path: Path,
) -> Iterator[Flask]:
    """The application in three languages."""
    shutil.copy(stage[0], tmp_path / "rebubbelen.db")
    app = create_app(frisian, keys, tmp_path, secure=False, clock=clock, catalogues=folders, **PLAIN)
    yield app
    with app.app_context():
        casting.db.session.remove()
        casting.db.engine.dispose()


@pytest.fixture
def client(abroad: Flask) -> FlaskClient:
    """Somebody who reads Frisian."""
    return abroad.test_client()


def page(client: FlaskClient, path: str) -> str:
    answer = client.get(path, query_string={"taal": "fy"}, follow_redirects=True)
    assert answer.status_code == 200
    return unescape(answer.text)


def test_its_strings_are_frisian_and_the_rest_is_dutch(client: FlaskClient) -> None:
    home = page(client, "/")
    assert '<html lang="fy" dir="ltr"' in home
    assert "Privacy yn it Frysk" in home
    assert "Toegankelijkheid" in home
    assert 'hreflang="fy" dir="ltr" aria-current="true">Frysk</a>' in home


def test_dates_are_frisian(client: FlaskClient) -> None:
    assert "tiisdei" in page(client, SERIES)
    assert "dinsdag" in client.get(SERIES, query_string={"taal": "nl"}).text


def test_a_text_of_the_settings_is_looked_up_by_its_dutch(client: FlaskClient, frisian: config.Settings) -> None:
    age = frisian.dimension("age")
    assert (age.question["fy"], age.question["en"]) == ("Hoe âld bisto?", "How old are you?")
    assert age.reason["fy"] == age.reason["nl"]
    assert frisian.language("fy").name == "Frysk"


def test_everything_that_a_resident_sees_can_be_shown(abroad: Flask, cast: Cast) -> None:
    """Every page and every mistake; a letter is written in it too."""
    seen = {path: unescape(html) for path, html in pages(abroad, cast, "fy")}
    assert len(seen) > 30
    assert [path for path, html in seen.items() if '<html lang="fy" dir="ltr"' not in html] == []
    assert "Wannear kinsto?" in seen[f"{SERIES}aanmelden/1"]
    assert "Hoe âld bisto?" in seen[f"{SERIES}aanmelden/4"]
    assert "Met wie woon je?" in seen[f"{SERIES}aanmelden/4"]


def test_an_organiser_works_in_it(abroad: Flask, cast: Cast) -> None:
    """The words of the engine too are Dutch where there are no others."""
    amina = casting.log_in(abroad.test_client(), cast.amina)
    for path in ("/werk/", f"/werk/{cast.series}", f"/werk/{cast.series}/importeren"):
        assert '<html lang="fy" dir="ltr"' in page(amina, path)
    assert words_in("fy")("picture.mix.people") == "Mensen"
    assert words_in("fy")("rule.never_alone") == "Nooit de enige"
