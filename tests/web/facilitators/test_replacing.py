"""A facilitator is ill: another one leads the table at once, and only the two of them hear of it."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.web import cast as casting
from tests.web import evening as evenings
from tests.web.cast import Cast
from tests.web.evening import Evening
from web.rows import AuditLine, DueLetter, Facilitator, PlanGroup, Proposal, Staff, TimeSlot, db
from web.rows.messages import LetterState
from web.services.groups import reopening
from web.services.groups.editor.edits import current
from web.transaction import transaction

pytestmark = pytest.mark.slow


@pytest.fixture
def evening(app: Flask, cast: Cast) -> Evening:
    """Somebody waits as well, and Eva could lead."""
    found = evenings.perform(app, cast)
    with app.app_context():
        owner = db.session.get_one(Facilitator, cast.chantal).organisation_id
        db.session.add(Facilitator(organisation_id=owner, name="Eva", contact={"email": "eva@voorbeeld.example"}))
        casting.sign_up(app, cast, "Wim")
        db.session.query(DueLetter).update({"state": LetterState.SENT})
        db.session.commit()
    return found


def plan(cast: Cast) -> str:
    return f"/werk/{cast.series}/indeling"


def eva() -> int:
    return next(one.id for one in db.session.query(Facilitator) if one.name == "Eva")


def press(app: Flask, client: FlaskClient, cast: Cast, evening: Evening, **more: object):
    """Table 1 goes from Chantal to Eva."""
    with app.app_context():
        told = {"place": f"{evening.session}.1", "was": cast.chantal, "wie": eva(), **more}
    return client.post(f"{plan(cast)}/gespreksleider", data=told, follow_redirects=True)


def leads(evening: Evening) -> dict[int, int | None]:
    tables = db.session.query(PlanGroup).filter_by(session_id=evening.session)
    return {one.number: one.facilitator_id for one in tables}


def test_the_page_of_the_plan_offers_who_is_free(app: Flask, amina: FlaskClient, cast: Cast, evening: Evening) -> None:
    html = amina.get(plan(cast)).text
    form = re.search(r"Vervang gespreksleider.*?</form>", html, re.S)[0]
    assert re.findall(r"<option value=\"\d+\">(\w+)", form) == ["Eva"], "Cor has a table of his own"


def test_the_old_one_and_the_new_one_hear_it_and_nobody_else(
    app: Flask, amina: FlaskClient, cast: Cast, evening: Evening
) -> None:
    page = press(app, amina, cast, evening)
    assert "Eva begeleidt nu deze tafel" in page.text
    with app.app_context():
        assert leads(evening) == {1: eva(), 2: evening.cor}
        due = db.session.query(DueLetter).filter_by(state=LetterState.DUE)
        assert sorted((one.kind, one.facilitator_id, (one.content or {}).get("reason")) for one in due) == sorted(
            [("list_changed", cast.chantal, "lost"), ("list_ready", eva(), None)]
        )
        lines = [line.about for line in db.session.query(AuditLine).filter_by(what="replace leader")]
        assert lines == [f"facilitator:{eva()}"]
        there = db.session.get_one(TimeSlot, evening.session).facilitators
        assert [one.name for one in there] == ["Eva"], "who is ill is not asked for that time again"


def test_the_door_of_the_old_one_is_shut(
    app: Flask, amina: FlaskClient, client: FlaskClient, cast: Cast, evening: Evening
) -> None:
    press(app, amina, cast, evening)
    secret, pin = evening.chantal_door
    assert client.post(f"/tafel/{secret}/", data={"pin": pin}).status_code != 302
    assert "Bart" not in client.get(f"/tafel/{secret}/").text


def test_the_editor_shows_who_leads_now(app: Flask, amina: FlaskClient, cast: Cast, evening: Evening) -> None:
    """A proposal with the same people at the same tables is not the plan if another one leads."""
    known = {"settings": app.extensions["settings"], "vault": app.extensions["vault"]}

    def opened() -> Proposal:
        with transaction(db.session):
            by, series = db.session.get_one(Staff, cast.amina), db.session.get_one(casting.Series, cast.series)
            return reopening.reopen(db.session, series, by=by, now=app.extensions["clock"](), **known)

    with app.app_context():
        opened()
    press(app, amina, cast, evening)
    with app.app_context():
        table = current(db.session, opened()).group(str(evening.session), 1)
        assert table.facilitator == str(eva())


@pytest.mark.parametrize(
    ("more", "said"),
    [({"was": 0}, "veranderd"), ({"wie": 999}, ""), ({"place": "1.9"}, ""), ({"place": "x"}, ""), ({"wie": ""}, "")],
)
def test_what_cannot_be_changes_nothing(
    app: Flask, amina: FlaskClient, cast: Cast, evening: Evening, more: dict[str, object], said: str
) -> None:
    page = press(app, amina, cast, evening, **more)
    assert (page.status_code, said in page.text) == (200 if said else 404, True)
    with app.app_context():
        assert leads(evening)[1] == cast.chantal
        assert not db.session.query(DueLetter).filter_by(state=LetterState.DUE).count()


def test_who_does_not_speak_the_language_of_the_table_cannot_lead_it(
    app: Flask, amina: FlaskClient, cast: Cast, evening: Evening
) -> None:
    with app.app_context():
        db.session.get_one(Facilitator, eva()).languages = ["en"]
        db.session.commit()
    assert "Deze persoon kan deze tafel niet begeleiden" in press(app, amina, cast, evening).text
    with app.app_context():
        assert leads(evening)[1] == cast.chantal
        assert db.session.get_one(TimeSlot, evening.session).facilitators[0].id == cast.chantal
