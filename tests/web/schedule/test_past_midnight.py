"""A meeting that goes on after midnight: entered as people say it, and told with the day on which it ends."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar

from tests.web import cast as casting
from tests.web.cast import NOW, Cast, Clock
from web import jobs, world
from web.formatting import once, span, when
from web.rows import DueLetter, Gathering, Invitation, Series, TimeSlot, db
from web.services.invitations.feeds import agendas
from web.services.invitations.reconciling import reconcile
from web.services.messages.scheduled import thanking
from web.services.outbox.packing import pack
from web.services.text.local_time import Overlong, Skipped, Twice, span_of
from web.transaction import transaction
from web.world import ZONE

pytestmark = pytest.mark.slow

EVE = date(2026, 12, 31)
SAID = {"day_1": "2026-12-31", "start": "22:00", "end": "01:00", "mode": "here", "venue": "0", "groups": "2"}
IN_WORDS = "donderdag 31 december, 22.00–01.00 de volgende dag"


def night(app: Flask, cast: Cast) -> None:
    """The first evening of the cast is New Year's Eve."""
    (gathering,) = db.session.get_one(TimeSlot, cast.sessions[0]).gatherings
    gathering.starts, gathering.ends = span_of(EVE, time(22), time(1), ZONE)
    db.session.commit()


def test_an_end_before_the_begin_is_on_the_next_day(app: Flask, cast: Cast, amina: FlaskClient) -> None:
    form = amina.get(f"/werk/{cast.series}/tijd/nieuw").text
    assert "Gaat het door na middernacht?" in form
    assert amina.post(f"/werk/{cast.series}/tijd/nieuw", data=SAID).status_code == 302
    with app.app_context():
        made = db.session.query(TimeSlot).order_by(TimeSlot.id.desc()).first()
        (gathering,) = made.gatherings
        assert (gathering.starts, gathering.ends) == (
            datetime(2026, 12, 31, 21, tzinfo=UTC),
            datetime(2027, 1, 1, 0, tzinfo=UTC),
        )
        id = made.id
    assert IN_WORDS in amina.get(f"/werk/{cast.series}").text
    again = amina.get(f"/werk/{cast.series}/tijd/{id}").text
    assert 'value="22:00"' in again and 'value="01:00"' in again and 'value="2026-12-31"' in again


@pytest.mark.parametrize(("start", "end"), [("22:00", "22:00"), ("20:00", "19:30"), ("10:00", "00:00")])
def test_an_end_that_is_no_night_away_is_a_slip(
    app: Flask, cast: Cast, amina: FlaskClient, start: str, end: str
) -> None:
    answer = amina.post(f"/werk/{cast.series}/tijd/nieuw", data={**SAID, "start": start, "end": end})
    assert answer.status_code == 422 and answer.text.count("Het eind moet na het begin zijn") >= 1


def test_a_meeting_that_people_know_of_is_moved_into_the_night(app: Flask, cast: Cast, amina: FlaskClient) -> None:
    with app.app_context():
        bart = casting.sign_up(app, cast).signup.id
        casting.plan_of(cast, {(cast.sessions[0], 1): [bart]})
    said = {"day_1": "2027-01-12", "start_1": "22:30", "end_1": "00:30", "mode": "here", "venue": str(cast.venue)}
    seen = amina.post(f"/werk/{cast.series}/tijd/{cast.sessions[0]}/verplaats", data=said)
    assert seen.status_code == 200 and "22.30–00.30 de volgende dag" in seen.text


@pytest.mark.parametrize(
    ("day", "end", "hours"),
    [
        (date(2026, 10, 24), time(1), 3),
        (date(2026, 10, 24), time(4), 7),
        (date(2027, 3, 27), time(1), 3),
        (date(2027, 3, 27), time(4), 5),
    ],
)
def test_the_nights_in_which_the_clock_jumps_last_as_long_as_they_do(day: date, end: time, hours: int) -> None:
    starts, ends = span_of(day, time(22), end, ZONE)
    assert ends - starts == timedelta(hours=hours)
    assert ends.astimezone(ZONE).time() == end


def test_an_hour_that_does_not_exist_or_exists_twice_is_said_with_its_day() -> None:
    with pytest.raises(Twice) as twice:
        span_of(date(2026, 10, 24), time(22), time(2, 30), ZONE)
    assert twice.value.values["day"] == "25-10-2026"
    with pytest.raises(Skipped):
        span_of(date(2027, 3, 27), time(22), time(2, 30), ZONE)
    with pytest.raises(Overlong):
        span_of(date(2027, 3, 27), time(9), time(8, 59), ZONE)


def test_words_name_the_next_day_and_not_where_it_ends_at_midnight(app: Flask) -> None:
    starts, ends = span_of(EVE, time(22), time(1), ZONE)
    night = Gathering(starts=starts, ends=ends)
    evening = Gathering(starts=starts + timedelta(days=1), ends=ends + timedelta(hours=23))
    with app.test_request_context():
        assert once(night) == IN_WORDS
        assert span(starts, ends) == "donderdag 31 december 2026, 22.00 – 01.00 uur de volgende dag"
        assert when(TimeSlot(gatherings=[night, evening])) == (f"{IN_WORDS}; vrijdag 1 januari, 22.00–00.00")


def test_pages_letters_and_calendars_of_residents_know_when_it_ends(
    app: Flask, cast: Cast, client: FlaskClient
) -> None:
    with app.app_context():
        night(app, cast)
        signed = casting.sign_up(app, cast)
        casting.plan_of(cast, {(cast.sessions[0], 1): [signed.signup.id]})
        with transaction(db.session):
            reconcile(db.session, db.session.get_one(Series, cast.series), NOW)
        letter = db.session.query(DueLetter).filter_by(kind="placed").one()
        told = pack(db.session, letter, NOW, jobs.worldly(app)).text
        invitation = db.session.query(Invitation).one()
        (event,) = Calendar.from_ical(agendas.file(invitation, jobs.worldly(app))).walk("VEVENT")
        assert event["DTEND"].dt == datetime(2027, 1, 1, 1, tzinfo=ZONE)
        assert "de volgende dag" in " ".join(told.split())
    assert IN_WORDS in client.get("/doe-mee/zuid/samen-koken/").text
    assert IN_WORDS in client.get(f"/mijn/{signed.secret}/").text


def test_the_morning_after_a_night_is_the_morning_in_which_it_ended(app: Flask, cast: Cast, clock: Clock) -> None:
    with app.app_context():
        night(app, cast)
        bart = casting.sign_up(app, cast).signup.id
        casting.plan_of(cast, {(cast.sessions[0], 1): [bart]})
        with transaction(db.session):
            reconcile(db.session, db.session.get_one(Series, cast.series), NOW)
        clock.now = datetime(2027, 1, 1, 9, 30, tzinfo=ZONE).astimezone(UTC)
        with transaction(db.session):
            assert thanking.run(db.session, clock(), world.settings(), world.vault()) == 1
