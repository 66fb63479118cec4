"""What nobody can beat: an upper bound for the bridging and for the distinct pairs of any valid plan.

A program over people x kinds of session and over groups by size. Within a group of size s, c people
with the same answer lose c(c - 1) / (s - 1) of their distance: a choice of c per group and answer is a variable, so the
program takes the lower convex envelope over the counts that the firm rules allow, and knows who can come when.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from threading import Event

import numpy as np

from matcher.bridging import bonds_of, dimensions_of
from matcher.linear_program import LinearProgram
from matcher.model import ONE, Model
from matcher.terms import Floats, Headcount, Ints

MOST_COUNTS = 200_000
"""Sizes x counts x answers up to which a program is made; where sizes range from 2 to 300 it would take minutes."""
MOST_SEATS = 60_000
"""People x kinds of session up to which availability is modelled; beyond, everybody is thought to come anywhere."""
RELATIVE, ROUNDING = 1e-9, 1e-6
"""What is added to the value of a linear program, which is right to so many digits: in parts of it, and in bridging."""


@dataclass(frozen=True)
class SessionKind:
    """Sessions that are alike for everybody: who may come, sizes, and how many groups and seats in all."""

    may: Ints  # [U] how many seats a unit may take in them
    groups: int
    seats: int
    low: int
    target: int
    high: int


@dataclass(frozen=True)
class Ceiling:
    """What no valid plan exceeds: in bridging, and in quality, that is bridging less the prices of all wishes."""

    bridging: float
    quality: float


def ceiling(model: Model, seats: int, seconds: float = 5.0, enough: Event | None = None) -> Ceiling:
    """What no valid plan with at most `seats` taken seats exceeds; set `enough` to have what is proven so far."""
    enough = enough or Event()
    bridging = _most(model, seats, seconds / 2, enough, priced=False)
    return Ceiling(bridging, min(bridging, _most(model, seats, seconds / 2, enough, priced=True)))


def _most(model: Model, seats: int, seconds: float, enough: Event, *, priced: bool) -> float:
    """The bound of the bridging, or, if `priced`, of the quality."""
    if not model.units or not len(model.view.places):
        return 0.0
    trivial = seats * _best_mean(model)
    program = LinearProgram()
    kinds, dimensions = _kinds(model), _answers(model, priced)
    counts = sum(s for kind in kinds for s in range(kind.low, kind.high + 1)) * sum(len(d.people) for d in dimensions)
    if counts > MOST_COUNTS:
        return trivial
    sits = [_sits(program, kind) for kind in kinds]
    _once(program, model, kinds, sits)
    opens = [_opens(program, kind, model, priced) for kind in kinds]
    program.row({y: s for mine in opens for s, y in mine.items()}, 0, seats)
    for dimension in dimensions:
        for mine, groups in zip(sits, opens, strict=True):
            _spread(program, model, dimension, mine, groups)
    value = program.maximum(seconds, enough) + seats * sum(weight for weight, _ in bonds_of(model.view))
    return min(trivial, value * (1 + RELATIVE) + ROUNDING)


def _best_mean(model: Model) -> float:
    dimensions = sum(d.weight for d in dimensions_of(model.view))
    return dimensions + sum(weight for weight, _ in bonds_of(model.view))


def _kinds(model: Model) -> list[SessionKind]:
    may = model.may_come()
    low, high = model.frame.low, model.frame.high
    target = np.clip(model.frame.target, low, high)
    alike: dict[tuple[bytes, int, int, int], list[int]] = defaultdict(list)
    for s in np.flatnonzero((model.frame.groups > 0) & (high >= low)).tolist():
        alike[may[:, s].tobytes(), int(low[s]), int(target[s]), int(high[s])].append(s)
    if len(alike) * len(may) > MOST_SEATS:
        merged: dict[int, list[int]] = defaultdict(list)
        for (_, _, t, _), sessions in alike.items():
            merged[t] += sessions
        alike = {(b"", int(low[mine].min()), t, int(high[mine].max())): mine for t, mine in merged.items()}
    return [_kind(model, mine, may, *sizes) for (_, *sizes), mine in alike.items()]


def _kind(model: Model, sessions: list[int], may: np.ndarray, low: int, target: int, high: int) -> SessionKind:
    occasions = len(set(model.occasion[sessions].tolist()))
    seats = int(np.minimum(model.frame.seats[sessions], 10**9).sum())
    groups = int(model.frame.groups[sessions].sum())
    often = np.where(may[:, sessions].any(1), occasions, 0).astype(np.int64)
    return SessionKind(often, groups, seats, low, target, high)


def _sits(program: LinearProgram, kind: SessionKind) -> dict[int, int]:
    """Unit -> column: how often it sits in sessions of this kind."""
    return {int(u): program.column(upper=float(kind.may[u])) for u in np.flatnonzero(kind.may)}


def _once(program: LinearProgram, model: Model, kinds: list[SessionKind], sits: list[dict[int, int]]) -> None:
    """Nobody takes more seats than allowed."""
    for u, unit in enumerate(model.units):
        mine = [columns[u] for columns in sits if u in columns]
        if mine:
            program.row(dict.fromkeys(mine, 1.0), 0, float(min(model.frame.meetings[list(unit)])))
    for kind, columns in zip(kinds, sits, strict=True):
        program.row({c: float(len(model.units[u])) for u, c in columns.items()}, 0, kind.seats)


def _opens(program: LinearProgram, kind: SessionKind, model: Model, priced: bool) -> dict[int, int]:
    """Size -> column: how many groups of that size. Everybody placed is worth the sum of the weights."""
    price = model.problem.format.off_target if priced else lambda _: 0.0
    worth = sum(d.weight for d in dimensions_of(model.view))
    if model.problem.format.goal == "bonding":
        worth = 0.0
    sizes = range(max(1, kind.low), kind.high + 1)
    columns = {s: program.column(worth * s - price(abs(s - kind.target))) for s in sizes}
    program.row(dict.fromkeys(columns.values(), 1.0), 0, kind.groups)
    return columns


@dataclass(frozen=True)
class DimensionCounts:
    """One dimension: the people per answer (the last may be those who told none) and what each count costs."""

    weight: float
    people: list[Ints]
    loss: list[Floats]  # [c, n] of distance
    price: list[Floats]  # [c, n] of wishes
    hard: list[Floats]  # [c, n] breaches of firm rules


def _answers(model: Model, priced: bool) -> list[DimensionCounts]:
    size = model.largest + 1
    firm: dict[bytes, Floats] = defaultdict(lambda: np.zeros((size, size)))
    wish: dict[bytes, Floats] = defaultdict(lambda: np.zeros((size, size)))
    for rule, term in model.terms:
        if isinstance(term, Headcount) and not term.bubbles:
            key, cut = term.people.tobytes(), term.amount[:size, :size]
            if rule.firm:
                firm[key] = firm[key] + cut
            elif priced:
                wish[key] = wish[key] + model.price(rule) / ONE * cut
    found = []
    c, n = np.mgrid[0 : model.largest + 1, 0 : model.largest + 1].astype(float)
    others = np.maximum(n - 1, 1)
    bonding = model.problem.format.goal == "bonding"
    for d in dimensions_of(model.view):
        people = [np.flatnonzero(d.kind == k) for k in range(len(d.distance))]
        several = bool(((d.distance > 0) & (d.distance < 1)).any())
        same = c * (c - 1) / others
        loss = [-same if bonding else same] * len(people)
        if bonding and several:
            loss = [-c] * len(people)
        silent = np.flatnonzero(d.kind < 0)
        if len(silent):
            people.append(silent)
            told = (1 - d.mean) * c * (2 * n - c - 1) / others
            loss = [*loss, -told if bonding else told]
        hard = [firm[p.tobytes()] for p in people]
        # A wish about people who gave an answer to each of two dimensions counts once.
        price = [wish.pop(p.tobytes(), np.zeros((size, size))) for p in people]
        found.append(DimensionCounts(d.weight, people, loss, price, hard))
    return found


def _spread(
    program: LinearProgram, model: Model, answers: DimensionCounts, sits: dict[int, int], opens: dict[int, int]
) -> None:
    """Link people with an answer to counts per group, and the counts to their loss."""
    filled: dict[int, dict[int, float]] = {s: {} for s in opens}
    for people, loss, price, hard in zip(answers.people, answers.loss, answers.price, answers.hard, strict=True):
        holders: dict[int, float] = defaultdict(float)
        for u in model.unit_of[people].tolist():
            if u in sits:
                holders[sits[u]] -= 1.0
        balance = dict(holders)
        for s, y in opens.items():
            counts = [c for c in range(min(s, len(people)) + 1) if hard[c, s] == 0]
            columns = {c: program.column(-answers.weight * float(loss[c, s]) - float(price[c, s])) for c in counts}
            program.row({**dict.fromkeys(columns.values(), 1.0), y: -1.0}, 0, 0)
            for c, column in columns.items():
                if c:
                    balance[column] = filled[s][column] = float(c)
        program.row(balance, 0, 0)
    for s, y in opens.items():
        program.row({**filled[s], y: -float(s)}, 0, 0)


def pairs_bound(model: Model, seats: int) -> int:
    """No plan with at most `seats` taken seats lets more pairs of people meet."""
    people = len(model.view.people)
    left, pairs = seats, 0
    sizes = sorted((int(model.frame.high[s]) for s, _ in model.view.places), reverse=True)
    for size in sizes:
        taken = min(size, left)
        pairs += taken * (taken - 1) // 2
        left -= taken
    most = max(sizes, default=1) - 1
    times = np.minimum(model.frame.meetings, int(model.occasion.max(initial=0)) + 1)
    met = int(np.minimum(times * most, people - 1).sum()) // 2
    return int(min(pairs, met))
