"""A need that names what a session must offer."""

from matcher.domain import Session
from matcher.rules.access import Access
from tests.agreeing import agree, breached
from tests.builders import problem

TABLE = """
id  | needs
ann | lift
bo  | lift loop
cy  | online loop
dan | here
eve |
"""
HALL = Session("hall", 1, access=frozenset({"lift"}))
CLUB = Session("club", 1, access=frozenset({"loop", "toilet"}))


def test_it_is_judged_as_stated_in_every_plan() -> None:
    agree(problem(TABLE, sessions=[HALL, CLUB]), "access")


def test_every_need_must_be_met() -> None:
    case = problem(TABLE, sessions=[HALL, CLUB])
    assert breached(case, "hall.1: ann eve") == {}
    assert breached(case, "hall.1: ann bo") == {"access": 1}


def test_a_mode_is_no_need_of_the_building() -> None:
    assert breached(problem(TABLE, sessions=[HALL, CLUB]), "hall.1: dan eve") == {}


def test_a_named_rule_without_weight_switches_it_off() -> None:
    assert breached(problem(TABLE, Access(), sessions=[HALL, CLUB]), "club.1: ann bo eve") == {}
