"""When people would rather come."""

from dataclasses import replace

import pytest

from matcher.domain import Participant, Session
from matcher.rules.preferred_session import PreferredSession
from tests.agreeing import agree, breached, found
from tests.builders import plan, problem

TABLE = """
id  | prefers
ann | tue
bo  | tue wed
cy  | thu
dan |
"""
ROOMS = (Session("tue", 1), Session("wed", 2))


@pytest.mark.parametrize("rules", [(), (PreferredSession(firm=True),), (PreferredSession(weight=0.7),)])
def test_it_is_judged_as_stated_in_every_plan(rules: tuple[PreferredSession, ...]) -> None:
    agree(problem(TABLE, *rules, sessions=ROOMS), "preferred_session")


def test_a_list_is_ranked_and_firm_means_any_of_it() -> None:
    people = (Participant("ann", prefers=("tue", "wed")), Participant("bo", prefers=("wed", "thu", "tue")))
    wish = replace(problem(TABLE, PreferredSession(weight=0.6), sessions=ROOMS), people=people)
    agree(wish, "preferred_session")
    assert breached(wish, "wed.1: ann; tue.1: bo") == {"preferred_session": pytest.approx(1 / 2 + 2 / 3)}
    firm = replace(problem(TABLE, PreferredSession(firm=True), sessions=ROOMS), people=people)
    assert breached(firm, "wed.1: ann; tue.1: bo") == {}


def test_no_preference_is_no_breach() -> None:
    assert breached(problem(TABLE, sessions=ROOMS), "wed.1: bo dan") == {}


def test_a_silent_format_wishes_it_a_little() -> None:
    case = problem(TABLE, sessions=ROOMS)
    assert found(case, plan("wed.1: ann cy dan")) == {("preferred_session", False, 0.05): 2}
