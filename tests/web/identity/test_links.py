"""A link that somebody typed over, or pulled out of a sentence, still leads to its page."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from tests.web import cast as casting
from tests.web import evening as evenings
from tests.web.cast import Cast
from web.identity import links
from web.rows import Signup, db
from web.services.invitations.feeds import feeding
from web.transaction import transaction

SIGNS = [".", ",", ")", "]", ">", "”", ";", "%20", "%2520", " ", "\u200b", "!"]


@given(st.text(max_size=80))
def test_what_may_be_meant_is_read_the_same_again(path: str) -> None:
    for meant in links.meant(path):
        again = set(links.meant(meant))
        assert len({other.rstrip("/").lower() for other in again} - {meant.rstrip("/").lower()}) <= 1


@pytest.mark.parametrize("sign", SIGNS)
def test_a_personal_link_with_a_sign_behind_it(app: Flask, cast: Cast, client: FlaskClient, sign: str) -> None:
    with app.app_context():
        secret = casting.sign_up(app, cast).secret
    for path in (f"/mijn/{secret}/{sign}", f"/mijn/{secret}{sign}/", f"/mijn/{secret}{sign}"):
        page = client.get(path, follow_redirects=True)
        assert (page.status_code, page.request.path) == (200, f"/mijn/{secret}/"), path


def test_a_link_in_capitals_with_spaces_and_letters_for_digits(app: Flask, cast: Cast, client: FlaskClient) -> None:
    with app.app_context():
        secret = casting.sign_up(app, cast).secret
    spaced = " ".join(secret[i : i + 4] for i in range(0, len(secret), 4))
    for typed in (secret.upper(), spaced, secret.upper().replace("0", "O").replace("1", "I"), f"({secret}"):
        page = client.get(f"/MIJN/{typed}/", follow_redirects=True)
        assert (page.status_code, page.request.path) == (200, f"/mijn/{secret}/"), typed


def test_every_other_link_that_people_get(app: Flask, cast: Cast, client: FlaskClient) -> None:
    evening = evenings.perform(app, cast)
    with app.app_context(), transaction(db.session):
        signup = db.session.get_one(Signup, evening.seated["Bart"])
        feed = feeding.renew(db.session, signup, app.extensions["clock"]()).secret
    for path in (
        f"/tafel/{evening.chantal_door[0]}/",
        f"/agenda/{feed}.ics",
        "/doe-mee/zuid/samen-koken/",
        "/doe-mee/zuid/samen-koken/aanmelden/1",
    ):
        for typed in (path.upper(), f"{path}.", f"{path})", path.replace("/", "/ ")):
            page = client.get(typed, follow_redirects=True)
            assert (page.status_code, page.request.path) == (200, path), typed


def test_the_code_of_who_invited_somebody_goes_along(app: Flask, cast: Cast, client: FlaskClient) -> None:
    answer = client.get("/DOE-MEE/zuid/samen-koken/?via=K7Q2M")
    assert answer.location == "/doe-mee/zuid/samen-koken/?via=K7Q2M"


@pytest.mark.parametrize("path", ["/mijn/ABC/", "/mijn/abc./", "/NIETS/hier", "/static/Nee.css", "/mijn/..%2f..%2f/"])
def test_what_is_nothing_stays_nothing(app: Flask, client: FlaskClient, path: str) -> None:
    assert client.get(path, follow_redirects=True).status_code == 404


@pytest.mark.parametrize(
    "path", ["//elders.example/MIJN/x", "/\\elders.example/MIJN/x.", "/%2F/elders.example/mijn/a."]
)
def test_nobody_is_sent_to_another_site(path: str) -> None:
    assert not [meant for meant in links.meant(path) if meant[1:2] in ("/", "\\")]
