"""A street together."""

import pytest

from matcher.rules.few_tables import FewTables
from tests.agreeing import agree, breached
from tests.builders import problem

TABLE = """
id  | street
ann | a
bo  | a
cy  | a
dan | b
eve | a b
fay |
"""
NAME = "few_tables: street"
DEFAULTS = {"bubble": ""}


def stated(case, rule):
    """What every table lacks of the bubble, or of being full of it."""
    most = max([case.problem.format.size.max, *(s.max for s in case.sessions.values() if s.max)])
    away = 0.0
    for bubble in case.bubbles(rule.dimension):
        held = sum(bubble in case.told(p, rule.dimension) for p in case.people)
        for g in case.groups if held > 1 and rule.bubble in ("", bubble) else ():
            c = case.count(g, rule.dimension, bubble)
            away += max(0, 1 - c / min(held, most)) if c else 0
    return away


def test_it_is_judged_as_stated_in_every_plan() -> None:
    rules = FewTables(dimension="street", weight=0.5), FewTables(dimension="street", bubble="b", weight=2.0)
    agree(problem(TABLE.replace("bo  | a\n", "").replace("fay |\n", ""), *rules, size=(1, 3, 3)), NAME)


@pytest.mark.parametrize(
    ("plan", "more"),
    [("s.1: ann bo cy eve; s.2: dan fay", 1), ("s.1: ann bo; s.2: cy eve dan", 1), ("s.1: dan eve", 0.75)],
)
def test_a_breach_is_a_table_too_many(plan: str, more: float) -> None:
    assert breached(problem(TABLE, FewTables(dimension="street", weight=1.0)), plan)[NAME] == more


def test_a_bubble_larger_than_a_table_fills_tables() -> None:
    street = "id | street\n" + "\n".join(f"p{i} | a" for i in range(6))
    case = problem(street, FewTables(dimension="street", weight=1.0), size=(1, 3, 3))
    assert breached(case, "s.1: p0 p1 p2; s.2: p3 p4 p5") == {}
