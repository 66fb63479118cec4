"""Social golfers: G groups of S people meet W times; as many different pairs as possible."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from matcher.bench.boards import bare
from matcher.faults import BadInput, Fault
from matcher.messages import Message
from matcher.model import ONE, SearchInput
from matcher.search.anneal import Schedule
from matcher.search.chain import Chain, Value, warm_up
from matcher.terms import Ints

HOT, COLD, STEPS = 0.23, 0.17, 128
"""In units of one repeated meeting; measured on 8 groups of 4 over 9 and 10 rounds: there the swaps freeze."""
WORKERS = 2
FIRST, LONGEST = 10_000, 320_000
"""Moves per step: an easy schedule is found at once, a hard one wants a slow cooling."""


def board_of(groups: int, size: int, rounds: int) -> SearchInput:
    """Everybody sits once a round; the only cost is meeting again."""
    people = groups * size
    when = np.repeat(np.arange(rounds), people)
    return bare(
        people, groups * rounds, size,
        entry_unit=np.tile(np.arange(people), rounds), entry_round=when,
        cand_from=when * groups, cand_many=np.full(people * rounds, groups), cand=np.arange(groups * rounds),
        cap=np.full(people, rounds), lot=np.zeros((people, rounds), np.int64),
        place_session=np.repeat(np.arange(rounds), groups), place_round=np.repeat(np.arange(rounds), groups),
        seats=np.full(rounds, people), met=np.zeros((people, people), np.int16), met_soft=ONE, dynamic=True,
    )  # fmt: skip


def solve(groups: int, size: int, rounds: int, seconds: float, seed: int = 1) -> Ints:
    """[round, person]: the group of everybody; ends as soon as nobody meets anybody twice."""
    warm_up()
    people = groups * size
    board = board_of(groups, size, rounds)
    start = np.tile(np.repeat(np.arange(groups), size), rounds) + np.repeat(np.arange(rounds) * groups, people)
    none = Value(people * rounds, 0, 0)
    started = time.perf_counter()

    def cool(turn: int) -> Chain:
        chain = Chain(board)
        chain.restart(start, seed * 1009 + turn)
        each = min(FIRST * 4 ** (turn // WORKERS), LONGEST)
        for step in range(STEPS):
            heat = HOT * (COLD / HOT) ** (step / (STEPS - 1))
            chain.lap(Schedule(each, round(heat * ONE), 65536, 1, ONE, 65536, ONE, 65536, 0, 1000 * ONE))
            if chain.value == none or time.perf_counter() - started > seconds:
                break
        return chain

    best, value, turn = start, Value(0, 0, 0), 0
    with ThreadPoolExecutor(WORKERS) as pool:
        while time.perf_counter() - started < seconds and value < none:
            for chain in pool.map(cool, range(turn, turn + WORKERS)):
                if chain.value > value:
                    best, value = chain.best.copy(), chain.value
            turn += WORKERS
    return best.reshape(rounds, people) - np.arange(rounds)[:, None] * groups


def distinct(schedule: Ints) -> int:
    """Different pairs that meet."""
    met = np.zeros((schedule.shape[1],) * 2, bool)
    for groups in schedule:
        met |= groups[:, None] == groups[None, :]
    return int(np.triu(met, 1).sum())


def most(groups: int, size: int, rounds: int) -> int:
    """No schedule has more different pairs: all meetings, or each person's others."""
    people = groups * size
    return min(rounds * groups * size * (size - 1) // 2, people * min(people - 1, rounds * (size - 1)) // 2)


def show(groups: int, size: int, rounds: int, *, seconds: float, schedule: Path | None) -> None:
    """Solve and print; the last line counts the pairs."""
    if min(groups, size, rounds) < 1 or groups * size > 4000 or rounds > 200:
        what = Message.of("bench.board", groups=groups, size=size, rounds=rounds)
        raise BadInput([Fault("golfer", 0, "G S W", what, Message.of("bench.boards"))])
    found = solve(groups, size, rounds, seconds)
    if schedule is not None:
        rows = [f"{r + 1},{g + 1},{p + 1}" for r, row in enumerate(found.tolist()) for p, g in enumerate(row)]
        schedule.write_text("\n".join(["round,group,person", *rows, ""]), encoding="utf-8")
    print(f"{groups} groups of {size}, {rounds} rounds")
    print(f"distinct {distinct(found)} of {most(groups, size, rounds)}")
