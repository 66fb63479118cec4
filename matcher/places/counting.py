"""How many groups open where, exactly: a small problem as one model over whole numbers (CP-SAT)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

from ortools.sat.python import cp_model

from matcher.places.pools import Counts, Pool, Pools
from matcher.solving import Solver, solve


class CountingModel:
    """Units of a class in a pool, groups of a pool, groups that a class of facilitators leads in a pool."""

    def __init__(self, pools: Pools) -> None:
        self.pools = pools
        self.cp = cp_model.CpModel()
        self.groups = {p: self.cp.new_int_var(0, int(pools.frame.groups[p[0]]), "") for p in pools.pools}
        self.sits = self._sits()
        self.leads = self._leads()
        self.led = cp_model.LinearExpr.sum(list(self.leads.values()))
        self.people = {
            p: cp_model.LinearExpr.sum([pools.classes[c].size * v for (c, q), v in self.sits.items() if q == p])
            for p in pools.pools
        }
        self._sizes()
        self.weighted = cp_model.LinearExpr.sum([pools.classes[c].weight * v for (c, _), v in self.sits.items()])

    def _sits(self) -> dict[tuple[int, Pool], cp_model.IntVar]:
        sits = {}
        occasion = self.pools.model.occasion
        for c, mine in enumerate(self.pools.classes):
            by_occasion = defaultdict(list)
            for pool in self.pools.pools:
                if self.pools.sits(mine, pool):
                    sits[c, pool] = self.cp.new_int_var(0, len(mine.units), "")
                    by_occasion[int(occasion[pool[0]])].append(sits[c, pool])
            for some in by_occasion.values():
                self.cp.add(sum(some) <= len(mine.units))
            self.cp.add(sum(v for some in by_occasion.values() for v in some) <= len(mine.units) * mine.often)
        return sits

    def _leads(self) -> dict[tuple[int, Pool], cp_model.IntVar]:
        leads = {
            (k, pool): self.cp.new_int_var(0, mine.many, "")
            for k, mine in enumerate(self.pools.leaders)
            for pool in self.pools.pools
            if self.pools.leads(mine, pool)
        }
        for k, mine in enumerate(self.pools.leaders):
            for clique in self.pools.cliques:
                self.cp.add(sum(v for (j, p), v in leads.items() if j == k and p[0] in clique) <= mine.many)
            self.cp.add(sum(v for (j, _), v in leads.items() if j == k) <= mine.many * mine.often)
        self._hosts(leads)
        if self.pools.frame.leader != "none":
            for pool, groups in self.groups.items():
                led = sum(v for (_, p), v in leads.items() if p == pool)
                required = self.pools.frame.leader == "required"
                self.cp.add(led == groups) if required else self.cp.add(led <= groups)
        return leads

    def _hosts(self, leads: dict[tuple[int, Pool], cp_model.IntVar]) -> None:
        """Whoever leads and takes part sits where they lead."""
        mine = {classed.host: c for c, classed in enumerate(self.pools.classes) if classed.host}
        for (k, pool), lead in leads.items():
            if host := self.pools.leaders[k].host:
                self.cp.add(lead <= self.sits.get((mine.get(host, -1), pool), 0))

    def _sizes(self) -> None:
        frame = self.pools.frame
        for pool, people in self.people.items():
            self.cp.add(people >= int(frame.low[pool[0]]) * self.groups[pool])
            self.cp.add(people <= int(frame.high[pool[0]]) * self.groups[pool])
        for s in range(self.pools.sessions):
            mine = [p for p in self.pools.pools if p[0] == s]
            self.cp.add(sum(self.groups[p] for p in mine) <= int(frame.groups[s]))
            self.cp.add(sum(self.people[p] for p in mine) <= int(frame.seats[s]))

    def hint(self, value: Callable[[cp_model.IntVar], int]) -> None:
        """Where to begin."""
        self.cp.clear_hints()  # type: ignore[no-untyped-call]
        for variable in [*self.sits.values(), *self.groups.values(), *self.leads.values()]:
            self.cp.add_hint(variable, value(variable))

    def off_target(self) -> cp_model.LinearExpr:
        """People above or below the target size, summed over pools."""
        total: cp_model.LinearExpr = cp_model.LinearExpr.sum([])
        for pool in self.pools.pools:
            off = self.cp.new_int_var(0, len(self.pools.model.view.people) + 1000, "")
            gap = self.people[pool] - int(self.pools.frame.target[pool[0]]) * self.groups[pool]
            self.cp.add(off >= gap)
            self.cp.add(off >= -gap)
            total += off
        return total

    def read(self, solver: Solver) -> Counts:
        """The numbers of a solution."""
        return Counts(
            {pool: solver.value(v) for pool, v in self.groups.items()},
            {key: solver.value(v) for key, v in self.sits.items()},
            solver.value(self.weighted),
        )


def count(pools: Pools, seed: int, effort: float) -> tuple[Counts | None, int | None]:
    """Most weight, then most groups led, then sizes near the target; and what no staffing exceeds, if known.

    Nothing if the effort was not enough for any.
    """
    model = CountingModel(pools)
    model.cp.maximize(model.weighted)
    solver = solve(model.cp, seed, effort)
    if not solver.found:
        return None, None
    bound = int(solver.best_objective_bound + 1e-6)
    if pools.frame.leader == "optional" and model.leads:
        solver = _further(model, solver, model.weighted >= round(solver.objective_value), model.led, seed, effort / 4)
    if pools.frame.leader == "optional" and model.leads:
        model.cp.add(model.led >= solver.value(model.led))
    reached = model.weighted >= solver.value(model.weighted)
    solver = _further(model, solver, reached, -model.off_target(), seed, effort / 4)
    return model.read(solver), bound


def _further(
    model: CountingModel, solver: Solver, reached: cp_model.BoundedLinearExpression | bool, aim: cp_model.LinearExpr,
    seed: int, effort: float,
) -> Solver:  # fmt: skip
    """With what was reached, more of the next aim; what stood before if that takes too long."""
    model.hint(solver.value)
    model.cp.add(reached)
    model.cp.maximize(aim)
    better = solve(model.cp, seed, effort)
    return better if better.found else solver
