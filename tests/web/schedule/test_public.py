"""The public pages: what is open, and in plain words what happens to data and how groups are made."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.web.cast import Cast, Clock
from web import world
from web.rows import Series, db
from web.rows.meetings import SeriesState

pytestmark = pytest.mark.slow

PAGES = ("/", "/privacy", "/toegankelijkheid", "/zo-maken-we-de-groepen")


def set_series(app: Flask, cast: Cast, **values: object) -> None:
    with app.app_context():
        for name, value in values.items():
            setattr(db.session.get_one(Series, cast.series), name, value)
        db.session.commit()


def test_what_is_open_stands_on_the_first_page(client: FlaskClient, cast: Cast) -> None:
    page = client.get("/").text
    for said in ("Samen koken in de buurt", "vanaf dinsdag 12 januari, 3 tijden", "Buurthuis De Brink"):
        assert said in page
    assert 'href="/doe-mee/zuid/samen-koken/"' in page


@pytest.mark.parametrize("state", [SeriesState.DRAFT, SeriesState.CLOSED, SeriesState.FINISHED])
def test_what_is_not_open_does_not(client: FlaskClient, app: Flask, cast: Cast, state: str) -> None:
    set_series(app, cast, state=state)
    page = client.get("/").text
    assert "Samen koken" not in page
    assert "Er is nu niets open" in page


def test_what_has_closed_by_itself_does_not_either(client: FlaskClient, app: Flask, cast: Cast, clock: Clock) -> None:
    set_series(app, cast, closes_at=clock.now)
    assert "Samen koken" not in client.get("/").text


def test_a_title_is_text_and_a_series_without_times_or_place_stands_there_too(
    client: FlaskClient, app: Flask, cast: Cast
) -> None:
    with app.app_context():
        series = db.session.get_one(Series, cast.series)
        series.title, series.rounds = "<b>Koken</b>", []
        db.session.commit()
    assert "&lt;b&gt;Koken" in client.get("/").text
    assert client.get("/doe-mee/zuid/samen-koken/").status_code == 200


def test_the_privacy_page_tells_the_terms_of_the_settings(client: FlaskClient, app: Flask) -> None:
    settings = app.extensions[world.SETTINGS]
    shorter = replace(settings.retention, contact_weeks=1)
    app.extensions[world.SETTINGS] = replace(settings, retention=shorter)
    page = client.get("/privacy").text
    assert "tot 1 week na de laatste keer" in page
    assert settings.sender.address in page


def test_the_page_of_a_series_says_what_somebody_wants_to_know(client: FlaskClient, cast: Cast) -> None:
    page = client.get("/doe-mee/zuid/samen-koken/").text
    for said in (
        "Meedoen is gratis",
        "5 tot 8 mensen",
        "één keer",
        "Bel Fatma",
        "tel:0301234567",
        "kijkt altijd mee en beslist",
    ):
        assert said in page


@pytest.mark.parametrize("path", PAGES)
def test_a_public_page_sets_no_cookie_and_needs_no_script(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert "<script" not in answer.text


@pytest.mark.parametrize("path", PAGES)
def test_a_public_page_takes_nothing(client: FlaskClient, path: str) -> None:
    assert client.post(path).status_code == 405


@pytest.mark.parametrize("path", ["/", "/doe-mee/zuid/samen-koken/"])
def test_a_first_visit_fetches_one_face_of_the_letters(client: FlaskClient, cast: Cast, path: str) -> None:
    assert "bold.css" not in client.get(path).text and "latin-700" not in client.get(path).text
    assert "bold.css" in client.get("/privacy").text


def test_a_map_is_another_site_and_says_so_and_sharing_waits_for_a_phone_that_can(
    client: FlaskClient, app: Flask, cast: Cast
) -> None:
    page = client.get("/doe-mee/zuid/samen-koken/").text
    assert 'href="https://www.openstreetmap.org/search?query=Brink+1" rel="external noreferrer"' in page
    assert "kaart op een andere site" in page and "OpenStreetMap" in client.get("/privacy").text
    assert re.search(r"<button [^>]*data-share\s+hidden>", page)


@pytest.mark.parametrize(("capacity", "said"), [(None, "Er is plek"), (60, "Er is plek"), (3, "Nog 3 plekken")])
def test_how_much_room_there_is(client: FlaskClient, app: Flask, cast: Cast, capacity: int | None, said: str) -> None:
    set_series(app, cast, capacity=capacity)
    assert said in client.get("/").text and said in client.get("/doe-mee/zuid/samen-koken/").text
