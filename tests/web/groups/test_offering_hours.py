"""When people are asked and until when they may answer: never at night, shorter near the date, never too late."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as some

from config import Offers
from tests.web import places
from tests.web.cast import Cast
from tests.web.places import Tables
from web.rows import Gathering, db
from web.services.groups.offers.hours import may_ask, until

pytestmark = pytest.mark.slow

HERE = ZoneInfo("Europe/Amsterdam")
DAY = Offers(hours=24, last_hours=2)


@pytest.fixture
def table(app: Flask, cast: Cast) -> Iterator[Tables]:
    """A place is free and Ina waits."""
    with app.app_context():
        table = places.laid(app, cast, "Ada Bea Cas Dik Eef")
        table.waits("Ina")
        yield table


def at(text: str) -> datetime:
    """A moment on the clock of the neighbourhood."""
    return datetime.fromisoformat(text).replace(tzinfo=HERE).astimezone(UTC)


@pytest.mark.parametrize(
    ("now", "starts", "end"),
    [
        ("2026-11-20 13:00", "2027-01-12 18:00", "2026-11-21 13:00"),  # a day
        ("2026-11-20 20:59", "2027-01-12 18:00", "2026-11-21 20:59"),
        ("2026-11-20 13:00", "2026-11-22 15:00", "2026-11-21 09:00"),  # a quarter of 48 hours would end at 1.00
        ("2026-11-20 09:00", "2026-11-21 19:00", "2026-11-20 17:00"),  # a quarter of 32 hours
        ("2026-11-20 10:00", "2026-11-20 20:00", "2026-11-20 12:00"),
        ("2026-11-20 17:00", "2026-11-20 20:00", "2026-11-20 17:30"),  # never shorter than half an hour
        ("2026-11-20 17:31", "2026-11-20 20:00", None),
        ("2026-11-20 19:00", "2026-11-20 20:00", None),
        ("2026-11-20 19:00", "2026-11-20 18:00", None),
        ("2026-11-20 20:00", "2026-11-21 10:30", "2026-11-21 08:30"),  # the morning is all that is left
        ("2026-11-20 20:00", "2026-11-21 13:00", "2026-11-21 09:00"),
        ("2027-03-27 20:30", "2027-03-28 14:00", "2027-03-28 09:00"),  # the clock goes forward in that night
        ("2026-10-24 20:30", "2026-10-25 14:00", "2026-10-25 09:00"),  # and back
    ],
)
def test_how_long_a_place_stands(now: str, starts: str, end: str | None) -> None:
    assert until(at(now), at(starts), DAY) == (at(end) if end else None)


MINUTES = some.integers(0, 60 * 24 * 366).map(lambda m: datetime(2026, 10, 1, tzinfo=UTC) + timedelta(minutes=m))


@given(
    MINUTES.filter(may_ask),
    some.integers(0, 60 * 24 * 30),
    some.builds(Offers, hours=some.integers(1, 168), last_hours=some.integers(0, 72)),
)
def test_whatever_the_hour_there_is_time_to_answer_and_it_ends_by_day_and_before_the_date(
    now: datetime, ahead: int, offers: Offers
) -> None:
    starts = now + timedelta(minutes=ahead)
    last = starts - timedelta(hours=offers.last_hours)
    end = until(now, starts, offers)
    if end is None:
        assert last - now < timedelta(minutes=30)
        return
    assert now + timedelta(minutes=30) <= end <= last
    # One night may come on top.
    assert end - now <= timedelta(hours=offers.hours + 12)
    local = end.astimezone(HERE)
    assert 8 <= local.hour < 22 or end == last


@pytest.mark.parametrize(("hour", "asks"), [("07:59", 0), ("08:00", 1), ("20:59", 1), ("21:00", 0), ("03:00", 0)])
def test_nobody_is_asked_at_night(table: Tables, hour: str, asks: int) -> None:
    table.app.extensions["clock"].now = at(f"2026-12-01 {hour}")
    assert table.run() == asks


def test_at_night_an_offer_ends_all_the_same_and_the_next_goes_out_in_the_morning(table: Tables) -> None:
    table.run()
    (offer,) = table.open()
    table.waits("Jan")
    for other in ("Kas", "Lea", "Mia"):
        table.waits(other)
    offer.until = at("2026-12-01 21:30")
    db.session.commit()
    table.app.extensions["clock"].now = at("2026-12-01 23:00")
    assert table.run() == 0
    assert offer.state == "expired"
    table.app.extensions["clock"].now = at("2026-12-02 08:00")
    assert table.run() == 3


@pytest.mark.parametrize(("hours", "asks"), [(2.6, 1), (2.5, 1), (2.4, 0), (1, 0), (-0.1, 0)])
def test_shortly_before_the_start_nobody_is_asked_any_more(
    app: Flask, cast: Cast, table: Tables, hours: float, asks: int
) -> None:
    starts = places.soon(app, cast, hours=hours)
    assert table.run() == asks
    assert all(offer.until <= starts - timedelta(hours=2) for offer in table.open())


def test_after_the_first_of_several_dates_the_next_one_counts(app: Flask, cast: Cast, table: Tables) -> None:
    starts = places.soon(app, cast, hours=-20)
    later = starts + timedelta(days=7)
    db.session.add(Gathering(session_id=cast.sessions[0], starts=later, ends=later + timedelta(hours=2)))
    db.session.commit()
    assert table.run() == 1
    assert table.open()[0].until > starts
