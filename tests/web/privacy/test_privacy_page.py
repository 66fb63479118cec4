"""The privacy page says what the law asks, from the organisation's own words, and nothing that nobody filled in."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient

from tests.web import cast as casting
from tests.web.cast import Cast
from web.rows import AuditLine, Organisation, db

SAID = {
    "controller": "Stichting Welzijn Zuid\nBrink 1, Utrecht",
    "legal_ground": "Toestemming",
    "privacy_officer": "Noor, privacy@zuid.example",
    "processors": "Servers BV\nSms BV",
}


def filled_in(client: FlaskClient, cast: Cast, **other: str) -> None:
    casting.log_in(client, cast.beatrix)
    assert client.post("/beheer/privacy", data={**SAID, **other}).status_code == 302


def test_what_an_administrator_fills_in_stands_on_the_page(client: FlaskClient, cast: Cast) -> None:
    filled_in(client, cast)
    page = client.get("/privacy/zuid").text
    for words in ("Stichting Welzijn Zuid", "Brink 1, Utrecht", "Toestemming", "privacy@zuid.example", "Sms BV"):
        assert words in page
    assert "Gemeente Elders" not in page, "that is another organisation"
    assert "Sms BV" in client.get("/privacy").text


def test_what_nobody_filled_in_is_not_claimed(client: FlaskClient, cast: Cast) -> None:
    page = client.get("/privacy/zuid").text
    assert "Welzijn Zuid" in page and "Niemand anders bewaart" not in page and "Waarom mag dit?" not in page
    casting.log_in(client, cast.beatrix)
    assert "Nog niet alles is ingevuld" in client.get("/beheer/privacy").text
    filled_in(client, cast, processors="")
    assert "Niemand anders bewaart" in client.get("/privacy/zuid").text
    assert "Nog niet alles is ingevuld" not in client.get("/beheer/privacy").text


def test_a_change_is_in_the_log_and_stays_with_its_own_organisation(
    app: Flask, client: FlaskClient, cast: Cast
) -> None:
    filled_in(client, cast)
    with app.app_context():
        (line,) = db.session.query(AuditLine).filter_by(what="privacy_changed")
        assert line.about == "controller legal_ground privacy_officer processors"
        assert db.session.query(Organisation).filter_by(slug="elders").one().controller == ""
    assert "Privacypagina veranderd" in client.get("/beheer/logboek").text


def test_an_organisation_that_is_not_there_has_no_page(client: FlaskClient) -> None:
    assert client.get("/privacy/nergens").status_code == 404


def test_only_an_administrator_changes_it(client: FlaskClient, cast: Cast) -> None:
    casting.log_in(client, cast.amina)
    assert client.post("/beheer/privacy", data=SAID).status_code in (302, 403, 404)
    assert "Servers BV" not in client.get("/privacy/zuid").text


def test_the_page_does_not_say_that_nothing_about_health_is_asked(client: FlaskClient) -> None:
    page = client.get("/privacy").text
    assert "je gezondheid of je mening" not in page, "what somebody needs may say something about it"
    assert "apart toestemming" in page
