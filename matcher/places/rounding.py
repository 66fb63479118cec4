"""How many groups open where, at any size: fractions first (a linear program), then whole groups that can be led."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import numpy as np

from matcher.linear_program import LinearProgram
from matcher.places.leading import Chair, assign, leaders_of
from matcher.places.pools import Counts, Pool, Pools, everybody
from matcher.terms import Floats

TURNS = 6
"""How often groups are closed that stay too small, and others opened for whom that leaves over."""
SHORT = 1000.0
"""Price of somebody missing in a group: above all that people weigh."""
NEAR = 0.001
"""Worth of sizes near the target, and of a group led where none has to be, beside one person's seat."""


class Fractions:
    """Units of a class in a pool, groups of a pool and those led, as fractions; `given` fixes the groups."""

    def __init__(self, pools: Pools, given: Mapping[Pool, int] | None = None, near: float = 0.0) -> None:
        self.pools, self.given, self.program = pools, given, LinearProgram()
        self.people: dict[Pool, dict[int, float]] = {pool: {} for pool in pools.pools}
        self.sits = self._sits()
        self.groups: dict[Pool, int] = {}
        if given is None:
            self.groups = {p: self.program.column(0.0, float(pools.frame.groups[p[0]])) for p in pools.pools}
            self._leads(near)
        self.short: dict[Pool, int] = {}
        self._sizes()
        if near and given is None:
            self._on_target(near)

    def _sits(self) -> dict[tuple[int, Pool], int]:
        sits: dict[tuple[int, Pool], int] = {}
        occasion = self.pools.model.occasion
        for c, mine in enumerate(self.pools.classes):
            many = float(len(mine.units))
            by_occasion: dict[int, dict[int, float]] = defaultdict(dict)
            for pool in self.pools.pools:
                if self.pools.sits(mine, pool) and (self.given is None or self.given.get(pool)):
                    column = sits[c, pool] = self.program.column(float(mine.weight), many)
                    by_occasion[int(occasion[pool[0]])][column] = 1.0
                    self.people[pool][column] = float(mine.size)
            for some in by_occasion.values():
                self.program.row(some, 0, many)
            if len(by_occasion) > mine.often:
                self.program.row({x: 1.0 for some in by_occasion.values() for x in some}, 0, many * mine.often)
        return sits

    def _leads(self, near: float) -> None:
        pools, frame = self.pools, self.pools.frame
        if frame.leader == "none":
            return
        led: dict[Pool, dict[int, float]] = {pool: {} for pool in pools.pools}
        for mine in pools.leaders:
            at: dict[int, dict[int, float]] = defaultdict(dict)
            for pool in pools.pools:
                if pools.leads(mine, pool):
                    worth = near * frame.high[pool[0]] if frame.leader == "optional" else 0.0
                    column = self.program.column(float(worth), float(mine.many))
                    led[pool][column] = at[pool[0]][column] = 1.0
            for clique in pools.cliques:
                self.program.row({x: 1.0 for s in clique for x in at.get(s, ())}, 0, float(mine.many))
            self.program.row({x: 1.0 for some in at.values() for x in some}, 0, float(mine.many * mine.often))
        for pool, columns in led.items():
            low = 0.0 if frame.leader == "required" else -np.inf
            self.program.row({**columns, self.groups[pool]: -1.0}, low, 0.0)

    def _sizes(self) -> None:
        frame, program = self.pools.frame, self.program
        for pool, people in self.people.items():
            low, high = float(frame.low[pool[0]]), float(frame.high[pool[0]])
            if self.given is None:
                program.row({**people, self.groups[pool]: -low}, 0, np.inf)
                program.row({**people, self.groups[pool]: -high}, -np.inf, 0)
            elif many := self.given.get(pool):
                self.short[pool] = program.column(-SHORT)
                program.row({**people, self.short[pool]: 1.0}, low * many, np.inf)
                program.row(people, 0, high * many)
        for s in range(self.pools.sessions):
            mine = [p for p in self.pools.pools if p[0] == s]
            if self.given is None:
                program.row({self.groups[p]: 1.0 for p in mine}, 0, float(frame.groups[s]))
            program.row({x: n for p in mine for x, n in self.people[p].items()}, 0, float(frame.seats[s]))

    def _on_target(self, near: float) -> None:
        for pool, people in self.people.items():
            off, target = self.program.column(-near), float(self.pools.frame.target[pool[0]])
            minus = {x: -n for x, n in people.items()}
            self.program.row({off: 1.0, **minus, self.groups[pool]: target}, 0, np.inf)
            self.program.row({off: 1.0, **people, self.groups[pool]: -target}, 0, np.inf)


def bound_of(pools: Pools) -> int:
    """The weight that no staffing exceeds."""
    found = Fractions(pools).program.solution()
    most = everybody(pools)
    return most if found is None else min(most, int(found[0] + 1e-6 * max(1.0, found[0])))


def round_off(pools: Pools, bound: int) -> Counts:
    """Whole groups near the fractions that seat most: valid, and often all that can be."""
    groups = _led(pools, _near(pools))
    best = Counts({}, {}, 0)
    for _ in range(TURNS):
        found, small = _filled(pools, groups)
        best = max(best, found, key=lambda counts: counts.weight)
        if not small and found.weight >= bound:
            break
        fewer = {pool: many - small.get(pool, 0) for pool, many in groups.items()}
        more = fewer if small else _more(pools, fewer)
        if more == groups:
            break
        groups = _led(pools, more)
    return best


def _near(pools: Pools) -> dict[Pool, int]:
    """The groups of a session as they come nearest to the fractions, without more of them than may open."""
    model = Fractions(pools, near=NEAR)
    found = model.program.solution()
    if found is None:
        return {}
    parts: dict[Pool, float] = {pool: float(found[1][column]) for pool, column in model.groups.items()}
    groups: dict[Pool, int] = {}
    for s in range(pools.sessions):
        mine = [p for p in pools.pools if p[0] == s]
        groups |= _largest_remainder({p: parts[p] for p in mine}, int(pools.frame.groups[s]))
    return groups


def _largest_remainder(parts: dict[Pool, float], most: int) -> dict[Pool, int]:
    total = min(most, round(sum(parts.values())))
    floor = {pool: int(part + 1e-6) for pool, part in parts.items()}
    order = sorted(parts, key=lambda pool: (floor[pool] - parts[pool], pool))
    for pool in order[: max(0, total - sum(floor.values()))]:
        floor[pool] += 1
    return floor


def _led(pools: Pools, groups: Mapping[Pool, int]) -> dict[Pool, int]:
    """Those of the groups that can be led all together; all of them where nobody has to lead."""
    if pools.frame.leader != "required":
        return dict(groups)
    chairs = [pool for pool, many in groups.items() for _ in range(many)]
    model = pools.model
    led = assign(model, [Chair(s, 1 << bit) for s, bit in chairs], leaders_of(model))
    found = dict.fromkeys(groups, 0)
    for c in led:
        found[chairs[c]] += 1
    return found


def _filled(pools: Pools, groups: Mapping[Pool, int]) -> tuple[Counts, dict[Pool, int]]:
    """People over these groups, and how many groups of a pool are too many for those who come."""
    model = Fractions(pools, groups)
    found = model.program.solution()
    if found is None:
        return Counts({}, {}, 0), dict(groups)
    short = {pool: float(found[1][column]) for pool, column in model.short.items()}
    small = {pool: int(np.ceil(gap / pools.frame.low[pool[0]] - 1e-6)) for pool, gap in short.items() if gap > 1e-6}
    flows = {key: int(found[1][column] + 1e-6) for key, column in model.sits.items()}
    if small:
        return Counts({}, {}, 0), small
    return Counts(dict(groups), flows, _weight(pools, found[1], model)), {}


def _weight(pools: Pools, values: Floats, model: Fractions) -> int:
    return int(sum(pools.classes[c].weight * values[column] for (c, _), column in model.sits.items()) + 1e-6)


def _more(pools: Pools, groups: dict[Pool, int]) -> dict[Pool, int]:
    """One group more in every session that has room, in the language that most people there speak."""
    more, frame = dict(groups), pools.frame
    for s in range(pools.sessions):
        mine = [p for p in pools.pools if p[0] == s]
        if mine and sum(groups.get(p, 0) for p in mine) < frame.groups[s]:
            wanted = {p: sum(c.size * len(c.units) for c in pools.classes if pools.sits(c, p)) for p in mine}
            pool = max(mine, key=lambda p: wanted[p] / (1 + groups.get(p, 0)))
            more[pool] = more.get(pool, 0) + 1
    return more
