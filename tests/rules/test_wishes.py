"""At least one of the people somebody named."""

from matcher.domain import Session
from matcher.rules.wishes import Wishes
from tests.agreeing import agree, breached
from tests.builders import problem

TABLE = """
id  | wishes
ann | bo cy
bo  | dan
cy  | ann bo dan
dan |
eve | stranger
"""
DEFAULTS = {"least": 1}


def stated(case, rule):
    """Seats of people who named others, with too few of them."""
    few = 0
    for person, _, group in case.seats:
        named = (person.wishes & case.people.keys()) - {person.id}
        few += max(0, min(rule.least, len(named)) - len(named & set(group.people)))
    return few


def test_it_is_judged_as_stated_in_every_plan() -> None:
    agree(problem(TABLE.replace("eve | stranger\n", ""), Wishes(firm=True), Wishes(weight=0.5, least=2)), "wishes")


def test_one_of_them_is_enough_and_one_side_too() -> None:
    case = problem(TABLE, Wishes(firm=True), sessions=[Session("s", 2)])
    assert breached(case, "s.1: ann cy; s.2: bo dan") == {}
    assert breached(case, "s.1: ann bo; s.2: cy dan") == {"wishes": 1}
    assert breached(case, "s.1: ann; s.2: bo cy dan eve") == {"wishes": 1}


def test_who_named_fewer_asks_no_more_than_these() -> None:
    case = problem(TABLE, Wishes(firm=True, least=2))
    assert breached(case, "s.1: bo dan") == {}
    assert breached(case, "s.1: ann bo dan") == {"wishes": 1}
