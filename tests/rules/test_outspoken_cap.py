"""People who take the floor easily."""

from matcher.rules.outspoken_cap import OutspokenCap
from tests.agreeing import agree, breached
from tests.builders import problem
from tests.oracle import Case

TABLE = """
id  | outspoken
ann | yes
bo  | yes
cy  | yes
dan |
eve |
"""

DEFAULTS = {"most": 1}


def stated(case: Case, rule: OutspokenCap) -> int:
    loud = [sum(case.people[p].outspoken for p in g.people) for g in case.groups]
    return sum(max(0, n - rule.most) for n in loud)


def test_it_is_judged_as_stated_in_every_plan() -> None:
    rules = [OutspokenCap(most=2, weight=0.5), OutspokenCap(most=0, weight=0.1), OutspokenCap(firm=True)]
    agree(problem(TABLE, *rules), "outspoken_cap")


def test_one_in_a_group_unless_told_otherwise() -> None:
    case = problem(TABLE, OutspokenCap(firm=True))
    assert breached(case, "s.1: ann dan; s.2: bo eve") == {}
    assert breached(case, "s.1: ann bo cy dan") == {"outspoken_cap": 2}
