"""`match` over several machines: parts that share no session, solved by whoever is free, then made one plan (Dask).

Needs the extra `cluster`, and on every worker the same version of this package. Without an address the parts are
solved here, in turn. A part whose worker is lost is solved again by another one.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import replace

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
RETRIES = 3
"""So many workers may be lost over one part."""
PATIENCE = 10
"""Seconds that a scheduler may take to answer."""
PAUSE = 0.2
"""Seconds between two looks at who has finished."""


class Unreachable(Exception):
    """Nobody works at the address of the scheduler."""


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
    with _hands(scheduler) as (hands, many):
        plans = _solve(hands, parts, _shares(parts, budget, many), seed, workers, budget)
    solved = sum(result.iterations for result in plans)
    phase = Phase(f"parts {len(parts)}", budget.elapsed, solved, _placed(plans), sum(r.figures.bridging for r in plans))
    merged = Plan(tuple(group for result in plans for group in result.plan.groups))
    budget.done = solved
    result = Run(model.problem, budget, seed, workers, begun=_sorted(model.problem, merged)).result()
    return replace(result, phases=(phase, *result.phases))


@contextmanager
def _hands(scheduler: str | None) -> Iterator[tuple[Executor, int]]:
    """Who solves parts, and how many at once."""
    if scheduler is None:
        with ThreadPoolExecutor(1) as pool:
            yield pool, 1
        return
    from distributed import Client

    try:
        client = Client(scheduler, timeout=PATIENCE, set_as_default=False)  # type: ignore[no-untyped-call]
    except OSError as wrong:
        raise Unreachable(scheduler) from wrong
    with client:
        threads = client.nthreads()  # type: ignore[no-untyped-call]
        if not threads:
            raise Unreachable(scheduler)
        # A task that is lost is done again; the same call is never answered from an earlier run.
        yield client.get_executor(pure=False, retries=RETRIES), len(threads)  # type: ignore[no-untyped-call]


def _shares(parts: Sequence[Problem], budget: Budget, many: int) -> list[dict[str, float | int]]:
    """The budget of every part."""
    if budget.iterations is not None:
        all_ = max(1, sum(len(part.people) for part in parts))
        return [{"iterations": round(budget.left * (1 - SEAMS) * len(part.people) / all_)} for part in parts]
    turns = -(-len(parts) // many)
    left = max(0.0, (budget.seconds or 0.0) * (1 - SEAMS) - budget.elapsed)
    return [{"seconds": left / max(1, turns)} for _ in parts]


def _solve(
    hands: Executor,
    parts: Sequence[Problem],
    shares: Sequence[dict[str, float | int]],
    seed: int,
    workers: int,
    budget: Budget,
) -> list[Result]:
    """The results of all parts, or of those that were there when somebody asked to stop."""
    asked = [
        hands.submit(solve_part, part, share, seed + k, workers)
        for k, (part, share) in enumerate(zip(parts, shares, strict=True))
    ]
    while not budget.told and wait(asked, timeout=PAUSE).not_done:
        budget.tell(lambda: _news(parts, [future.result() for future in asked if future.done()], budget))
    there = [future for future in asked if future.done()]
    for future in asked:
        future.cancel()
    return [future.result() for future in there]


def solve_part(part: Problem, share: dict[str, float | int], seed: int, workers: int) -> Result:
    """What a worker does."""
    warm_up()
    return Run(part, Budget(share.get("seconds"), _whole(share), time.perf_counter), seed, workers).result()


def _whole(share: dict[str, float | int]) -> int | None:
    return int(share["iterations"]) if "iterations" in share else None


def _placed(results: Sequence[Result]) -> int:
    return sum(result.figures.placed for result in results)


def _news(parts: Sequence[Problem], results: Sequence[Result], budget: Budget) -> Progress:
    return Progress(
        phase=f"parts {len(results)}/{len(parts)}",
        placed=_placed(results),
        placed_bound=sum(len(part.people) for part in parts),
        bridging=sum(result.figures.bridging for result in results),
        bridging_bound=0.0,
        iterations=sum(result.iterations for result in results),
        seconds=budget.elapsed,
    )


def _sorted(problem: Problem, plan: Plan) -> Plan:
    """Groups in the order of the sessions."""
    order = {session.id: k for k, session in enumerate(problem.sessions)}
    return Plan(tuple(sorted(plan.groups, key=lambda g: (order[g.session], g.number))))
