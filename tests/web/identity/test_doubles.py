"""One person twice on the web: seen by the organiser only, and one press makes it one."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.web import cast as casting
from tests.web.cast import Cast
from web.rows import AuditLine, DueLetter, Series, Signup, db
from web.rows.people import SignupState
from web.services.signups import doubles

pytestmark = pytest.mark.slow

SAID = "misschien dubbel"


def twice(app: Flask, cast: Cast, name: str = "Bart", again: str = "bart", **more: object) -> tuple[int, int]:
    """The same person twice, the second time with other times."""
    address = more.pop("email", "bart@voorbeeld.example")
    first = casting.sign_up(app, cast, name, email=address)
    told = {"email": str(address).upper(), "sessions": frozenset(cast.sessions[2:]), "interests": ("muziek",), **more}
    app.extensions["clock"].forward(minutes=5)
    return first.signup.id, casting.sign_up(app, cast, again, **told).signup.id


def pressed(client: FlaskClient, cast: Cast, signup: int):
    return client.post(f"/werk/{cast.series}/aanmeldingen/{signup}/houd-laatste", follow_redirects=True)


def test_the_organiser_sees_it_on_the_list_and_on_both_pages(app: Flask, cast: Cast, amina: FlaskClient) -> None:
    with app.app_context():
        ids = twice(app, cast)
    for path in ("", f"/{ids[0]}", f"/{ids[1]}"):
        assert SAID in amina.get(f"/werk/{cast.series}/aanmeldingen{path}").text


def test_a_household_is_no_double(app: Flask, cast: Cast, amina: FlaskClient) -> None:
    with app.app_context():
        twice(app, cast, "Els", "Gijs", email="thuis@voorbeeld.example")
        casting.sign_up(app, cast, "Els", channel="phone", email="els@elders.example")
    assert SAID not in amina.get(f"/werk/{cast.series}/aanmeldingen").text


def test_a_resident_hears_nothing_about_it(app: Flask, cast: Cast, client: FlaskClient) -> None:
    """The page after signing up is the same whether or not the name and address were known."""
    with app.app_context():
        pages = []
        for name, channel in (("Bart", "web"), ("Bart", "paper"), ("Noor", "paper")):
            signed = casting.sign_up(app, cast, name, channel=channel)
            page = client.get(f"/mijn/{signed.secret}/aangemeld").text
            for own in (signed.secret, signed.signup.code, name):
                page = page.replace(own, "")
            pages.append(re.sub(r'name="csrf_token"[^>]*', "", page))
    assert len(set(pages)) == 1


def test_one_press_keeps_the_last_answers_on_the_first_place(app: Flask, cast: Cast, amina: FlaskClient) -> None:
    with app.app_context():
        first, last = twice(app, cast)
        code = db.session.get_one(Signup, last).code
    page = pressed(amina, cast, last)
    assert "staat er nu één keer op, met de laatste antwoorden." in page.text
    with app.app_context():
        (kept,) = db.session.query(Signup)
        assert (kept.id, kept.number, kept.name, kept.code) == (first, 1, "bart", code)
        assert {a.session_id for a in kept.availability} == set(cast.sessions[2:])
        assert kept.interests == ["muziek"]
        assert db.session.query(AuditLine).filter(AuditLine.what == "keep last signup").count() == 1
    assert pressed(amina, cast, first).status_code == 409


def test_both_personal_links_lead_to_the_one_that_stays(
    app: Flask, cast: Cast, amina: FlaskClient, client: FlaskClient
):
    with app.app_context():
        secrets = [casting.sign_up(app, cast, "Bart", channel=channel).secret for channel in ("web", "paper")]
        id = db.session.query(Signup.id).first()[0]
    pressed(amina, cast, id)
    assert [client.get(f"/mijn/{secret}/").status_code for secret in secrets] == [200, 200]


def test_who_was_in_stays_in_and_nobody_is_overtaken(app: Flask, cast: Cast, amina: FlaskClient) -> None:
    with app.app_context():
        db.session.get_one(Series, cast.series).capacity = 1
        db.session.commit()
        first, last = twice(app, cast)
        assert db.session.get_one(Signup, last).state == SignupState.WAITING
    pressed(amina, cast, last)
    with app.app_context():
        assert [(signup.id, signup.state) for signup in db.session.query(Signup)] == [(first, SignupState.IN)]


def test_who_has_a_table_keeps_it(app: Flask, cast: Cast, amina: FlaskClient) -> None:
    with app.app_context():
        _, last = twice(app, cast)
        casting.plan_of(cast, {(cast.sessions[0], 1): [last]})
    pressed(amina, cast, last)
    with app.app_context():
        assert [signup.id for signup in db.session.query(Signup)] == [last]
        assert db.session.query(Signup).one().number == 1


def test_a_buddy_of_the_one_that_goes_is_a_buddy_of_the_one_that_stays(app: Flask, cast: Cast, amina: FlaskClient):
    with app.app_context():
        first, last = twice(app, cast)
        code = db.session.get_one(Signup, last).code
        els = casting.sign_up(app, cast, "Els", buddy=code).signup.id
    pressed(amina, cast, last)
    with app.app_context():
        assert db.session.get_one(Signup, els).buddy_id == first


def test_three_times_and_by_address_and_number_is_one_person(app: Flask, cast: Cast) -> None:
    with app.app_context():
        a = casting.sign_up(app, cast, "Bart", email="a@voorbeeld.example").signup.id
        b = casting.sign_up(app, cast, "Bart", email="a@voorbeeld.example", phone="+31612345678").signup.id
        c = casting.sign_up(
            app, cast, "Bart", channel="paper", email=None, reach="call", phone="+31612345678"
        ).signup.id
        (double,) = doubles.likely(db.session, db.session.get_one(Series, cast.series))
        assert [signup.id for signup in double.signups] == [a, b, c]


def test_another_municipality_sees_and_merges_nothing(app: Flask, cast: Cast, dirk: FlaskClient) -> None:
    with app.app_context():
        _, last = twice(app, cast)
    assert pressed(dirk, cast, last).status_code == 404
    with app.app_context():
        assert db.session.query(Signup).count() == 2


def test_no_letter_says_that_somebody_left(app: Flask, cast: Cast, amina: FlaskClient) -> None:
    with app.app_context():
        _, last = twice(app, cast)
    pressed(amina, cast, last)
    with app.app_context():
        assert {letter.kind for letter in db.session.query(DueLetter)} == {"confirmation"}
