"""Random and regular cases for the exact search, and their best value by trying everything."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, combinations
from random import Random

import numpy as np

from matcher.checking import check
from matcher.domain import Facilitator, Format, Group, Lock, Participant, Plan, Problem, Session, Size
from matcher.exact import Proof, prove
from matcher.layout import lay_out, lots
from matcher.model import ONE, Model, SearchInput, Staffing
from matcher.places import open_places
from matcher.rules.apart import Apart
from matcher.rules.at_least_different import AtLeastDifferent
from matcher.rules.balance import Balance
from matcher.rules.common_ground import CommonGround
from matcher.rules.met_before import MetBefore
from matcher.rules.never_alone import NeverAlone
from matcher.rules.outspoken_cap import OutspokenCap
from matcher.rules.population_mirror import PopulationMirror
from matcher.rules.preferred_session import PreferredSession
from matcher.rules.same_household_apart import SameHouseholdApart
from matcher.rules.share_cap import ShareCap
from matcher.terms import Rule

NOBODY = np.zeros(0, np.int64)
EFFORT = 20.0


@dataclass(frozen=True)
class Case:
    """A problem with the board that it is proven on."""

    problem: Problem
    model: Model
    staffing: Staffing
    board: SearchInput

    def prove(self, best: np.ndarray | None = None, **more: float) -> Proof | None:
        nothing = np.full(len(self.board.entry_unit), -1, np.int64)
        more = {"effort": EFFORT, **more}
        return prove(self.model, self.board, nothing if best is None else best, **more)  # type: ignore[arg-type]

    def plan(self, proof: Proof) -> Plan:
        return self.model.plan(proof.places, self.board, self.staffing)

    def value(self, plan: Plan) -> tuple[int, float]:
        """Priority-weighted people placed; then the quality and the lots."""
        figures = check(self.problem, plan).figures
        units = {self.model.unit_of[self.model.view.person[p]] for p in plan.placed()}
        worth = sum(int(self.board.weight[u] * lots(self.model, 1)[u]) for u in units) / ONE
        return figures.placed_priority, figures.quality + worth


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
