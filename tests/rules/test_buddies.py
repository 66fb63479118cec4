"""Coming together."""

import pytest

from matcher.domain import Session
from matcher.rules.buddies import Buddies
from tests.agreeing import agree, breached
from tests.builders import problem

TABLE = """
id  | buddies    | max_meetings
ann | bo         | 2
bo  | cy nobody  | 2
cy  | cy         |
dan | eve        |
eve | dan        |
fay |            |
"""
ROOMS = (Session("s", 1), Session("t", 1))


@pytest.mark.parametrize("rules", [(), (Buddies(weight=0.5),)])
def test_it_is_judged_as_stated_in_every_plan(rules: tuple[Buddies, ...]) -> None:
    agree(problem(TABLE, *rules), "buddies")


@pytest.mark.parametrize("rules", [(), (Buddies(weight=0.5),)])
def test_it_is_judged_as_stated_over_two_sessions(rules: tuple[Buddies, ...]) -> None:
    agree(problem("\n".join(TABLE.splitlines()[:5]), *rules, sessions=ROOMS), "buddies")


def test_buddies_of_buddies_are_one_company() -> None:
    case = problem(TABLE)
    assert breached(case, "s.1: ann bo cy dan eve") == {}
    assert breached(case, "s.1: ann bo fay") == {"buddies": 1}
    assert breached(case, "s.1: ann bo; s.2: cy dan") == {"buddies": 2}


def test_nobody_of_them_has_a_seat_either() -> None:
    assert breached(problem(TABLE), "s.1: fay") == {}


def test_a_wish_is_about_two_people_who_both_have_a_seat() -> None:
    case = problem(TABLE, Buddies(weight=0.5))
    assert breached(case, "s.1: ann dan; s.2: bo") == {"buddies": 1}
