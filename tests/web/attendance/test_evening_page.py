"""The page of a facilitator on the evening: a tap each, with or without a script, and only for who is inside."""

from __future__ import annotations

import json
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.web import evening as evenings
from tests.web.cast import Cast, Clock
from tests.web.evening import Evening, come_in
from web.rows import Attendance, Gathering, TableEnd, db
from web.services.attendance import records
from web.services.facilitators import access

pytestmark = pytest.mark.slow


@pytest.fixture
def evening(app: Flask, cast: Cast) -> Evening:
    return evenings.perform(app, cast)


@pytest.fixture
def inside(client: FlaskClient, evening: Evening) -> FlaskClient:
    """Chantal, with her PIN."""
    return come_in(client, evening.chantal_door)


def date_of(evening: Evening) -> Gathering:
    return db.session.query(Gathering).filter_by(session_id=evening.session).one()


def own(evening: Evening, page: str = "avond") -> str:
    return f"/tafel/{evening.chantal_door[0]}/{page}"


def pressed(page: str) -> dict[int, str]:
    return {int(id): said for id, said in re.findall(r'id="p-(\d+)" data-is="(\w+)"', page)}


def lot(evening: Evening, date: int, clock: Clock, entry: str = "entry-001") -> dict[str, str]:
    at = clock.now.timestamp() * 1000
    tap = {"id": entry, "date": date, "who": evening.seated["Bart"], "presence": "present", "at": at}
    return {"klok": str(at), "tikken": json.dumps([tap])}


def test_a_tap_and_its_undoing_without_a_script(inside: FlaskClient, evening: Evening, clock: Clock) -> None:
    assert 'href="' + own(evening) + '"' in inside.get(own(evening, "")).text
    bart, els = evening.seated["Bart"], evening.seated["Els"]
    page = inside.get(own(evening)).text
    assert "0 van de 3 zijn er" in page and set(pressed(page).values()) == {"open"}
    for who, said in ((bart, "present"), (els, "late"), (bart, "open")):
        clock.forward(seconds=5)
        answer = inside.post(own(evening), data={"wie": who, "is": said, "naar": f"p-{who}"})
        assert answer.location.endswith(f"/avond#p-{who}")
    page = inside.get(own(evening)).text
    assert (pressed(page)[bart], pressed(page)[els]) == ("open", "late") and "1 van de 3 zijn er" in page


def test_somebody_walks_in_and_out_again(inside: FlaskClient, evening: Evening, clock: Clock) -> None:
    for name in ("Wim", " \u200b"):
        inside.post(own(evening), data={"tafel": 1, "naam": name, "is": "present"})
    page = inside.get(own(evening)).text
    assert "Wim" in page and "1 van de 4 zijn er" in page and "de naam was leeg" in page
    (walk_in,) = re.findall(r'id="w-([a-z0-9]+)"', page)
    clock.forward(seconds=5)
    inside.post(own(evening), data={"zomaar": walk_in, "tafel": 1, "is": "open"})
    assert "Wim" not in inside.get(own(evening)).text


def test_it_shows_what_the_table_needs_and_nothing_more(inside: FlaskClient, evening: Evening) -> None:
    page = inside.get(own(evening)).text
    assert [word for word in ("Bart", "Els", "Fatma", "rolstoel", "tel:0301234567") if word not in page] == []
    hidden = ("Gijs", "Henk", "@voorbeeld", "0687654321", "26-40", "muziek")
    assert [word for word in hidden if word in page] == []


def test_a_lot_is_taken_once_and_answered(
    app: Flask, cast: Cast, inside: FlaskClient, evening: Evening, clock: Clock
) -> None:
    with app.app_context():
        date = date_of(evening).id
    for _twice in range(2):
        answer = inside.post(own(evening, "tikken"), data=lot(evening, date, clock))
        assert answer.json["done"] == ["entry-001"]
        assert answer.json["said"][str(evening.seated["Bart"])] == "present"
        assert set(answer.json["said"]) == {str(evening.seated[name]) for name in ("Bart", "Els", "Fatma")}
    with app.app_context():
        assert [row.recorded_by for row in db.session.query(Attendance)] == [f"facilitator:{cast.chantal}"]


def test_nobody_taps_from_outside_or_after_the_end(
    app: Flask, cast: Cast, client: FlaskClient, evening: Evening, clock: Clock
) -> None:
    with app.app_context():
        date = date_of(evening).id
    sent = lot(evening, date, clock)
    assert client.post(own(evening, "tikken"), data=sent).status_code == 302
    assert client.post(own(evening), data={"wie": evening.seated["Bart"], "is": "present"}).status_code == 302
    come_in(client, evening.cor_door)
    theirs = f"/tafel/{evening.cor_door[0]}/tikken"
    assert client.post(theirs, data=sent).json["refused"] == ["entry-001"]
    come_in(client, evening.chantal_door)
    with app.app_context():
        link = access.standing(db.session, evening.chantal_door[0], clock.now)
        expires = link.expires_at
    clock.now = expires
    assert client.post(own(evening, "tikken"), data=sent).status_code == 404
    with app.app_context():
        assert db.session.query(Attendance).count() == 0


def test_long_before_the_evening_there_is_nothing_to_tap(inside: FlaskClient, evening: Evening, clock: Clock) -> None:
    clock.forward(hours=-12)
    come_in(inside, evening.chantal_door)
    assert "Tik het aan" not in inside.get(own(evening, "")).text
    assert inside.get(own(evening)).location.endswith(own(evening, ""))
    assert inside.post(own(evening), data={"wie": evening.seated["Bart"], "is": "present"}).status_code == 302


def test_a_table_is_done_and_somebody_is_called(
    app: Flask, cast: Cast, inside: FlaskClient, amina: FlaskClient, evening: Evening, clock: Clock
) -> None:
    """Els was tapped, Bart's tap is still on its way, Fatma was not there."""
    with app.app_context():
        date = date_of(evening).id
    sent, sheet = lot(evening, date, clock), f"/werk/{cast.series}/wie-was-er"
    clock.forward(hours=3)
    inside.post(own(evening), data={"wie": evening.seated["Els"], "is": "present"})
    told = {"tafel": 1, "mensen": " 2 ", "gezicht": "so_so", "bel": "1"}
    assert inside.post(own(evening, "klaar"), data=told).status_code == 302
    assert inside.post(own(evening, "tikken"), data=sent).json["refused"] == []
    with app.app_context():
        found = records.of(db.session, date_of(evening)).people
        said = {name: found[id].presence for name, id in evening.seated.items() if id in found}
    assert said == {"Bart": "present", "Els": "present", "Fatma": "absent"}
    assert "1 gespreksleider vraagt: bel mij." in amina.get("/werk/").text
    page = amina.get(sheet).text
    assert "Chantal leidde deze tafel. Er waren 2 mensen. Het ging wel." in " ".join(page.split())
    (end,) = re.findall(r'name="tafel" value="(\d+)"', page)
    assert amina.post(f"{sheet}/gebeld", data={"tafel": end}).status_code == 302
    assert "bel mij" not in amina.get("/werk/").text
    assert "is gebeld" in amina.get(sheet).text
    # Said again, the last holds; what is no number and no face is nothing.
    for heads in ("120", "twee", ""):
        inside.post(own(evening, "klaar"), data={"tafel": 1, "mensen": heads, "gezicht": "x"})
        with app.app_context():
            row = db.session.query(TableEnd).one()
            assert (row.heads, row.mood, row.call_me) == (None, "", False)
    assert inside.post(own(evening, "klaar"), data={"tafel": 2}).status_code == 404
    inside.post(own(evening, "uit"))
    assert inside.post(own(evening, "klaar"), data=told).location.endswith(own(evening, ""))
