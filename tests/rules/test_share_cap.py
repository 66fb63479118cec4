"""The largest bubble in a group."""

import pytest

from matcher.rules.share_cap import ShareCap
from tests.agreeing import agree, breached
from tests.builders import problem

TABLE = """
id  | age
ann | young
bo  | young
cy  | young
dan | young old
eve | old
fay |
"""
NAME = "share_cap: age"


def test_it_is_judged_as_stated_in_every_plan() -> None:
    rules = [ShareCap(dimension="age", share=share, weight=share) for share in (2 / 3, 0.5, 0.29)]
    agree(problem(TABLE, *rules, ShareCap(dimension="age", firm=True)), NAME)


@pytest.mark.parametrize(
    ("people", "many"),
    [
        ("ann", 1),
        ("ann bo eve", 0),
        ("ann bo cy eve", 1),
        ("ann bo eve fay", 0),
        ("ann bo cy dan eve", 1),
    ],
)
def test_two_thirds_rounded_down_to_people(people: str, many: int) -> None:
    case = problem(TABLE, ShareCap(dimension="age", firm=True))
    assert breached(case, f"s.1: {people}").get(NAME, 0) == many
