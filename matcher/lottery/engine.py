"""One call for a lottery: quotas checked, panels mixed to the fairest chances, tickets shared out."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from random import Random

import numpy as np

from matcher.lottery.clash import explained
from matcher.lottery.columns import Progress, Watch
from matcher.lottery.draw import Lottery, chances, portfolio, reserve_of
from matcher.lottery.leximin import Mixture, leximin
from matcher.lottery.panels import Panels
from matcher.lottery.quotas import HOUSEHOLD, People, Pool, Quota, check, pool
from matcher.lottery.sharing import Parts, shared

MANY = 0.2
"""Share of the households where two met that makes all of them lines, instead of these alone."""


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
    random, watch = Random(seed), Watch(progress, seconds, clock)
    homes = [quota for quota in quotas if (quota.dimension, quota.min, quota.max) == (HOUSEHOLD, 0, 1)]
    lines = [quota for quota in quotas if quota not in homes]
    some, best = set[str](), None
    while True:
        held = [*lines, *(home for home in homes if home.bubble in some)]
        found, twice = _drawn(people, held, homes, places, seed, random, watch)
        if found and (best is None or found.proven or found.maximin > best.maximin):
            best = found
        if best and (not twice or watch.stopped):
            return best
        # Where many met, one by one would take long; and when time is up a valid lottery is wanted at once.
        many = watch.stopped or len(some | twice) > MANY * len(homes)
        some = {home.bubble for home in homes} if many else some | twice


def _drawn(
    people: People,
    lines: Sequence[Quota],
    homes: Sequence[Quota],
    places: int,
    seed: int,
    random: Random,
    watch: Watch,
) -> tuple[Lottery | None, set[str]]:
    """The fairest lottery under some lines, without the panels with two of a home; and the homes that had such panels.

    A home that is no line leaves its people interchangeable with others, and so the programs small.
    """
    asked = pool(people, lines, places)
    panels = Panels(asked)
    start = panels.best(np.zeros(asked.kinds))
    if start is None:
        why = explained(asked, lines)
        return Lottery(places, seed, reasons=why.reasons, clash=why.lines, relaxations=why.relaxations), set()
    mixture = leximin(panels, start, random, watch)
    several = {home.bubble for home in homes}
    home = {id: told[HOUSEHOLD] or "" for id, told in people.items() if told.get(HOUSEHOLD) in several}
    parts, twice = shared(asked.members, mixture.panels, mixture.weights, random, home)
    kept = {ids: part for ids, part in parts.items() if not _meet(ids, home)} if twice else parts
    if not kept:
        return None, twice
    result = _drawable(asked, seed, mixture, kept)
    return (replace(result, proven=False) if twice else result), twice


def _meet(people: Sequence[str], home: Mapping[str, str]) -> bool:
    homes = [home[id] for id in people if id in home]
    return len(homes) > len(set(homes))


def _drawable(asked: Pool, seed: int, mixture: Mixture, parts: Parts) -> Lottery:
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
