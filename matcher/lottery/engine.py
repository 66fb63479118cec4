"""One call for a lottery: quotas checked, panels mixed to the fairest chances, tickets shared out."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from random import Random

import numpy as np

from matcher.lottery.clash import explained
from matcher.lottery.columns import Progress, Watch
from matcher.lottery.draw import Lottery, chances, portfolio, reserve_of
from matcher.lottery.leximin import Mixture, leximin
from matcher.lottery.panels import Panels
from matcher.lottery.quotas import People, Pool, Quota, check, pool
from matcher.lottery.sharing import shared


def lottery(
    people: People,
    quotas: Sequence[Quota],
    places: int,
    *,
    seed: int = 1,
    seconds: float | None = None,
    progress: Progress | None = None,
    clock: Callable[[], float] = time.perf_counter,
) -> Lottery:
    """Chances as equal as the quotas allow (leximin), and the panels and tickets that give them.

    The chances depend on people, quotas and places alone; `seed` decides which of the equally fair portfolios
    comes out, and in which order people are in reserve. `progress(phase, smallest chance so far, proven bound)` stops
    by answering True, and so does the clock after `seconds`; what is found by then is a valid lottery, not `proven`,
    and another machine may find another one. Raises QuotaError with every fault of the input; quotas that no
    panel meets are no error but a result with `reasons`.
    """
    check(people, quotas, places)
    asked = pool(people, quotas, places)
    panels = Panels(asked)
    start = panels.best(np.zeros(asked.kinds))
    if start is None:
        why = explained(asked, quotas)
        return Lottery(places, seed, reasons=why.reasons, clash=why.lines, relaxations=why.relaxations)
    random, watch = Random(seed), Watch(progress, seconds, clock)
    return _drawable(asked, seed, leximin(panels, start, random, watch), random)


def _drawable(asked: Pool, seed: int, mixture: Mixture, random: Random) -> Lottery:
    parts = shared(asked.members, mixture.panels, mixture.weights, random)
    found = chances((person for members in asked.members for person in members), parts)
    return Lottery(
        places=asked.places,
        seed=seed,
        probabilities=found,
        portfolio=portfolio(parts),
        maximin=min(found.values()),
        bound=mixture.bound,
        proven=mixture.proven,
        levels=len({round(chance, 6) for chance in found.values()}),
        columns=mixture.columns,
        programs=mixture.programs,
        reserve=reserve_of(found, seed),
    )
