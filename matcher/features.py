"""Head-counts as features: what the search counts per group, and what every count costs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from matcher.model import Model
from matcher.terms import Headcount, Ints, Rule


def _cut(amount: np.ndarray, rows: int, columns: int) -> np.ndarray:
    """A table of the size of all others; its last row stands for the counts beyond."""
    return amount[np.minimum(np.arange(rows), len(amount) - 1)][:, :columns]


def features(model: Model) -> dict[str, Any]:
    """Head-counts, one feature each; a count of bubbles is a feature that each of its bubbles has as parent.

    Several rules about the same people share one feature: what they cost is added up.
    """
    members: dict[tuple[bytes, int], tuple[Ints, int]] = {}
    cost: dict[tuple[bytes, int], list[tuple[Rule, Headcount]]] = {}
    heads = [(rule, term) for rule, term in model.terms if isinstance(term, Headcount)]
    # With several answers a person, more bubbles can be present than people.
    most = model.largest + max((len(term.bubbles) for _, term in heads), default=0)
    shape = (max([most + 1, *(len(term.amount) for _, term in heads)]), model.largest + 1)
    for rule, term in heads:
        if not term.bubbles:
            key = (term.people.tobytes(), -1)
            members[key] = (term.people, -1)
            cost.setdefault(key, []).append((rule, term))
    for number, (rule, term) in enumerate(heads):
        if term.bubbles:
            key = (term.people.tobytes(), number)
            members[key], cost[key] = (term.people, -1), [(rule, term)]
            for bubble in term.bubbles:
                child = (bubble.tobytes(), -1)
                if child in members and members[child][1] >= 0:
                    child = (bubble.tobytes(), number)
                members[child] = (bubble, number)
                cost.setdefault(child, [])
    rates = sorted({round(model.price(rule)) for rule, _ in heads if not rule.firm})
    tables = {key: _summed(model, rules, rates, shape) for key, rules in cost.items()}
    return _indexed(model, members, tables, rates, shape)


@dataclass(frozen=True)
class _Table:
    """What the counts of one feature cost: weighted, [c, n]; in firm breaches, [c, n]; breaches by rate, [K, c, n]."""

    soft: Ints
    hard: Ints
    amount: Ints

    @property
    def varies(self) -> bool:
        """Whether the cost depends on the size of the group."""
        return any(bool((table != table[:, :1]).any()) for table in (self.soft, self.hard))

    @property
    def key(self) -> bytes:
        """The same for tables that say the same."""
        return b"".join(table.tobytes() for table in (self.soft, self.hard, self.amount))


def _summed(
    model: Model, rules: Iterable[tuple[Rule, Headcount]], rates: Sequence[int], shape: tuple[int, int]
) -> _Table:
    soft, hard = np.zeros((2, *shape), np.int64)
    amount = np.zeros((len(rates), *shape), np.int64)
    for rule, term in rules:
        cut = _cut(term.amount, *shape)
        if rule.firm:
            hard += np.ceil(cut).astype(np.int64)
        else:
            soft += np.rint(model.price(rule) * cut).astype(np.int64)
            amount[rates.index(round(model.price(rule)))] += np.rint(1024 * cut).astype(np.int64)
    for table in (soft, hard, *amount):
        # An empty group has nobody to count; the column for it only spares a special case.
        table[1:, 0] = table[1:, 1]
        table[0, 0] = 0
    return _Table(soft, hard, amount)


def _indexed(
    model: Model,
    members: dict[tuple[bytes, int], tuple[Ints, int]],
    tables: dict[tuple[bytes, int], _Table],
    rates: Sequence[int],
    shape: tuple[int, int],
) -> dict[str, Any]:
    keys = sorted(members, key=lambda k: not tables[k].varies)
    index = {key: f for f, key in enumerate(keys)}
    counter = {key[1]: index[key] for key in keys if members[key][1] < 0 and key[1] >= 0}
    known: dict[bytes, int] = {}
    table_of = [known.setdefault(tables[k].key, len(known)) for k in keys]
    distinct = dict(zip(table_of, (tables[k] for k in keys), strict=True))  # in the order of their numbers
    held: list[dict[int, int]] = [{} for _ in model.units]
    for key in keys:
        for person in members[key][0].tolist():
            mine = held[model.unit_of[person]]
            mine[index[key]] = mine.get(index[key], 0) + 1
    column, column_n = _columns(held, len(keys))
    parent = np.array([counter.get(members[k][1], -1) for k in keys], np.int64)
    return {
        "column": column,
        "column_n": column_n,
        "plain": bool((parent < 0).all()),
        "feat_ptr": np.cumsum([0] + [len(h) for h in held]).astype(np.int64),
        "feat": np.array([f for h in held for f in h], np.int64),
        "feat_n": np.array([n for h in held for n in h.values()], np.int64),
        "table_of": np.array(table_of, np.int64),
        "parent": parent,
        "varying": sum(tables[k].varies for k in keys),
        "soft": np.array([table.soft for table in distinct.values()], np.int64).reshape(-1, *shape),
        "hard": np.array([table.hard for table in distinct.values()], np.int64).reshape(-1, *shape),
        "rate": np.array(rates, np.int64),
        "amount": np.stack([t.amount for t in distinct.values()], 1)
        if distinct
        else np.zeros((0, 0, *shape), np.int64),
    }


def _columns(held: list[dict[int, int]], features: int) -> tuple[Ints, Ints]:
    """[U, K] features and counts: a feature keeps to the first column in which none of its holders has another one."""
    holders: list[list[int]] = [[] for _ in range(features)]
    for u, mine in enumerate(held):
        for f in mine:
            holders[f].append(u)
    columns: list[Ints] = []
    for f, units in enumerate(holders):
        free = (column for column in columns if (column[units] < 0).all())
        column = next(free, None)
        if column is None:
            column = np.full(len(held), -1, np.int64)
            columns.append(column)
        column[units] = f
    column = np.array(columns, np.int64).reshape(len(columns), len(held)).T.copy()
    counts = [[held[u].get(f, 0) for f in row] for u, row in enumerate(column.tolist())]
    return column, np.array(counts, np.int64).reshape(column.shape)
