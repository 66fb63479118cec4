"""One language at a table."""

import pytest

from matcher.domain import Facilitator, Session
from matcher.rules.shared_language import SharedLanguage
from tests.agreeing import agree, breached
from tests.builders import plans_of, problem

pytestmark = pytest.mark.slow

TABLE = """
id  | languages
ann | nl
bo  | nl ar
cy  | ar tr
dan | tr
"""
ROOMS = (Session("s", 1), Session("t", 1, languages=frozenset({"ar", "tr"})))
LEADERS = (Facilitator("eva"), Facilitator("fred", languages=frozenset({"ar"})))
DRESS = [("nl", ""), ("ar", "fred"), ("ar", "eva"), ("tr", ""), ("", "")]


def test_it_is_judged_as_stated_in_every_plan() -> None:
    case = problem(TABLE, sessions=ROOMS, facilitators=LEADERS)
    agree(case, "shared_language", plans_of(case, DRESS))


def test_people_session_and_leader_speak_it() -> None:
    case = problem(TABLE, sessions=ROOMS, facilitators=LEADERS, facilitator="optional")
    assert breached(case, "s.1 nl eva: ann bo; t.1 tr: cy dan") == {}
    assert breached(case, "s.1 ar fred: ann bo") == {"shared_language": 1}
    assert breached(case, "s.1 ar eva: bo cy") == {"shared_language": 1}
    assert breached(case, "t.1 nl: ann bo") == {"shared_language": 1}


def test_the_language_of_a_group_must_be_named() -> None:
    assert breached(problem(TABLE, sessions=ROOMS), "s.1 en: ann bo") == {"shared_language": 1}


def test_a_named_rule_without_weight_switches_it_off() -> None:
    assert breached(problem(TABLE, SharedLanguage(), sessions=ROOMS), "s.1 nl: ann dan") == {}
