"""People and facilitators in classes, groups in pools: all that matters for how many groups open where."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from matcher.frames import clash
from matcher.model import Model
from matcher.places.leading import leaders_of

Pool = tuple[int, int]
"""A session and the bit of a language."""


@dataclass(frozen=True)
class UnitClass:
    """Units alike in where they may sit, what they speak, how many they are, what they weigh and how often they sit."""

    sessions: frozenset[int]
    speaks: int
    size: int
    weight: int
    often: int
    host: int
    """1 + the unit, for somebody who leads and takes part: they are alone in their class; 0 for others."""
    units: tuple[int, ...]


@dataclass(frozen=True)
class LeaderClass:
    """Facilitators with the skills, alike in sessions, languages and how many groups they may lead."""

    sessions: frozenset[int]
    speaks: int
    often: int
    host: int
    """As of the units: 0 for whoever does not take part."""
    many: int


class Pools:
    """Which classes may sit or lead in which pools. A pool that too few people could fill is left out."""

    def __init__(self, model: Model) -> None:
        self.model, self.frame = model, model.frame
        self.sessions = len(model.view.sessions)
        self.may = model.may_come()
        self.classes = self._classes()
        self.pools = self._pools()
        self.leaders = self._leaders()
        self.cliques = self._cliques()

    def _classes(self) -> list[UnitClass]:
        units: dict[tuple[bytes, int, int, int, int, int], list[int]] = defaultdict(list)
        for u, unit in enumerate(self.model.units):
            often = int(min(self.frame.meetings[list(unit)]))
            host = u + 1 if u in self.model.host else 0
            key = (self.may[u].tobytes(), int(self.model.reach[u]), len(unit), self.model.weight(unit), often, host)
            units[key].append(u)
        return [
            UnitClass(frozenset(np.flatnonzero(self.may[mine[0]]).tolist()), *key[1:], tuple(mine))
            for key, mine in sorted(units.items())
            if key[4] > 0
        ]

    def _pools(self) -> list[Pool]:
        bits = range(max(1, len(self.model.languages))) if self.frame.one_language else range(1)
        pools = [(s, b) for s in range(self.sessions) for b in bits if self.model.session_speaks(s) >> b & 1]
        able: dict[Pool, int] = defaultdict(int)
        for mine in self.classes:
            for pool in pools:
                able[pool] += mine.size * len(mine.units) * self.sits(mine, pool)
        low, high = self.frame.low, self.frame.high
        return [p for p in pools if max(1, low[p[0]]) <= min(able[p], max(high[p[0]], 0)) and high[p[0]] >= low[p[0]]]

    def sits(self, mine: UnitClass, pool: Pool) -> bool:
        """Whether units of a class may sit in a pool."""
        return pool[0] in mine.sessions and bool(mine.speaks >> pool[1] & 1)

    def leads(self, mine: LeaderClass, pool: Pool) -> bool:
        """Whether facilitators of a class may lead in a pool."""
        return pool[0] in mine.sessions and bool(mine.speaks >> pool[1] & 1)

    def _leaders(self) -> list[LeaderClass]:
        if self.frame.leader == "none":
            return []
        alike: dict[tuple[tuple[int, ...], int, int, int], int] = defaultdict(int)
        for leader, host in zip(leaders_of(self.model), self.model.host, strict=True):
            if leader.sessions and leader.often > 0:
                alike[tuple(sorted(leader.sessions)), leader.speaks, leader.often, host + 1] += 1
        return [LeaderClass(frozenset(key[0]), *key[1:], many) for key, many in sorted(alike.items())]

    def _cliques(self) -> list[tuple[int, ...]]:
        """Sets of sessions of which nobody can lead two; every two that clash are in one of them."""
        pairs = {(s, t) for s, t in combinations(range(self.sessions), 2) if clash(self.model.view, s, t)}
        left = set(pairs)
        cliques: list[tuple[int, ...]] = [(s,) for s in range(self.sessions)]
        for s, t in sorted(pairs):
            if (s, t) in left:
                clique = [s, t]
                for other in range(self.sessions):
                    if other not in clique and all((min(x, other), max(x, other)) in pairs for x in clique):
                        clique.append(other)
                cliques.append(tuple(sorted(clique)))
                left -= set(combinations(cliques[-1], 2))
        inside = [c for c in cliques if not any(set(c) < set(other) for other in cliques)]
        return sorted(set(inside))


@dataclass(frozen=True)
class Counts:
    """How many groups open per pool, how many units of class c sit in pool p as `flows[c, p]`, and what it weighs."""

    groups: dict[Pool, int]
    flows: dict[tuple[int, Pool], int]
    weight: int


def everybody(pools: Pools) -> int:
    """The weight if everybody sat as often as they may."""
    occasions = int(pools.model.occasion.max(initial=0)) + 1
    return sum(mine.weight * len(mine.units) * min(mine.often, occasions) for mine in pools.classes)
