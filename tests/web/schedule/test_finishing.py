"""The end of a series: looked at before it is sent, told once to everybody who had a place, or told later."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.web import cast as casting
from tests.web.cast import NOW, Cast
from web.jobs import worldly
from web.rows import AuditLine, DueLetter, Gathering, Series, Signup, TimeSlot, db
from web.rows.meetings import SeriesState
from web.rows.people import SignupState
from web.services.outbox.packing import pack
from web.services.schedule import closing
from web.transaction import transaction

pytestmark = pytest.mark.slow

STORY = "We maakten samen een kookboek.\n\nHet ligt in het buurthuis."


@pytest.fixture
def people(app: Flask, cast: Cast) -> dict[str, int]:
    """Four with a place, of whom one left, and one without; everything is over."""
    with app.app_context():
        known = {name: casting.sign_up(app, cast, name).signup.id for name in ("Bart", "Els", "Gijs", "Wacht")}
        known["Henk"] = casting.sign_up(app, cast, "Henk", reach="call", email=None, phone="+31612345678").signup.id
        placed = [known[name] for name in ("Bart", "Els", "Gijs", "Henk")]
        casting.plan_of(cast, {(cast.sessions[0], 1): placed, (cast.sessions[1], 1): placed})
        db.session.get_one(Signup, known["Gijs"]).state = SignupState.LEFT
        db.session.get_one(Series, cast.series).state = SeriesState.CLOSED
        over()
        return known


def over() -> None:
    for gathering in db.session.query(Gathering):
        gathering.starts, gathering.ends = NOW - timedelta(hours=3), NOW - timedelta(hours=1)
    db.session.commit()


def address(cast: Cast) -> str:
    return f"/werk/{cast.series}/afronden"


def look(amina: FlaskClient, cast: Cast, story: str = STORY) -> TestResponse:
    return amina.post(address(cast), data={"story": story})


def send(amina: FlaskClient, cast: Cast, story: str = STORY) -> TestResponse:
    data = {"story": story, "seen": closing.mark_of(story)}
    return amina.post(address(cast), data=data, follow_redirects=True)


def state(app: Flask, cast: Cast) -> tuple[str, str, set[int]]:
    """Where the series stands, its story, and who gets the letter."""
    with app.app_context():
        series = db.session.get_one(Series, cast.series)
        letters = db.session.query(DueLetter).filter_by(kind="series_closed")
        return series.state, series.story, {letter.signup_id for letter in letters}


def test_one_looks_at_the_letter_before_anything_happens(
    app: Flask, cast: Cast, amina: FlaskClient, people: dict[str, int]
) -> None:
    assert "Bekijk het bericht" in amina.get(address(cast)).text
    page = look(amina, cast).text
    assert "Dag Amina," in page and "We maakten samen een kookboek." in page
    assert "Dit gaat naar 3 mensen die een plek hadden." in page
    assert "E-mail: 2" in page and "Bellen: 1" in page
    assert "1 persoon bel je" in page
    assert state(app, cast) == (SeriesState.CLOSED, "", set())


def test_everybody_who_had_a_place_and_stayed_hears_it(
    app: Flask, cast: Cast, amina: FlaskClient, people: dict[str, int]
) -> None:
    told = send(amina, cast).text
    assert "Afgerond. Er gaan 3 berichten weg." in told
    assert "We maakten samen een kookboek." in told
    assert state(app, cast) == (SeriesState.FINISHED, STORY, {people[name] for name in ("Bart", "Els", "Henk")})
    with app.app_context():
        letter = db.session.query(DueLetter).filter_by(kind="series_closed", signup_id=people["Bart"]).one()
        parcel = pack(db.session, letter, NOW, worldly(app))
        assert "We maakten samen een kookboek.\n\nHet ligt in het buurthuis." in parcel.text
        assert "Het ligt in het buurthuis." in parcel.html
        whats = {line.what for line in db.session.query(AuditLine)}
        assert {"finished series", "tell story"} <= whats


def test_another_text_than_was_looked_at_is_shown_again(
    app: Flask, cast: Cast, amina: FlaskClient, people: dict[str, int]
) -> None:
    data = {"story": "Iets anders.", "seen": closing.mark_of(STORY)}
    page = amina.post(address(cast), data=data).text
    assert "Je tekst is veranderd" in page and "Iets anders." in page
    assert state(app, cast)[0] == SeriesState.CLOSED


def test_without_a_text_there_is_no_letter_and_that_is_asked_first(
    app: Flask, cast: Cast, amina: FlaskClient, people: dict[str, int]
) -> None:
    assert "Rond af zonder bericht" in look(amina, cast, "  ").text
    assert state(app, cast)[0] == SeriesState.CLOSED
    assert "Afgerond." in send(amina, cast, "").text
    assert state(app, cast) == (SeriesState.FINISHED, "", set())


def test_the_story_can_be_told_later_but_only_once(
    app: Flask, cast: Cast, amina: FlaskClient, people: dict[str, int]
) -> None:
    send(amina, cast, "")
    assert "Vertel wat jullie ermee deden" in amina.get(f"/werk/{cast.series}").text
    assert "Er gaan 3 berichten weg." in send(amina, cast).text
    assert len(state(app, cast)[2]) == 3
    assert "Dit verhaal is al verstuurd." in send(amina, cast, "Nog een verhaal").text
    assert state(app, cast)[1] == STORY


def test_two_who_press_at_once_send_it_once(app: Flask, cast: Cast, people: dict[str, int]) -> None:
    """The second looked before the first was done; the service looks again."""
    with app.app_context():
        by = db.session.get_one(casting.Staff, cast.amina)
        first = db.session.get_one(Series, cast.series)
        with transaction(db.session):
            assert closing.finish(db.session, first, STORY, by=by, now=NOW) == 3
        with pytest.raises(closing.manage.NotReady), transaction(db.session):
            closing.finish(db.session, first, STORY, by=by, now=NOW)
        with pytest.raises(closing.StoryTold), transaction(db.session):
            closing.tell(db.session, first, STORY, by=by, now=NOW)
        assert db.session.query(DueLetter).filter_by(kind="series_closed").count() == 3


@pytest.mark.parametrize("was", [SeriesState.OPEN, SeriesState.CLOSED])
def test_as_long_as_there_is_a_meeting_to_come_it_is_not_finished(
    app: Flask, cast: Cast, amina: FlaskClient, people: dict[str, int], was: str
) -> None:
    with app.app_context():
        db.session.get_one(Series, cast.series).state = was
        last = db.session.get_one(TimeSlot, cast.sessions[2]).gatherings[0]
        last.starts, last.ends = NOW + timedelta(days=1), NOW + timedelta(days=1, hours=2)
        db.session.commit()
    assert "Er komt nog een ontmoeting." in send(amina, cast).text
    assert state(app, cast) == (was, "", set())


@pytest.mark.parametrize(
    ("story", "sentence"), [("x" * 2001, "Dit is te lang."), ("Samen tegen polarisatie", "Schrijf een ander woord")]
)
def test_what_residents_read_is_short_and_welcome(
    app: Flask, cast: Cast, amina: FlaskClient, people: dict[str, int], story: str, sentence: str
) -> None:
    answer = send(amina, cast, story)
    assert answer.status_code == 422 and sentence in answer.text
    assert state(app, cast)[0] == SeriesState.CLOSED


def test_nobody_else_finishes_it(app: Flask, cast: Cast, dirk: FlaskClient, client: FlaskClient) -> None:
    assert dirk.get(address(cast)).status_code == dirk.post(address(cast)).status_code == 404
    assert client.get(address(cast)).location.startswith("/inloggen")


def test_what_somebody_types_is_no_markup(cast: Cast, amina: FlaskClient, people: dict[str, int]) -> None:
    page = look(amina, cast, "<script>alert(1)</script>").text
    assert "<script>alert" not in page and "&lt;script&gt;alert" in page
