"""Columns of a set partitioning held against prices, and the cheapest choice among the few that are left."""

from __future__ import annotations

from typing import NamedTuple

from matcher.search.compiled import kernel, piece
from matcher.terms import Ints

SLICE = 11
"""Bits of a mask that are looked up at once."""
FIRST, LAST, AT, COVERED, SPENT, COST, STATE, BIT = range(8)
WORTH, BOUND, STEP, LOOKS, FOUND = range(5)


@piece
def members(mask: int) -> int:
    """How many bits are set."""
    found = 0
    while mask != 0:
        mask &= mask - 1
        found += 1
    return found


@kernel
def look(masks: Ints, costs: Ints, lookup: Ints, sets: Ints, tolls: Ints, rest: Ints, best: Ints) -> None:
    """Reduced costs into `rest`; `best` are the columns with the least in every run of columns, all as long.

    `lookup[k, x]` is the summed price of the bits of x in slice k of a mask, `tolls[r, c]` that of c members
    in `sets[r]`.
    """
    many, runs = len(masks), len(best)
    for run in range(runs):
        first = run * many // runs
        best[run] = first
        for j in range(first, (run + 1) * many // runs):
            mask, value = masks[j], costs[j]
            for k in range(len(lookup)):
                value -= lookup[k, mask >> k * SLICE & (1 << SLICE) - 1]
            for r in range(len(sets)):
                value -= tolls[r, members(mask & sets[r])]
            rest[j] = value
            if value < rest[best[run]]:
                best[run] = j


class Packing(NamedTuple):
    """N columns sorted by `rest`, what each adds at least to the bound, and the stack of the search, D deep.

    A column takes one of what is `left` of its kind, and `use` of the `room` of the pool of that kind. `key`
    summed over columns tells states apart. A row of the stack is (first, last and current item of its list,
    bits covered, spent, cost, state, bit to cover next); its list has (mask, rest, column) of what may still be
    taken.
    """

    masks: Ints  # [N]
    rest: Ints  # [N]
    costs: Ints  # [N]
    kind: Ints  # [N]
    use: Ints  # [N]
    key: Ints  # [N]
    pool: Ints  # [K]
    left: Ints  # [K]
    room: Ints
    stack: Ints  # [D, 8]
    counts: Ints  # [D, bits] columns in the list that cover a bit
    lists: Ints  # [, 3]
    memo: Ints  # [power of two, 3] (state, saving asked, budget) that led to nothing
    best: Ints  # [D]
    goal: Ints  # (cost to beat, bound, least step, looks left, columns in `best`)


@piece
def take(now: Packing, j: int, times: int) -> None:
    """Count column j in, or out."""
    kind = now.kind[j]
    now.left[kind] -= times
    now.room[now.pool[kind]] -= times * now.use[j]


@piece
def rarest(now: Packing, d: int) -> int:
    """The bit to cover next: the one that the fewest columns cover."""
    bit = -1
    for b in range(now.counts.shape[1]):
        if now.stack[d, COVERED] >> b & 1 == 0 and (bit < 0 or now.counts[d, b] < now.counts[d, bit]):
            bit = b
    return bit


@piece
def following(now: Packing, d: int, at: int, budget: int) -> int:
    """The next item from `at` on that covers the bit of row d and may be taken; -1 for none."""
    bit, found = now.stack[d, BIT], -1
    now.goal[LOOKS] += at
    while found < 0 and at < now.stack[d, LAST] and now.lists[at, 1] <= budget:
        if now.lists[at, 0] >> bit & 1:
            j = now.lists[at, 2]
            if now.left[now.kind[j]] > 0 and now.use[j] <= now.room[now.pool[now.kind[j]]]:
                found = at
        at += 1
    now.goal[LOOKS] -= at
    return found


@piece
def narrowed(now: Packing, d: int, covered: int, budget: int) -> int:
    """List behind the list of row d what goes with the bits covered; its end, -1 if a bit has no column."""
    last, bits = now.stack[d, LAST], now.counts.shape[1]
    for b in range(bits):
        now.counts[d + 1, b] = 0
    for i in range(now.stack[d, FIRST], now.stack[d, LAST]):
        mask, rest = now.lists[i, 0], now.lists[i, 1]
        if rest > budget:
            break
        now.goal[LOOKS] -= 1
        if mask & covered == 0:
            now.lists[last, 0], now.lists[last, 1], now.lists[last, 2] = mask, rest, now.lists[i, 2]
            last += 1
            for b in range(bits):
                now.counts[d + 1, b] += mask >> b & 1
    for b in range(bits):
        if covered >> b & 1 == 0 and now.counts[d + 1, b] == 0:
            last = -1
    return last


@piece
def slot(now: Packing, state: int) -> int:
    """Where a state is remembered; another one may stand there."""
    return state * 0x1E3779B97F4A7C15 >> 30 & len(now.memo) - 1


@piece
def vain(now: Packing, state: int, cost: int, budget: int) -> bool:
    """Whether this state led to nothing before, though no more was asked of it."""
    if len(now.memo) == 0:
        return False
    s = slot(now, state)
    return now.memo[s, 0] == state and now.memo[s, 1] >= now.goal[WORTH] - cost and now.memo[s, 2] >= budget


@piece
def remember(now: Packing, d: int, budget: int) -> None:
    """The state of row d leads to nothing better."""
    if len(now.memo) > 0:
        s = slot(now, now.stack[d, STATE])
        now.memo[s, 0], now.memo[s, 2] = now.stack[d, STATE], budget
        now.memo[s, 1] = now.goal[WORTH] - now.stack[d, COST]


@piece
def keep(now: Packing, d: int, cost: int) -> None:
    """Everything is covered: keep the columns of the first d + 1 rows if that is cheaper."""
    if cost < now.goal[WORTH]:
        now.goal[WORTH], now.goal[FOUND] = cost, d + 1
        for k in range(d + 1):
            now.best[k] = now.lists[now.stack[k, AT], 2]


@kernel
def pack(now: Packing) -> bool:
    """Cover every bit once, for less than `goal` says, again and again; returns whether all was searched.

    The first row of the stack and its list are given.
    """
    everything, d = (1 << now.counts.shape[1]) - 1, 0
    while d >= 0:
        at = now.stack[d, AT]
        if at >= 0:
            take(now, now.lists[at, 2], -1)
            at += 1
        else:
            now.stack[d, BIT], at = rarest(now, d), now.stack[d, FIRST]
        budget = now.goal[WORTH] - now.goal[STEP] - now.goal[BOUND] - now.stack[d, SPENT]
        at = following(now, d, at, budget)
        now.stack[d, AT] = at
        if at < 0:
            remember(now, d, budget)
            d -= 1
            continue
        j = now.lists[at, 2]
        take(now, j, 1)
        covered, cost = now.stack[d, COVERED] | now.masks[j], now.stack[d, COST] + now.costs[j]
        state, budget = now.stack[d, STATE] + now.key[j], budget - now.rest[j]
        if covered == everything:
            keep(now, d, cost)
        elif not vain(now, state, cost, budget):
            if now.goal[LOOKS] < 0 or 2 * now.stack[d, LAST] - now.stack[d, FIRST] > len(now.lists):
                return False
            last = narrowed(now, d, covered, budget)
            if last >= 0:
                d += 1
                now.stack[d, FIRST], now.stack[d, LAST], now.stack[d, AT] = now.stack[d - 1, LAST], last, -1
                now.stack[d, COVERED], now.stack[d, STATE], now.stack[d, COST] = covered, state, cost
                now.stack[d, SPENT] = now.stack[d - 1, SPENT] + now.rest[j]
    return True
