"""No table pays for the others."""

import pytest

from matcher.rules.balance import Balance
from tests.agreeing import agree, breached
from tests.builders import problem

TABLE = """
id  | age
ann | young
bo  | young
cy  | old
dan | old
eve |
"""


def test_it_is_judged_as_stated_in_every_plan() -> None:
    rules = [Balance(share=share, weight=share) for share in (0.5, 0.9, 1.1)]
    agree(problem(TABLE, *rules, bridging={"age": 1.5}), "balance")


def test_a_dull_group_is_short_by_its_people() -> None:
    # Of six pairs of tellers four differ, so two people picked blindly are 2/3 apart.
    case = problem(TABLE, Balance(share=0.75, weight=1.0), bridging={"age": 1.0})
    assert breached(case, "s.1: ann bo; s.2: cy dan") == {"balance": pytest.approx(4 * 0.5)}
    assert breached(case, "s.1: ann cy; s.2: bo dan") == {}


def test_it_can_only_be_a_wish() -> None:
    assert Balance.modes == ("weight",)
