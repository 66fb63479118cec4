"""Branch and bound over columns: the cheapest choice that covers every unit once, and the proof that it is."""

from __future__ import annotations

from dataclasses import dataclass

import operator

import numpy as np

from matcher.exact.master import NONE, Limits, Master
from matcher.exact.pool import MOST_UNITS, Columns
from matcher.exact.rows import Sets
from matcher.search.packing import Packing, pack
from matcher.terms import Ints

CUTTING = 6
"""Rounds of cuts in one node."""
FEW = 3_000
"""Columns that are searched at once rather than cut and branched on."""
PACKED = 20_000
"""Columns, the cheapest ones, that are searched for a better plan in every node."""
WORK_PACK = 4e-9
SLOW = 1
KEPT = 250
CERTAIN = 1e-3
MEMO = 1 << 16
LEAST = -int(NONE)
Choice = list[tuple[int, int]]


@dataclass(frozen=True)
class Node:
    """A part of the plans: those whose rows keep within limits. None of them costs less than `bound`."""

    columns: Columns
    start: Ints  # columns that the programme begins with
    limits: Limits
    bound: int = LEAST


@dataclass(frozen=True)
class Left:
    """The columns that may still be part of a better plan in a node, and what each adds to its bound."""

    columns: Columns
    rest: Ints
    bound: int = LEAST


class Tree:
    """`value` is the cost of the best `choice` (masks and kinds) so far; `effort` is in seconds, more or less."""

    def __init__(self, columns: Columns, sets: Sets, choice: Choice, effort: float) -> None:
        self.columns, self.sets, self.choice, self.effort = columns, sets, choice, effort
        self.step = max(1, int(np.gcd.reduce(columns.costs)))
        self.start = np.array([columns.find(*chosen) for chosen in choice], np.int64)
        self.value = int(columns.costs[self.start].sum())
        self.done = 0.0

    @property
    def target(self) -> int:
        """What a better plan costs at most: all costs are multiples of a step."""
        return self.value - self.step

    @property
    def work(self) -> float:
        """Done so far."""
        return self.done + self.master.work

    def run(self) -> int:
        """Search all plans, as far as the effort goes; no plan costs less than what is returned."""
        nodes, given_up = [Node(self.columns, self.start, {})], []
        while nodes and self.done < self.effort:
            node = nodes.pop()
            self.master = Master(node.columns, node.start, node.limits)
            left = self._bounded(node)
            if len(left.columns) and not self._searched(left):
                children = self._branches(left) if self.work < self.effort else []
                nodes += children
                given_up += [] if children else [left.bound]
            self.done += self.master.work
        return min([self.value, *given_up, *(node.bound for node in nodes)])

    def _bounded(self, node: Node) -> Left:
        """Columns and cuts are added to the programme until they do not help."""
        left = Left(node.columns, np.zeros(len(node.columns), np.int64), node.bound)
        for turn in range(CUTTING + 1):
            before = left.bound
            left = self._priced(left)
            slow = turn > SLOW and left.bound - before < 0.05 * (self.value - left.bound)
            over = turn == CUTTING or len(left.columns) <= FEW or self.work >= self.effort
            if slow or over or not self._cut():
                break
        return left

    def _priced(self, left: Left) -> Left:
        """Columns come in until none is missed; those that cannot be part of a better plan are dropped."""
        while len(left.columns) and self.work < self.effort:
            seen = self.master.solve(left.columns)
            if seen is None:
                self.effort = 0.0
                break
            new = self.master.add(left.columns, seen.found)
            if seen.bound > left.bound:
                keep = np.flatnonzero(seen.rest <= self.target - seen.bound)
                left = Left(left.columns.part(keep), seen.rest[keep], seen.bound)
            if not new:
                self._adopt()
                break
        return self._cheaper(left)

    def _cheaper(self, left: Left) -> Left:
        """What is left if a better plan has been found since."""
        keep = np.flatnonzero(left.rest <= self.target - left.bound)
        return Left(left.columns.part(keep), left.rest[keep], left.bound)

    def _cut(self) -> bool:
        masks, _, x = self.master.chosen()
        new = [self.master.limit(row, high=most) for row, most in self.sets.violated(masks, x)]
        return any(new)

    def _adopt(self) -> None:
        """Take the solution of the programme if it happens to be whole and better."""
        masks, kinds, x = self.master.chosen()
        choice = list(zip(masks.tolist(), kinds.tolist(), strict=True))
        whole = bool((x > 1 - 1e-6).all()) and int(np.bitwise_count(masks).sum()) == len(self.columns.units)
        cost = sum(self.master.cost[chosen] for chosen in choice)
        if whole and cost < self.value:
            self.value, self.choice = cost, choice

    def _searched(self, left: Left) -> bool:
        """Look for better plans among the cheapest columns; returns whether these are all and nothing is missed."""
        order = np.argsort(left.rest, kind="stable")[:PACKED]
        columns = left.columns
        now = self._packing(left, order, 10_000_000 if len(columns) <= FEW else 1_000_000)
        asked, done = int(now.goal[3]), pack(now)
        self.done += WORK_PACK * (asked - int(now.goal[3]))
        if now.goal[4]:
            found = order[now.best[: now.goal[4]]]
            self.value = int(now.goal[0])
            self.choice = list(zip(columns.masks[found].tolist(), columns.kind[found].tolist(), strict=True))
        return done and len(order) == len(columns)

    def _packing(self, left: Left, order: Ints, looks: int) -> Packing:
        columns, bits = left.columns, len(self.columns.units)
        masks, rest = columns.masks[order], left.rest[order]
        kind, use = columns.kind[order], columns.used()[order]
        key, memo = _keys(columns, masks, kind, use)
        lists = np.zeros((8 * len(order) + 1000, 3), np.int64)
        lists[: len(order)] = np.stack([masks, rest, np.arange(len(order))], 1)
        stack, counts = np.zeros((bits + 1, 8), np.int64), np.zeros((bits + 1, bits), np.int64)
        stack[0, 1], stack[0, 2] = len(order), -1
        counts[0] = [int((masks >> b & 1).sum()) for b in range(bits)]
        pool = np.array([k.pool for k in columns.kinds], np.int64)
        count = np.array([k.count for k in columns.kinds], np.int64)
        # The last room is for kinds that need none: their pool is -1.
        room = np.append(columns.room, NONE)
        goal = np.array([self.value, left.bound, self.step, looks, 0], np.int64)
        tried = np.full((memo, 3), -1, np.int64)
        best = np.zeros(bits + 1, np.int64)
        costs = columns.costs[order]
        return Packing(masks, rest, costs, kind, use, key, pool, count, room, stack, counts, lists, tried, best, goal)

    def _branches(self, left: Left) -> list[Node]:
        """Two halves of a node: a row that is undecided keeps below or above. The likelier half comes last."""
        masks, _, x = self.master.chosen()
        by_doubt = operator.itemgetter(0)
        question = max(self.sets.questions(masks, x), key=by_doubt, default=None)
        if question is None or question[0] < CERTAIN:
            question = max(self.sets.pairs(masks, x), key=by_doubt, default=None)
        if question is None or question[0] < CERTAIN:
            return []
        _, row, value = question
        left = self._cheaper(left)
        limits = {row: self.master.limits[row] for row in self.master.rows if row.asked or row in self.master.binding}
        low, high = limits.get(row, (LEAST, -LEAST))
        ends = [(low, int(value)), (int(value) + 1, high)]
        halves = [Node(left.columns, self._known(left), {**limits, row: end}, left.bound) for end in ends]
        return halves if value % 1 > 0.5 else halves[::-1]

    def _known(self, left: Left) -> Ints:
        """The best columns of the programme."""
        known = np.array([mask | kind << MOST_UNITS for mask, kind in self.master.known], np.int64)
        mine = np.flatnonzero(np.isin(left.columns.masks | left.columns.kind << MOST_UNITS, known))
        return mine[np.argsort(left.rest[mine], kind="stable")[:KEPT]]


def _keys(columns: Columns, masks: Ints, kind: Ints, use: Ints) -> tuple[Ints, int]:
    """Numbers whose sums tell covered bits, kinds left and rooms left apart, and the size of a memory for them."""
    key, radix = masks.copy(), 1 << len(columns.units)
    pool = np.array([k.pool for k in columns.kinds], np.int64)[kind]
    for k, alike in enumerate(columns.kinds):
        if alike.count < len(columns.units):
            key += np.where(kind == k, radix, 0)
            radix *= alike.count + 1
        if radix > 1 << 62:
            return key, 0
    for r, room in enumerate(columns.room.tolist()):
        key += np.where(pool == r, use, 0) * radix
        radix *= room + 1
        if radix > 1 << 62:
            return key, 0
    return key, MEMO
