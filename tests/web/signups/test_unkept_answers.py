"""Whoever fills something in that is not kept is asked first, or hears it: on the own page, at the desk, in a file."""

from __future__ import annotations

import io

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.web import cast as casting
from tests.web.cast import Cast
from tests.web.signups.test_organiser_desk import save, typed
from tests.web.tabs import Tab
from web.rows import Project, Signup, db

pytestmark = pytest.mark.slow

ASKED = "er staat geen vinkje bij"
UNKEPT = "Niet bewaard, want daar is geen ja op gezegd: Vragen over jou"


def only(app: Flask) -> Signup:
    with app.app_context():
        found = db.session.query(Signup).one()
        _ = found.usable_bubbles
        db.session.expunge_all()
        return found


def own_page(app: Flask, cast: Cast, **told: object) -> str:
    with app.app_context():
        return f"/mijn/{casting.sign_up(app, cast, **told).secret}/wijzigen"


def answers(cast: Cast, **more: object) -> dict[str, object]:
    said = {"name": "Bart", "sessions": cast.sessions[:1], "reach": "email", "email": "bart@voorbeeld.example"}
    return {**said, "language": "nl", "languages": ["nl"], **more}


def test_new_answers_on_the_own_page_are_asked_about_once(client: FlaskClient, app: Flask, cast: Cast) -> None:
    page = Tab(client).go(own_page(app, cast, bubbles={}, consents=frozenset()))
    said = answers(cast, bubbles_age="61-75", note="Bij de deur")
    page.send(said)
    assert (page.now.status_code, ASKED in page.now.text, only(app).note) == (422, True, None)
    page.send(said)
    assert UNKEPT in page.now.text
    assert (only(app).bubbles, only(app).note) == ({}, "Bij de deur")


def test_who_takes_a_yes_back_is_not_asked_and_hears_what_went(client: FlaskClient, app: Flask, cast: Cast) -> None:
    page = Tab(client).go(own_page(app, cast))
    page.send(answers(cast, bubbles_age="26-40"))
    assert page.now.status_code == 200
    assert UNKEPT in page.now.text
    assert only(app).bubbles == {}


def test_who_says_yes_hears_nothing(client: FlaskClient, app: Flask, cast: Cast) -> None:
    page = Tab(client).go(own_page(app, cast)).send(answers(cast, bubbles_age="61-75", consent_bubbles="y"))
    assert "Niet bewaard" not in page.now.text
    assert only(app).bubbles == {"age": ["61-75"]}


def test_the_desk_is_asked_once_too(app: Flask, cast: Cast, amina: FlaskClient) -> None:
    desk, said = Tab(amina).go(f"/werk/{cast.series}/balie"), typed(cast, bubbles_age="26-40", channel="paper")
    del said["once"]
    desk.send(said)
    assert (desk.now.status_code, ASKED in desk.now.text) == (422, True)
    assert '<details class="site-details" open' in desk.now.text
    desk.send(said)
    assert "Fatma staat erop" in desk.now.text
    assert UNKEPT in desk.now.text
    assert only(app).bubbles == {}


def test_an_organiser_who_sees_bubbles_is_asked_once_too(app: Flask, cast: Cast, amina: FlaskClient) -> None:
    with app.app_context():
        id = casting.sign_up(app, cast, bubbles={}, consents=frozenset()).signup.id
        db.session.get_one(Project, cast.project).sees_bubbles = True
        db.session.commit()
    page = Tab(amina).go(f"/werk/{cast.series}/aanmeldingen/{id}/wijzigen")
    said = answers(cast, bubbles_age="26-40")
    assert ASKED in page.send(said).now.text
    assert UNKEPT in page.send(said).now.text
    assert only(app).bubbles == {}


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"how": "text"}, "Hierboven staat een e-mailadres."),
        ({"how": "call"}, "Hierboven staat een e-mailadres."),
        ({"contact": "06 12345678", "how": "call", "via_me": "y"}, "Kies een van de twee."),
        ({"prefers": ["2"]}, "die je ook hierboven koos"),
        ({"language": "en"}, "Anders wordt het een Nederlandse tafel."),
    ],
)
def test_the_desk_leaves_out_nothing_without_a_word(
    app: Flask, cast: Cast, amina: FlaskClient, more: dict[str, object], sentence: str
) -> None:
    answer = save(amina, cast, **more)
    assert (answer.status_code, sentence in answer.text) == (422, True)
    with app.app_context():
        assert db.session.query(Signup).count() == 0
    fine = {"how": "", "via_me": "", "prefers": [], "languages": ["en", "nl"]}
    assert save(amina, cast, **{**more, **fine}).status_code == 302


@pytest.mark.parametrize("sees", [True, False])
def test_a_preview_says_of_every_row_that_its_bubbles_are_not_kept(
    app: Flask, cast: Cast, amina: FlaskClient, sees: bool
) -> None:
    """Unless it would tell an organiser who may not see bubbles what somebody consented to."""
    with app.app_context():
        code = casting.sign_up(app, cast, bubbles={}, consents=frozenset()).signup.code
        db.session.get_one(Project, cast.project).sees_bubbles = sees
        db.session.commit()
    data = f"code;voornaam;bereik;e-mail;age\n{code};Bart;email;bart@voorbeeld.example;26-40\n"
    sent = {"file": (io.BytesIO(data.encode()), "x.csv")}
    page = amina.post(f"/werk/{cast.series}/importeren", data=sent).text
    assert ("Van 1 persoon bewaren we de kringen of behoeften niet" in page) == sees
    assert ("Rij: 2." in page) == sees
