"""The exact search beside all plans of tiny problems, put together from groups that the checker judges."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain, combinations
from math import comb
from random import Random

import numpy as np
import pytest

from matcher.checking import check
from matcher.domain import Facilitator, Format, Group, Lock, Participant, Plan, Problem, Session, Size
from matcher.exact import Proof, prove
from matcher.layout import lay_out, lots
from matcher.model import OFF_TARGET, ONE, Board, Model, Staffing
from matcher.places import open_places
from matcher.rules.apart import Apart
from matcher.rules.at_least_different import AtLeastDifferent
from matcher.rules.balance import Balance
from matcher.rules.buddies import Buddies
from matcher.rules.common_ground import CommonGround
from matcher.rules.met_before import MetBefore
from matcher.rules.never_alone import NeverAlone
from matcher.rules.outspoken_cap import OutspokenCap
from matcher.rules.population_mirror import PopulationMirror
from matcher.rules.preferred_session import PreferredSession
from matcher.rules.same_household_apart import SameHouseholdApart
from matcher.rules.share_cap import ShareCap
from matcher.search.chain import Chain
from matcher.terms import Rule
from tests.builders import plans_of, problem

NOBODY = np.zeros(0, np.int64)
EFFORT = 20.0


@dataclass(frozen=True)
class Case:
    """A problem with the board that it is proven on."""

    problem: Problem
    model: Model
    staffing: Staffing
    board: Board

    def prove(self, best: np.ndarray | None = None, **more: float) -> Proof | None:
        nothing = np.full(len(self.board.entry_unit), -1, np.int64)
        more = {"effort": EFFORT, **more}
        return prove(self.model, self.board, nothing if best is None else best, **more)  # type: ignore[arg-type]

    def plan(self, proof: Proof) -> Plan:
        return self.model.plan(proof.places, self.board, self.staffing)

    def value(self, plan: Plan) -> tuple[int, float]:
        """Priority-weighted people placed; then the quality, the wish for sizes and the lots."""
        figures = check(self.problem, plan).figures
        units = {self.model.unit_of[self.model.view.person[p]] for p in plan.placed()}
        worth = sum(int(self.board.weight[u] * lots(self.model, 1)[u]) for u in units) / ONE
        return figures.placed_priority, figures.quality + worth - sum(map(self.off_target, plan.groups))

    def off_target(self, group: Group) -> float:
        frame, s = self.model.frame, self.model.view.session[group.session]
        target = min(max(frame.target[s], frame.low[s]), frame.high[s])
        return float(OFF_TARGET * abs(len(group.people) - target))


def case(problem: Problem) -> Case:
    model = Model(problem)
    staffing = open_places(model, 1).staffing
    return Case(problem, model, staffing, lay_out(model, staffing))


def groups_of(case: Case) -> Iterator[tuple[str, list[tuple[frozenset[str], int, float]]]]:
    """Per open place its session and every group that breaks no firm rule there, with its value."""
    problem, size = case.problem, case.problem.format.size
    for p, (s, number) in enumerate(case.model.view.places):
        key = problem.sessions[s].id, number
        sets = chain(*(combinations(problem.people, n) for n in range(size.min, size.max + 1)))
        found = []
        for people in sets if case.staffing.open[p] else ():
            ids = tuple(sorted(x.id for x in people))
            spoken = sorted(frozenset.intersection(*(x.languages for x in people))) or [""]
            plans = [Plan((Group(*key, ids, language, case.staffing.leader[p]),)) for language in spoken]
            valid = next((plan for plan in plans if check(problem, plan).valid), None)
            if valid:
                found.append((frozenset(ids), *case.value(valid)))
        yield key[0], found


def best_of(case: Case) -> tuple[int, float]:
    """The best value of all plans: groups that share nobody, in sessions with seats enough."""
    seats = {s.id: s.seats if s.seats is not None else 10**6 for s in case.problem.sessions}
    best = {(frozenset[str](), ()): (0, 0.0)}
    for session, groups in groups_of(case):
        for (taken, used), (weight, value) in list(best.items()):
            for people, heavier, better in groups:
                now = {**dict(used), session: dict(used).get(session, 0) + len(people)}
                if not people & taken and now[session] <= seats[session]:
                    key = people | taken, tuple(sorted(now.items()))
                    best[key] = max(best.get(key, (-1, 0.0)), (weight + heavier, value + better))
    return max(best.values())


RULES: tuple[Rule, ...] = (
    NeverAlone(dimension="age", firm=True),
    NeverAlone(dimension="home", weight=0.5),
    NeverAlone(dimension="age", below=0.4, firm=True),
    ShareCap(dimension="age", firm=True),
    ShareCap(dimension="home", share=0.5, weight=0.3),
    AtLeastDifferent(dimension="home", bubbles=2, firm=True),
    AtLeastDifferent(dimension="age", bubbles=3, weight=1.0),
    PopulationMirror(dimension="age", weight=0.2),
    OutspokenCap(firm=True),
    SameHouseholdApart(firm=True),
    SameHouseholdApart(weight=0.7),
    MetBefore(weight=0.4),
    MetBefore(firm=True),
    Apart(weight=0.6),
    Balance(share=1.0, weight=2.0),
    CommonGround(weight=0.25),
    PreferredSession(weight=0.3),
)


def crowd(random: Random) -> tuple[Participant, ...]:
    """Seven to nine people with something of everything."""
    names = [f"p{i}" for i in range(random.randint(7, 9))]
    return tuple(
        Participant(
            name,
            {d: frozenset(random.sample("abc", random.choice([0, 1, 1, 1, 2]))) for d in ("age", "home")},
            sessions=frozenset(random.choice([[], [], ["s"], ["t"]])),
            prefers=frozenset(random.choice([[], ["s"], ["t"]])),
            languages=frozenset(random.choice([["nl"], ["nl"], ["nl", "ar"], ["ar"]])),
            interests=frozenset(random.sample(["art", "music"], random.randint(0, 1))),
            buddies=frozenset(random.sample(names[4:], random.choice([0, 0, 0, 1]))) if i > 3 else frozenset(),
            apart=frozenset(random.sample(names, random.choice([0, 0, 0, 1]))),
            household=random.choice(["", "", "h1", "h2"]),
            outspoken=random.random() < 0.3,
            priority=random.choice([0, 0, 0, 1, 2]),
        )
        for i, name in enumerate(names)
    )


def drawn(seed: int) -> Problem:
    """A random problem of one occasion, in one or two sessions."""
    random = Random(seed)
    people, seats = crowd(random), random.choice([None, None, 4, 6])
    sessions = (Session("s", random.randint(1, 2), seats=seats), Session("t", 1))[: random.randint(1, 2)]
    leaders = [Facilitator(f"f{i}", languages=frozenset(x.split())) for i, x in enumerate(["nl", "ar nl", "ar"])]
    locks = [Lock(people[0].id, "s", random.choice([None, 1]))] if random.random() < 0.3 else []
    return Problem(
        people,
        sessions,
        Format(
            facilitator=random.choice(["none", "none", "optional", "required"]),
            size=random.choice([Size(2, 3, 4), Size(3, 4, 5), Size(2, 2, 3), Size(1, 3, 3)]),
            bridging={"age": 1.0, "home": random.choice([0.5, 1.0])},
            rules=tuple(random.sample(RULES, random.randint(0, 4))),
        ),
        tuple(leaders[: random.randint(1, 3)]),
        {(a.id, b.id): 1 for a, b in random.sample(list(combinations(people[:4], 2)), 3)},
        tuple(locks),
        {"age": {"a": 2, "b": 1, "c": 1}},
    )


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
    assert seated(it, proof.places).cost == proof.cost


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
    assert max(it.value(plan) for plan in plans if check(it.problem, plan).valid) == best_of(it)


def neighbours(count: int, dimensions: int, groups: int, seed: int, *rules: Rule, answers: int = 3) -> Problem:
    """People with one answer on every dimension."""
    random = Random(seed)
    names = [f"d{i}" for i in range(dimensions)]
    people = [
        Participant(f"p{i:02}", {d: frozenset({f"v{random.choice(range(answers))}"}) for d in names})
        for i in range(count)
    ]
    bridging = dict.fromkeys(names, 1.0)
    return Problem(tuple(people), (Session("s", groups),), Format(bridging=bridging, rules=rules))


ALONE = tuple(NeverAlone(dimension=f"d{i}", firm=True) for i in range(3))


@pytest.mark.parametrize(("groups", "seed"), [(3, 1), (3, 2), (4, 3), (4, 4)])
def test_an_evening_of_24_people_is_proven(groups: int, seed: int) -> None:
    it = case(neighbours(24, 3, groups, seed, *ALONE))
    proof = it.prove(effort=2.0)
    assert proof is not None
    assert proof.optimal
    assert proof.whole
    assert proof.weight_bound == proof.weight
    assert check(it.problem, it.plan(proof)).valid
    assert seated(it, proof.places).cost == proof.cost
    bridging = check(it.problem, it.plan(proof)).figures.bridging
    assert proof.bridging_bound is not None
    assert bridging - 1e-6 <= proof.bridging_bound <= bridging + 24 * OFF_TARGET


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
    assert proof.bridging_bound == pytest.approx(max(check(it.problem, p).figures.bridging for p in plans), abs=1e-6)


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
