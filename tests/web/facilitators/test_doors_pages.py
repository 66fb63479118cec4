"""New links for facilitators, on the page of the plan: who gets them and how, and what an old one is then worth."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.web import evening as evenings
from tests.web.cast import Cast
from tests.web.evening import Evening
from tests.web.pages import Page
from web.rows import AuditLine, DueLetter, Facilitator, Gathering, db
from web.rows.messages import DUE, OVERTAKEN
from web.services.facilitators import access
from web.transaction import transaction

pytestmark = pytest.mark.slow


@pytest.fixture
def evening(app: Flask, cast: Cast) -> Evening:
    return evenings.perform(app, cast)


def link(cast: Cast, evening: Evening, leader: int) -> str:
    return f"/werk/{cast.series}/indeling/link/{evening.session}/{leader}"


def lists() -> list[DueLetter]:
    return db.session.query(DueLetter).filter_by(kind="list_ready").order_by(DueLetter.id).all()


def opens(app: Flask, secret: str, pin: str) -> bool:
    world = app.extensions
    try:
        with transaction(db.session):
            return bool(access.enter(db.session, secret, pin, world["clock"](), world["vault"]))
    except access.NoDoor:
        return False


def test_the_page_has_a_button_for_every_leader(amina: FlaskClient, cast: Cast, evening: Evening) -> None:
    page = amina.get(f"/werk/{cast.series}/indeling")
    acts = [form.action for form in Page(page.text).forms]
    for leader in (cast.chantal, evening.cor):
        assert link(cast, evening, leader) in acts
        assert link(cast, evening, leader) + "/intrekken" in acts


def test_a_new_link_goes_by_mail_and_the_old_one_opens_nothing(
    app: Flask, amina: FlaskClient, cast: Cast, evening: Evening
) -> None:
    answer = amina.post(link(cast, evening, cast.chantal), follow_redirects=True)
    assert "per e-mail naar Chantal" in answer.text
    with app.app_context():
        (letter,) = lists()
        assert (letter.facilitator_id, letter.channel, letter.state) == (cast.chantal, "email", DUE)
        assert letter.content["secret"] not in answer.text
        assert opens(app, letter.content["secret"], letter.content["pin"])
        assert not opens(app, *evening.chantal_door)
        lines = [(line.what, line.about) for line in db.session.query(AuditLine)]
        assert ("door_renewed", f"facilitator:{cast.chantal}") in lines


def test_who_has_no_mail_is_called_with_link_and_pin(
    app: Flask, amina: FlaskClient, cast: Cast, evening: Evening
) -> None:
    assert "Cor staan op je bellijst" in amina.post(link(cast, evening, evening.cor), follow_redirects=True).text
    with app.app_context():
        (letter,) = lists()
        told = letter.content
    calls = amina.get("/werk/bellijst").text
    assert told["pin"] in calls and told["secret"] in calls


def test_of_two_new_links_only_the_last_is_sent(app: Flask, amina: FlaskClient, cast: Cast, evening: Evening) -> None:
    for _ in range(2):
        amina.post(link(cast, evening, cast.chantal))
    with app.app_context():
        first, second = lists()
        assert (first.state, first.content, second.state) == (OVERTAKEN, None, DUE)
        assert opens(app, second.content["secret"], second.content["pin"])


def test_a_link_that_is_taken_back_opens_nothing_and_is_not_sent(
    app: Flask, amina: FlaskClient, cast: Cast, evening: Evening
) -> None:
    amina.post(link(cast, evening, cast.chantal))
    assert (
        "De link werkt niet meer."
        in amina.post(link(cast, evening, cast.chantal) + "/intrekken", follow_redirects=True).text
    )
    with app.app_context():
        assert [letter.state for letter in lists()] == [OVERTAKEN]
        assert not opens(app, *evening.chantal_door)
        assert opens(app, *evening.cor_door)
        assert db.session.query(AuditLine).filter_by(what="door_closed").count() == 1


def test_what_does_not_take_place_needs_no_link(app: Flask, amina: FlaskClient, cast: Cast, evening: Evening) -> None:
    with app.app_context():
        now = app.extensions["clock"]()
        db.session.query(Gathering).filter_by(session_id=evening.session).update({Gathering.called_off_at: now})
        db.session.commit()
    assert "Een nieuwe link is niet nodig" in amina.post(link(cast, evening, cast.chantal), follow_redirects=True).text
    with app.app_context():
        assert lists() == []


def test_nobody_else_gives_links(
    app: Flask, dirk: FlaskClient, client: FlaskClient, amina: FlaskClient, cast: Cast, evening: Evening
) -> None:
    with app.app_context():
        idle = Facilitator(organisation_id=cast.organisation, name="Zonder tafel")
        db.session.add(idle)
        db.session.commit()
        nobody = idle.id
    for end in ("", "/intrekken"):
        assert dirk.post(link(cast, evening, cast.chantal) + end).status_code == 404
        assert client.post(link(cast, evening, cast.chantal) + end).status_code == 302
        assert amina.post(link(cast, evening, nobody) + end).status_code == 404
        assert amina.get(link(cast, evening, cast.chantal) + end).status_code == 405
    with app.app_context():
        assert lists() == []
        assert opens(app, *evening.chantal_door)
