"""When people can come."""

import pytest

from matcher.domain import Session
from matcher.rules.availability import Availability
from tests.agreeing import agree, breached
from tests.builders import problem

TABLE = """
id  | sessions
ann | tue
bo  | tue wed
cy  | thu
dan |
"""
ROOMS = (Session("tue", 1), Session("wed", 2))


@pytest.mark.parametrize("rules", [(), (Availability(weight=0.5),)])
def test_it_is_judged_as_stated_in_every_plan(rules: tuple[Availability, ...]) -> None:
    agree(problem(TABLE, *rules, sessions=ROOMS), "availability")


def test_no_answer_is_every_session() -> None:
    assert breached(problem(TABLE, sessions=ROOMS), "wed.1: bo dan") == {}
    assert breached(problem(TABLE, sessions=ROOMS), "wed.1: ann cy dan") == {"availability": 2}
