"""So many people of a bubble in a group."""

from math import ceil, floor

import pytest

from matcher.rules.count import Count
from tests.agreeing import agree, breached
from tests.builders import problem

TABLE = """
id  | role
ann | helper
bo  | helper
cy  | guest
dan | guest helper
eve | guest
fay |
"""
NAME = "count: role"
DEFAULTS = dict.fromkeys(("min", "max", "min_share", "max_share"))


def stated(case, rule):
    """Too many of those who told; too few with those who did not."""
    if rule.bubble not in case.bubbles(rule.dimension):
        return 0
    wrong = 0
    for g in case.groups:
        c, n = case.count(g, rule.dimension, rule.bubble), len(g.people)
        tops = [rule.max, None if rule.max_share is None else floor(rule.max_share * n + 1e-6)]
        lows = [rule.min, None if rule.min_share is None else ceil(rule.min_share * n - 1e-6)]
        wrong += max([0, *(c - top for top in tops if top is not None)])
        wrong += max([0, *(low - c - case.silent(g, rule.dimension) for low in lows if low is not None)])
    return wrong


@pytest.mark.parametrize("own", [{"min": 1, "max": 2}, {"min": 2}, {"min_share": 0.4, "max_share": 2 / 3}])
def test_it_is_judged_as_stated_in_every_plan(own: dict[str, float]) -> None:
    rules = (
        Count(dimension="role", bubble="helper", firm=True, **own),
        Count(dimension="role", bubble="guest", weight=0.5),
    )
    agree(problem(TABLE.replace("bo  | helper\n", "").replace("eve | guest\n", ""), *rules), NAME)


@pytest.mark.parametrize(
    ("people", "wrong"), [("cy", 1), ("ann bo cy", 0), ("ann bo dan", 1), ("cy eve fay", 0), ("cy eve dan", 0)]
)
def test_one_helper_or_two(people: str, wrong: int) -> None:
    case = problem(TABLE, Count(dimension="role", bubble="helper", min=1, max=2, firm=True))
    assert breached(case, f"s.1: {people}").get(NAME, 0) == wrong


def test_a_share_is_rounded_inwards() -> None:
    least = problem(TABLE, Count(dimension="role", bubble="helper", min_share=0.4, firm=True))
    assert breached(least, "s.1: ann cy eve") == {NAME: 1}  # 1.2 of 3 is 2
    most = problem(TABLE, Count(dimension="role", bubble="guest", max_share=0.5, firm=True))
    assert breached(most, "s.1: ann cy eve") == {NAME: 1}  # 1.5 of 3 is 1


def test_a_bubble_that_nobody_is_of_says_nothing() -> None:
    assert breached(problem(TABLE, Count(dimension="role", bubble="cook", min=1, firm=True)), "s.1: ann") == {}
