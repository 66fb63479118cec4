"""How different the people of one round can be at most when nobody is the only one of a minority, by column generation.

A round is a choice of groups. The linear program over all groups there can be has a row per person, and one per
minority of odd number: as none of them sits alone, not all can sit in pairs, so some group holds an odd number of
them. Groups enter as columns. They are found by exchanging people; when that finds no more, CP-SAT proves what a group
can be worth at most at today's prices, and with it the bound of Lagrange.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from ortools.sat.python import cp_model

from matcher.linear_program import LinearProgram
from matcher.solving import solve
from matcher.terms import Floats, Ints

Bools = NDArray[np.bool_]

STARTS, EXCHANGES = 400, 4000
"""Groups that are improved at once, and how often somebody is exchanged in each."""
ROUNDS = 60
"""Linear programs in a row at most."""
LONE = 3.0
"""Price of a lone member while people are exchanged: such a group is no column in the end."""
FINE = 1000
"""Prices in CP-SAT, per point."""
EFFORT = 120.0
"""Of CP-SAT, about seconds on one core."""
UNMET = (0.0, -5.0)
"""Worth of a person without a group, and of an odd minority that sits in pairs only, as long as columns are missing."""


@dataclass(frozen=True)
class CeilingRound:
    """`holds` [n, B]: who gave which answer; `minority` [B]: where nobody may be the only one; groups of `size`."""

    holds: Bools
    minority: Bools
    size: int

    @property
    def groups(self) -> int:
        """How many there are."""
        return len(self.holds) // self.size

    @property
    def odd(self) -> Ints:
        """Minorities that cannot sit in pairs only."""
        return np.flatnonzero(self.minority & (self.holds.sum(0) % 2 == 1))

    def counts(self, groups: Ints) -> Ints:
        """[k, B] how many of each bubble sit in each of k groups [k, size]."""
        return np.asarray(self.holds[groups].sum(1))

    def worth(self, groups: Ints) -> Ints:
        """[k] different answers of two people, summed over the pairs of a group."""
        like, questions = self.counts(groups), int(self.holds[0].sum())
        return np.asarray(questions * math.comb(self.size, 2) - (like * (like - 1) // 2).sum(1))

    def lone(self, groups: Ints) -> Bools:
        """[k] whether somebody is the only one of a minority."""
        return np.asarray(((self.counts(groups) == 1) & self.minority).any(1))


def round_of(answers: dict[str, tuple[str, ...]], size: int, below: float = 0.2) -> CeilingRound:
    """A round of these people; a minority are 2 people to less than `below` of all, as in `metrics.lone_minority`."""
    columns = [np.array(column) for column in zip(*answers.values(), strict=True)]
    holds = np.stack([column == answer for column in columns for answer in np.unique(column)], axis=1)
    many = holds.sum(0)
    return CeilingRound(holds, (many >= 2) & (many < below * len(answers)), size)


@dataclass(frozen=True)
class Prices:
    """What the rows of people [n] and of odd minorities [B] cost at the optimum of the groups found so far."""

    person: Floats
    odd: Floats

    def table(self, round: CeilingRound) -> Floats:
        """[B, size + 1] what c people of a bubble change in the worth of a group after prices; `LONE` set aside."""
        c = np.arange(round.size + 1)
        table: Floats = -(c * (c - 1) / 2)[None, :] - self.odd[:, None] * ((c % 2 == 1) & (c > 1))[None, :]
        return table

    def left(self, round: CeilingRound, groups: Ints) -> Floats:
        """[k] what groups are worth more than they cost."""
        odd = (round.counts(groups) % 2 * self.odd).sum(1)
        return np.asarray(round.worth(groups) - self.person[groups].sum(1) - odd)

    def bound(self, round: CeilingRound, most: float) -> float:
        """Nobody has more when no group is left with more than `most` (Lagrange)."""
        return float(self.person.sum() + self.odd.sum() + round.groups * max(0.0, most))


def most_of(round: CeilingRound, seed: int = 1) -> int:
    """No choice of groups without lone members has more different answers than this."""
    random = np.random.default_rng(seed)
    prices = Prices(np.zeros(len(round.holds)), np.zeros(len(round.minority)))
    known: dict[tuple[int, ...], None] = {}
    bound = math.inf
    for _ in range(ROUNDS):
        found = _exchanged(round, prices, random)
        fresh = [group for group in map(tuple, found.tolist()) if group not in known]
        if not fresh:
            most, best = _proven(round, prices)
            bound = min(bound, prices.bound(round, most))
            if not best or best in known or most < 1 / FINE:
                break
            fresh = [best]
        known.update(dict.fromkeys(fresh))
        prices = _priced(round, np.array(list(known)))
    return math.floor(bound + 1e-6)


def _exchanged(round: CeilingRound, prices: Prices, random: np.random.Generator) -> Ints:
    """Groups worth more than they cost, by exchanging people while it gets colder; all starts side by side."""
    n, bubbles = len(round.holds), np.arange(len(round.minority))
    table = prices.table(round)
    table[round.minority, 1] -= LONE
    groups = np.argsort(random.random((STARTS, n)), axis=1)[:, : round.size]
    counts = round.counts(groups)
    rows = np.arange(STARTS)
    value = table[bubbles, counts].sum(1) - prices.person[groups].sum(1)
    for step in range(EXCHANGES):
        heat = 3.0 * (0.02 / 3.0) ** (step / EXCHANGES)
        seat, comes = random.integers(round.size, size=STARTS), random.integers(n, size=STARTS)
        goes = groups[rows, seat]
        then = counts + round.holds[comes] - round.holds[goes]
        new = value + table[bubbles, then].sum(1) - table[bubbles, counts].sum(1)
        new += prices.person[goes] - prices.person[comes]
        taken = (new - value >= heat * np.log(random.random(STARTS))) & ~(groups == comes[:, None]).any(1)
        groups[rows[taken], seat[taken]] = comes[taken]
        counts[taken], value[taken] = then[taken], new[taken]
    found = np.unique(np.sort(groups, axis=1), axis=0)
    found = found[~round.lone(found)]
    return np.asarray(found[prices.left(round, found) > 1e-6])


def _priced(round: CeilingRound, groups: Ints) -> Prices:
    """The prices of the linear program over these groups."""
    program, n, odd = LinearProgram(), len(round.holds), round.odd
    rows: list[dict[int, float]] = [{} for _ in range(n + len(odd))]
    for k, row in enumerate(rows):
        row[program.column(UNMET[k >= n])] = 1.0
    uneven = round.counts(groups)[:, odd] % 2 == 1
    for group, worth, has in zip(groups.tolist(), round.worth(groups).tolist(), uneven, strict=True):
        column = program.column(worth)
        for row in (*group, *(n + np.flatnonzero(has))):
            rows[row][column] = 1.0
    for k, row in enumerate(rows):
        program.row(row, 1.0, 1.0 if k < n else math.inf)
    found = program.prices()
    prices = np.zeros(len(round.minority))
    prices[odd] = np.minimum(found[n:], 0.0)
    return Prices(found[:n], prices)


def _proven(round: CeilingRound, prices: Prices) -> tuple[float, tuple[int, ...]]:
    """What no group is left with more than, and the group that has most; prices are rounded in its favour."""
    model = cp_model.CpModel()
    sits = [model.new_bool_var("") for _ in round.holds]
    model.add(sum(sits) == round.size)
    gains = [-math.floor(price * FINE) * x for price, x in zip(prices.person, sits, strict=True)]
    for bubble, row in enumerate(np.ceil(prices.table(round) * FINE).astype(int).tolist()):
        many = {c: model.new_bool_var("") for c in range(round.size + 1) if c != 1 or not round.minority[bubble]}
        model.add_exactly_one(many.values())
        holders = [sits[i] for i in np.flatnonzero(round.holds[:, bubble])]
        model.add(sum(holders) == sum(c * x for c, x in many.items()))
        gains += [row[c] * x for c, x in many.items()]
    model.maximize(sum(gains))
    solver = solve(model, 1, EFFORT)
    pairs = int(round.holds[0].sum()) * math.comb(round.size, 2)
    best = tuple(i for i, x in enumerate(sits) if solver.found and solver.boolean_value(x))
    return solver.best_objective_bound / FINE + pairs, best
