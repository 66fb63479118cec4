"""A small beginning."""

from matcher.domain import Session
from matcher.rules.orientation import Orientation
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
ROOMS = (Session("s", 3), Session("t", 1, seats=2))


def test_it_is_judged_as_stated_in_every_plan() -> None:
    case = problem(TABLE, Orientation(firm=True, groups=1, people=3), sessions=ROOMS[:1])
    agree(case, "orientation")


def test_the_seats_are_judged_as_stated_in_every_plan() -> None:
    case = problem(TABLE, Orientation(firm=True, groups=2, people=3), sessions=ROOMS[:1])
    agree(case, "seats")


def test_two_groups_and_sixteen_people_in_a_session() -> None:
    crowd = "id\n" + "\n".join(f"p{i}" for i in range(17))
    case = problem(crowd, Orientation(firm=True), sessions=ROOMS, size=(1, 8, 9))
    assert breached(case, "s.1: p0; s.3: p1") == {}
    assert breached(case, "s.1: p0; s.2: p1; s.3: p2") == {"orientation": 1}
    first, second = " ".join(f"p{i}" for i in range(8)), " ".join(f"p{i}" for i in range(8, 17))
    assert breached(case, f"s.1: {first}; s.2: {second}") == {"seats": 1}


def test_few_seats_stay_few() -> None:
    assert breached(problem(TABLE, Orientation(firm=True), sessions=ROOMS), "t.1: ann bo cy")["seats"] == 1


def test_it_holds_only_where_it_is_named() -> None:
    assert breached(problem(TABLE, sessions=ROOMS), "s.1: ann; s.2: bo; s.3: cy") == {}
