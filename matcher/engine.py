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
from matcher.improve import Seated, applies, neighbourhood, whole
from matcher.layout import lay_out
from matcher.model import ONE, Model
from matcher.places import open_places, reopen
from matcher.portfolio import WAYS, Portfolio, steps_of
from matcher.search.chain import Chain, Cooling, warm_up
from matcher.terms import Ints

LONGEST = 40_000
"""Moves per entry in one cooling: a small problem gains more from another try than from a slower one."""
FILL_AFTER, FILL_TRIES, WHOLE = 4, 6, 150
"""From which cycle on, how often a cycle, and up to how many units at once people are seated exactly."""


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
        self.board = lay_out(self.model, self.opening.staffing, seed)
        self.bound = self.opening.weight_bound
        self.chains = [Chain(self.board) for _ in range(max(1, workers))]
        self.steps, self.portfolio = steps_of(self.model, self.board), Portfolio()
        self.best: Ints = np.full(len(self.board.entry_unit), -1, np.int64)
        self.cost = 0
        self.note("places", 0.0, 0)

    @property
    def weight(self) -> int:
        """Priority-weighted seats of the best plan."""
        return int(self.board.weight[self.board.entry_unit[self.best >= 0]].sum())

    def take(self, chain: Chain) -> bool:
        """Know the best of a chain, if it is better."""
        better = chain.cost < self.cost
        if better:
            self.best, self.cost = chain.best.copy(), chain.cost
        return better

    def note(self, name: str, since: float, iterations: int) -> None:
        """Remember what a phase did."""
        places = self.best
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
            bound.result()
            self.proven(bound)
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
            moves = min(first << min(cycle, 12), max(first, LONGEST * len(self.board.entry_unit)))
            if cycle == 0:
                moves = min(moves, max(64, self.budget.left // len(self.chains)))
            if self.cycle(pool, bound, cycle, moves, start) or self.seat_more(cycle) or self.proven(bound):
                return

    def start(self) -> Ints:
        """First places: those that people were told, or those that the opening had in mind."""
        if self.told is not None:
            return self.model.entries(self.told, self.board)
        return np.where(self.board.entry_round < 0, self.opening.start[self.board.entry_unit], -1)

    def first_cycle(self) -> int:
        """Moves of the first cycle: enough to look at everybody a few dozen times."""
        return max(1 << 14, 64 * len(self.board.entry_unit))

    def cooling(self, way: int, moves: int) -> Cooling:
        """The next cooling of a chain."""
        if self.told is not None:
            return self.steps.mending(moves, self.model.keep)
        return self.steps.cooling(WAYS[way], moves)

    def cycle(
        self, pool: ThreadPoolExecutor, bound: Future[float], number: int, moves: int, start: Ints
    ) -> bool:
        """One cooling of every chain, side by side; returns whether the budget is over."""
        since = self.budget.elapsed
        ways = self.portfolio.choose(len(self.chains))
        coolings: list[list[list[int]]] = []
        for k, (chain, way) in enumerate(zip(self.chains, ways, strict=True)):
            afresh = number == 0 or (WAYS[way].afresh and self.told is None)
            chain.restart(start if afresh else self.best, self.seed * 1_000_003 + number * 1009 + k)
            coolings.append(self.cooling(way, moves).laps())
        for schedules in zip(*coolings, strict=True):
            list(pool.map(lambda chain, schedule: chain.lap(schedule), self.chains, schedules))
            self.count()
            self.budget.tell(lambda: self.news(bound))
            if self.budget.over() and number > 0:
                break
        for k, (chain, way, laps) in enumerate(zip(self.chains, ways, coolings, strict=True)):
            better = self.take(chain)
            if not self.budget.over() or number == 0:
                chain.mend(laps[-1], self.seed * 15_485_863 + number * 1009 + k)
            if self.take(chain) or better:
                self.portfolio.leader = way
        self.count()
        self.note(f"search {number + 1}", since, moves * len(self.chains))
        return self.budget.over()

    def count(self) -> None:
        """Bring the iterations of the budget up to date: moves of the chains, and one for every exact solve."""
        self.budget.done = self.extra + sum(chain.moves for chain in self.chains)

    def seat_more(self, cycle: int) -> bool:
        """Where people are left over who might have a seat: groups seated again exactly. Returns whether time is up."""
        if cycle < FILL_AFTER or self.weight >= self.bound or not applies(self.board):
            return False
        since, before = self.budget.elapsed, self.weight
        random = np.random.default_rng([self.seed, cycle])
        for turn in range(FILL_TRIES):
            if self.weight >= self.bound or self.budget.over():
                break
            seated = self.seat(turn, 0.25 * 2.0 ** (cycle - FILL_AFTER), random)
            self.extra += 1
            self.count()
            if seated:
                self.chains[0].restart(seated.places, self.seed)
                self.take(self.chains[0])
        self.note(f"neighbourhoods {self.weight - before:+d}", since, FILL_TRIES)
        return self.budget.over()

    def seat(self, turn: int, effort: float, random: np.random.Generator) -> Seated | None:
        """The whole of a small problem first, which may lower the bound; else some groups."""
        if turn or len(self.board.people) > WHOLE:
            return neighbourhood(self.board, self.best, random, 0.5)
        seated = whole(self.board, self.best, self.seed, effort)
        if seated:
            self.bound = min(self.bound, seated.bound)
        return seated

    def news(self, bound: Future[float]) -> Progress:
        """What to tell somebody who waits."""
        places = self.best
        return Progress(
            phase="search",
            placed=int(self.board.people[self.board.entry_unit[places >= 0]].sum()),
            placed_bound=self.bound,
            bridging=self.bridging(places),
            bridging_bound=bound.result() if bound.done() else 0.0,
            iterations=self.budget.done,
            seconds=self.budget.elapsed,
        )

    def proven(self, bound: Future[float]) -> bool:
        """Whether everybody who can be placed is, and the bridging meets its bound with no weighted rule broken."""
        if not bound.done():
            return False
        units = self.board.entry_unit[self.best >= 0]
        seats = sum(int(self.board.seat_value[u, :n].sum()) for u, n in zip(*np.unique(units, return_counts=True)))
        close = self.cost + seats <= -bound.result() * ONE * (1 - 1e-9) + 1
        self.optimal = self.weight >= self.bound and close
        return self.optimal

    def finish(self, bridging: float) -> Result:
        """The plan, held against its problem by the independent checker, with bounds and reasons."""
        plan = self.model.plan(self.best, self.board, self.opening.staffing)
        found = check(self.problem, plan)
        return Result(
            plan=plan,
            figures=found.figures,
            bounds=self.bounds(bridging),
            breaches=found.breaches,
            **explain(self.model, self.board, self.opening.staffing, self.best),
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

