"""People who met."""

import pytest

from matcher.domain import Session
from matcher.rules.buddies import Buddies
from matcher.rules.met_before import MetBefore
from tests.agreeing import agree, breached, found
from tests.builders import plan, problem

pytestmark = pytest.mark.slow

TABLE = """
id
ann
bo
cy
dan
"""
MET = {("ann", "bo"): 2, ("bo", "cy"): 0, ("ann", "gone"): 1}
ROUNDS = (Session("s", 1, round=1), Session("t", 1, round=2), Session("u", 1, round=3))


@pytest.mark.parametrize("rules", [(), (MetBefore(firm=True), MetBefore(weight=0.3))])
def test_it_is_judged_as_stated_in_every_plan(rules: tuple[MetBefore, ...]) -> None:
    case = problem(TABLE, *rules, sessions=ROUNDS, series="rounds", rounds=3, met=MET)
    agree(case, "met_before")


def test_the_first_meeting_is_free_but_not_for_who_met_earlier() -> None:
    case = problem(TABLE, sessions=ROUNDS, series="rounds", rounds=3, met=MET)
    assert breached(case, "s.1: ann bo cy") == {"met_before": 2}
    assert breached(case, "s.1: bo cy") == {}
    assert breached(case, "s.1: bo cy; t.1: bo cy; u.1: bo cy dan") == {"met_before": 1 + 2}


def test_a_silent_format_wishes_it_with_weight_one() -> None:
    assert found(problem(TABLE, met=MET), plan("s.1: ann bo")) == {("met_before", False, 1.0): 2}


def test_people_who_come_together_asked_to_meet() -> None:
    company = TABLE.replace("id", "id | buddies").replace("ann\nbo\n", "ann | bo\nbo | cy\n")
    for rules, again in (((), 0), ((Buddies(weight=0.5),), 2 + 3 + 1 + 1)):
        case = problem(company, *rules, sessions=ROUNDS, series="rounds", rounds=3, met=MET)
        assert breached(case, "s.1: ann bo cy; t.1: ann bo cy").get("met_before", 0) == again


def test_it_is_judged_as_stated_for_people_who_come_together() -> None:
    company = TABLE.replace("id", "id | buddies").replace("ann\nbo\n", "ann | bo\nbo |\n")
    agree(problem(company, sessions=ROUNDS[:2], series="rounds", rounds=2, met=MET), "met_before")
