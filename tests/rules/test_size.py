"""How many in a group."""

from matcher.domain import Session
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


def test_it_is_judged_as_stated_in_every_plan() -> None:
    agree(problem(TABLE, size=(2, 3, 3)), "size")


def test_a_group_is_never_larger_than_the_seats_of_its_session() -> None:
    case = problem(TABLE, size=(2, 3, 4), sessions=[Session("s", 2, seats=3)])
    agree(case, "size")


def test_from_the_minimum_to_the_maximum() -> None:
    case = problem(TABLE, size=(2, 3, 3))
    assert breached(case, "s.1: ann bo; s.2: cy dan eve") == {}
    assert breached(case, "s.1: ann; s.2: bo cy dan eve") == {"size": 2}
