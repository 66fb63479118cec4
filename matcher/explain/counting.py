"""The head-counts of firm rules: which of them a group of certain people could keep at all."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from matcher.explain.slots import Bools, Slots
from matcher.model import Model
from matcher.terms import Headcount, Ints


class FirmHeadcount:
    """One firm head-count: `people` counts per unit; a group with anybody of `bubbles[b]` counts 1 more.

    `uneven`: one person more may add more than 1.
    """

    def __init__(self, title: str, term: Headcount, model: Model) -> None:
        self.title, self.good, self.uneven = title, term.amount <= 0, term.uneven
        self.last = len(self.good) - 1
        self.people = _per_unit(term.people, model)
        bubbles = [_per_unit(b, model) > 0 for b in term.bubbles]
        self.bubbles = np.array(bubbles, bool).reshape(len(bubbles), len(model.units))
        self.own = np.minimum(self.people + self.bubbles.sum(0), self.last)

    def present(self, member: Ints) -> Ints:
        """[bubbles, columns]: units of each bubble in each column of [U, columns]."""
        return self.bubbles.astype(np.int64) @ member

    def some(self, own: int, size: int) -> bool:
        """Whether a unit with this count may sit in some group."""
        # A count may grow by more than the people who join: a person may be of several bubbles.
        extra = self.last if self.uneven else -size
        return any(self.good[own : own + n + extra + 1, n].any() for n in range(max(1, size), self.good.shape[1]))


class Counting:
    """All firm head-counts of a model over its slots. Whole numbers: these wait for no threads of a BLAS."""

    def __init__(self, model: Model, slots: Slots) -> None:
        firm = [(rule, term) for rule, term in model.terms if rule.firm and isinstance(term, Headcount)]
        self.heads = [FirmHeadcount(rule.title, term, model) for rule, term in firm]
        self.size = np.array([len(unit) for unit in model.units], np.int64)
        self.people = np.array([head.people for head in self.heads], np.int64).reshape(-1, len(model.units))
        self.slots = slots
        self._cases = [np.unique(np.stack([h.own, self.size], 1), axis=0, return_inverse=True) for h in self.heads]
        self._known: dict[tuple[int, ...], bool] = {}

    def totals(self, member: Ints) -> Ints:
        """[H, columns]: people counted in each column of [U, columns]; presence of bubbles comes on top."""
        return self.people @ member

    def by_themselves(self) -> Iterator[tuple[str, Bools]]:
        """(Rule, [U]): units that could keep it in some group, whoever the others are."""
        for head, (cases, which) in zip(self.heads, self._cases, strict=True):
            yield head.title, np.array([head.some(*case) for case in cases.tolist()], bool)[which.reshape(-1)]

    def possible(self, may: Bools) -> Iterator[tuple[str, Bools]]:
        """(Rule, [U, Q]): units that could keep it in a slot with some of those who may come there."""
        member = may.astype(np.int64)
        people = self.size @ member
        totals = self.totals(member)
        for number, (head, (cases, which)) in enumerate(zip(self.heads, self._cases, strict=True)):
            reach = np.minimum(totals[number] + (head.present(member) > 0).sum(0), head.last)
            others = np.minimum(people - totals[number], head.last)
            columns = np.stack([np.minimum(people, head.last), reach, others])
            rows = [self._row(number, own, size, columns) for own, size in cases.tolist()]
            yield head.title, np.array(rows, bool).reshape(len(cases), len(people))[which.reshape(-1)]

    def _row(self, number: int, own: int, size: int, columns: Ints) -> list[bool]:
        low, high = np.maximum(self.slots.low, size), np.minimum(self.slots.high, columns[0])
        each, which = np.unique(np.stack([low, high, columns[1], columns[2]]), axis=1, return_inverse=True)
        good = [self._possible((number, own, size, *column)) for column in each.T.tolist()]
        return [good[k] for k in which.reshape(-1)]

    def _possible(self, key: tuple[int, ...]) -> bool:
        """Whether some size and some count that can be reached are good."""
        if key not in self._known:
            number, own, size, low, high, reach, others = key
            head = self.heads[number]
            self._known[key] = any(
                head.good[max(own, n - others) : min(reach, own + n - size) + 1, n].any()
                if not head.uneven
                else head.good[own : reach + 1, n].any()
                for n in range(low, high + 1)
            )
        return self._known[key]


def _per_unit(people: Ints, model: Model) -> Ints:
    return np.bincount(model.unit_of[people], minlength=len(model.units)).astype(np.int64)
