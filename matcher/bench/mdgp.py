"""Maximally diverse grouping (MDGPLIB): the sum of distances within groups of given sizes, as large as can be."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from matcher.bench.boards import bare
from matcher.faults import BadInput, Fault
from matcher.messages import Message
from matcher.model import MEAN, ONE
from matcher.prices import Prices
from matcher.search.chain import Chain, Cooling, Value, warm_up
from matcher.terms import Floats, Ints

SCALE = 1000
"""Published distances have three decimals."""
RANDOM, METRIC = (0.25, 0.16), (0.4, 0.05)
"""First and last temperature, in units of the mean difference of two distances. Random distances add up like the steps
of a walk, so theirs is taken times the root of the group size; metric ones go together."""
ALIKE = 0.15
"""Mean correlation of two rows from which on distances count as metric: below 0.1 in random files, above 0.2 in Geo."""


@dataclass(frozen=True)
class Instance:
    """`distance` [n, n], symmetric; `limits` [m, 2], smallest and largest size of each group."""

    distance: Floats
    limits: Ints


def read(path: Path) -> Instance:
    """Read the MDGPLIB format; `BadInput` says which line is wrong."""
    lines = path.read_text(encoding="utf-8").splitlines()
    head = lines[0].split() if lines else []
    try:
        n, m = int(head[0]), int(head[1])
        limits = np.array([int(x) for x in head[3 : 3 + 2 * m]], np.int64).reshape(m, 2)
    except (ValueError, IndexError):
        raise _refused(path, 1, Message.of("bench.no_head"), Message.of("bench.head")) from None
    if limits[:, 0].sum() > n or limits[:, 1].sum() < n or (limits[:, 0] > limits[:, 1]).any():
        raise _refused(path, 1, Message.of("bench.no_room", people=n), Message.of("bench.sizes"))
    distance = np.zeros((n, n))
    for number, line in enumerate(lines[1:], 2):
        if line.strip():
            try:
                i, j, d = line.split()[:3]
                distance[int(i), int(j)] = distance[int(j), int(i)] = float(d)
            except (ValueError, IndexError):
                raise _refused(
                    path, number, Message.of("bench.line", line=line), Message.of("bench.pair", most=n)
                ) from None
    return Instance(distance, limits)


def _refused(path: Path, row: int, what: Message, right: Message) -> BadInput:
    return BadInput([Fault(str(path), row, "", what, right)])


def sizes(instance: Instance) -> list[int]:
    """The sizes with the most pairs: big groups as big, small ones as small as the limits allow."""
    best: dict[int, tuple[int, list[int]]] = {0: (0, [])}
    for low, high in instance.limits.tolist():
        longer: dict[int, tuple[int, list[int]]] = {}
        for used, (pairs, chosen) in best.items():
            for size in range(low, high + 1):
                more = pairs + size * (size - 1) // 2
                if used + size <= len(instance.distance) and longer.get(used + size, (-1, []))[0] < more:
                    longer[used + size] = (more, [*chosen, size])
        best = longer
    return best[len(instance.distance)][1]


def solve(instance: Instance, seconds: float, seed: int = 1) -> Ints:
    """The group of each element: one long cooling in one thread, then shorter ones from the best while time is left."""
    warm_up()
    n, largest = len(instance.distance), int(instance.limits.max())
    raw = np.rint(instance.distance * SCALE).astype(np.int32)
    seat = int(raw.max()) * MEAN * largest * 4
    size = np.arange(largest + 1)[None, :]
    low, high = instance.limits[:, :1], instance.limits[:, 1:]
    hard = np.where(size > 0, np.maximum(low - size, 0) + np.maximum(size - high, 0), 0)
    board = bare(
        n, len(instance.limits), largest, scored=True, score=raw, high=instance.limits[:, 1].copy(),
        size_hard=hard, mean=np.full(largest + 1, MEAN),
    )  # fmt: skip
    start = np.repeat(np.arange(len(instance.limits)), sizes(instance))
    chain, best, value = Chain(board), start, Value(0, 0, 0)
    prices = Prices(seat, 0, seat, 0)
    step = _step(instance.distance) * SCALE * MEAN / ONE
    price = float(instance.distance.mean()) * SCALE * largest * MEAN / ONE
    started = time.perf_counter()
    hot, cold = METRIC if _alike(instance.distance) > ALIKE else (t * math.sqrt(largest) for t in RANDOM)
    speed, turn = 0.0, 0
    while (left := seconds - (time.perf_counter() - started)) > 0.05 * seconds:
        # A short one tells how fast this machine is; then one as long as there is time, and what still fits.
        moves = int(speed * left * 0.97) or 500_000
        begun = time.perf_counter()
        chain.restart(best if turn > 1 else start, seed * 1009 + turn)
        for lap in Cooling(moves, hot * step, cold * step, (price, price), (1, 1), 1, prices).laps():
            chain.lap(lap)
        speed = moves / (time.perf_counter() - begun)
        if chain.value > value:
            best, value = chain.best.copy(), chain.value
        turn += 1
    return best


def _alike(distance: Floats) -> float:
    """How much the distances of one element say about those of another: the mean correlation of two rows."""
    return float(np.abs(np.asarray(np.corrcoef(distance))[np.triu_indices(len(distance), 1)]).mean())


def _step(distance: Floats) -> float:
    pairs = distance[np.triu_indices(len(distance), 1)]
    drawn = np.random.default_rng(0).choice(pairs, (2, 100_000))
    return float(np.abs(drawn[0] - drawn[1]).mean())


def value(instance: Instance, group: Ints) -> float:
    """The sum of distances within groups, from the file's own numbers."""
    same = group[:, None] == group[None, :]
    return float(instance.distance[same].sum() / 2)


def show(path: Path, seconds: float, assignment: Path | None) -> None:
    """Solve and print; the last line is the objective."""
    instance = read(path)
    group = solve(instance, seconds)
    if assignment is not None:
        assignment.write_text("".join(f"{g}\n" for g in group.tolist()), encoding="utf-8")
    print(f"{path.name}: {len(group)} elements, sizes {np.bincount(group).tolist()}")
    print(f"objective {value(instance, group):.3f}".removesuffix(".000"))
