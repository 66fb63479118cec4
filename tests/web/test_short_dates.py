"""Several dates are one short line: the weekday once, the month once, in every language with a way of its own."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from flask import Flask

from web.formatting import days_of, hours_of, leaf, when
from web.rows import Gathering, TimeSlot
from web.short_dates import told

TUESDAYS = [(2026, 12, 1), (2026, 12, 8), (2026, 12, 15)]
OVER_A_MONTH = [(2026, 11, 24), (2026, 12, 1), (2026, 12, 8)]
MIXED = [(2026, 12, 4), (2026, 12, 6), (2026, 12, 8)]
NEW_YEAR = [(2026, 12, 29), (2027, 1, 5)]


@pytest.mark.parametrize(
    ("days", "dutch", "english"),
    [
        (TUESDAYS[:1], "dinsdag 1 december", "Tuesday 1 December"),
        (TUESDAYS[:2], "dinsdagen 1 en 8 december", "Tuesdays 1 and 8 December"),
        (TUESDAYS, "dinsdagen 1, 8 en 15 december", "Tuesdays 1, 8 and 15 December"),
        (OVER_A_MONTH, "dinsdagen 24 november, 1 en 8 december", "Tuesdays 24 November, 1 and 8 December"),
        (MIXED, "vr 4, zo 6 en di 8 december", "Fri 4, Sun 6 and Tue 8 December"),
        (NEW_YEAR, "dinsdagen 29 december en 5 januari", "Tuesdays 29 December and 5 January"),
    ],
)
def test_the_weekday_and_the_month_are_said_once(days: list[tuple[int, int, int]], dutch: str, english: str) -> None:
    found = [date(*day) for day in days]
    assert (told(found, "nl"), told(found, "en")) == (dutch, english)


def test_a_language_without_a_way_of_its_own_names_every_date() -> None:
    assert told([date(*day) for day in TUESDAYS[:2]], "tr") == "Salı 1 Aralık ve Salı 8 Aralık"


def _dates(*hours: tuple[int, int, int]) -> list[Gathering]:
    return [
        Gathering(starts=datetime(2026, 12, day, begin, tzinfo=UTC), ends=datetime(2026, 12, day, end, tzinfo=UTC))
        for day, begin, end in hours
    ]


def test_dates_with_other_hours_are_told_apart(app: Flask) -> None:
    evening = _dates((1, 18, 20), (8, 18, 20), (15, 9, 11))
    with app.test_request_context():
        assert when(TimeSlot(gatherings=evening)) == (
            "dinsdagen 1 en 8 december, 19.00–21.00; dinsdag 15 december, 10.00–12.00"
        )
        assert days_of(evening) == "dinsdagen 1, 8 en 15 december"
        assert hours_of(evening) == "19.00–21.00; 10.00–12.00"
        assert leaf(evening[0].starts) == ("2026-12-01", "di", "1", "dec")
