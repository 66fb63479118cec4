"""`match` over several machines: parts that share no session, solved by whoever is free, then made one plan (Dask).

Needs the extra `cluster`, and on every worker the same version of this package. Without an address the parts are
solved here, in turn. A part whose worker is lost is solved again by another one, and here if it took several along.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import NamedTuple

from matcher.budget import Budget, Watch
from matcher.cutting import cut
from matcher.domain import Plan, Problem
from matcher.engine import Run, in_order
from matcher.model import Model
from matcher.outcome import Phase, Progress, Result
from matcher.places import open_places
from matcher.search.chain import warm_up

PEOPLE = 5000
"""People in a part, if nothing else is asked for: what one machine mixes well in half a minute."""
SEAMS = 0.2
"""Which part of the budget goes into the whole plan, when its parts are there."""
PATIENCE = 10
"""Seconds that a scheduler may take to answer."""
PAUSE = 0.2
"""Seconds between two looks at who has finished."""


class Unreachable(Exception):
    """Nobody works at the address of the scheduler."""


class Share(NamedTuple):
    """The budget of a part: one of the two."""

    seconds: float | None
    iterations: int | None


@dataclass(frozen=True)
class Solved:
    """A part when it is done: its plan, the iterations that it took, people placed, and their bridging."""

    plan: Plan
    iterations: int
    placed: int
    bridging: float


@dataclass(frozen=True)
class Hands:
    """Who solves parts, how many at once, and what is raised where a part took every worker along that had it.

    `watch` is told what a solver says on the way, where that is heard.
    """

    pool: Executor
    at_once: int
    lost: tuple[type[Exception], ...] = ()
    watch: Watch | None = None


def match(
    problem: Problem,
    *,
    scheduler: str | None = None,
    people: int = PEOPLE,
    seconds: float | None = None,
    iterations: int | None = None,
    seed: int = 1,
    workers: int = 2,
    progress: Watch | None = None,
    clock: Callable[[], float] = time.perf_counter,
) -> Result:
    """Compose groups as `matcher.match` does, in parts of about so many people.

    `scheduler` is the address of a Dask scheduler, such as tcp://10.0.0.5:8786; the others are as for `matcher.match`.
    `iterations` are shared out over the parts and the seams by people, so that the same ones give the same plan however
    many machines there are. The bounds of the result hold for the whole problem: what was lost by cutting it is at most
    its gap. Raises `Unreachable`.
    """
    warm_up()
    budget = Budget(seconds, iterations, clock, progress)
    model = Model(in_order(problem))
    parts = cut(model, open_places(model, seed), people)
    with _hands(scheduler, budget) as hands:
        found = _solve(hands, parts, _shares(parts, budget, hands.at_once), seed, workers, budget)
    so_far = _news(parts, found, budget)
    phase = Phase(so_far.phase, so_far.seconds, so_far.iterations, so_far.placed, so_far.bridging)
    budget.done = so_far.iterations
    result = Run(model.problem, budget, seed, workers, begun=_merged(model.problem, found)).result()
    return replace(result, phases=(phase, *result.phases))


@contextmanager
def _hands(scheduler: str | None, budget: Budget) -> Iterator[Hands]:
    """Whoever solves parts: the cluster, or this process, which hears when somebody asks to stop."""
    if scheduler is None:
        with ThreadPoolExecutor(1) as pool:
            yield Hands(pool, 1, watch=lambda _: budget.told)
        return
    from distributed import Client, KilledWorker

    try:
        client = Client(scheduler, timeout=PATIENCE, set_as_default=False)  # type: ignore[no-untyped-call]
    except OSError as wrong:
        raise Unreachable(scheduler) from wrong
    with client:
        at_once = sum(client.nthreads().values())  # type: ignore[no-untyped-call]
        if not at_once:
            raise Unreachable(scheduler)
        # The same call is never answered from an earlier run.
        yield Hands(client.get_executor(pure=False), at_once, (KilledWorker,))  # type: ignore[no-untyped-call]


def _shares(parts: Sequence[Problem], budget: Budget, at_once: int) -> list[Share]:
    """The budget of every part."""
    if budget.iterations is not None:
        each = budget.left * (1 - SEAMS) / max(1, sum(len(part.people) for part in parts))
        return [Share(None, round(each * len(part.people))) for part in parts]
    left = max(0.0, (budget.seconds or 0.0) * (1 - SEAMS) - budget.elapsed)
    turns = math.ceil(len(parts) / at_once)
    return [Share(left / turns, None) for _ in parts]


def _solve(
    hands: Hands, parts: Sequence[Problem], shares: Sequence[Share], seed: int, workers: int, budget: Budget
) -> list[Solved]:
    """All parts, or those that were there when somebody asked to stop."""
    calls = [(part, share, seed + k, workers) for k, (part, share) in enumerate(zip(parts, shares, strict=True))]
    asked = [hands.pool.submit(solve_part, *call, hands.watch) for call in calls]
    while not budget.told and wait(asked, timeout=PAUSE).not_done:
        there = [each.result() for each in asked if each.done() and not each.exception()]
        budget.tell(partial(_news, parts, there, budget))
    for future in asked:
        future.cancel()
    # What runs here is stopped by its watch, and has a plan for its part.
    wait(asked)
    return [
        solve_part(*call) if isinstance(future.exception(), hands.lost) else future.result()
        for call, future in zip(calls, asked, strict=True)
        if not future.cancelled()
    ]


def solve_part(part: Problem, share: Share, seed: int, workers: int, watch: Watch | None = None) -> Solved:
    """What a worker does."""
    warm_up()
    run = Run(part, Budget(share.seconds, share.iterations, time.perf_counter, watch), seed, workers)
    return Solved(run.sought(), run.budget.done, run.standing.placed, run.standing.bridging())


def _news(parts: Sequence[Problem], found: Sequence[Solved], budget: Budget) -> Progress:
    return Progress(
        phase=f"parts {len(found)}/{len(parts)}",
        placed=sum(part.placed for part in found),
        placed_bound=sum(len(part.people) for part in parts),
        bridging=sum(part.bridging for part in found),
        bridging_bound=0.0,
        iterations=sum(part.iterations for part in found),
        seconds=budget.elapsed,
    )


def _merged(problem: Problem, found: Sequence[Solved]) -> Plan:
    """One plan, its groups in the order of the sessions."""
    order = {session.id: k for k, session in enumerate(problem.sessions)}
    groups = [group for part in found for group in part.plan.groups]
    return Plan(tuple(sorted(groups, key=lambda g: (order[g.session], g.number))))
