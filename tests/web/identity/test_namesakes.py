"""Two who are called the same can be told apart on every list that somebody works with."""

from __future__ import annotations

import io

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.web import cast as casting
from tests.web.cast import Cast
from tests.web.evening import come_in, opened
from web.rows import Proposal, Signup, db

pytestmark = pytest.mark.slow


@pytest.fixture
def dirks(app: Flask, cast: Cast) -> dict[int, str]:
    """Dirk and dirk at one table with Els; their codes."""
    with app.app_context():
        first = casting.sign_up(app, cast, "Dirk", email=None, reach="call", phone="+31612345678").signup
        second = casting.sign_up(
            app, cast, "dirk", channel="paper", email=None, reach="call", phone="+31687654321"
        ).signup
        els = casting.sign_up(
            app, cast, "Els", email=None, reach="call", phone="+31611111111", buddy=second.code
        ).signup
        first.code, second.code = "K7Q2M4", "A2B3C4"
        casting.name_each_other(second, els)
        return {first.id: "Dirk (K7)", second.id: "dirk (A2)", els.id: "Els"}


@pytest.fixture
def seated(app: Flask, cast: Cast, dirks: dict[int, str]) -> dict[int, str]:
    with app.app_context():
        casting.plan_of(cast, {(cast.sessions[0], 1): list(dirks)}, leader=cast.chantal)
    return dirks


def all_apart(page: str, dirks: dict[int, str]) -> None:
    assert [called for called in dirks.values() if called not in page] == []
    assert "Els (" not in page


def test_the_list_of_a_facilitator_in_every_shape(
    app: Flask, cast: Cast, client: FlaskClient, seated: dict[int, str]
) -> None:
    with app.app_context():
        app.extensions["clock"].now = casting.db.session.get_one(casting.TimeSlot, cast.sessions[0]).starts
        app.extensions["clock"].forward(hours=-1)
        door = opened(app, cast.chantal, cast.sessions[0])
    come_in(client, door)
    all_apart(client.get(f"/tafel/{door[0]}/").text, seated)
    all_apart(client.get(f"/tafel/{door[0]}/lijst.csv").text, seated)
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"/tafel/{door[0]}/lijst.xlsx").data))
    all_apart(" ".join(str(cell.value) for sheet in book for row in sheet.rows for cell in row), seated)


def test_a_buddy_on_the_list_is_the_right_one(app: Flask, cast: Cast, seated: dict[int, str]) -> None:
    from web.rows import FacilitatorLink
    from web.services.plans import table_list

    with app.app_context():
        app.extensions["clock"].now = casting.NOW
        opened(app, cast.chantal, cast.sessions[0])
        link = db.session.query(FacilitatorLink).one()
        (table,) = table_list.groups_of(db.session, link, app.extensions["settings"], "nl").groups
        assert {person.name: person.buddies for person in table.people}["Els"] == ("dirk (A2)",)


def test_who_comes_and_who_is_called(app: Flask, cast: Cast, amina: FlaskClient, seated: dict[int, str]) -> None:
    all_apart(amina.get(f"/werk/{cast.series}/wie-komt-er").text, seated)
    all_apart(amina.get("/werk/bellijst").text, seated)


def test_the_board(app: Flask, cast: Cast, amina: FlaskClient, dirks: dict[int, str]) -> None:
    with app.app_context():
        for name in ("Gijs", "Noor", "Bart", "Fatma", "Henk"):
            casting.sign_up(app, cast, name)
        proposal = casting.propose(app, cast).id
        assert db.session.get_one(Proposal, proposal).steps
        assert db.session.query(Signup).count() == 8
    all_apart(amina.get(f"/werk/{cast.series}/groepen/{proposal}").text, dirks)


def test_letters_on_paper(app: Flask, cast: Cast, amina: FlaskClient) -> None:
    with app.app_context():
        for channel, code in (("web", "K7Q2M4"), ("paper", "A2B3C4")):
            told = {"email": None, "reach": "letter", "via": "balie"}
            casting.sign_up(app, cast, "Dirk", channel=channel, **told).signup.code = code
            db.session.commit()
        casting.sign_up(app, cast, "Els", **told)
    all_apart(amina.get("/werk/brieven").text, {1: "Dirk (K7)", 2: "Dirk (A2)", 3: "Els"})
