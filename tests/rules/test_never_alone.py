"""Nobody is the only one."""

import pytest

from matcher.rules.never_alone import NeverAlone
from tests.agreeing import agree, breached
from tests.builders import problem

TABLE = """
id  | age
ann | young
bo  | young
cy  | young old
dan | old
eve | middle
fay |
"""
NAME = "never_alone: age"


def test_it_is_judged_as_stated_in_every_plan() -> None:
    shares = {None: {"firm": True}, 0.5: {"weight": 0.5}, 0.34: {"weight": 0.34}, 0.2: {"weight": 0.2}}
    rules = [NeverAlone(dimension="age", below=below, **strict) for below, strict in shares.items()]
    agree(problem(TABLE, *rules), NAME)


@pytest.mark.parametrize(
    ("people", "lone"),
    [
        ("ann bo", 0),
        ("ann dan", 2),
        ("ann cy", 1),
        ("ann cy dan", 0),
        ("eve", 1),
        ("ann bo fay", 0),
        ("fay", 0),
    ],
)
def test_none_or_at_least_two_of_those_who_told(people: str, lone: int) -> None:
    case = problem(TABLE, NeverAlone(dimension="age", firm=True))
    assert breached(case, f"s.1: {people}").get(NAME, 0) == lone


def test_only_small_bubbles_can_be_protected() -> None:
    case = problem(TABLE, NeverAlone(dimension="age", below=0.5, firm=True))
    assert breached(case, "s.1: ann fay") == {}  # half of the people are young
    assert breached(case, "s.1: dan fay") == {NAME: 1}
