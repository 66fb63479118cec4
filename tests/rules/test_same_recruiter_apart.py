"""People who were invited by the same key contact."""

from matcher.rules.same_recruiter_apart import SameRecruiterApart
from tests.agreeing import agree, breached
from tests.builders import problem

TABLE = """
id  | recruited_by
ann | one
bo  | one
cy  | one
dan | two
eve | two
fay |
"""


def test_it_is_judged_as_stated_in_every_plan() -> None:
    agree(problem(TABLE, SameRecruiterApart(firm=True), SameRecruiterApart(weight=0.5)), "same_recruiter_apart")


def test_all_but_the_first_are_too_many() -> None:
    case = problem(TABLE, SameRecruiterApart(firm=True))
    assert breached(case, "s.1: ann dan fay; s.2: bo eve") == {}
    assert breached(case, "s.1: ann bo cy dan eve") == {"same_recruiter_apart": 3}


def test_it_holds_only_where_it_is_named() -> None:
    assert breached(problem(TABLE), "s.1: ann bo cy") == {}
