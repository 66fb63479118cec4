"""How far apart two people are: the bridging score of a pair, which all figures are built on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.rules import terms_of
from matcher.terms import Floats, Ints, Pair, View

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
    return [_dimension(view, name, weight) for name, weight in weights.items() if weight > 0]


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


def bonds_of(view: View) -> list[tuple[float, Pair]]:
    """The weighted pair terms that count as common ground within the score."""
    return [(r.weight, t) for r, t in terms_of(view) if isinstance(t, Pair) and t.when == "bond"]


def pair_scores(view: View, shared: bool = True) -> NDArray[np.int32]:
    """The score of every pair of people in units of 1/`PAIR`, a symmetric matrix with a zero diagonal.

    b(i, j) = sum over dimensions of weight x distance, plus the bonus for common ground unless `shared` is False. With
    the goal `bonding`, distance turns into similarity.
    """
    bonding = view.problem.format.goal == "bonding"
    score = np.zeros((len(view.people), len(view.people)), np.int32)
    for d in dimensions_of(view):
        table = np.full((len(d.distance) + 1, len(d.distance) + 1), d.mean)  # the last row and column: not told
        table[:-1, :-1] = d.distance
        whole = np.rint(d.weight * PAIR * (1.0 - table if bonding else table)).astype(np.int32)
        score += whole[d.kind[:, None], d.kind[None, :]]
    for weight, bond in bonds_of(view) if shared else ():
        bonus = np.rint(weight * PAIR * bond.amount).astype(np.int32)
        np.add.at(score, (bond.a, bond.b), bonus)
        np.add.at(score, (bond.b, bond.a), bonus)
    np.fill_diagonal(score, 0)
    return score


def mean_score(score: NDArray[np.int32]) -> float:
    """The score of two people picked blindly, in bridging."""
    pairs = len(score) * (len(score) - 1)
    return float(score.sum(dtype=np.int64)) / pairs / PAIR if pairs else 0.0
