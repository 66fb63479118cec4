"""Few columns searched through for a better choice than the best one known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matcher.exact.pool import Columns
from matcher.search.packing import AT, FOUND, LAST, LOOKS, WORTH, Packing, pack
from matcher.terms import Ints

MEMO = 1 << 16
"""States that are remembered to lead to nothing; one drives out another."""
LISTS = 8
"""Room for the lists of a search, times the number of columns."""
ENDLESS = 1 << 60
WIDE = 1 << 62

Choice = list[tuple[int, int]]
"""Columns by mask and kind."""


@dataclass(frozen=True)
class Left:
    """The columns that may still be part of a better plan, and what each adds at least to a bound for it."""

    columns: Columns
    rest: Ints
    bound: int

    def cheaper(self, target: int) -> Left:
        """Those that may be part of a plan that costs no more than this."""
        return self.part(np.flatnonzero(self.rest <= target - self.bound))

    def cheapest(self, many: int) -> Left:
        """The best ones; from those that are equally good, some of everywhere."""
        if len(self.rest) <= many:
            return self
        last = np.partition(self.rest, many)[many]
        better, equal = np.flatnonzero(self.rest < last), np.flatnonzero(self.rest == last)
        some = equal[np.arange(many - len(better)) * len(equal) // (many - len(better))]
        return self.part(np.sort(np.concatenate([better, some])))

    def part(self, keep: Ints) -> Left:
        """Some of them, in order."""
        return Left(self.columns.part(keep), self.rest[keep], self.bound)


@dataclass(frozen=True)
class Filled:
    """`choice` is better than what was known, if there is one; `done`: there is no better one than that."""

    choice: Choice
    value: int
    done: bool
    looks: int


def fill(left: Left, value: int, step: int, looks: int) -> Filled:
    """Look for choices that cost less than `value`, at least by a step, while looking at so many columns."""
    columns, order = left.columns, np.argsort(left.rest, kind="stable")
    goal = np.array([value, left.bound, step, looks, 0], np.int64)
    now = _packing(left, order, goal)
    done = bool(pack(now))
    found = order[now.best[: goal[FOUND]]]
    choice = list(zip(columns.masks[found].tolist(), columns.kind[found].tolist(), strict=True))
    return Filled(choice, int(goal[WORTH]), done, looks - int(goal[LOOKS]))


def _packing(left: Left, order: Ints, goal: Ints) -> Packing:
    columns, bits, many = left.columns, len(left.columns.units), len(order)
    masks, rest, kind, use = (x[order] for x in (columns.masks, left.rest, columns.kind, columns.used()))
    key, memo = _keys(columns, masks, kind, use)
    lists = np.zeros((LISTS * many + 1000, 3), np.int64)
    lists[:many] = np.stack([masks, rest, np.arange(many)], 1)
    stack, counts = np.zeros((bits + 1, 8), np.int64), np.zeros((bits + 1, bits), np.int64)
    stack[0, LAST], stack[0, AT] = many, -1
    counts[0] = [int((masks >> bit & 1).sum()) for bit in range(bits)]
    return Packing(
        masks=masks,
        rest=rest,
        costs=columns.costs[order],
        kind=kind,
        use=use,
        key=key,
        pool=np.array([k.pool for k in columns.kinds], np.int64),
        left=np.array([k.count for k in columns.kinds], np.int64),
        room=np.append(columns.room, ENDLESS),  # the last one is for kinds without: pool -1
        stack=stack,
        counts=counts,
        lists=lists,
        memo=np.full((memo, 3), -1, np.int64),
        best=np.zeros(bits + 1, np.int64),
        goal=goal,
    )


def _keys(columns: Columns, masks: Ints, kind: Ints, use: Ints) -> tuple[Ints, int]:
    """Numbers whose sums tell states apart (bits covered, kinds and rooms left), and the size of the memory.

    There is none where such a number would be too large.
    """
    key, radix = masks.copy(), 1 << len(columns.units)
    pool = np.array([k.pool for k in columns.kinds], np.int64)[kind]
    parts = [(kind == k, alike.count) for k, alike in enumerate(columns.kinds) if alike.count < len(columns.units)]
    parts += [(np.where(pool == r, use, 0), room) for r, room in enumerate(columns.room.tolist())]
    for amount, most in parts:
        if radix * (most + 1) > WIDE:
            return key, 0
        key += amount * radix
        radix *= most + 1
    return key, MEMO
