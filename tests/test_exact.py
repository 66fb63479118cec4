"""The exact search beside all plans of tiny problems, and on evenings of a usual size."""

from dataclasses import replace
from math import comb

import numpy as np
import pytest

from matcher.checking import check
from matcher.domain import Facilitator, Format, Problem, Session, Size
from matcher.rules.buddies import Buddies
from matcher.rules.never_alone import NeverAlone
from matcher.rules.share_cap import ShareCap
from matcher.search.chain import Chain
from tests.builders import plans_of, problem
from tests.exact_cases import ALONE, Case, best_of, case, drawn, neighbours

pytestmark = pytest.mark.slow

NOBODY = np.zeros(0, np.int64)


@pytest.mark.parametrize("seed", range(40))
def test_no_plan_is_better(seed: int) -> None:
    it = case(drawn(seed))
    proof = it.prove()
    if proof is None:
        assert not len(it.board.cand)
        return
    plan = it.plan(proof)
    assert check(it.problem, plan).valid
    assert proof.optimal
    assert it.value(plan) == pytest.approx(best_of(it), abs=2e-3)
    assert it.value(plan)[0] == proof.weight == proof.weight_bound
    assert -seated(it, proof.places).value.rest == proof.cost


def seated(it: Case, places: np.ndarray) -> Chain:
    """The search, with everybody in place."""
    chain = Chain(it.board)
    chain.restart(places, 1)
    assert (chain.best == places).all()
    return chain


def test_the_oracle_agrees_with_all_plans() -> None:
    """Put together from groups, the best value is that of the best of all plans, checked as a whole."""
    table = """
    id | age | languages | priority | apart
    a  | x   | nl        |          | b
    b  | x   | nl ar     | 2        |
    c  | y   | ar        |          |
    d  | y   | nl        | 1        |
    e  |     | nl ar     |          |
    f  | x y | nl        |          |
    """
    rules = NeverAlone(dimension="age", weight=0.4), ShareCap(dimension="age", firm=True)
    it = case(problem(table, *rules, size=(2, 3, 4), bridging={"age": 1.0}))
    plans = plans_of(it.problem, [("nl", ""), ("ar", "")])
    best = max(it.value(plan) for plan in plans if check(it.problem, plan).valid)
    assert best == (best_of(it)[0], pytest.approx(best_of(it)[1]))


@pytest.mark.parametrize(("groups", "seed"), [(3, 1), (3, 2), (4, 3), (4, 4)])
def test_an_evening_of_24_people_is_proven(groups: int, seed: int) -> None:
    it = case(neighbours(24, 3, groups, seed, *ALONE))
    proof = it.prove(effort=2.0)
    assert proof is not None
    assert proof.optimal
    assert proof.whole
    assert proof.weight_bound == proof.weight
    assert check(it.problem, it.plan(proof)).valid
    assert -seated(it, proof.places).value.rest == proof.cost
    figures = check(it.problem, it.plan(proof)).figures
    assert proof.ceiling.quality == pytest.approx(figures.quality, abs=1e-6), "everybody has a place: no lots"
    assert figures.bridging - 1e-6 <= proof.ceiling.bridging


def test_the_same_call_gives_the_same_answer() -> None:
    it = case(neighbours(20, 3, 3, 5, *ALONE))
    first, again = it.prove(), it.prove()
    assert first is not None
    assert again is not None
    assert (first.places == again.places).all()
    assert replace(first, places=NOBODY) == replace(again, places=NOBODY)


def test_the_best_plan_known_is_kept_if_it_is_optimal() -> None:
    it = case(neighbours(18, 3, 3, 6, *ALONE))
    proof = it.prove()
    assert proof is not None
    assert proof.optimal
    swapped = np.where(proof.places >= 0, 2 - proof.places, -1)  # the same groups with other numbers
    again = it.prove(best=swapped)
    assert again is not None
    assert again.cost == proof.cost
    assert (again.places == swapped).all()


def test_a_plan_that_breaks_a_rule_is_no_start() -> None:
    it = case(neighbours(12, 3, 2, 7, *ALONE))
    proof, clean = it.prove(best=np.zeros(12, np.int64)), it.prove()
    assert proof is not None
    assert clean is not None
    assert proof.cost == clean.cost


def test_the_bound_of_bridging_is_reached() -> None:
    """Without rules: by the plan with the most bridging, whatever its sizes."""
    it = case(replace(neighbours(8, 2, 2, 8), format=Format(size=Size(2, 4, 4), bridging={"d0": 1.0, "d1": 1.0})))
    plans = (plan for plan in plans_of(it.problem) if len(plan.placed()) == 8 and check(it.problem, plan).valid)
    proof = it.prove()
    assert proof is not None
    assert proof.ceiling.bridging == pytest.approx(max(check(it.problem, p).figures.bridging for p in plans), abs=1e-6)


def test_every_group_is_a_column() -> None:
    assert columns(neighbours(14, 2, 2, 9)) == sum(comb(14, n) for n in range(5, 9))
    apart = neighbours(14, 2, 2, 9)
    people = (replace(apart.people[0], apart=frozenset({"p01"})), *apart.people[1:])
    assert columns(replace(apart, people=people)) == sum(comb(14, n) - comb(12, n - 2) for n in range(5, 9))
    people = (replace(apart.people[0], buddies=frozenset({"p01"})), *apart.people[1:])
    assert columns(replace(apart, people=people)) == sum(comb(12, n) + comb(12, n - 2) for n in range(5, 9))


def columns(problem: Problem) -> int:
    proof = case(problem).prove()
    assert proof is not None
    return proof.columns


def test_little_effort_gives_bounds_all_the_same() -> None:
    it = case(neighbours(24, 3, 3, 2, *ALONE))
    some, all_ = it.prove(effort=0.02), it.prove()
    assert some is not None
    assert all_ is not None
    assert not some.optimal
    assert some.weight <= all_.weight <= some.weight_bound <= 24
    assert check(it.problem, it.plan(some)).valid


def test_it_does_not_apply_where_groups_depend_on_each_other() -> None:
    apart = neighbours(12, 2, 2, 1, Buddies(weight=1.0))
    people = (replace(apart.people[0], buddies=frozenset({"p01"})), *apart.people[1:])
    assert case(replace(apart, people=people)).prove() is None
    rounds = replace(apart, format=Format(series="rounds", rounds=2, bridging={"d0": 1.0}))
    halls = (Session("s", 2), Session("t", 2, round=2))
    assert case(replace(rounds, sessions=halls)).prove() is None


def test_it_does_not_begin_with_too_many_groups() -> None:
    assert case(neighbours(16, 2, 2, 1)).prove(limit=1000) is None
    assert case(neighbours(32, 2, 4, 1)).prove() is None
    assert case(neighbours(60, 2, 8, 1)).prove() is None


def test_other_leaders_could_do_better() -> None:
    """What is proven with the leaders that were chosen is not proven for all."""
    led = neighbours(12, 2, 2, 1)
    led = replace(led, format=replace(led.format, facilitator="required"), facilitators=(Facilitator("f"),))
    proof = case(led).prove()
    assert proof is not None
    assert proof.optimal
    assert not proof.whole
