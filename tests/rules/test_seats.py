"""Chairs."""

from matcher.domain import Session
from matcher.rules.seats import Seats
from tests.agreeing import agree, breached
from tests.builders import problem

TABLE = """
id
ann
bo
cy
dan
eve
"""
ROOMS = (Session("s", 2, seats=3), Session("t", 1))


def test_it_is_judged_as_stated_in_every_plan() -> None:
    agree(problem(TABLE, sessions=ROOMS[:1]), "seats")


def test_all_groups_of_a_session_share_its_seats() -> None:
    case = problem(TABLE, sessions=ROOMS)
    assert breached(case, "s.1: ann bo; s.2: cy") == {}
    assert breached(case, "s.1: ann bo; s.2: cy dan") == {"seats": 1}
    assert breached(case, "t.1: ann bo cy dan eve") == {}


def test_a_named_rule_without_weight_switches_it_off() -> None:
    assert breached(problem(TABLE, Seats(), sessions=ROOMS), "s.1: ann bo; s.2: cy dan") == {}
