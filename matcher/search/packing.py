"""Columns of a set partitioning held against prices, and the cheapest choice among the few that are left."""

from __future__ import annotations

from matcher.search.compiled import kernel, piece
from matcher.terms import Ints

SLICE = 11
"""Bits of a mask that are looked up at once."""


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
    """Reduced costs into `rest`; `best` are the columns with the least of every run of columns, equally long.

    `lookup[k, x]` is the summed price of the bits of x in slice k of a mask, `tolls[r, c]` that of c members in
    `sets[r]`.
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


@kernel
def pack(masks: Ints, rest: Ints, costs: Ints, kind: Ints, use: Ints, pool: Ints, everything: int, left: Ints, room: Ints,
    key: Ints, now: Ints, counts: Ints, lists: Ints, memo: Ints, best: Ints, goal: Ints) -> int:
    """Cover every bit once, cheaper than before; returns the number of columns looked at, -1 if too many.

    Columns are sorted by `rest`, what each adds at least to the bound.
    `goal` is (cost to beat, bound, least step, looks allowed, columns in `best`).
    """
    looks, d, size = 0, 0, len(memo)
    for b in range(counts.shape[1]):
        counts[0, b] = 0
    for j in range(len(masks)):
        lists[j, 0], lists[j, 1], lists[j, 2] = masks[j], rest[j], j
        for b in range(counts.shape[1]):
            counts[0, b] += masks[j] >> b & 1
    # first, last, at, covered, spent, cost, state, bit
    now[0, 0], now[0, 1], now[0, 2], now[0, 3], now[0, 4], now[0, 5], now[0, 6], now[0, 7] = 0, len(masks), -1, 0, 0, 0, 0, -1
    while d >= 0:
        at, covered = now[d, 2], now[d, 3]
        bit = now[d, 7]
        if at >= 0:
            j = lists[at, 2]
            left[kind[j]] += 1
            room[pool[kind[j]]] += use[j]
            at += 1
        else:
            bit = -1
            for b in range(counts.shape[1]):
                if covered >> b & 1 == 0 and everything >> b & 1 and (bit < 0 or counts[d, b] < counts[d, bit]):
                    bit = b
            at = now[d, 0]
            now[d, 7] = bit
        budget = goal[0] - goal[2] - goal[1] - now[d, 4]
        while at < now[d, 1]:
            looks += 1
            if lists[at, 1] > budget:
                at = now[d, 1]
                break
            if lists[at, 0] >> bit & 1:
                j = lists[at, 2]
                if left[kind[j]] > 0 and use[j] <= room[pool[kind[j]]]:
                    break
            at += 1
        if looks > goal[3]:
            return -1
        if at >= now[d, 1]:
            if d > 0 and size > 0:
                slot = ((now[d, 6] * 0x1E3779B97F4A7C15) >> 30) & (size - 1)
                memo[slot, 0] = now[d, 6]
                memo[slot, 1] = goal[0] - now[d, 5]
                memo[slot, 2] = budget
            d -= 1
            continue
        j = lists[at, 2]
        now[d, 2] = at
        left[kind[j]] -= 1
        room[pool[kind[j]]] -= use[j]
        covered |= masks[j]
        cost = now[d, 5] + costs[j]
        if covered == everything:
            if cost < goal[0]:
                goal[0], goal[4] = cost, d + 1
                for k in range(d + 1):
                    best[k] = lists[now[k, 2], 2]
            continue
        budget -= rest[j]
        state = now[d, 6] + key[j]
        if size > 0:
            slot = ((state * 0x1E3779B97F4A7C15) >> 30) & (size - 1)
            if memo[slot, 0] == state and memo[slot, 1] >= goal[0] - cost and memo[slot, 2] >= budget:
                continue
        first = now[d, 1]
        last = first
        if first + now[d, 1] - now[d, 0] > len(lists):
            return -1
        for b in range(counts.shape[1]):
            counts[d + 1, b] = 0
        for i in range(now[d, 0], now[d, 1]):
            looks += 1
            if lists[i, 1] > budget:
                break
            if lists[i, 0] & covered == 0:
                mask = lists[i, 0]
                lists[last, 0], lists[last, 1], lists[last, 2] = mask, lists[i, 1], lists[i, 2]
                last += 1
                for b in range(counts.shape[1]):
                    counts[d + 1, b] += mask >> b & 1
        ok = True
        for b in range(counts.shape[1]):
            if counts[d + 1, b] == 0 and covered >> b & 1 == 0 and everything >> b & 1:
                ok = False
        if ok:
            d += 1
            now[d, 0], now[d, 1], now[d, 2], now[d, 3] = first, last, -1, covered
            now[d, 4], now[d, 5], now[d, 6] = now[d - 1, 4] + rest[j], cost, state
    return looks
