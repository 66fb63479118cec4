"""How often somebody comes."""

from datetime import datetime

import pytest

from matcher.domain import Session
from tests.agreeing import agree, breached
from tests.builders import problem

TABLE = """
id  | max_meetings
ann | 2
bo  | 1
cy  |
dan | 0
"""
ROOMS = (Session("s", 2), Session("t", 1))


@pytest.mark.parametrize("format", [{}, {"series": "same"}, {"series": "rounds", "rounds": 2}])
def test_it_is_judged_as_stated_in_every_plan(format: dict[str, object]) -> None:
    agree(problem(TABLE, sessions=ROOMS, **format), "max_meetings")


def test_who_says_nothing_comes_once_or_to_every_round() -> None:
    rooms = (Session("s", 1, round=1), Session("t", 1, round=2))
    assert breached(problem(TABLE, sessions=rooms), "s.1: cy; t.1: cy") == {"max_meetings": 1}
    rounds = problem(TABLE, sessions=rooms, series="rounds", rounds=2)
    assert breached(rounds, "s.1: cy; t.1: cy") == {}


def test_nobody_is_in_two_places_at_once() -> None:
    hours = {"starts": (datetime(2026, 3, 3, 19),), "ends": (datetime(2026, 3, 3, 21),)}
    rooms = (Session("s", 2, **hours), Session("t", 1, **hours))
    assert breached(problem(TABLE, sessions=rooms), "s.1: ann; t.1: ann") == {"max_meetings": 1}


def test_two_sessions_of_one_round_are_at_once() -> None:
    case = problem(TABLE, sessions=ROOMS, series="rounds", rounds=2)
    assert breached(case, "s.1: ann; t.1: ann") == {"max_meetings": 1}
