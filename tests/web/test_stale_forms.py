"""A form that lay open too long: nothing that was typed is lost, whoever typed it, and nobody goes round in circles."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

import config
from tests.web import cast as casting
from tests.web.cast import Cast, Clock
from tests.web.conftest import PLAIN
from tests.web.tabs import Tab
from web import stale_forms
from web.app import create_app
from web.rows import Signup, db

pytestmark = pytest.mark.slow

SCREEN = "/doe-mee/zuid/samen-koken/aanmelden/"


@pytest.fixture
def guarded(
    app: Flask, settings: config.Settings, keys: config.Secrets, clock: Clock, tmp_path: Path
) -> Iterator[Flask]:
    """The same database behind an application in which forms need their token."""
    guarded = create_app(settings, keys, tmp_path, secure=False, clock=clock, **PLAIN | {"WTF_CSRF_ENABLED": True})
    yield guarded
    with guarded.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def visitor(guarded: Flask) -> FlaskClient:
    return guarded.test_client()


def forget_session(client: FlaskClient) -> None:
    """As after too long: the browser threw it away, or we no longer take it."""
    client.delete_cookie("session")


def people(app: Flask) -> list[str]:
    with app.app_context():
        return [signup.name for signup in db.session.query(Signup).order_by(Signup.id)]


def test_the_token_of_a_form_lives_as_long_as_a_draft(visitor: FlaskClient, guarded: Flask, cast: Cast) -> None:
    assert guarded.config["PERMANENT_SESSION_LIFETIME"] == stale_forms.OPEN >= timedelta(hours=20)
    assert guarded.config["WTF_CSRF_TIME_LIMIT"] is None
    tab = Tab(visitor).go(SCREEN + "1")
    for _ in range(2):
        tab.go(tab.where)
        cookie = visitor.get_cookie("session")
        assert "session=" in str(tab.now.headers.getlist("Set-Cookie")), "anew with every form that is shown"
        assert cookie and cookie.expires, "and it outlives the browser"


def test_the_session_of_who_signed_in_ends_with_the_browser(guarded: Flask, cast: Cast) -> None:
    client = guarded.test_client()
    client.get("/inloggen")
    casting.log_in(client, cast.amina)
    client.get("/werk/")
    cookie = client.get_cookie("session")
    assert cookie and cookie.expires is None


def test_a_file_gives_nobody_a_cookie(visitor: FlaskClient) -> None:
    visitor.get(SCREEN + "1")
    visitor.get("/")
    visitor.get("/static/mark.svg")
    assert "Set-Cookie" not in visitor.get("/static/mark.svg").headers


def test_what_a_resident_typed_comes_back_and_goes_on(
    visitor: FlaskClient, guarded: Flask, cast: Cast, clock: Clock
) -> None:
    tab = Tab(visitor).join()
    tab.tell({"sessions": cast.sessions[:2]}, {"name": "Bart"})
    forget_session(visitor)
    tab.send({"reach": "email", "email": "bart@voorbeeld.example"})
    assert tab.now.status_code == 400
    assert "Wat je invulde, staat nog op deze pagina" in tab.now.text
    clock.forward(seconds=30)
    assert tab.send({}).where.startswith(SCREEN + "4")
    tab.send({})
    assert people(guarded) == ["Bart"]


def test_without_cookies_it_says_so_instead_of_that_it_lay_open(guarded: Flask, cast: Cast) -> None:
    tab = Tab(guarded.test_client(use_cookies=False)).join()
    for _ in range(2):
        tab.send({"sessions": cast.sessions[:1]})
        for said in ("geen cookies", "Zet dan cookies aan", "Fatma", "030 123 45 67"):
            assert said in tab.now.text
        assert tab.hidden["sessions"] == str(cast.sessions[0])


def test_a_page_without_a_project_names_an_address(guarded: Flask, settings: config.Settings) -> None:
    tab = Tab(guarded.test_client(use_cookies=False)).go("/link-kwijt").send({"reach": "bart@voorbeeld.example"})
    assert settings.sender.address in tab.now.text
    assert tab.hidden["reach"] == "bart@voorbeeld.example"


def test_a_change_of_answers_comes_back(visitor: FlaskClient, guarded: Flask, cast: Cast) -> None:
    with guarded.app_context():
        secret = casting.sign_up(guarded, cast).secret
    tab = Tab(visitor).go(f"/mijn/{secret}/wijzigen")
    forget_session(visitor)
    said = {"name": "Bartje", "sessions": cast.sessions, "reach": "via", "via": 'Ria & "Zo"', "language": "nl"}
    tab.send(said).send({"sessions": cast.sessions})
    assert people(guarded) == ["Bartje"]


def test_what_another_site_sends_does_not_come_back(visitor: FlaskClient, cast: Cast) -> None:
    for headers in (
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://elders.example"},
        {"Origin": "null"},
        {"Referer": "https://elders.example/x"},
    ):
        answer = visitor.post(SCREEN + "2", data={"name": "Vals"}, headers=headers)
        assert (answer.status_code, "Vals" in answer.text) == (400, False), headers
    for headers in ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, {"Origin": "http://localhost"}):
        answer = visitor.post(SCREEN + "2", data={"name": "Echt"}, headers=headers)
        assert (answer.status_code, "Echt" in answer.text) == (400, True), headers


def test_a_desk_after_hours_keeps_everything_until_the_organiser_is_back(
    guarded: Flask, cast: Cast, clock: Clock
) -> None:
    client = casting.log_in(guarded.test_client(), cast.amina)
    desk = Tab(client).go(f"/werk/{cast.series}/balie")
    clock.forward(hours=9)
    desk.send({"name": "Fatma", "contact": "fatma@voorbeeld.example", "sessions": cast.sessions[:2], "note": "Zacht"})
    assert (desk.now.status_code, people(guarded)) == (401, [])
    assert "8 uur geleden" in desk.now.text
    assert '/inloggen" target="_blank"' in desk.now.text
    casting.log_in(client, cast.amina)
    desk.send({"sessions": cast.sessions[:2]})
    assert "Fatma staat erop" in desk.now.text
    with guarded.app_context():
        assert db.session.query(Signup).one().note == "Zacht"


def test_who_signs_in_with_another_session_presses_once_more(guarded: Flask, cast: Cast, clock: Clock) -> None:
    client = casting.log_in(guarded.test_client(), cast.amina)
    form = Tab(client).go(f"/werk/{cast.series}/balie")
    clock.forward(hours=9)
    form.send({"name": "Fatma", "contact": "fatma@voorbeeld.example", "sessions": cast.sessions[:1]})
    forget_session(client)
    casting.log_in(client, cast.amina)
    form.send({})
    assert "Wat je invulde, staat nog op deze pagina" in form.now.text
    form.send({})
    assert people(guarded) == ["Fatma"]


def test_a_bare_button_after_hours_leads_to_the_door(guarded: Flask, cast: Cast, clock: Clock) -> None:
    client = casting.log_in(guarded.test_client(), cast.amina)
    token = Tab(client).go(f"/werk/{cast.series}").hidden["csrf_token"]
    clock.forward(hours=9)
    answer = client.post(f"/werk/{cast.series}/stand", data={"csrf_token": token})
    assert (answer.status_code, answer.location.partition("?")[0]) == (302, "/inloggen")


def test_a_file_and_a_password_do_not_come_back_and_the_page_says_so(guarded: Flask, cast: Cast) -> None:
    client = casting.log_in(guarded.test_client(), cast.amina)
    sent = {"file": (io.BytesIO(b"voornaam\nBart\n"), "x.csv")}
    page = client.post(f"/werk/{cast.series}/importeren", data=sent).text
    assert "Een bestand kunnen we niet vasthouden" in page
    assert f'href="/werk/{cast.series}/importeren"' in page
    door = guarded.test_client().post("/inloggen", data={"email": "amina@zuid.example", "password": "geheim!!"})
    assert "geheim!!" not in door.text
    assert "vul die opnieuw in" in door.text
    assert 'href="/inloggen"' in door.text
