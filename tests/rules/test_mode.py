"""Here or online."""

from matcher.domain import Session
from matcher.rules.mode import Mode
from tests.agreeing import agree, breached
from tests.builders import problem

TABLE = """
id  | needs
ann | online
bo  | here lift
cy  | here online
dan |
eve |
"""
ROOMS = (Session("hall", 1, access=frozenset({"lift"})), Session("call", 1, mode="online"))


def test_it_is_judged_as_stated_in_every_plan() -> None:
    agree(problem(TABLE, sessions=ROOMS), "mode")


def test_the_size_of_online_groups_is_judged_as_stated_in_every_plan() -> None:
    agree(problem(TABLE, Mode(firm=True, online_max=3), sessions=ROOMS), "size")


def test_who_needs_a_mode_sits_in_it_and_who_needs_both_in_either() -> None:
    case = problem(TABLE, sessions=ROOMS)
    assert breached(case, "hall.1: ann cy dan; call.1: eve") == {"mode": 1}
    assert breached(case, "hall.1: bo dan; call.1: ann cy") == {}


def test_online_groups_have_at_most_six() -> None:
    crowd = "id\n" + "\n".join(f"p{i}" for i in range(7))
    case = problem(crowd, sessions=ROOMS)
    assert breached(case, "hall.1: p0 p1 p2 p3 p4 p5 p6") == {}
    assert breached(case, "call.1: p0 p1 p2 p3 p4 p5 p6") == {"size": 1}
    assert breached(problem(crowd, Mode(), sessions=ROOMS), "call.1: p0 p1 p2 p3 p4 p5 p6") == {}
