"""Every valid group of a place, one by one: the columns of a set partitioning, with their exact soft cost."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matcher.model import SearchInput
from matcher.search.compiled import kernel, piece
from matcher.search.judge import worth
from matcher.terms import Ints


class Stack(NamedTuple):
    """The group under construction. D depths, U units, F features; row d holds for the first d units."""

    at: Ints  # [D] index of the unit that is tried
    size: Ints  # [D] people
    pairs: Ints  # [D] summed pair scores
    soft: Ints  # [D] cost of fits, pairs and head-counts that do not depend on the size
    hard: Ints  # [D] breaches of such head-counts
    spoken: Ints  # [D] shared languages
    gain: NDArray[np.int32]  # [D, U] summed scores of a unit with the units so far
    held: Ints  # [F]


def stack(board: SearchInput) -> Stack:
    """An empty one, with room for the largest group."""
    depth, units = int(board.high.max(initial=0)) + 2, len(board.people)
    at, size, pairs, soft, hard, spoken = np.zeros((6, depth), np.int64)
    gain, held = np.zeros((depth, units), np.int32), np.zeros(len(board.table_of), np.int64)
    return Stack(at, size, pairs, soft, hard, spoken, gain, held)


@piece
def tied(board: SearchInput, units: Ints, now: Stack, d: int, u: int) -> tuple[int, int]:
    """What it costs that unit u meets the first d units: pairs with a price, and those who met before."""
    soft, hard = 0, 0
    for k in range(board.tie_ptr[u], board.tie_ptr[u + 1]):
        for i in range(d):
            if units[now.at[i]] == board.tie[k]:
                soft += board.tie_soft[k]
                hard += board.tie_hard[k]
    if len(board.met) > 0:
        for i in range(d):
            v = units[now.at[i]]
            if board.met[u, v] > 0:
                soft += board.met_soft * board.met[u, v]
                hard += board.met_hard
    return soft, hard


@piece
def counted(board: SearchInput, now: Stack, u: int, sign: int) -> tuple[int, int]:
    """Count unit u in (1) or out (-1); what that costs where a head-count does not depend on the size."""
    soft, hard = 0, 0
    for k in range(board.feat_ptr[u], board.feat_ptr[u + 1]):
        f, n = board.feat[k], board.feat_n[k]
        for _ in range(2):
            t, before = board.table_of[f], now.held[f]
            after = before + sign * n
            now.held[f] = after
            if f >= board.varying:
                soft += board.soft[t, after, 1] - board.soft[t, before, 1]
                hard += board.hard[t, after, 1] - board.hard[t, before, 1]
            f, n = board.parent[f], 1
            if f < 0 or (before == 0) == (after == 0):
                break
    return soft, hard


@piece
def whole(board: SearchInput, now: Stack, p: int, d: int) -> tuple[int, int]:
    """Soft cost and breaches of the first d units as a group in place p."""
    n = now.size[d]
    soft = now.soft[d] + board.size_soft[p, n]
    hard = now.hard[d] + board.size_hard[p, n]
    for f in range(board.varying):
        t, c = board.table_of[f], now.held[f]
        soft += board.soft[t, c, n]
        hard += board.hard[t, c, n]
    if board.scored:
        soft += worth(board, n, now.pairs[d])
    return soft, hard


@piece
def join(board: SearchInput, units: Ints, now: Stack, p: int, d: int, u: int) -> bool:
    """Put unit u beside the first d units in place p, if it may sit there."""
    n, spoken = now.size[d] + board.people[u], now.spoken[d] & board.speaks[u]
    soft, hard = tied(board, units, now, d, u)
    if n > board.high[p] or spoken == 0 or hard > 0:
        return False
    more, harder = counted(board, now, u, 1)
    now.size[d + 1], now.spoken[d + 1] = n, spoken
    now.soft[d + 1] = now.soft[d] + soft + more + board.fit[u, board.kind[p]]
    now.hard[d + 1] = now.hard[d] + harder
    if board.scored:
        now.pairs[d + 1] = now.pairs[d] + board.inner[u] + now.gain[d, u]
    return True


@kernel
def list_groups(
    board: SearchInput, p: int, units: Ints, bits: Ints, root: int, now: Stack, masks: Ints, costs: Ints
) -> int:
    """Fill in every valid group of place p whose first unit is `units[root]`, and count them.

    The mask of a group has bit `bits[k]` for `units[k]`; the cost is all that it adds to that of a plan, but
    for the worth of its seats.
    """
    now.at[0], now.spoken[0] = root, board.place_speaks[p]
    d, mask, found = 0, 0, 0
    while True:
        k = now.at[d]
        if k == len(units) or (d == 0 and k > root):
            if d == 0:
                return found
            d -= 1
            counted(board, now, units[now.at[d]], -1)
            mask ^= 1 << bits[now.at[d]]
            now.at[d] += 1
        elif not join(board, units, now, p, d, units[k]):
            now.at[d] += 1
        else:
            soft, hard = whole(board, now, p, d + 1)
            if hard == 0:
                masks[found], costs[found] = mask | 1 << bits[k], soft
                found += 1
            if now.size[d + 1] == board.high[p]:
                counted(board, now, units[k], -1)
                now.at[d] += 1
                continue
            if board.scored:
                for j in range(k + 1, len(units)):
                    now.gain[d + 1, units[j]] = now.gain[d, units[j]] + board.score[units[k], units[j]]
            mask |= 1 << bits[k]
            d += 1
            now.at[d] = k + 1
