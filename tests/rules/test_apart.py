"""Two people of whom one named the other to stay away from."""

import pytest

from matcher.domain import Session
from matcher.rules.apart import Apart
from tests.agreeing import agree, breached
from tests.builders import problem

TABLE = """
id  | apart       | max_meetings
ann | bo cy       | 2
bo  | ann nobody  | 2
cy  | cy          |
dan |             |
eve | dan         |
"""
ROOMS = (Session("s", 2), Session("t", 1))


@pytest.mark.parametrize("rules", [(), (Apart(weight=0.5),)])
def test_it_is_judged_as_stated_in_every_plan(rules: tuple[Apart, ...]) -> None:
    agree(problem(TABLE, *rules, sessions=ROOMS[:1]), "apart")


def test_one_naming_the_other_is_enough_and_both_count_once() -> None:
    case = problem(TABLE)
    assert breached(case, "s.1: dan eve") == {"apart": 1}
    assert breached(case, "s.1: ann bo") == {"apart": 1}


def test_it_is_about_groups_not_sessions() -> None:
    assert breached(problem(TABLE), "s.1: ann; s.2: bo cy") == {}


def test_every_meeting_counts() -> None:
    case = problem(TABLE, Apart(weight=2.0), sessions=ROOMS)
    assert breached(case, "s.1: ann bo; t.1: ann bo") == {"apart": 2, "met_before": 1}
