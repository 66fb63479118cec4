"""Numbers and dates in the language of the reader."""

from datetime import datetime

import pytest

from matcher.domain import Session
from matcher.report.dates import title
from matcher.words import words

NL, EN = words("nl"), words("en")


@pytest.mark.parametrize(
    ("value", "said"),
    [(1.0, "1"), (0.05, "0,05"), (2.5, "2,5"), (1234.5, "1.234,5"), (1 / 3, "0,33"), (float("inf"), "–")],
)
def test_a_number_is_as_long_as_it_needs_to_be(value: float, said: str) -> None:
    assert NL.short(value) == said


@pytest.mark.parametrize(
    ("starts", "ends", "said"),
    [
        (["2027-03-01T19:00"], ["2027-03-01T21:30"], "Maandag 1 maart 2027, 19.00–21.30 uur"),
        (["2027-03-01T19:00"], [], "Maandag 1 maart 2027, vanaf 19.00 uur"),
        (["2027-03-01"], [], "Maandag 1 maart 2027"),
        (
            ["2027-03-01T22:00"],
            ["2027-03-02T01:00"],
            "Maandag 1 maart 2027 22.00 uur tot dinsdag 2 maart 2027 01.00 uur",
        ),
        (["2027-03-01T19:00", "2027-03-08T19:00"], [], "2 keer, vanaf maandag 1 maart 2027"),
        ([], [], "avond-1"),
    ],
)
def test_when_a_session_is(starts: list[str], ends: list[str], said: str) -> None:
    moments = [tuple(datetime.fromisoformat(t) for t in given) for given in (starts, ends)]
    assert title(NL, Session("avond-1", 1, 1, *moments)) == said


def test_english_has_its_own_clock_and_points() -> None:
    start, end = datetime(2027, 3, 1, 19), datetime(2027, 3, 1, 21, 30)
    assert title(EN, Session("s", 1, 1, (start,), (end,))) == "Monday 1 March 2027, 19:00–21:30"
    assert EN.number(1234.5, 1) == "1,234.5"
