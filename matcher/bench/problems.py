"""The problems that are measured: from the examples, and generated with a seed."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np

import matcher
from matcher.domain import Format, Participant, Problem, Session, Size
from matcher.rules.met_before import MetBefore
from matcher.rules.never_alone import NeverAlone

EXAMPLES = Path(matcher.__file__).parents[1] / "examples"
PEERS = {48: (8, 6, 4, 1.35), 120: (20, 6, 4, 1.5), 300: (50, 6, 3, 1.3), 1000: (125, 8, 1, 1.0)}
"""People -> tables, seats, rounds, price of a lone member."""
AGAIN = 30.0
"""Price of meeting again on the instances of the peers."""


def answers_of(people: int) -> dict[str, tuple[str, ...]]:
    """The answers of an instance of the peers."""
    with (EXAMPLES / "peers" / f"n{people:03d}.csv").open(encoding="utf-8") as file:
        return {row[0]: tuple(row[1:]) for row in list(csv.reader(file))[1:]}


def peers(people: int, diversity_only: bool = False) -> Problem:
    """An instance of the peers, all five columns in bridging, lone minority members and repeats at a price."""
    tables, size, rounds, lone = PEERS[people]
    everybody = tuple(
        Participant(name, {f"d{k}": frozenset({a}) for k, a in enumerate(told)})
        for name, told in answers_of(people).items()
    )
    alone = tuple(NeverAlone(dimension=f"d{k}", weight=lone, below=0.2) for k in range(5))
    recipe = Format(
        size=Size(size, size, size), series="rounds" if rounds > 1 else "single", rounds=rounds,
        bridging={f"d{k}": 1.0 for k in range(5)},
        rules=(MetBefore(weight=AGAIN), *(() if diversity_only else alone)),
    )  # fmt: skip
    return Problem(everybody, tuple(Session(f"r{k}", tables, round=k + 1) for k in range(rounds)), recipe)


def priced(given: Problem, lone: float | None) -> Problem:
    """The same problem with another price of a lone member, or none allowed for None."""
    rules = tuple(
        replace(rule, firm=lone is None, weight=lone or 0.0) if isinstance(rule, NeverAlone) else rule
        for rule in given.format.rules
    )
    return replace(given, format=replace(given.format, rules=rules))


def one_round(people: int) -> Problem:
    """The first round of such an instance by itself; nobody met before, and a lone member costs more than it brings."""
    whole = priced(peers(people), 2.0)
    rules = tuple(rule for rule in whole.format.rules if isinstance(rule, NeverAlone))
    recipe = replace(whole.format, series="single", rounds=1, rules=rules)
    return replace(whole, sessions=whole.sessions[:1], format=recipe)


def evenings(people: int, protected: int, seed: int, demand: float = 1.05, sessions: int = 4) -> Problem:
    """People with three skewed dimensions, some not told, each free in half of the sessions; more people than seats."""
    random = np.random.default_rng(seed)
    groups = max(1, round(people / demand / 8))
    rooms = tuple(Session(f"s{k}", groups // sessions + (k < groups % sessions)) for k in range(min(sessions, groups)))
    chances = [np.array([0.5**j for j in range(n)]) for n in (4, 5, 6)]

    def somebody(i: int) -> Participant:
        told = {f"d{k}": frozenset({f"v{random.choice(len(c), p=c / c.sum())}"}) for k, c in enumerate(chances)
                if random.random() > 0.05}  # fmt: skip
        free = frozenset(room.id for room in rooms if random.random() < 0.5) or frozenset({rooms[0].id})
        return Participant(f"p{i:05d}", told, free)

    rules = tuple(NeverAlone(dimension=f"d{k}", firm=True) for k in range(protected))
    recipe = Format(size=Size(5, 7, 8), bridging={f"d{k}": 1.0 for k in range(3)}, rules=rules)
    return Problem(tuple(somebody(i) for i in range(people)), rooms, recipe)
