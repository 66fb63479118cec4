"""Calendars that facilitators follow: which groups they lead, when and where, and the name of nobody who comes."""

from __future__ import annotations

from datetime import timedelta

import icalendar
import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.web import cast as casting
from tests.web import evening as evenings
from tests.web.calendar_reading import calendar_in
from tests.web.cast import Cast
from tests.web.evening import Evening, come_in
from web.rows import AuditLine, Facilitator, Feed, Gathering, Plan, db

pytestmark = pytest.mark.slow

NAMES = ("Bart", "Els", "Fatma", "Gijs", "Henk", "Noor", "Chantal", "Cor")


@pytest.fixture
def evening(app: Flask, cast: Cast) -> Evening:
    return evenings.perform(app, cast)


@pytest.fixture
def inside(client: FlaskClient, evening: Evening) -> FlaskClient:
    """Chantal, with her PIN."""
    return come_in(client, evening.chantal_door)


def made(inside: FlaskClient, evening: Evening) -> str:
    """The path of a new feed, as her page shows it."""
    page = f"/tafel/{evening.chantal_door[0]}/"
    return path_in(inside.post(f"{page}agenda", data={"wish": "make"}, follow_redirects=True).text)


def path_in(page: str) -> str:
    return "/agenda/" + page.split('href="http://localhost/agenda/')[1].split('"')[0]


@pytest.fixture
def feed(inside: FlaskClient, evening: Evening) -> str:
    return made(inside, evening)


def dates(client: FlaskClient, path: str) -> list[icalendar.Event]:
    return calendar_in(client.get(path).data).walk("VEVENT")


def published(app: Flask, cast: Cast, tables: dict[tuple[int, int], list[int]], leader: int | None) -> None:
    """A newer plan, a day later."""
    app.extensions["clock"].forward(days=1)
    db.session.query(Plan).update({"current": False})
    casting.plan_of(cast, tables, leader=leader).published_at = app.extensions["clock"].now
    db.session.commit()


def test_it_holds_the_own_groups_and_no_names(client: FlaskClient, app: Flask, evening: Evening, feed: str) -> None:
    (date,) = dates(client, feed)
    with app.app_context():
        gathering = db.session.query(Gathering).filter_by(session_id=evening.session).one()
        assert (date["UID"], date["SEQUENCE"]) == (gathering.uid, gathering.sequence)
        assert date["DTSTART"].dt == gathering.starts
    assert date["SUMMARY"] == "Samen koken in de buurt"
    assert date["LOCATION"] == "Buurthuis De Brink, Brink 1"
    assert "Je begeleidt tafel 1." in date["DESCRIPTION"]
    text = client.get(feed).text.replace("\r\n ", "").replace("Bel Fatma 030", "")
    for word in (*NAMES, "voorbeeld.example", "Graag bij de deur", "ATTENDEE", "ORGANIZER"):
        assert word not in text


def test_several_tables_on_an_evening_are_one_date(
    client: FlaskClient, app: Flask, cast: Cast, evening: Evening, feed: str
) -> None:
    with app.app_context():
        published(app, cast, {(evening.session, n): [] for n in (2, 1)}, cast.chantal)
    (date,) = dates(client, feed)
    assert "Je begeleidt de tafels 1, 2." in date["DESCRIPTION"]


def test_a_group_that_goes_to_somebody_else_is_struck_through_for_thirty_days(
    client: FlaskClient, app: Flask, cast: Cast, evening: Evening, feed: str
) -> None:
    (before,) = dates(client, feed)
    with app.app_context():
        published(app, cast, {(evening.session, 1): [], (cast.sessions[1], 1): []}, evening.cor)
        published(app, cast, {(evening.session, 1): []}, evening.cor)
    (struck,) = dates(client, feed)
    assert (struck["UID"], struck["STATUS"]) == (before["UID"], "CANCELLED")
    assert struck["SEQUENCE"] > before["SEQUENCE"]
    assert struck["LAST-MODIFIED"].dt > before["LAST-MODIFIED"].dt
    assert "Iemand anders begeleidt deze tafel." in struck["DESCRIPTION"]
    app.extensions["clock"].forward(days=30)
    assert dates(client, feed) == []


def test_a_group_that_comes_back_is_a_newer_version_again(
    client: FlaskClient, app: Flask, cast: Cast, evening: Evening, feed: str
) -> None:
    seen = [dates(client, feed)[0]]
    for leader in (evening.cor, cast.chantal):
        with app.app_context():
            published(app, cast, {(evening.session, 1): []}, leader)
        seen += dates(client, feed)
    assert [str(date["STATUS"]) for date in seen] == ["CONFIRMED", "CANCELLED", "CONFIRMED"]
    assert [date["SEQUENCE"] for date in seen] == sorted({date["SEQUENCE"] for date in seen})


def test_a_new_plan_that_leaves_the_own_groups_alone_changes_no_byte(
    client: FlaskClient, app: Flask, cast: Cast, evening: Evening, feed: str
) -> None:
    before = client.get(feed).data
    with app.app_context():
        published(app, cast, {(evening.session, 1): [evening.seated["Gijs"]]}, cast.chantal)
    assert client.get(feed).data == before


def test_a_date_that_moves_or_is_called_off_is_a_new_version(
    client: FlaskClient, app: Flask, evening: Evening, feed: str
) -> None:
    (before,) = dates(client, feed)
    with app.app_context():
        gathering = db.session.query(Gathering).filter_by(session_id=evening.session).one()
        gathering.starts, gathering.ends = gathering.starts + timedelta(days=1), gathering.ends + timedelta(days=1)
        gathering.sequence, gathering.changed_at = 1, app.extensions["clock"].now
        db.session.commit()
        (moved,) = dates(client, feed)
        assert moved["DTSTART"].dt - before["DTSTART"].dt == timedelta(days=1)
        gathering.sequence, gathering.called_off_at = 2, app.extensions["clock"].now + timedelta(hours=1)
        db.session.commit()
    (off,) = dates(client, feed)
    assert [date["SEQUENCE"] for date in (before, moved, off)] == [0, 1, 2]
    assert before["LAST-MODIFIED"].dt < moved["LAST-MODIFIED"].dt < off["LAST-MODIFIED"].dt
    assert str(off["SUMMARY"]) == "Geannuleerd: Samen koken in de buurt"


def test_it_outlives_the_door_and_says_so(client: FlaskClient, app: Flask, evening: Evening, feed: str) -> None:
    page = f"/tafel/{evening.chantal_door[0]}/"
    assert "Dit adres blijft werken als je link niet meer werkt" in client.get(page).text
    app.extensions["clock"].forward(days=10)
    assert client.get(page).status_code == 404
    assert len(dates(client, feed)) == 1


def test_only_who_typed_the_pin_makes_an_address(app: Flask, evening: Evening) -> None:
    visitor = app.test_client()
    for door in (evening.chantal_door[0], "x"):
        visitor.post(f"/tafel/{door}/agenda", data={"wish": "make"})
    with app.app_context():
        assert db.session.query(Feed).count() == 0


def test_everybody_has_the_own_calendar(app: Flask, evening: Evening, feed: str) -> None:
    cor = come_in(app.test_client(), evening.cor_door)
    path = path_in(cor.post(f"/tafel/{evening.cor_door[0]}/agenda", follow_redirects=True).text)
    assert path != feed
    assert "Je begeleidt tafel 2." in dates(cor, path)[0]["DESCRIPTION"]
    assert feed not in cor.get(f"/tafel/{evening.cor_door[0]}/").text


def kinds() -> list[tuple[str, str, str]]:
    lines = db.session.query(AuditLine).filter(AuditLine.what.like("feed%")).order_by(AuditLine.id)
    return [(line.who, line.what, line.about) for line in lines]


def test_the_organiser_sees_it_takes_it_back_and_makes_another(
    app: Flask, cast: Cast, amina: FlaskClient, client: FlaskClient, feed: str
) -> None:
    path = f"/werk/gespreksleiders/{cast.chantal}/agenda"
    assert path in amina.get("/werk/gespreksleiders").text
    assert path_in(amina.get(path).text) == feed
    stopped = amina.post(path, data={"wish": "stop"}, follow_redirects=True).text
    assert "/agenda/" not in stopped.replace(path, "")
    assert client.get(feed).status_code == 404
    another = path_in(amina.post(path, data={"wish": "make"}, follow_redirects=True).text)
    assert client.get(another).status_code == 200
    with app.app_context():
        chantal = f"facilitator:{cast.chantal}"
        by = f"staff:{cast.amina}"
        assert kinds() == [
            (chantal, "feed_made", chantal),
            (by, "feed_stopped", chantal),
            (by, "feed_made", chantal),
        ]
        assert db.session.query(AuditLine).filter_by(what="read facilitator").count() == 3


def test_nobody_of_another_municipality_touches_it(
    app: Flask, cast: Cast, dirk: FlaskClient, client: FlaskClient, feed: str
) -> None:
    path = f"/werk/gespreksleiders/{cast.chantal}/agenda"
    assert dirk.get(path).status_code == 404
    assert dirk.post(path, data={"wish": "stop"}).status_code == 404
    assert client.get(feed).status_code == 200
    assert client.get(path).status_code == 302, "a visitor is sent to the door"


def test_who_is_taken_out_of_the_book_is_followed_no_more(
    app: Flask, cast: Cast, client: FlaskClient, feed: str
) -> None:
    with app.app_context():
        db.session.delete(db.session.get_one(Facilitator, cast.chantal))
        db.session.commit()
    assert client.get(feed).status_code == 404


def test_it_is_the_same_whoever_asks_and_when(client: FlaskClient, app: Flask, feed: str) -> None:
    before = client.get(feed)
    app.extensions["clock"].forward(hours=5)
    assert client.get(feed, headers={"Accept-Language": "en"}).data == before.data
