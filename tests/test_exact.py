"""The exact search beside all plans of tiny problems, put together from what the checker says of every group."""

from dataclasses import dataclass
from itertools import combinations
from math import comb

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from matcher.checking import check
from matcher.domain import Facilitator, Format, Group, Lock, Participant, Plan, Problem, Session, Size
from matcher.exact import Proof, prove
from matcher.layout import lay_out, lots, seat_price
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
from tests.strategies import problems

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


def groups_of(case: Case) -> dict[tuple[str, int], list[tuple[frozenset[str], float, int]]]:
    """Place -> every group that breaks no firm rule there, its value, and its people by priority."""
    found: dict[tuple[str, int], list[tuple[frozenset[str], float, int]]] = {}
    languages = sorted({x for p in case.problem.people for x in p.languages} | {""})
    for p, (s, number) in enumerate(case.model.view.places):
        if not case.staffing.open[p]:
            continue
        key = case.problem.sessions[s].id, number
        ids = [x.id for x in case.problem.people]
        for size in range(case.problem.format.size.min, case.problem.format.size.max + 1):
            for people in combinations(ids, size):
                plans = [Plan((Group(*key, people, x, case.staffing.leader[p]),)) for x in languages]
                valid = next((x for x in plans if check(case.problem, x).valid), None)
                if valid:
                    weight, value = case.value(valid)
                    found.setdefault(key, []).append((frozenset(people), value, weight))
    return found


def best_of(case: Case) -> tuple[int, float]:
    """The best value of all plans."""
    seats = {s.id: s.seats if s.seats is not None else 10**6 for s in case.problem.sessions}
    best = {(frozenset[str](), ()): (0, 0.0)}
    for (session, _), groups in groups_of(case).items():
        for (taken, used), (weight, value) in list(best.items()):
            for people, more, heavier in groups:
                now = dict(used)
                now[session] = now.get(session, 0) + len(people)
                if not people & taken and now[session] <= seats[session]:
                    key = people | taken, tuple(sorted(now.items()))
                    best[key] = max(best.get(key, (0, -1e9)), (weight + heavier, value + more))
    return max(best.values())


PHASES = (Phase.explicit, Phase.reuse, Phase.generate)


@settings(max_examples=60, deadline=None, derandomize=True, phases=PHASES, suppress_health_check=list(HealthCheck))
@given(problems(low=4, high=9))
def test_random(problem: Problem) -> None:
    it = case(problem)
    proof = it.prove()
    assume(proof is not None)
    plan = it.plan(proof)
    assert check(problem, plan).valid
    assert proof.optimal
    weight, value = best_of(it)
    assert it.value(plan)[0] == weight == proof.weight == proof.weight_bound
    assert it.value(plan)[1] == pytest.approx(value, abs=2e-3)
    chain = Chain(it.board); chain.restart(proof.places, 1)
    assert chain.cost == proof.cost
    print(weight, value, proof.columns)
