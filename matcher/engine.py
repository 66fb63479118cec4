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
from matcher.improve import applies, neighbourhood, whole
from matcher.layout import seat_price
from matcher.model import ONE, Model
from matcher.places import open_places, reopen
from matcher.search.chain import Chain, Cooling, warm_up
from matcher.terms import Ints

HOT, WARM, COLD = 1.0, 0.6, 0.1
"""Temperatures in units of the worth of one more pair of different people in a group."""
FILL_AFTER, FILL_TRIES, WHOLE = 4, 6, 150
"""From which cycle on, how often a cycle, and up to how many units at once people are seated exactly."""
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

    def __init__(
        self, problem: Problem, budget: Budget, seed: int, workers: int, told: Plan | None = None, keep: float = 0.0
    ) -> None:
        self.problem, self.budget, self.seed, self.told = problem, budget, seed, told
        self.phases: list[Phase] = []
        self.optimal = False
        self.extra = 0
        self.model = Model(problem)
        if told is not None:
            self.model.hold(told, keep)
        self.opening = open_places(self.model, seed) if told is None else reopen(self.model, told, seed)
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
            seats = min(self.bound, self._most_seats())
            bound = pool.submit(bridging_bound, self.model, seats, (self.budget.seconds or 10.0) / 3)
            self.search(pool, bound)
            return self.finish(bound.result())

    def _most_seats(self) -> int:
        """Seats that all people together may take."""
        return int((self.board.people * self.board.cap).sum())

    def search(self, pool: ThreadPoolExecutor, bound: Future[float]) -> None:
        """Cycles of cooling, each twice as long as the one before, until the budget is over or nothing can be won."""
        start = self.start()
        if not len(self.board.cand):
            return
        first = self.first_cycle()
        for cycle in range(64):
            moves = first << min(cycle, 12)
            if cycle == 0:
                moves = min(moves, max(64, self.budget.left // len(self.chains)))
            if self.cycle(pool, bound, cycle, moves, start) or self.seat_more(cycle) or self.proven(cycle, bound):
                return

    def start(self) -> Ints:
        """First places: those that people were told, or those that the opening had in mind."""
        if self.told is not None:
            return self.model.entries(self.told, self.board)
        return np.where(self.board.entry_round < 0, self.opening.start[self.board.entry_unit], -1)

    def first_cycle(self) -> int:
        """Moves of the first cycle: enough to look at everybody a few dozen times."""
        return max(1 << 14, 64 * len(self.board.entry_unit))

    def cooling(self, moves: int, afresh: bool) -> Cooling:
        """From scratch, or only warmed up again. The factors were measured over the cases of the benchmarks."""
        coarse, fine, meeting = self.steps()
        seat = self.seat / ONE
        if self.told is not None:
            move = max(self.model.keep, coarse)
            prices = ((1.5 * move, 5 * move), (2 * meeting, 2 * meeting))
            return Cooling(moves, max(WARM * coarse, move / 8), COLD * fine, *prices, 1.5 * seat)
        hot, breach, meet = (HOT, 1.0, 0.75) if afresh else (WARM, 3.0, 2.0)
        heat = (hot * coarse, COLD * fine)
        return Cooling(moves, *heat, (breach * coarse, 15 * coarse), (meet * coarse, 2 * meeting), 1.5 * seat)

    def steps(self) -> tuple[float, float, float]:
        """What one more pair of different people in a group is worth, on the heaviest and the lightest dimension, and
        what a meeting of people who met before should cost at least, all in bridging.
        """
        others = max(1, int(self.model.frame.target.max(initial=2)) - 1)
        weights = [weight for weight in self.problem.format.bridging.values() if weight > 0]
        again = self.board.met_soft / ONE
        coarse = 2 * max(weights, default=0.0) / others or again or 1.0
        fine = 2 * min(weights, default=0.0) / others or coarse
        return coarse, max(fine, coarse / 5), max(again, 5 * coarse)

    def cycle(
        self, pool: ThreadPoolExecutor, bound: Future[float], number: int, moves: int, start: Ints
    ) -> bool:
        """One cooling of every chain, side by side; returns whether the budget is over."""
        since = self.budget.elapsed
        coolings = []
        for k, chain in enumerate(self.chains):
            afresh = self.told is None and (number == 0 or (number + k) % 2 == 0)
            chain.restart(start if afresh or number == 0 else chain.best.copy(), self.seed * 1_000_003 + number * 1009 + k)
            coolings.append(self.cooling(moves, afresh).laps())
        for laps in zip(*coolings, strict=True):
            list(pool.map(lambda chain, lap: chain.lap(lap), self.chains, laps))
            self.budget.done = self.extra + sum(chain.moves for chain in self.chains)
            self.budget.tell(lambda: self.news(bound))
            if self.budget.over() and number > 0:
                break
        else:
            for k, (chain, laps) in enumerate(zip(self.chains, coolings, strict=True)):
                chain.mend(laps[-1], self.seed * 15_485_863 + number * 1009 + k)
        best = self.best
        for chain in self.chains:
            chain.take(best)
        self.note(f"search {number + 1}", since, moves * len(self.chains))
        return self.budget.over()

    def seat_more(self, cycle: int) -> bool:
        """Where people are left over who might have a seat: groups seated again exactly. Returns whether time is up."""
        best = self.best
        if cycle < FILL_AFTER or best.weight >= self.bound or not applies(self.board):
            return False
        since, before = self.budget.elapsed, best.weight
        random = np.random.default_rng([self.seed, cycle])
        for turn in range(FILL_TRIES):
            if best.weight >= self.bound or self.budget.over():
                break
            small = len(self.board.people) <= WHOLE
            if small and turn == 0:
                seated = whole(self.board, best.best, self.seed, 0.25 * 2 ** (cycle - FILL_AFTER))
                self.bound = min(self.bound, seated.bound) if seated else self.bound
            else:
                seated = neighbourhood(self.board, best.best, random, 0.5)
            self.budget.done += 1
            self.extra += 1
            if seated and seated.weight > 0:
                best.offer(seated.places, self.seed * 7919 + cycle * 101 + turn)
        for chain in self.chains:
            chain.take(best)
        self.note(f"neighbourhoods {best.weight - before:+d}", since, FILL_TRIES)
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
