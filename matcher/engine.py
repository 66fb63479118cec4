"""`match`: from a problem to a plan with its bounds and reasons; phases, budget, progress, interruption, seed."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np

from matcher.bound import bridging_bound, pairs_bound
from matcher.bridging import PAIR
from matcher.budget import Budget, Watch
from matcher.checking import check
from matcher.domain import Bounds, Phase, Plan, Problem, Progress, Result
from matcher.explain import explain
from matcher.layout import seat_price
from matcher.model import ONE, Model
from matcher.places import open_places
from matcher.search.chain import Chain, Cooling, warm_up
from matcher.terms import Ints

HOT, WARM, COLD = 0.2, 0.06, 0.008
"""Temperatures in units of the score of two people as far apart as can be."""
PROOF_AFTER = 6
"""Cycles after which a plan is held against the bound, to stop when nothing can be won any more."""


def match(
    problem: Problem,
    *,
    seconds: float | None = None,
    iterations: int | None = None,
    seed: int = 1,
    workers: int = 2,
    progress: Watch | None = None,
    clock: Callable[[], float] = time.perf_counter,
) -> Result:
    """Compose groups.

    Runs for `seconds` (10 if nothing is said) or for `iterations`; the same problem, seed, workers and iterations give
    the same plan on any machine, and a run limited by seconds reports the iterations it made. `progress` is called a
    few times a second and stops the run by returning True. The best valid plan so far is always returned; nobody is
    seated against a firm rule.
    """
    warm_up()
    return Run(problem, Budget(seconds, iterations, clock, progress), seed, workers).result()


class Run:
    """One run of the engine: what it knows so far."""

    def __init__(self, problem: Problem, budget: Budget, seed: int, workers: int) -> None:
        self.problem, self.budget, self.seed = problem, budget, seed
        self.phases: list[Phase] = []
        self.optimal = False
        self.model = Model(problem)
        self.opening = open_places(self.model, seed)
        self.board = self.model.board(self.opening.staffing)
        self.bound = self.opening.weight_bound
        self.seat = seat_price(self.model)
        self.chains = [Chain(self.board) for _ in range(max(1, workers))]
        self.note("places", 0.0, 0)

    @property
    def best(self) -> Chain:
        """The chain with the best plan; the first among equals."""
        return min(self.chains, key=lambda chain: chain.cost)

    def note(self, name: str, since: float, iterations: int) -> None:
        """Remember what a phase did."""
        places = self.best.best
        placed = int(self.board.people[self.board.entry_unit[places >= 0]].sum())
        self.phases.append(Phase(name, self.budget.elapsed - since, iterations, placed, self.bridging(places)))

    def bridging(self, places: Ints) -> float:
        """The bridging of entries in places."""
        total = 0.0
        for p in np.unique(places[places >= 0]):
            units = self.board.entry_unit[places == p]
            people = int(self.board.people[units].sum())
            scores = int(self.board.score[np.ix_(units, units)].sum(dtype=np.int64))
            total += (scores + 2 * int(self.board.inner[units].sum())) / max(1, people - 1) / PAIR
        return total

    def result(self) -> Result:
        """Run all phases."""
        with ThreadPoolExecutor(len(self.chains) + 1) as pool:
            bound = pool.submit(bridging_bound, self.model, min(self.bound, self._most_seats()))
            self.search(pool, bound)
            return self.finish(bound.result())

    def _most_seats(self) -> int:
        """Seats that all people together may take."""
        return int((self.board.people * self.board.cap).sum())

    def search(self, pool: ThreadPoolExecutor, bound: Future[float]) -> None:
        """Cycles of cooling, each twice as long as the one before, until the budget is over or nothing can be won."""
        start = np.where(self.board.entry_round < 0, self.opening.start[self.board.entry_unit], -1)
        if not len(self.board.cand):
            return
        first = self.first_cycle()
        for cycle in range(64):
            moves = first << min(cycle, 12)
            if cycle == 0:
                moves = min(moves, max(64, self.budget.left // len(self.chains)))
            if self.cycle(pool, bound, cycle, moves, start) or self.proven(cycle, bound):
                return

    def first_cycle(self) -> int:
        """Moves of the first cycle: enough to look at everybody a few dozen times."""
        return max(1 << 14, 64 * len(self.board.entry_unit))

    def unit(self) -> float:
        """The scale of temperatures: the score of a pair as far apart as can be, or the dearest weighted rule."""
        score = int(self.board.score.max(initial=0)) / PAIR
        weights = [rule.weight for rule, _ in self.model.terms if not rule.firm]
        return score or max(weights, default=0.0) or 1.0

    def cooling(self, moves: int, afresh: bool) -> Cooling:
        """From scratch, or only warmed up again. The factors were measured over the cases of the benchmarks."""
        unit, seat = self.unit(), self.seat / ONE
        if afresh:
            return Cooling(moves, HOT * unit, COLD * unit, (0.05 * seat, 1.2 * seat), (0.06 * unit, 2.5 * unit))
        return Cooling(moves, WARM * unit, COLD * unit, (0.2 * seat, 1.2 * seat), (0.2 * unit, 2.5 * unit))

    def cycle(
        self, pool: ThreadPoolExecutor, bound: Future[float], number: int, moves: int, start: Ints
    ) -> bool:
        """One cooling of every chain, side by side; returns whether the budget is over."""
        since = self.budget.elapsed
        coolings = []
        for k, chain in enumerate(self.chains):
            afresh = number == 0 or (number + k) % 2 == 0
            chain.restart(start if afresh else chain.best.copy(), self.seed * 1_000_003 + number * 1009 + k)
            coolings.append(self.cooling(moves, afresh).laps())
        for laps in zip(*coolings, strict=True):
            list(pool.map(lambda chain, lap: chain.lap(lap), self.chains, laps))
            self.budget.done = sum(chain.moves for chain in self.chains)
            self.budget.tell(lambda: self.news(bound))
            if self.budget.over() and number > 0:
                break
        best = self.best
        for chain in self.chains:
            chain.take(best)
        self.note(f"search {number + 1}", since, moves * len(self.chains))
        return self.budget.over()

    def news(self, bound: Future[float]) -> Progress:
        """What to tell somebody who waits."""
        places = self.best.best
        return Progress(
            phase="search",
            placed=int(self.board.people[self.board.entry_unit[places >= 0]].sum()),
            placed_bound=self.bound,
            bridging=self.bridging(places),
            bridging_bound=bound.result() if bound.done() else 0.0,
            iterations=self.budget.done,
            seconds=self.budget.elapsed,
        )

    def proven(self, cycle: int, bound: Future[float]) -> bool:
        """Whether everybody who can be placed is, and the bridging meets its bound with no weighted rule broken."""
        if cycle < PROOF_AFTER:
            return False
        best = self.best
        most = -best.weight * self.seat - bound.result() * ONE
        self.optimal = best.weight >= self.bound and best.cost <= most * (1 - 1e-9) + 1
        return self.optimal

    def finish(self, bridging: float) -> Result:
        """The plan, held against its problem by the independent checker, with bounds and reasons."""
        plan = self.model.plan(self.best.best, self.board, self.opening.staffing)
        found = check(self.problem, plan)
        return Result(
            plan=plan,
            figures=found.figures,
            bounds=self.bounds(bridging),
            breaches=found.breaches,
            **explain(self.model, self.board, self.opening.staffing, self.best.best),
            phases=tuple(self.phases),
            seed=self.seed,
            iterations=self.budget.done,
            seconds=self.budget.elapsed,
            stopped_by="proof" if self.optimal else self.budget.stopped_by(),
            optimal=self.optimal,
        )

    def bounds(self, bridging: float) -> Bounds:
        """What no plan can beat."""
        able = np.zeros(len(self.model.units), bool)
        able[self.board.entry_unit[np.diff(self.board.cand_ptr) > 0]] = True
        people = int(self.board.people[able].sum())
        weight = int(self.board.weight[able].sum())
        seats = min(self.bound, self._most_seats())
        return Bounds(
            placed=min(people, seats),
            placed_priority=min(weight, self.bound),
            seats=seats,
            bridging=bridging,
            distinct_pairs=pairs_bound(self.model, seats),
        )


__all__ = ["Plan", "match"]
