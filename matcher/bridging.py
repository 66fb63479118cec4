"""How far apart two people are: the bridging score of a pair, which all figures are built on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from matcher.domain import HEAVIEST
from matcher.rules import terms_of
from matcher.terms import Bond, Floats, Ints, View

PAIR = 2520
"""Whole units in a pair score of 1.0: the least common multiple of 1 to 10, so that Jaccard distances are exact."""


@dataclass(frozen=True, slots=True)
class DistanceDimension:
    """One dimension of distance: `kind[i]` numbers the answer of person i (a set of bubbles), -1 if not told.

    `distance[k, l]` between answers is 0 or 1 for single answers, Jaccard for several; `mean` is that of two people
    picked blindly from those who told. Somebody who did not tell is at the mean from everybody.
    """

    name: str
    weight: float
    kind: Ints
    distance: Floats
    mean: float


def dimensions_of(view: View) -> list[DistanceDimension]:
    """The dimensions that the format weighs, in its order."""
    weights = view.problem.format.bridging
    return [_dimension(view, name, min(weight, HEAVIEST)) for name, weight in weights.items() if weight > 0]


def _dimension(view: View, name: str, weight: float) -> DistanceDimension:
    answers = [frozenset(p.bubbles.get(name, ())) for p in view.people]
    kinds = sorted({a for a in answers if a}, key=sorted)
    number = {answer: k for k, answer in enumerate(kinds)}
    kind = np.array([number.get(a, -1) for a in answers], np.int64)
    distance = _jaccard(kinds)
    count = np.bincount(kind[kind >= 0], minlength=len(kinds)).astype(float)
    pairs = count.sum() * (count.sum() - 1)
    mean = float(count @ distance @ count / pairs) if pairs > 0 else 0.0
    return DistanceDimension(name, float(weight), kind, distance, mean)


def _jaccard(kinds: list[frozenset[str]]) -> Floats:
    bubbles = {b: j for j, b in enumerate(sorted(frozenset().union(*kinds)))}
    held = np.zeros((len(kinds), len(bubbles)))
    for k, kind in enumerate(kinds):
        held[k, [bubbles[b] for b in kind]] = 1.0
    both = held @ held.T
    either = held.sum(1)[:, None] + held.sum(1)[None, :] - both
    distance: Floats = 1.0 - both / np.maximum(either, 1.0)
    return distance


def bonds_of(view: View) -> list[tuple[float, Bond]]:
    """The weighted terms that count as common ground within the score."""
    return [(min(r.weight, HEAVIEST), t) for r, t in terms_of(view) if isinstance(t, Bond)]


@dataclass(frozen=True, slots=True)
class PairScores:
    """The scores of all pairs of people in whole units of 1/`PAIR`, without a number for every pair.

    People who say the same on a dimension share a *code*; `code[i, k]` is that of person i on the k-th, numbered
    through over the dimensions, whose codes are `block[k]` up to `block[k + 1]`. The score of two different people
    is the sum over k of `table[code[i, k], code[j, k]]`; of somebody with themselves it is 0.
    """

    code: NDArray[np.int32]
    block: Ints
    table: NDArray[np.int32]

    @property
    def most(self) -> int:
        """What no pair exceeds: the best pair of codes on every dimension."""
        blocks = pairwise(self.block.tolist())
        return sum(int(self.table[a:b, a:b].max(initial=0)) for a, b in blocks) if len(self.code) > 1 else 0

    def among(self, people: Ints) -> NDArray[np.int32]:
        """[n, n]: the scores of some people with each other."""
        mine = self.code[people]
        score: NDArray[np.int32] = self.table[mine[:, None, :], mine[None, :, :]].sum(2, dtype=np.int32)
        np.fill_diagonal(score, 0)
        return score

    def matrix(self) -> NDArray[np.int32]:
        """[people, people]: every pair, for who can afford it."""
        score = np.zeros((len(self.code), len(self.code)), np.int32)
        for code in self.code.T:
            score += self.table[code[:, None], code[None, :]]
        np.fill_diagonal(score, 0)
        return score

    def total(self) -> int:
        """The sum over all ordered pairs."""
        count = np.bincount(self.code.ravel(), minlength=len(self.table)).astype(np.int64)
        return int(count @ self.table.astype(np.int64) @ count - self.with_oneself().sum())

    def with_oneself(self) -> Ints:
        """[people]: what the table says of somebody beside themselves, which is no pair."""
        own: Ints = self.table[self.code, self.code].sum(1, dtype=np.int64)
        return own

    def of_units(self, units: Sequence[tuple[int, ...]]) -> PairScores:
        """The same for units of people: what two units say is summed over their people."""
        kinds: list[dict[tuple[int, ...], int]] = [{} for _ in self.code.T]
        code = np.zeros((len(units), len(kinds)), np.int64)
        for u, unit in enumerate(units):
            for k, told in enumerate(np.sort(self.code[list(unit)], axis=0).T.tolist()):
                code[u, k] = kinds[k].setdefault(tuple(told), len(kinds[k]))
        block = np.cumsum([0, *map(len, kinds)]).astype(np.int64)
        held = np.zeros((int(block[-1]), len(self.table)), np.int64)
        for k, known in enumerate(kinds):
            for told, number in known.items():
                np.add.at(held[block[k] + number], list(told), 1)
        table = held @ self.table.astype(np.int64) @ held.T
        return PairScores((code + block[:-1]).astype(np.int32), block, table.astype(np.int32))


def scores_of(view: View, shared: bool = True) -> PairScores:
    """b(i, j) = sum over dimensions of weight x distance, plus the bonus for common ground unless `shared` is False.

    With the goal `bonding`, distance turns into similarity.
    """
    bonding = view.problem.format.goal == "bonding"
    codes, tables = [], []
    for d in dimensions_of(view):
        told = np.full((len(d.distance) + 1, len(d.distance) + 1), d.mean)  # the last row and column: not told
        told[:-1, :-1] = d.distance
        codes.append(np.where(d.kind < 0, len(d.distance), d.kind))
        tables.append(np.rint(d.weight * PAIR * (1.0 - told if bonding else told)).astype(np.int32))
    for weight, bond in bonds_of(view) if shared else ():
        codes.append(bond.kind)
        tables.append(np.rint(weight * PAIR * bond.amount).astype(np.int32))
    block = np.cumsum([0, *map(len, tables)]).astype(np.int64)
    table = np.zeros((int(block[-1]), int(block[-1])), np.int32)
    for (a, b), part in zip(pairwise(block.tolist()), tables, strict=True):
        table[a:b, a:b] = part
    code = np.stack(codes, 1) + block[:-1] if codes else np.zeros((len(view.people), 0), np.int64)
    return PairScores(code.astype(np.int32), block, table)


def mean_score(score: PairScores) -> float:
    """The score of two people picked blindly, in bridging."""
    pairs = len(score.code) * (len(score.code) - 1)
    return score.total() / pairs / PAIR if pairs else 0.0
