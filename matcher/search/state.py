"""Where everybody sits, with the counts that make one move cheap to judge."""

from __future__ import annotations

import hashlib
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matcher.model import SearchInput
from matcher.search.compiled import piece
from matcher.terms import Ints


class State(NamedTuple):
    """Changes with every move. E entries, U units, P places, F features."""

    place: Ints  # [E], -1 for nowhere
    members: Ints  # [P, largest] entries, the first `units[p]` count
    units: Ints  # [P]
    size: Ints  # [P] people
    counts: Ints  # [P, F]
    pairs: Ints  # [P] summed pair scores
    gain: NDArray[np.int32]  # [P, U] summed scores of a unit with the members; by codes [P, A], see `pull`
    spoken: Ints  # [P] languages that all of a place share
    used: Ints  # [U] seats taken
    seated: Ints  # [S] people
    met: NDArray[np.int16]  # [U, U] meetings so far, summed over the pairs of their people
    where: Ints  # [U, occasions] place, -1 for nowhere
    price: Ints  # [T, c, n] of head-counts, soft and firm together, at today's price of a breach
    today: Ints  # [2] what a firm breach costs today, and at most a weighted one
    total: Ints  # [5] soft cost, hard breaches, what meetings again amount to, seats taken, groups led
    random: NDArray[np.uint64]  # [1]


def empty(board: SearchInput, seed: int) -> State:
    """Nobody sits anywhere."""
    e, u, p, f = len(board.entry_unit), len(board.people), len(board.high), len(board.table_of)
    occasions = int(board.place_round.max(initial=0)) + 1
    return State(
        place=np.full(e, -1, np.int64),
        members=np.full((p, int(board.high.max(initial=1)) + 1), -1, np.int64),
        units=np.zeros(p, np.int64),
        size=np.zeros(p, np.int64),
        counts=np.zeros((p, f), np.int64),
        pairs=np.zeros(p, np.int64),
        gain=np.zeros((p, (len(board.score) or len(board.by_code)) if board.scored else 0), np.int32),
        spoken=board.place_speaks.copy(),
        used=np.zeros(u, np.int64),
        seated=np.zeros(len(board.seats), np.int64),
        met=board.met.copy(),
        where=np.full((u, occasions), -1, np.int64),
        price=board.soft.copy(),
        today=np.array([0, 1 << 62]),
        total=np.zeros(5, np.int64),
        random=np.array([_stream(seed)], np.uint64),
    )


def _stream(seed: int) -> int:
    # Hashed: neighbouring seeds would walk the same sequence a few steps apart, and end up side by side.
    return int.from_bytes(hashlib.sha256(str(seed).encode()).digest()[:8], "little")


@piece
def draw(state: State, n: int) -> int:
    """A whole number below n (n < 2**31): splitmix64, the same on every machine."""
    z = state.random[0] + np.uint64(0x9E3779B97F4A7C15)
    state.random[0] = z
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    z = z ^ (z >> np.uint64(31))
    return int(np.int64(((z >> np.uint64(33)) * np.uint64(n)) >> np.uint64(31)))


@piece
def between(board: SearchInput, u: int, v: int) -> int:
    """The score of two units, from the matrix or by codes."""
    total = 0
    if len(board.score) > 0:
        total = board.score[u, v]
    else:
        for k in range(board.code.shape[1]):
            total += board.by_code[board.code[u, k], board.code[v, k]]
    return total


@piece
def pull(board: SearchInput, state: State, p: int, u: int) -> int:
    """The summed scores of a unit with the members of a place; by codes a member also counts with itself (`own`)."""
    total = 0
    if len(board.score) > 0:
        total = state.gain[p, u]
    else:
        for k in range(board.code.shape[1]):
            total += state.gain[p, board.code[u, k]]
    return total


@piece
def attract(board: SearchInput, state: State, p: int, u: int, sign: int) -> None:
    """Count a unit in (1) or out (-1) of what `pull` reads: for every unit, or for every code of a dimension."""
    if len(board.score) > 0:
        for v in range(len(board.people)):
            state.gain[p, v] += sign * board.score[u, v]
    else:
        for k in range(board.code.shape[1]):
            c = board.code[u, k]
            for a in range(board.block[k], board.block[k + 1]):
                state.gain[p, a] += sign * board.by_code[c, a]


@piece
def sit(board: SearchInput, state: State, e: int, p: int) -> None:
    """Entry e, which sits nowhere, takes a seat in place p. Counts of features are the business of `weigh`."""
    u = board.entry_unit[e]
    state.place[e] = p
    state.members[p, state.units[p]] = e
    state.units[p] += 1
    state.size[p] += board.people[u]
    if board.scored:
        state.pairs[p] += board.inner[u] + pull(board, state, p, u)
        attract(board, state, p, u, 1)
    state.spoken[p] &= board.speaks[u]
    state.used[u] += 1
    state.seated[board.place_session[p]] += board.people[u]
    state.where[u, board.place_round[p]] = p
    meet(board, state, u, p, 1)


@piece
def rise(board: SearchInput, state: State, e: int, p: int) -> None:
    """Entry e leaves its seat in place p."""
    u = board.entry_unit[e]
    last = state.units[p] - 1
    spoken = board.place_speaks[p]
    for k in range(last + 1):
        if state.members[p, k] == e:
            state.members[p, k] = state.members[p, last]
        if k < last:
            spoken &= board.speaks[board.entry_unit[state.members[p, k]]]
    state.spoken[p] = spoken
    state.units[p] = last
    state.place[e] = -1
    state.size[p] -= board.people[u]
    if board.scored:
        attract(board, state, p, u, -1)
        state.pairs[p] -= board.inner[u] + pull(board, state, p, u)
    state.used[u] -= 1
    state.seated[board.place_session[p]] -= board.people[u]
    state.where[u, board.place_round[p]] = -1
    meet(board, state, u, p, -1)


@piece
def meet(board: SearchInput, state: State, u: int, p: int, sign: int) -> None:
    """Count the meetings of a unit with the others in a place, in a series where they matter later."""
    if board.dynamic:
        for k in range(state.units[p]):
            v = board.entry_unit[state.members[p, k]]
            if v != u:
                state.met[u, v] += sign * board.people[u] * board.people[v]
                state.met[v, u] += sign * board.people[u] * board.people[v]
