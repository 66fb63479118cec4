"""The checker: its figures beside plain Python, and what no plan may do whatever its rules."""

import pytest

from matcher.checking import breaches, check
from matcher.domain import Group, Lock, Plan, Problem, Session
from matcher.outcome import Figures
from matcher.rules.common_ground import CommonGround
from matcher.rules.never_alone import NeverAlone
from tests.agreeing import breached
from tests.builders import plan, plans_of, problem
from tests.oracle import figures, firm_breaches

TABLE = """
id  | age   | home     | prefers | priority | buddies | interests
ann | young | rent     | t       |          |         | music
bo  | young | own rent |         | 2        | cy      | music
cy  | old   | own      |         |          |         |
dan | old   |          | s       | 1        |         | music
eve |       | rent     |         |          |         |
"""
WEIGHTS = {"age": 1.0, "home": 0.5}
RULES = (NeverAlone(dimension="age", weight=0.4), CommonGround(weight=0.25))
EXACT = ("people", "placed", "placed_priority", "seats", "met_again", "distinct_pairs")


def assert_figures(problem: Problem, plan: Plan) -> None:
    is_, should = check(problem, plan).figures, figures(problem, plan)
    assert {name: getattr(is_, name) for name in EXACT} == {name: should[name] for name in EXACT}
    for name in ("bridging", "worst_group", "quality"):
        assert getattr(is_, name) == pytest.approx(should[name], abs=0.01), name


@pytest.mark.parametrize("goal", ["bridging", "bonding"])
def test_the_figures_of_every_plan_are_those_of_plain_python(goal: str) -> None:
    rooms = (Session("s", 1), Session("t", 1))
    case = problem(TABLE, *RULES, sessions=rooms, bridging=WEIGHTS, met={("ann", "bo"): 1}, goal=goal)
    for each in plans_of(case):
        assert_figures(case, each)


def test_validity_is_the_absence_of_firm_breaches_in_every_plan() -> None:
    case = problem(TABLE, NeverAlone(dimension="age", firm=True), size=(2, 3, 4))
    valid = [check(case, each).valid for each in plans_of(case)]
    assert valid == [not firm_breaches(case, each) for each in plans_of(case)]
    assert any(valid)


def test_meetings_add_up_over_rounds() -> None:
    rooms = (Session("s", 2, round=1), Session("t", 1, round=2))
    case = problem(TABLE, sessions=rooms, bridging=WEIGHTS, series="rounds", rounds=2)
    twice = plan("s.1: ann bo; s.2: cy dan; t.1: ann bo cy")
    assert_figures(case, twice)
    assert check(case, twice).figures.met_again == 1
    assert check(case, twice).figures.distinct_pairs == 4


def test_an_empty_plan_has_figures_too() -> None:
    assert check(problem(TABLE), Plan()).figures == Figures(5, 0, 0, 0, 0.0, 0.0, 0, 0, 0.0)
    assert check(problem("id\n"), Plan()).valid


def test_firm_breaches_come_first() -> None:
    case = problem(TABLE, *RULES, size=(3, 3, 3))
    firm = [b.firm for b in check(case, plan("s.1: ann dan; s.2: bo cy")).breaches]
    assert True in firm and firm == sorted(firm, reverse=True)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("s.1: ann stranger", {"people": 1}),
        ("cellar.1: ann", {"sessions": 1}),
        ("s.0: ann", {"sessions": 1}),
        ("s.3: ann", {"sessions": 1}),
        ("s.1: ann; s.1: dan", {"sessions": 1}),
        ("s.1: ann; s.2: ann", {"max_meetings": 2}),
        ("s.1: ann ann", {"max_meetings": 2}),
        ("s.1: bo", {"buddies": 1}),
    ],
)
def test_nonsense_is_told(text: str, wrong: dict[str, float]) -> None:
    case = problem(TABLE.replace(" t ", "   "))
    assert breached(case, text) == wrong
    assert not check(case, plan(text)).valid


def test_a_group_of_nobody_is_too_small() -> None:
    assert breached(problem(TABLE), "s.1: ")["size"] == 1


def test_strangers_do_not_hide_the_breaches_of_others() -> None:
    case = problem(TABLE, NeverAlone(dimension="age", firm=True))
    assert breached(case, "s.1: stranger dan; cellar.1: ann") == {
        "people": 1,
        "sessions": 1,
        "never_alone: age": 1,
    }


def test_a_group_beyond_the_largest_size_is_judged_as_the_largest() -> None:
    case = problem(TABLE, NeverAlone(dimension="age", firm=True), size=(1, 2, 2))
    assert breached(case, "s.1: bo cy dan")["never_alone: age"] == 1


def test_a_breach_names_its_rule_place_and_people() -> None:
    case = problem(TABLE, NeverAlone(dimension="age", firm=True), locks=[Lock("ann", "s", 1)])
    told = check(case, plan("s.2: ann eve")).breaches
    assert [(b.rule, b.session, b.group, b.people) for b in told if b.firm] == [
        ("locked", "s", 2, ("ann",)),
        ("never_alone: age", "s", 2, ("ann",)),
    ]


def test_a_breach_of_a_session_or_a_person_names_no_group() -> None:
    case = problem(TABLE, sessions=[Session("s", 2, seats=1), Session("t", 1)])
    told = check(case, plan("s.1: ann dan; t.1: dan")).breaches
    assert [(b.rule, b.session, b.group, b.people) for b in told if b.firm] == [
        ("max_meetings", "", 0, ("dan",)),
        ("seats", "s", 0, ()),
        ("size", "s", 1, ()),
    ]


def test_a_meeting_again_names_its_group() -> None:
    (met,) = breaches(problem(TABLE, met={("ann", "dan"): 1}), plan("s.2: ann dan; s.1: eve"))[:1]
    assert (met.rule, met.session, met.group, met.people) == ("met_before", "s", 2, ("ann", "dan"))


def test_breaches_may_be_asked_alone() -> None:
    case = problem(TABLE, *RULES, bridging=WEIGHTS)
    assert tuple(breaches(case, plan("s.1: ann dan"))) == check(case, plan("s.1: ann dan")).breaches != ()


def test_the_order_of_people_in_a_group_does_not_matter() -> None:
    case = problem(TABLE, *RULES, bridging=WEIGHTS)
    upside_down = Plan((Group("s", 1, ("eve", "dan", "cy", "bo"), "nl"),))
    assert check(case, upside_down) == check(case, plan("s.1: bo cy dan eve"))
