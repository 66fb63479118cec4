"""Calendars that residents follow: the own dates behind a secret, with bytes and headers that programs understand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import icalendar
import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.web import cast as casting
from tests.web.calendar_reading import calendar_in
from tests.web.cast import NOW, Cast
from web import world
from web.rows import Feed, Gathering, Invitation, Series, Signup, db
from web.services import signups
from web.services.invitations import reconciling
from web.services.invitations.feeds import feeding
from web.services.privacy import erase
from web.transaction import transaction

pytestmark = pytest.mark.slow

OTHERS = ("Samira", "Greet", "Chantal", "samira", "greet", "chantal")


@pytest.fixture
def own(app: Flask, cast: Cast) -> str:
    """Bart's own page. He sits with Samira on the first evening, with Greet on the second; all letters went out."""
    with app.app_context():
        bart, samira, greet = (casting.sign_up(app, cast, name) for name in ("Bart", "Samira", "Greet"))
        ids = [one.signup.id for one in (bart, samira, greet)]
        tables = {(cast.sessions[0], 1): ids[:2], (cast.sessions[1], 2): [ids[0], ids[2]]}
        casting.plan_of(cast, tables, leader=cast.chantal)
        told(cast)
        return f"/mijn/{bart.secret}/"


def told(cast: Cast) -> None:
    """What changed comes to the invitations, and every letter goes out. Needs an application context."""
    reconciling.reconcile(db.session, db.session.get_one(Series, cast.series), world.now())
    db.session.execute(db.text("update due_letter set state = 'sent'"))
    db.session.commit()


def bart() -> Signup:
    return db.session.query(Signup).order_by(Signup.id).first()


def made(client: FlaskClient, own: str) -> str:
    """The path of a new feed, as the page shows it."""
    shown = client.post(f"{own}agenda", data={"wish": "make"}, follow_redirects=True).text
    return "/agenda/" + shown.split('href="http://localhost/agenda/')[1].split('"')[0]


def dates(client: FlaskClient, path: str) -> list[icalendar.Event]:
    answer = client.get(path)
    assert answer.status_code == 200
    return calendar_in(answer.data).walk("VEVENT")


@pytest.fixture
def feed(client: FlaskClient, own: str) -> str:
    return made(client, own)


def test_the_address_is_made_on_request_and_shown_to_copy_and_to_open(
    client: FlaskClient, app: Flask, own: str
) -> None:
    assert "/agenda/" not in client.get(own).text.replace(f"{own}agenda", "")
    path = made(client, own)
    shown = client.get(own).text
    assert f"http://localhost{path}</a>" in shown
    assert f'href="webcal://localhost{path}"' in shown
    assert len(path.removeprefix("/agenda/").removesuffix(".ics")) >= 22, "128 bits"


def test_a_look_makes_no_address(client: FlaskClient, app: Flask, own: str) -> None:
    assert client.get(f"{own}agenda").status_code == 405
    client.get(own)
    with app.app_context():
        assert db.session.query(Feed).count() == 0


def test_it_holds_the_own_dates_and_nothing_about_others(client: FlaskClient, app: Flask, feed: str) -> None:
    first, second = dates(client, feed)
    assert [str(date["SUMMARY"]) for date in (first, second)] == ["Samen koken in de buurt"] * 2
    assert "Tafel 1" in first["DESCRIPTION"]
    assert "Tafel 2" in second["DESCRIPTION"]
    with app.app_context():
        assert [date["UID"] for date in (first, second)] == [g.uid for g in db.session.query(Gathering).limit(2)]
        foreign = [i.token for i in db.session.query(Invitation).filter(Invitation.signup_id != bart().id)]
    content = client.get(feed).text.replace("\r\n ", "")
    for word in (*OTHERS, *foreign, "bart@", "ATTENDEE", "ORGANIZER", "VALARM", "METHOD", "/mijn/"):
        assert word not in content


def test_its_head_says_how_often_to_look(client: FlaskClient, feed: str) -> None:
    calendar = calendar_in(client.get(feed).data)
    assert calendar["NAME"] == calendar["X-WR-CALNAME"] == "Samen koken in de buurt"
    assert calendar["X-PUBLISHED-TTL"] == "PT1H"


def test_the_bytes_stay_the_same_while_nothing_changes(client: FlaskClient, app: Flask, feed: str) -> None:
    before = client.get(feed)
    app.extensions["clock"].forward(days=3)
    after = client.get(feed, headers={"Accept-Language": "en", "User-Agent": "Google-Calendar-Importer"})
    assert (after.data, after.headers["ETag"]) == (before.data, before.headers["ETag"])
    for date in calendar_in(before.data).walk("VEVENT"):
        assert date["DTSTAMP"].dt == date["LAST-MODIFIED"].dt


def test_its_headers_are_those_of_a_private_calendar(client: FlaskClient, feed: str) -> None:
    for answer in (client.get(feed), client.head(feed)):
        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
        assert answer.headers["Cache-Control"] == "private, no-cache"
        assert "noindex" in answer.headers["X-Robots-Tag"]
        assert not answer.headers["ETag"].startswith("W/")
        assert not {"Set-Cookie", "Last-Modified"} & set(answer.headers.keys())
    assert client.head(feed).data == b""
    assert client.post(feed).status_code == 405


@pytest.mark.parametrize(
    ("asked", "status"),
    [("{}", 304), ("W/{}", 304), ('"zzz", W/{}', 304), ('"zzz",{}', 304), ("*", 304), ('"zzz"', 200), ("", 200)],
)
def test_who_has_it_already_hears_so(client: FlaskClient, feed: str, asked: str, status: int) -> None:
    tag = client.get(feed).headers["ETag"]
    for verb in (client.get, client.head):
        answer = verb(feed, headers={"If-None-Match": asked.format(tag)})
        assert (answer.status_code, answer.headers["ETag"]) == (status, tag)
        assert answer.headers["Cache-Control"] == "private, no-cache"
        assert (answer.data == b"") == (status == 304 or verb == client.head)


def test_a_date_alone_proves_nothing(client: FlaskClient, feed: str) -> None:
    """Without a Last-Modified of ours it has to be ignored, also beside a tag."""
    since = {"If-Modified-Since": "Fri, 01 Jan 2038 00:00:00 GMT"}
    assert client.get(feed, headers=since).status_code == 200
    assert client.get(feed, headers={**since, "If-None-Match": '"zzz"'}).status_code == 200


def move(cast: Cast) -> None:
    gathering = db.session.query(Gathering).first()
    gathering.starts, gathering.ends = gathering.starts + timedelta(hours=1), gathering.ends + timedelta(hours=1)
    told(cast)


def call_off(cast: Cast) -> None:
    db.session.query(Gathering).first().called_off_at = world.now()
    told(cast)


def leave(cast: Cast) -> None:
    with transaction(db.session):
        signups.leave(db.session, bart(), now=world.now())


@pytest.mark.parametrize("change", [move, call_off, leave])
def test_a_change_is_a_new_version_of_the_same_date(
    client: FlaskClient, app: Flask, cast: Cast, feed: str, change: Callable[[Cast], None]
) -> None:
    before, tag = dates(client, feed)[0], client.get(feed).headers["ETag"]
    app.extensions["clock"].forward(hours=1)
    with app.app_context():
        change(cast)
    assert client.get(feed, headers={"If-None-Match": tag}).status_code == 200
    after = next(date for date in dates(client, feed) if date["UID"] == before["UID"])
    assert after["SEQUENCE"] == before["SEQUENCE"] + 1
    assert after["LAST-MODIFIED"].dt > before["LAST-MODIFIED"].dt
    assert (after["STATUS"] == "CANCELLED") == (change is not move)


def test_what_is_off_is_struck_through_for_thirty_days(client: FlaskClient, app: Flask, cast: Cast, feed: str) -> None:
    with app.app_context():
        call_off(cast)
    app.extensions["clock"].forward(days=29)
    struck, standing = dates(client, feed)
    assert (struck["STATUS"], struck["TRANSP"]) == ("CANCELLED", "TRANSPARENT")
    assert str(struck["SUMMARY"]) == "Geannuleerd: Samen koken in de buurt"
    assert standing["STATUS"] == "CONFIRMED"
    app.extensions["clock"].forward(days=1, seconds=1)
    assert [date["UID"] for date in dates(client, feed)] == [standing["UID"]]


def test_who_comes_back_sees_the_date_once(client: FlaskClient, app: Flask, cast: Cast, feed: str) -> None:
    """'Geannuleerd' beside the same evening would keep people at home."""
    with app.app_context():
        leave(cast)
        with transaction(db.session):
            signups.come_back(db.session, bart(), now=world.now(), settings=world.settings())
        told(cast)
    assert [str(date["STATUS"]) for date in dates(client, feed)] == ["CONFIRMED"] * 2


def test_a_date_that_was_declined_stays_but_takes_no_time(client: FlaskClient, app: Flask, feed: str) -> None:
    with app.app_context():
        token = db.session.query(Invitation).filter_by(signup_id=bart().id).order_by(Invitation.id).first().token
    before = dates(client, feed)
    app.extensions["clock"].forward(hours=1)
    client.post(f"/uitnodiging/{token}", data={"answer": "no"})
    first, second = dates(client, feed)
    assert str(first["SUMMARY"]) == "Je komt niet: Samen koken in de buurt"
    assert (first["STATUS"], first["TRANSP"], second["TRANSP"]) == ("CONFIRMED", "TRANSPARENT", "OPAQUE")
    assert token in first["DESCRIPTION"], "the way back"
    assert first["UID"] == before[0]["UID"]
    assert first["LAST-MODIFIED"].dt == before[0]["LAST-MODIFIED"].dt + timedelta(hours=1)
    app.extensions["clock"].forward(hours=1)
    client.post(f"/uitnodiging/{token}", data={"answer": "yes"})
    again = dates(client, feed)[0]
    assert [again[name] for name in ("SUMMARY", "TRANSP", "DTSTART")] == [
        before[0][name] for name in ("SUMMARY", "TRANSP", "DTSTART")
    ]
    assert again["DTSTAMP"].dt == again["LAST-MODIFIED"].dt > first["DTSTAMP"].dt, "a change is never older"


def test_it_goes_back_sixty_days(client: FlaskClient, app: Flask, feed: str) -> None:
    with app.app_context():
        app.extensions["clock"].now = db.session.query(Gathering).first().ends + timedelta(days=60, seconds=-1)
    assert len(dates(client, feed)) == 2
    app.extensions["clock"].forward(seconds=1)
    assert len(dates(client, feed)) == 1
    app.extensions["clock"].forward(days=10)
    assert dates(client, feed) == []
    assert "VTIMEZONE" in client.get(feed).text, "an empty calendar is a calendar"


def test_it_is_in_the_language_of_its_owner(client: FlaskClient, app: Flask, cast: Cast, feed: str) -> None:
    with app.app_context():
        bart().language = "en"
        call_off(cast)
    struck, standing = dates(client, feed)
    assert str(struck["SUMMARY"]).startswith("Cancelled: ")
    assert "Are you coming" in standing["DESCRIPTION"]


def test_a_new_address_ends_the_old_one_and_stopping_ends_it_all(client: FlaskClient, own: str, feed: str) -> None:
    second = made(client, own)
    assert (client.get(feed).status_code, client.get(second).status_code) == (404, 200)
    shown = client.post(f"{own}agenda", data={"wish": "stop"}, follow_redirects=True).text
    assert client.get(second).status_code == 404
    assert second not in shown
    assert "Maak mijn agenda-adres" in shown


def test_a_wrong_address_is_a_missing_page_without_a_calendar(client: FlaskClient, feed: str) -> None:
    secret = feed.removeprefix("/agenda/").removesuffix(".ics")
    for wrong in ("x", secret[:-1], "%00", "é", "a" * 5000, secret + "a"):
        answer = client.get(f"/agenda/{wrong}.ics")
        assert answer.status_code == 404
        assert b"BEGIN:VCALENDAR" not in answer.data
    assert client.get(feed.removesuffix(".ics")).status_code == 404


def test_the_secret_of_a_page_opens_no_feed_and_the_other_way_round(client: FlaskClient, own: str, feed: str) -> None:
    secret = feed.removeprefix("/agenda/").removesuffix(".ics")
    assert client.get(f"/agenda/{own.split('/')[2]}.ics").status_code == 404
    for path in (f"/mijn/{secret}/", f"/uitnodiging/{secret}", f"/tafel/{secret}/"):
        assert client.get(path).status_code == 404


def test_who_is_erased_is_followed_no_more(client: FlaskClient, app: Flask, feed: str) -> None:
    with app.app_context():
        with transaction(db.session):
            erase.erase(db.session, bart(), world.vault(), now=NOW)
        assert db.session.query(Feed).count() == 0
    assert client.get(feed).status_code == 404


def test_the_secret_is_in_the_database_only_sealed(client: FlaskClient, app: Flask, feed: str) -> None:
    secret = feed.removeprefix("/agenda/").removesuffix(".ics")
    with app.app_context():
        stored = db.session.execute(db.text("select * from feed")).one()
        assert secret not in str(stored)
        assert feeding.by_secret(db.session, secret).made_at == NOW
