"""Head-counts as features: what the search counts per group, and what every count costs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from matcher.model import ONE, Model
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
    tables = {key: _summed(rules, shape) for key, rules in cost.items()}
    return _indexed(model, members, tables, shape)


def _summed(rules: Iterable[tuple[Rule, Headcount]], shape: tuple[int, int]) -> tuple[Ints, Ints]:
    soft, hard = np.zeros((2, *shape), np.int64)
    for rule, term in rules:
        if rule.firm:
            hard = hard + np.ceil(_cut(term.amount, *shape)).astype(np.int64)
        else:
            soft = soft + np.rint(rule.weight * ONE * _cut(term.amount, *shape)).astype(np.int64)
    # An empty group has nobody to count; the column for it only spares a special case.
    soft[1:, 0], hard[1:, 0] = soft[1:, 1], hard[1:, 1]
    soft[0, 0] = hard[0, 0] = 0
    return soft, hard


def _indexed(
    model: Model,
    members: dict[tuple[bytes, int], tuple[Ints, int]],
    tables: dict[tuple[bytes, int], tuple[Ints, Ints]],
    shape: tuple[int, int],
) -> dict[str, Any]:
    def varies(key: tuple[bytes, int]) -> bool:
        return any((t != t[:, :1]).any() for t in tables[key])

    keys = sorted(members, key=lambda k: not varies(k))
    index = {key: f for f, key in enumerate(keys)}
    counter = {key[1]: index[key] for key in keys if members[key][1] < 0 and key[1] >= 0}
    known: dict[bytes, int] = {}
    table_of = [known.setdefault(tables[k][0].tobytes() + tables[k][1].tobytes(), len(known)) for k in keys]
    distinct = {t: tables[k] for t, k in zip(table_of, keys, strict=True)}
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
        "varying": sum(varies(k) for k in keys),
        "soft": np.array([distinct[t][0] for t in sorted(distinct)], np.int64).reshape(-1, *shape),
        "hard": np.array([distinct[t][1] for t in sorted(distinct)], np.int64).reshape(-1, *shape),
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
