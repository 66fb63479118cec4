"""Branch and bound over columns: the cheapest choice that covers every unit once, and the proof of it."""

from __future__ import annotations

import operator
from dataclasses import dataclass

import numpy as np

from matcher.exact.filling import Choice, Left, fill
from matcher.exact.master import NONE, Limits, Master
from matcher.exact.pool import MOST_UNITS, Columns
from matcher.exact.rows import Sets
from matcher.terms import Ints

CUTTING, PATIENCE, SLOW = 6, 1, 0.05
"""Rounds of cuts in a node: at most, at least, and the part of the gap that a further one should close."""
FEW, FEW_LOOKS = 3_000, 10_000_000
"""So many columns are searched through rather than cut and branched on."""
BEST, BEST_LOOKS = 20_000, 1_000_000
"""Where there are more, so many of the cheapest ones are looked at for a better plan."""
WORK_LOOK = 4e-9
KEPT = 250
"""Columns that a node takes over from the program of the node above."""
CERTAIN = 1e-3
LEAST = -NONE


@dataclass(frozen=True)
class Node:
    """A part of the plans: those whose rows keep within limits. None of them costs less than `bound`."""

    columns: Columns
    start: Ints  # columns that the program begins with
    limits: Limits
    bound: int


class Tree:
    """`value` is the cost of the best `choice` so far; `effort` and `done` are in seconds, more or less."""

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

    def run(self) -> int:
        """Search all plans, as far as the effort goes; no plan costs less than what is returned."""
        nodes, given_up = [Node(self.columns, self.start, {}, LEAST)], [self.value]
        while nodes and self.done < self.effort:
            node = nodes.pop()
            self.master = Master(node.columns, node.start, node.limits)
            left = self._bounded(node)
            if len(left.columns) and not self._searched(left):
                children = [] if self._over() else self._branches(left.cheaper(self.target))
                nodes += children
                given_up += [] if children else [left.bound]
            self.done += self.master.work
        return min([self.value, *given_up, *(node.bound for node in nodes)])

    def _over(self) -> bool:
        return self.done + self.master.work >= self.effort

    def _bounded(self, node: Node) -> Left:
        """Columns and cuts are added to the program until they do not help."""
        left = Left(node.columns, np.zeros(len(node.columns), np.int64), node.bound)
        for turn in range(CUTTING + 1):
            before = left.bound
            left = self._priced(left)
            slow = turn > PATIENCE and left.bound - before < SLOW * (self.value - left.bound)
            last = turn == CUTTING or len(left.columns) <= FEW or self._over()
            if slow or last or not self._cut():
                break
        return left

    def _priced(self, left: Left) -> Left:
        """Columns come in until none is missed; those that cannot be part of a better plan are dropped."""
        while len(left.columns) and not self._over():
            seen = self.master.solve(left.columns)
            if seen is None:
                self.effort = 0.0
                break
            new = self.master.add(left.columns, seen.found)
            if seen.bound > left.bound:
                left = Left(left.columns, seen.rest, seen.bound).cheaper(self.target)
            if not new:
                self._adopt()
                break
        return left.cheaper(self.target)

    def _cut(self) -> bool:
        masks, _, x = self.master.chosen()
        new = [self.master.limit(row, high=most) for row, most in self.sets.violated(masks, x)]
        return any(new)

    def _adopt(self) -> None:
        """Take the solution of the program if it happens to be whole and better."""
        masks, kinds, x = self.master.chosen()
        choice = list(zip(masks.tolist(), kinds.tolist(), strict=True))
        everybody = len(self.columns.units)
        once = np.bitwise_count(masks).sum() == np.bitwise_count(np.bitwise_or.reduce(masks)) == everybody
        cost = sum(self.master.cost[chosen] for chosen in choice)
        if once and (x > 1 - 1e-6).all() and cost < self.value:
            self.value, self.choice = cost, choice

    def _searched(self, left: Left) -> bool:
        """Look for better plans among the cheapest columns; returns whether nothing is missed."""
        few = left.cheapest(BEST)
        looks = FEW_LOOKS if len(left.columns) <= FEW else BEST_LOOKS
        found = fill(few, self.value, self.step, looks)
        self.done += WORK_LOOK * found.looks
        if found.choice:
            self.value, self.choice = found.value, found.choice
        return found.done and few is left

    def _branches(self, left: Left) -> list[Node]:
        """Two halves of a node: an undecided row stays below or above. The likelier half comes last."""
        masks, _, x = self.master.chosen()
        doubt = operator.itemgetter(0)
        question = max(self.sets.questions(masks, x), key=doubt, default=None)
        if question is None or question[0] < CERTAIN:
            question = max(self.sets.pairs(masks, x), key=doubt, default=None)
        if question is None or question[0] < CERTAIN:
            return []
        _, row, value = question
        limits = {r: ends for r, ends in self.master.limits.items() if r.asked or r in self.master.binding}
        low, high = limits.get(row, (LEAST, NONE))
        start = self._known(left)
        ends = [(low, int(value)), (int(value) + 1, high)]
        halves = [Node(left.columns, start, {**limits, row: end}, left.bound) for end in ends]
        return halves if value % 1 > 0.5 else halves[::-1]

    def _known(self, left: Left) -> Ints:
        """The best columns of the program."""
        known = np.array([mask | kind << MOST_UNITS for mask, kind in self.master.known], np.int64)
        mine = np.flatnonzero(np.isin(left.columns.masks | left.columns.kind << MOST_UNITS, known))
        return mine[np.argsort(left.rest[mine], kind="stable")[:KEPT]]
