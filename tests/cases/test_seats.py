"""Nobody loses a seat to a wish: whatever weights people write, as many sit as without any."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import matcher
from matcher.checking import check
from matcher.domain import Facilitator, Plan, Problem, Session
from matcher.layout import lay_out
from matcher.model import Model
from matcher.outcome import Result
from matcher.rules import rules_of
from matcher.search.chain import Value
from tests.builders import problem
from tests.cases import inputs
from tests.strategies import problems

ITERATIONS = 400_000
CASES = {
    "m01_all_met_default": 16,
    "m02_all_met_w3": 16,
    "m06_club18_sixes_default": 18,
    "m08_club_shipped_rondes_weights": 16,
    "w01_popular_pupil": 16,
    "w02_popular_pupil_w5": 16,
    "h03_locks_sizes_8_12": 250,
    "h04_locks_sizes_9_11": 250,
    "h07_no_locks_8_12": 250,
}
"""Case -> seats, of which a plan that takes them all is known."""


def match(problem: Problem, iterations: int = ITERATIONS) -> Result:
    return matcher.match(problem, iterations=iterations)


def seats(plan: Plan) -> int:
    return sum(len(group.people) for group in plan.groups)


@pytest.mark.parametrize("name", CASES)
def test_who_can_sit_sits_whatever_it_costs(name: str) -> None:
    case = inputs(name).problem
    found = match(case)
    assert seats(found.plan) == CASES[name]
    assert check(case, found.plan).valid


@pytest.mark.parametrize(
    ("name", "sizes"),
    [
        ("s03_wide_range", [5] * 12),
        ("s07_wide_pairs", [4] * 6),
        ("s08_one_dim_target", [5] * 6),
        ("u32_at_most_twice_of_four", [5] * 12),
    ],
)
def test_groups_have_the_size_that_was_wished(name: str, sizes: list[int]) -> None:
    found = match(inputs(name).problem)
    assert [len(group.people) for group in found.plan.groups] == sizes


def test_where_sizes_cannot_be_met_groups_are_even() -> None:
    """22 people, gladly 5 at a table, four tables: 5, 5, 6, 6 and not 5, 5, 5, 7."""
    case = problem(_crowd(22), sessions=[Session("s", 4)], size=(4, 5, 8), bridging={"wijk": 1.0})
    assert sorted(len(group.people) for group in match(case).plan.groups) == [5, 5, 6, 6]


def test_a_format_says_how_much_its_sizes_count() -> None:
    """With no price on sizes, mixing alone decides: small and large tables, see case s07."""
    case = inputs("s07_wide_pairs").problem
    free = replace(case, format=replace(case.format, size=replace(case.format.size, weight=0.0)))
    assert {len(group.people) for group in match(free).plan.groups} != {4}


@settings(
    max_examples=25, deadline=None, derandomize=True, phases=(Phase.generate,), suppress_health_check=list(HealthCheck)
)
@given(problems(high=16), st.data())
@pytest.mark.slow
def test_no_weight_costs_a_seat(case: Problem, data: st.DataObject) -> None:
    """The same seats, by priority, as if every wish were worth nothing; and as many groups with a leader.

    People sit once here: a series of rounds is searched only, and takes more than so few moves.
    """
    people = tuple(replace(person, max_meetings=None) for person in case.people)
    case = replace(case, people=people, format=replace(case.format, series="single", rounds=1))
    prices = st.sampled_from([0.05, 1.0, 20.0, 500.0, 1e4, 1e6])
    rules = rules_of(case.format)
    light = _weighted(case, [0.0 for _ in rules])
    heavy = _weighted(case, [data.draw(prices) for _ in rules])
    without, found = match(light, 60_000), match(heavy, 60_000)
    assert found.figures.placed_priority == without.figures.placed_priority
    assert _worth(heavy, found.plan) >= _worth(light, without.plan)


def _weighted(case: Problem, weights: list[float]) -> Problem:
    """With weights for the wishes; firm rules stay firm, and implied ones are named."""
    rules = [
        rule if rule.firm or "weight" not in rule.modes else replace(rule, weight=weight)
        for rule, weight in zip(rules_of(case.format), weights, strict=True)
    ]
    return replace(case, format=replace(case.format, rules=tuple(rules)))


def _worth(case: Problem, plan: Plan) -> tuple[int, int]:
    """Seats by priority, and groups with a leader where they are optional."""
    priority = {person.id: 1 + person.priority for person in case.people}
    led = sum(bool(group.facilitator) for group in plan.groups) if case.format.facilitator == "optional" else 0
    return sum(priority[person] for person, _ in plan.seats()), led


def test_values_are_compared_seats_first() -> None:
    assert Value(2, 0, -(10**15)) > Value(1, 9, 10**15) > Value(1, 8, 10**15 + 1) > Value(1, 8, 0)


@pytest.mark.parametrize("weight", [1e3, 1e6, 1e12])
def test_costs_fit_into_whole_numbers_whatever_the_weight(weight: float) -> None:
    """Every table of the board stays far from the end of 64 bits."""
    case = _weighted(
        inputs("m01_all_met_default").problem, [weight] * len(rules_of(inputs("m01_all_met_default").problem.format))
    )
    board = lay_out(Model(case), Model(case).everywhere())
    assert 0 < board.met_soft < 2**56
    assert match(case, 50_000).figures.placed == 16


def test_more_groups_are_led_before_anything_is_mixed() -> None:
    """One leader speaks Arabic only: the table of those who do is led, though mixing them would be worth more."""
    people = "id | languages | wijk\n" + "\n".join(
        [f"a{n} | ar nl | {'x' if n % 2 else 'y'}" for n in range(4)]
        + [f"b{n} | nl | {'x' if n % 2 else 'y'}" for n in range(4)]
    )
    leaders = [Facilitator("f", languages=frozenset({"ar"})), Facilitator("g", languages=frozenset({"nl"}))]
    case = problem(people, sessions=[Session("s", 2)], size=(4, 4, 4), facilitators=leaders,
                   facilitator="optional", bridging={"wijk": 1.0})  # fmt: skip
    found = match(case)
    assert sorted(group.facilitator for group in found.plan.groups) == ["f", "g"]


def _crowd(many: int) -> str:
    return "id | wijk\n" + "\n".join(f"p{n:02d} | {'xyz'[n % 3]}" for n in range(many))
