"""So many different bubbles in a group."""

import pytest

from matcher.rules.at_least_different import AtLeastDifferent
from tests.agreeing import agree, breached
from tests.builders import problem

TABLE = """
id  | age
ann | young
bo  | young
cy  | young old
dan | middle
eve |
fay |
"""
NAME = "at_least_different: age"


def test_it_is_judged_as_stated_in_every_plan() -> None:
    rules = [AtLeastDifferent(dimension="age", bubbles=k, weight=k / 8) for k in (1, 2, 3, 4)]
    agree(problem(TABLE, *rules, AtLeastDifferent(dimension="age", firm=True)), NAME)


@pytest.mark.parametrize(
    ("people", "short"), [("ann bo", 2), ("ann dan", 1), ("ann cy dan", 0), ("ann bo eve", 1), ("eve fay", 1)]
)
def test_silence_counts_as_a_bubble_of_its_own(people: str, short: int) -> None:
    case = problem(TABLE, AtLeastDifferent(dimension="age", bubbles=3, firm=True))
    assert breached(case, f"s.1: {people}").get(NAME, 0) == short


def test_a_dimension_that_nobody_told_asks_for_nothing_impossible() -> None:
    case = problem(TABLE, AtLeastDifferent(dimension="street", bubbles=2, firm=True))
    assert breached(case, "s.1: ann bo") == {}
