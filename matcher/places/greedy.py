"""A staffing built one group at a time: always valid, and never empty where one group can open."""

from __future__ import annotations

from collections import defaultdict

from matcher.places.leading import Chair, assign, leaders_of
from matcher.places.pools import Counts, Pool, Pools


def build(pools: Pools) -> Counts:
    """Open groups while people, chairs and facilitators last: first where most people could come."""
    return _Builder(pools).built()


class _Builder:
    def __init__(self, pools: Pools) -> None:
        self.pools, self.model, self.frame = pools, pools.model, pools.frame
        occasions = range(int(self.model.occasion.max(initial=0)) + 1)
        self.left = {(c, r): len(mine.units) for c, mine in enumerate(pools.classes) for r in occasions}
        self.seats_left = [len(mine.units) * mine.often for mine in pools.classes]
        self.groups: dict[Pool, int] = defaultdict(int)
        self.flows: dict[tuple[int, Pool], int] = defaultdict(int)
        self.seated = [0] * pools.sessions
        self.led = self._led()

    def built(self) -> Counts:
        """Pool by pool, each for as long as it can."""
        for pool in sorted(self.pools.pools, key=lambda p: (-self._wanted(p), p)):
            while self._open(pool):
                pass
        weight = sum(self.pools.classes[c].weight * many for (c, _), many in self.flows.items())
        return Counts(dict(self.groups), dict(self.flows), weight)

    def _free(self, c: int, pool: Pool) -> int:
        """Units of a class that could still take a seat in a pool."""
        mine = self.pools.classes[c]
        if not self.pools.sits(mine, pool):
            return 0
        return min(self.left[c, int(self.model.occasion[pool[0]])], self.seats_left[c])

    def _wanted(self, pool: Pool) -> int:
        return sum(mine.size * self._free(c, pool) for c, mine in enumerate(self.pools.classes))

    def _open(self, pool: Pool) -> bool:
        """One group more of a pool, if it may be, can be led, and enough people come."""
        s = pool[0]
        full = sum(n for p, n in self.groups.items() if p[0] == s) >= self.frame.groups[s]
        taken = {} if full or self.groups[pool] >= self.led.get(pool, 0) else self._company(pool)
        if not taken:
            return False
        self.groups[pool] += 1
        for c, many in taken.items():
            self.flows[c, pool] += many
            self.left[c, int(self.model.occasion[s])] -= many
            self.seats_left[c] -= many
            self.seated[s] += many * self.pools.classes[c].size
        return True

    def _led(self) -> dict[Pool, int]:
        """Groups per pool that can be led all together, of those that somebody could fill."""
        possible = [p for p in self.pools.pools if self._company(p)]
        most = {
            p: min(int(self.frame.groups[p[0]]), self._wanted(p) // max(1, int(self.frame.low[p[0]]))) for p in possible
        }
        if self.frame.leader != "required":
            return most
        chairs = [p for p, many in most.items() for _ in range(many)]
        led: dict[Pool, int] = defaultdict(int)
        for c in assign(self.model, [Chair(s, 1 << bit) for s, bit in chairs], leaders_of(self.model)):
            led[chairs[c]] += 1
        return led

    def _company(self, pool: Pool) -> dict[int, int]:
        """Units per class for a group as near to the target as can be, heaviest first; nothing if too few come."""
        s = pool[0]
        low, high = int(self.frame.low[s]), min(int(self.frame.high[s]), int(self.frame.seats[s]) - self.seated[s])
        ways: dict[int, dict[int, int]] = {0: {}}
        order = sorted(range(len(self.pools.classes)), key=lambda c: -self.pools.classes[c].weight)
        target = min(max(low, int(self.frame.target[s])), high)
        for c in order:
            size = self.pools.classes[c].size
            for _ in range(min(self._free(c, pool), high // size)):
                if target in ways:
                    break
                for n in sorted(ways, reverse=True):
                    if n + size <= high and n + size not in ways:
                        ways[n + size] = {**ways[n], c: ways[n].get(c, 0) + 1}
        good = [n for n in ways if max(1, low) <= n <= high]
        return ways[min(good, key=lambda n: abs(n - target))] if good else {}
