"""`repair`: a published plan after people cancelled or joined, changed for as few others as possible."""

from __future__ import annotations

import time
from collections.abc import Callable

from matcher.budget import Budget, Watch
from matcher.domain import Plan, Problem
from matcher.engine import Run
from matcher.outcome import Result
from matcher.search.chain import warm_up


def repair(
    problem: Problem,
    plan: Plan,
    *,
    keep: float = 20.0,
    seconds: float | None = None,
    iterations: int | None = None,
    seed: int = 1,
    workers: int = 2,
    progress: Watch | None = None,
    clock: Callable[[], float] = time.perf_counter,
) -> Result:
    """Mend a published plan for a problem whose people have changed.

    `problem` is without those who cancelled and with those who joined; people, groups and facilitators of `plan` that
    no longer exist are left out. As many people as possible are seated; after that, everybody who sits elsewhere than
    they were told costs `keep`, in units of bridging. Seconds (3.5 if nothing is said), iterations, seed, workers and
    progress are as for `match`.
    """
    warm_up()
    seconds = 3.5 if seconds is None and iterations is None else seconds
    budget = Budget(seconds, iterations, clock, progress)
    return Run(problem, budget, seed, workers, told=plan, keep=keep).result()
