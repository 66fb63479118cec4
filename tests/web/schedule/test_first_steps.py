"""An empty organisation reads what comes first; it goes once people can sign up."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.web import cast as casting
from tests.web.cast import Cast
from web.rows import Facilitator, Role, Series, Staff, Venue, db
from web.rows.staff import RoleName

PRIMARY = "utrecht-button--primary-action"


@pytest.fixture
def empty(app: Flask, cast: Cast) -> None:
    """Nothing there yet, but accounts and a project."""
    with app.app_context():
        for row, id in ((Series, cast.series), (Venue, cast.venue), (Facilitator, cast.chantal)):
            db.session.delete(db.session.get_one(row, id))
            db.session.commit()


def done(page: str) -> list[str]:
    return re.findall(r"<li data-done><div>\s*<h3[^>]*>([^<]+)", page.replace("\n", ""))


def next_step(page: str) -> tuple[int, str]:
    """How many purple buttons there are, and where the one leads."""
    found = re.findall(rf'{PRIMARY}[^>]*href="([^"]+)"', page)
    return len(found), found[0] if found else ""


def test_each_step_is_ticked_and_the_next_one_is_the_only_purple_button(
    app: Flask, empty: None, cast: Cast, amina: FlaskClient
) -> None:
    assert next_step(amina.get("/werk/").text) == (1, "/werk/locaties/nieuw")
    with app.app_context():
        db.session.add(Venue(organisation_id=cast.organisation, name="De Brink", address="Brink 1", access=[]))
        db.session.commit()
    page = amina.get("/werk/").text
    assert ([name.strip() for name in done(page)], next_step(page)[1]) == (
        ["Kies een plek"],
        "/werk/gespreksleiders/nieuw",
    )
    with app.app_context():
        db.session.add(Facilitator(organisation_id=cast.organisation, name="Chantal", contact={}, languages=["nl"]))
        db.session.commit()
    assert next_step(amina.get("/werk/").text) == (1, "/werk/nieuw")


def test_a_draft_is_still_to_share_and_an_open_meeting_ends_it(app: Flask, cast: Cast, amina: FlaskClient) -> None:
    assert "Je eerste ontmoeting" not in amina.get("/werk/").text
    for state, shown in (("draft", True), ("open", False), ("closed", False), ("finished", False)):
        with app.app_context():
            db.session.get_one(Series, cast.series).state = state
            db.session.commit()
        page = amina.get("/werk/").text
        assert ("Je eerste ontmoeting" in page) is shown, state
        assert page.count(PRIMARY) <= 1, state
        if shown:
            assert next_step(page) == (1, f"/werk/{cast.series}")


def test_who_may_not_do_a_step_reads_who_can(app: Flask, empty: None, cast: Cast, client: FlaskClient) -> None:
    with app.app_context():
        account = db.session.get_one(Staff, cast.amina)
        account.roles = [db.session.query(Role).filter_by(name=RoleName.COORDINATOR).one()]
        db.session.add(Venue(organisation_id=cast.organisation, name="De Brink", address="Brink 1", access=[]))
        db.session.add(Facilitator(organisation_id=cast.organisation, name="Chantal", contact={}, languages=["nl"]))
        db.session.commit()
    casting.log_in(client, cast.amina)
    page = client.get("/werk/").text
    assert "Maak een ontmoeting: Dit doet een buurtwerker." in page
    assert next_step(page) == (0, "")


def test_an_organiser_without_a_project_reads_whom_to_ask(
    app: Flask, empty: None, cast: Cast, amina: FlaskClient
) -> None:
    with app.app_context():
        db.session.get_one(Staff, cast.amina).projects = []
        db.session.commit()
    page = amina.get("/werk/").text
    assert "Vraag de beheerder om je bij een project te zetten." in page
    assert next_step(page) == (1, "/werk/locaties/nieuw")
