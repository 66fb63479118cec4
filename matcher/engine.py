"""`match`: from a problem to a plan with its bounds and reasons; phases, budget, progress, interruption, seed."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from threading import Event

import numpy as np

from matcher.bound import Ceiling, ceiling
from matcher.budget import Budget, Watch
from matcher.checking import check
from matcher.domain import Plan, Problem
from matcher.exact_phases import FILL_AFTER, ExactPhases
from matcher.explain import explain
from matcher.layout import lay_out
from matcher.model import Model
from matcher.outcome import Phase, Progress, Result
from matcher.places import Opening, as_begun, lead, open_places, reopen
from matcher.portfolio import RIPPLES, SEATS, Portfolio, Way, steps_of
from matcher.search.chain import LAPS, Chain, Cooling, warm_up
from matcher.standing import Incumbent
from matcher.terms import Ints

LONGEST = 30_000
"""Moves per entry in one cooling: a small problem gains more from another try than from a slower one."""
WIDEN_AFTER = 2
"""The cycle after which more places open than can be led, if people are left over."""
AFTERWARDS = 3.5
"""What checking and explaining a plan take, times what it takes to lay a problem out: 2 to 3.2 at 5,000 to 20,000."""


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


def in_order(problem: Problem) -> Problem:
    """The same problem by ids, so that the order of rows has no say in the plan."""
    return replace(
        problem,
        people=tuple(sorted(problem.people, key=lambda p: p.id)),
        sessions=tuple(sorted(problem.sessions, key=lambda s: (s.round, s.starts, s.id))),
        facilitators=tuple(sorted(problem.facilitators, key=lambda f: f.id)),
    )


class Run:
    """One run of the engine. `told` is a plan that people know already, `keep` the price of moving one of them.

    `begun` is a plan for just this problem that nobody knows yet, to go on from.
    """

    def __init__(
        self,
        problem: Problem,
        budget: Budget,
        seed: int,
        workers: int,
        *,
        told: Plan | None = None,
        keep: float = 0.0,
        begun: Plan | None = None,
    ) -> None:
        self.problem, self.budget, self.seed, self.told = in_order(problem), budget, seed, told
        self.begun = begun
        self.phases: list[Phase] = []
        self.moves = 0
        self.model = Model(self.problem)
        built = self.budget.elapsed
        if told is not None:
            self.model.hold(told, keep)
        self.opening = self.open()
        opened = self.budget.elapsed
        self.board = lay_out(self.model, self.opening.staffing, seed)
        # What comes after the search goes over the people as this does, on the same machine.
        budget.keep(AFTERWARDS * (built + self.budget.elapsed - opened))
        self.standing = Incumbent(self.model, self.board, self.opening.weight_bound)
        self.chains = [Chain(self.board) for _ in range(max(1, workers))]
        self.steps, self.portfolio = steps_of(self.model, self.board), Portfolio(self.board.dynamic)
        home = None if told is None else self.start()
        self.exact = ExactPhases(self.model, self.standing, budget, seed, home, self.note)
        self.note("places", 0.0, 0)

    def open(self) -> Opening:
        """Which places open, and who leads them."""
        if self.told is not None:
            return reopen(self.model, self.told, self.seed)
        if self.begun is not None:
            return as_begun(self.model, self.begun)
        return open_places(self.model, self.seed)

    def note(self, name: str, since: float, iterations: int) -> None:
        """Remember what a phase did."""
        standing = self.standing
        spent = self.budget.elapsed - since
        self.phases.append(Phase(name, spent, iterations, standing.placed, standing.bridging()))

    def count(self) -> None:
        """Bring the iterations of the budget up to date with the moves of the chains."""
        moves = sum(chain.moves for chain in self.chains)
        self.budget.done, self.moves = self.budget.done + moves - self.moves, moves

    def result(self) -> Result:
        """Run all phases; what no plan exceeds is sought beside them."""
        with ThreadPoolExecutor(len(self.chains) + 1) as pool:
            patience = (self.budget.seconds or 10.0) / 2
            enough = Event()
            bound = pool.submit(ceiling, self.model, self.standing.most_seats, patience, enough)
            if len(self.board.cand):
                self.search(pool, bound)
            if self.budget.told or self.budget.late():
                enough.set()
            return self.finish(bound.result())

    def sought(self) -> Plan:
        """The plan alone, for whoever puts it together with others: no bound, nothing checked and explained."""
        self.budget.keep(0.0)
        unknown: Future[Ceiling] = Future()
        unknown.set_result(Ceiling(math.inf, math.inf))
        with ThreadPoolExecutor(len(self.chains)) as pool:
            if len(self.board.cand):
                self.search(pool, unknown)
        return self.plan()

    def plan(self) -> Plan:
        """The best plan so far, with as many groups led as can be."""
        plan = self.model.plan(self.standing.best, self.board, self.opening.staffing)
        return lead(self.model, plan, self.told is not None)

    def search(self, pool: ThreadPoolExecutor, bound: Future[Ceiling]) -> None:
        """Cycles of cooling, each twice as long as the one before, until the budget is over or nothing can be won."""
        start = self.start()
        first = max(1 << 14, 64 * len(self.board.entry_unit))
        longest = max(first, LONGEST * len(self.board.entry_unit))
        for cycle in range(100_000):
            moves = min(first << min(cycle, 12), longest)
            if cycle == 0:
                moves = min(moves, max(64, self.budget.left // len(self.chains)))
            self.cycle(pool, bound, cycle, moves, start)
            if (cycle == 0 and self.proven()) or self.exact.after(cycle):
                return
            if cycle == WIDEN_AFTER and not self.standing.full:
                self.widen()
            if bound.done() and self.standing.prove(bound.result()):
                return

    def proven(self) -> bool:
        """Few people: whether no plan is better, in the places that are open or, if some are left over, in all."""
        if self.exact.prove():
            return True
        return self.exact.few and not self.standing.full and self.widen() and self.exact.prove()

    def widen(self) -> bool:
        """Open more places, where fewer were open for the sake of who leads; returns whether there are any."""
        if self.opening.wide is None:
            return False
        self.opening = replace(self.opening, staffing=self.opening.wide, wide=None)
        self.board = self.standing.board = lay_out(self.model, self.opening.staffing, self.seed)
        self.chains, self.moves = [Chain(self.board) for _ in self.chains], 0
        return True

    def start(self) -> Ints:
        """First places: those of the plan that is there, or those that the opening had in mind."""
        there = self.told or self.begun
        if there is not None:
            return self.model.entries(there, self.board)
        mine = self.opening.start[self.board.entry_unit]
        when = np.where(self.board.entry_round < 0, np.argmax(mine >= 0, axis=1), self.board.entry_round)
        return mine[np.arange(len(mine)), when]

    def cooling(self, way: Way, moves: int) -> Cooling:
        """The next cooling of a chain."""
        if self.told is not None and way is not SEATS:
            return self.steps.mending(moves, self.model.keep)
        return self.steps.cooling(way, moves)

    def laps(self, chain: Chain, way: Way, moves: int, seed: int) -> tuple[Iterator[None], Cooling]:
        """What a chain does in a cycle, lap by lap; and how it cools."""
        if not way.waves or self.told is not None:
            cooling = self.cooling(way, moves)
            return chain.cool(cooling), cooling
        lap = max(1, moves // LAPS)
        times = max(1, round(lap / (way.waves * len(self.board.entry_unit))))
        cooling = self.cooling(way, lap // times)
        return chain.waves(cooling, times, seed), cooling

    def ways(self, number: int) -> list[Way]:
        """How the chains cool in a cycle: while a seat might be missing, one of them looks for nothing else."""
        if self.begun is not None:
            return [RIPPLES[(number + k) % len(RIPPLES)] for k in range(len(self.chains))]
        ways = self.portfolio.choose(len(self.chains))
        turn = number % 2 if len(ways) > 1 else 1 - number % 2
        if turn == 0 and not self.standing.full and (number >= FILL_AFTER or self.told is None):
            ways[-1] = SEATS
        return ways

    def cycle(self, pool: ThreadPoolExecutor, bound: Future[Ceiling], number: int, moves: int, start: Ints) -> None:
        """The chains side by side, each in its way."""
        since = self.budget.elapsed
        ways = self.ways(number)
        runs: list[tuple[Iterator[None], Cooling]] = []
        for k, (chain, way) in enumerate(zip(self.chains, ways, strict=True)):
            afresh = number == 0 or (way.afresh and self.told is None)
            seed = self.seed * 1_000_003 + number * 1009 + k
            chain.restart(start if afresh else self.standing.best, seed)
            runs.append(self.laps(chain, way, moves, seed))
        for _ in range(LAPS):
            begun = self.budget.elapsed
            list(pool.map(lambda run: next(run[0]), runs))
            self.count()
            self.budget.pace(self.budget.elapsed - begun if number else 0.0)
            self.budget.tell(lambda: self.news(bound))
            if self.budget.over() and number > 0:
                break
        for k, (chain, way, (_, cooling)) in enumerate(zip(self.chains, ways, runs, strict=True)):
            better = self.standing.take(chain)
            if not self.budget.over() or number == 0:
                chain.mend(cooling.laps()[-1], self.seed * 15_485_863 + number * 1009 + k)
            if self.standing.take(chain) or better:
                self.portfolio.follow(way)
        self.count()
        self.note(f"search {number + 1}", since, moves * len(self.chains))

    def news(self, bound: Future[Ceiling]) -> Progress:
        """What to tell somebody who waits."""
        return Progress(
            phase="search",
            placed=self.standing.placed,
            placed_bound=self.standing.most_seats,
            bridging=self.standing.bridging(),
            bridging_bound=bound.result().bridging if bound.done() else 0.0,
            iterations=self.budget.done,
            seconds=self.budget.elapsed,
        )

    def finish(self, ceiling: Ceiling) -> Result:
        """The plan, held against its problem by the independent checker, with bounds and reasons."""
        standing, staffing, plan = self.standing, self.opening.staffing, self.plan()
        found = check(self.problem, plan)
        proven = standing.prove(ceiling)
        return Result(
            plan=plan,
            figures=found.figures,
            bounds=standing.bounds(ceiling),
            breaches=found.breaches,
            **explain(self.model, self.board, staffing, standing.best, plan, self.budget.past),
            phases=tuple(self.phases),
            seed=self.seed,
            iterations=self.budget.done,
            seconds=self.budget.elapsed,
            stopped_by="proof" if proven else self.budget.stopped_by(),
            optimal=proven,
        )
