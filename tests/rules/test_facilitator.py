"""Who leads a group."""

import pytest

from matcher.domain import Facilitator, Session
from matcher.rules.facilitator import Facilitator as FacilitatorRule
from tests.agreeing import agree, breached
from tests.builders import plans_of, problem

pytestmark = pytest.mark.slow

TABLE = """
id
ann
bo
cy
"""
ROOMS = (Session("tue", 2), Session("wed", 1))
LEADERS = (
    Facilitator("eva", frozenset({"tue"}), skills=frozenset({"dialogue", "first aid"})),
    Facilitator("fred", skills=frozenset({"dialogue"}), max_groups=2),
    Facilitator("gus"),
)
DRESS = [("nl", name) for name in ("", "eva", "fred", "gus", "stranger")]
SKILLS = frozenset({"dialogue"})


@pytest.mark.parametrize("asked", ["required", "optional"])
def test_it_is_judged_as_stated_in_every_plan(asked: str) -> None:
    case = problem(TABLE, sessions=ROOMS, facilitators=LEADERS, facilitator=asked, skills=SKILLS)
    seen = {plan for plan in plans_of(case, DRESS) if len(plan.seats()) <= 3}
    agree(case, "facilitator", seen)


@pytest.mark.parametrize(
    ("plan", "wrong"),
    [
        ("tue.1: ann", 1),
        ("tue.1 nl eva: ann", 0),
        ("wed.1 nl eva: ann", 1),
        ("tue.1 nl gus: ann", 1),
        ("tue.1 nl stranger: ann", 1),
        ("tue.1 nl eva: ann; tue.2 nl eva: bo", 2),
        ("tue.1 nl fred: ann; tue.2 nl fred: bo", 1),
        ("tue.1 nl fred: ann; wed.1 nl fred: bo", 0),
    ],
)
def test_a_leader_comes_has_the_skills_and_leads_one_group_at_a_time(plan: str, wrong: int) -> None:
    case = problem(TABLE, sessions=ROOMS, facilitators=LEADERS, facilitator="required", skills=SKILLS)
    assert breached(case, plan).get("facilitator", 0) == wrong


def test_two_sessions_at_the_same_hour_are_one_time() -> None:
    rooms = (Session("here", 1, round=1), Session("there", 1, round=1))
    leader = Facilitator("fred", max_groups=2)
    case = problem(TABLE, sessions=rooms, facilitators=[leader], facilitator="required", series="rounds", rounds=1)
    assert breached(case, "here.1 nl fred: ann; there.1 nl fred: bo") == {"facilitator": 1}


def test_no_group_needs_a_leader_where_the_format_asks_none() -> None:
    case = problem(TABLE, sessions=ROOMS, facilitators=LEADERS)
    assert breached(case, "tue.1: ann; wed.1 nl eva: bo") == {}
    off = problem(TABLE, FacilitatorRule(), sessions=ROOMS, facilitator="required")
    assert breached(off, "tue.1: ann") == {}
