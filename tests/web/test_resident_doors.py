"""The doors of the resident's pages as they run: forms need their token, and an address is counted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

import config
from tests.web import cast as casting
from tests.web.cast import Cast, Clock
from tests.web.conftest import PLAIN
from web import world
from web.app import create_app
from web.limits import limiter
from web.rows import Signup, db

SERIES = "/doe-mee/zuid/samen-koken/"


@pytest.fixture
def guarded(stage, settings: config.Settings, keys: config.Secrets, app: Flask, tmp_path: Path) -> Iterator[Flask]:
    """The same database behind an application as it runs: forms need their token, and addresses are counted."""
    more = {**PLAIN, "WTF_CSRF_ENABLED": True, "RATELIMIT_ENABLED": True}
    guarded = create_app(settings, keys, tmp_path, secure=False, clock=Clock(), **more)
    limiter.reset()
    yield guarded
    limiter.reset()
    limiter.enabled = False
    with guarded.app_context():
        db.session.remove()
        db.engine.dispose()


def test_a_forged_post_is_refused_everywhere(guarded: Flask, app: Flask, cast: Cast) -> None:
    with app.app_context():
        secret = casting.sign_up(app, cast).secret
    client = guarded.test_client()
    acts = [
        f"/mijn/{secret}/{act}" for act in ("wijzigen", "afmelden", "terugkomen", "andere-tafel", "samen", "wissen")
    ]
    for path in [*acts, "/link-kwijt", *(f"{SERIES}aanmelden/{n}" for n in range(1, 5))]:
        assert client.post(path, data={"csrf_token": "x"}).status_code == 400, path
    assert client.get(acts[0]).status_code == 200


def test_a_link_that_opens_nothing_says_where_to_ask_for_another(client: FlaskClient) -> None:
    for path in ("/mijn/abc/", "/uitnodiging/abc", "/plek/abc", "/hoe-was-het/abc"):
        page = client.get(path)
        assert page.status_code == 404 and 'href="/link-kwijt"' in page.text, path
    assert "/link-kwijt" not in client.get("/werk/abc").text


def test_with_its_token_a_button_works_also_where_no_address_is_passed_on(
    guarded: Flask, app: Flask, cast: Cast
) -> None:
    """Personal pages send no Referer; over https Flask-WTF would ask for one."""
    with app.app_context():
        secret = casting.sign_up(app, cast).secret
    client, path = guarded.test_client(), f"https://localhost/mijn/{secret}/afmelden"
    token = client.get(path).text.split('name="csrf_token" value="')[1].split('"')[0]
    assert client.post(path, data={"csrf_token": token}).status_code == 302


def sign_up(client: FlaskClient, cast: Cast, clock: Clock) -> int:
    """All four screens, with the token of each."""
    answers = ({"sessions": cast.sessions}, {"name": "Bart"}, {"reach": "via", "via": "Fatma"}, {})
    for number, said in enumerate(answers, 1):
        clock.forward(seconds=10)
        path = f"{SERIES}aanmelden/{number}"
        token = client.get(path).text.split('name="csrf_token" value="')[1].split('"')[0]
        answer = client.post(path, data={**said, "csrf_token": token})
        if answer.status_code != 302:
            return answer.status_code
    return 302


def test_one_address_signs_up_only_so_many_people_and_another_is_not_in_its_way(guarded: Flask, cast: Cast) -> None:
    settings = guarded.extensions[world.SETTINGS]
    guarded.extensions[world.SETTINGS] = replace(
        settings, limits=replace(settings.limits, signups_per_address_per_hour=2)
    )
    clock = guarded.extensions[world.CLOCK]
    assert [sign_up(guarded.test_client(), cast, clock) for _ in range(3)] == [302, 302, 429]
    elsewhere = guarded.test_client()
    elsewhere.environ_base["REMOTE_ADDR"] = "192.0.2.7"
    assert sign_up(elsewhere, cast, clock) == 302
    with guarded.app_context():
        assert db.session.query(Signup).count() == 3


def test_an_address_asks_only_so_often_for_a_link(guarded: Flask) -> None:
    allowed = guarded.extensions[world.SETTINGS].limits.links_per_address_per_hour
    client = guarded.test_client()
    token = client.get("/link-kwijt").text.split('name="csrf_token" value="')[1].split('"')[0]
    told = {"reach": "niemand@voorbeeld.example", "csrf_token": token}
    codes = [client.post("/link-kwijt", data=told).status_code for _ in range(allowed + 1)]
    assert (set(codes[:-1]), codes[-1]) == ({302}, 429)
    assert client.get("/link-kwijt").status_code == 200
