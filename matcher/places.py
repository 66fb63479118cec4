"""Which groups open, and who leads them: people in classes, groups in pools of session and language (CP-SAT)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from ortools.sat.python import cp_model

from matcher.domain import Plan
from matcher.frames import clash
from matcher.model import Model, Staffing
from matcher.solving import Solver, solve
from matcher.terms import Ints


@dataclass(frozen=True)
class Opening:
    """A staffing, first places ([unit, occasion]), and the priority-weighted seats that no plan can beat."""

    staffing: Staffing
    start: Ints
    weight_bound: int


class Pools:
    """The model: pool = (session, language bit); class = units alike in where they may sit and what they speak."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.cp = cp_model.CpModel()
        self.sessions = len(model.view.sessions)
        self.may = self._may()
        self.classes = self._classes()
        self.pools = self._pools()
        self.groups = {pool: self.cp.new_int_var(0, int(model.frame.groups[pool[0]]), "") for pool in self.pools}
        self.sits = self._sits()
        self.leads = self._leads()
        self._sizes()

    def _may(self) -> np.ndarray:
        """[U, S]: may a unit sit in some place of the session."""
        session = np.array([s for s, _ in self.model.view.places], np.int64)
        may = np.zeros((len(self.model.units), self.sessions), bool)
        for s in range(self.sessions):
            may[:, s] = (self.model.fit[:, session == s] >= 0).any(1)
        return may

    def _classes(self) -> dict[tuple[int, ...], list[int]]:
        """(sessions, languages, people, weight, most seats, host) -> units; the sessions as a bit mask.

        Whoever leads and takes part is alone in a class, for they sit where they lead.
        """
        classes = defaultdict(list)
        for u, unit in enumerate(self.model.units):
            where = int(sum(1 << s for s in np.flatnonzero(self.may[u]).tolist()))
            cap = int(min(self.model.frame.meetings[list(unit)]))
            host = u + 1 if u in self.model.host else 0
            key = (where, int(self.model.reach[u]), len(unit), self.model.weight(unit), cap, host)
            classes[key].append(u)
        return dict(sorted(classes.items()))

    def _pools(self) -> list[tuple[int, int]]:
        if not self.model.frame.one_language:
            return [(s, 0) for s in range(self.sessions)]
        bits = range(max(1, len(self.model.languages)))
        pools = [(s, b) for s in range(self.sessions) for b in bits if self.model.session_speaks(s) >> b & 1]
        return [pool for pool in pools if self._filled(*pool)]

    def _filled(self, s: int, bit: int) -> bool:
        """Whether enough people speak a language in a session to make a group of it."""
        able = self.may[:, s] & (self.model.reach >> bit & 1 == 1)
        many = sum(len(self.model.units[u]) for u in np.flatnonzero(able))
        return bool(many >= self.model.frame.low[s])

    def _sits(self) -> dict[tuple[tuple[int, ...], tuple[int, int]], cp_model.IntVar]:
        sits = {}
        for key, units in self.classes.items():
            by_occasion = defaultdict(list)
            for pool in self.pools:
                if key[0] >> pool[0] & 1 and key[1] >> pool[1] & 1:
                    sits[key, pool] = self.cp.new_int_var(0, len(units), "")
                    by_occasion[int(self.model.occasion[pool[0]])].append(sits[key, pool])
            for mine in by_occasion.values():
                self.cp.add(sum(mine) <= len(units))
            self.cp.add(sum(v for mine in by_occasion.values() for v in mine) <= len(units) * key[4])
        return sits

    def _leads(self) -> dict[tuple[int, tuple[int, int]], cp_model.IntVar]:
        """Facilitator x pool -> leads a group there."""
        if self.model.frame.leader == "none":
            return {}
        view, leads = self.model.view, {}
        for f, leader in enumerate(self.model.problem.facilitators):
            if self.model.problem.format.skills <= leader.skills:
                for pool in self.pools:
                    at = not leader.sessions or view.sessions[pool[0]].id in leader.sessions
                    speaks = not self.model.frame.one_language or self.model.mask(leader.languages) >> pool[1] & 1
                    if at and speaks and self._takes_part(self.model.host[f], *pool):
                        leads[f, pool] = self.cp.new_bool_var("")
        self._one_at_a_time(leads)
        self._hosts(leads)
        for pool, groups in self.groups.items():
            led = sum(v for (_, p), v in leads.items() if p == pool)
            self.cp.add(led == groups) if self.model.frame.leader == "required" else self.cp.add(led <= groups)
        return leads

    def _takes_part(self, host: int, s: int, bit: int) -> bool:
        """Whether somebody who leads (-1 for a leader who does not take part) may sit in a pool as well."""
        return host < 0 or bool(self.may[host, s] and self.model.reach[host] >> bit & 1)

    def _hosts(self, leads: dict[tuple[int, tuple[int, int]], cp_model.IntVar]) -> None:
        """Whoever leads and takes part sits there: once at a time, and no more often than they come."""
        mine: dict[tuple[int, tuple[int, int]], list[cp_model.IntVar]] = defaultdict(list)
        for (f, pool), lead in leads.items():
            mine[self.model.host[f], pool].append(lead)
        for (key, pool), sits in self.sits.items():
            if key[5]:
                self.cp.add(sum(mine[key[5] - 1, pool]) <= sits)

    def _one_at_a_time(self, leads: dict[tuple[int, tuple[int, int]], cp_model.IntVar]) -> None:
        by_session = defaultdict(list)
        for (f, (s, _)), lead in leads.items():
            by_session[f, s].append(lead)
        clashing = [(s, t) for s, t in combinations(range(self.sessions), 2) if clash(self.model.view, s, t)]
        for f, leader in enumerate(self.model.problem.facilitators):
            mine = {s: by_session[f, s] for s in range(self.sessions) if by_session[f, s]}
            for led in mine.values():
                self.cp.add_at_most_one(led)
            for s, t in clashing:
                if s in mine and t in mine:
                    self.cp.add_at_most_one(mine[s] + mine[t])
            self.cp.add(sum(v for led in mine.values() for v in led) <= leader.max_groups)

    def _sizes(self) -> None:
        frame = self.model.frame
        self.people = {p: sum(k[2] * v for (k, q), v in self.sits.items() if q == p) for p in self.pools}
        for pool in self.pools:
            self.cp.add(self.people[pool] >= int(frame.low[pool[0]]) * self.groups[pool])
            self.cp.add(self.people[pool] <= int(frame.high[pool[0]]) * self.groups[pool])
        for s in range(self.sessions):
            mine = [p for p in self.pools if p[0] == s]
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
        for pool in self.pools:
            off = self.cp.new_int_var(0, len(self.model.view.people) + 1000, "")
            gap = self.people[pool] - int(self.model.frame.target[pool[0]]) * self.groups[pool]
            self.cp.add(off >= gap)
            self.cp.add(off >= -gap)
            total += off
        return total


def open_places(model: Model, seed: int, effort: float = 2.0) -> Opening:
    """Choose groups and leaders so that as many people as possible, by priority, can have a seat."""
    pools = Pools(model)
    weighted = cp_model.LinearExpr.sum([key[3] * v for (key, _), v in pools.sits.items()])
    pools.cp.maximize(weighted)
    solver = solve(pools.cp, seed, effort)
    if not solver.found:
        # Nobody seated is always a plan, and from there even thousands are soon seated.
        pools.hint(lambda variable: 0)
        solver = solve(pools.cp, seed, effort)
    everybody = sum(len(model.view.people) * key[3] for key in {key for key, _ in pools.sits})
    bound = int(solver.best_objective_bound + 1e-6) if solver.found else everybody
    if solver.found:
        solver = _on_target(pools, solver, weighted, seed, effort / 4)
    value = solver.value if solver.found else lambda variable: 0
    led = sorted((pool, f) for (f, pool), v in pools.leads.items() if value(v))
    groups = {pool: value(v) for pool, v in pools.groups.items()}
    rooms, leader = _rooms(model, groups, led)
    flows = {key: value(v) for key, v in pools.sits.items()}
    start = _start(model, pools, flows, rooms)
    for p, f in leader.items():
        if model.host[f] >= 0:
            start[model.host[f], model.occasion[model.view.places[p][0]]] = p
    return Opening(_staff(model, leader), start, bound)


def _on_target(pools: Pools, solver: Solver, weighted: cp_model.LinearExpr, seed: int, effort: float) -> Solver:
    """With as many people placed, groups nearer to their target size; what stood before if that takes too long."""
    reached = round(solver.objective_value)
    pools.hint(solver.value)
    pools.cp.add(weighted >= reached)
    pools.cp.minimize(pools.off_target())
    better = solve(pools.cp, seed, effort)
    return better if better.found else solver


def _rooms(
    model: Model, groups: dict[tuple[int, int], int], led: list[tuple[tuple[int, int], int]]
) -> tuple[dict[tuple[int, int], list[int]], dict[int, int]]:
    """Pool -> its places, and place -> who leads it: the groups of a session take its numbers in turn."""
    first = {s: p for p, (s, k) in enumerate(model.view.places) if k == 1}
    rooms: dict[tuple[int, int], list[int]] = {}
    leader: dict[int, int] = {}
    taken: dict[int, int] = defaultdict(int)
    for pool, many in sorted(groups.items()):
        rooms[pool] = [first[pool[0]] + taken[pool[0]] + k for k in range(many)]
        taken[pool[0]] += many
        leader.update(_seats_of_leaders(model, rooms[pool], [f for at, f in led if at == pool]))
    return rooms, leader


def _seats_of_leaders(model: Model, rooms: list[int], leaders: list[int]) -> dict[int, int]:
    """Place -> who leads it: first those who sit there themselves, where they may."""
    found: dict[int, int] = {}
    for f in sorted(leaders, key=lambda f: model.host[f] < 0):
        host = model.host[f]
        able = [p for p in rooms if p not in found and (host < 0 or model.fit[host, p] >= 0)]
        found.update({able[0]: f} if able else {})
    return found


def _staff(model: Model, leader: dict[int, int]) -> Staffing:
    base = model.everywhere()
    if model.frame.leader == "none":
        return base
    names, speaks = list(base.leader), base.speaks.copy()
    for p, f in leader.items():
        names[p] = model.problem.facilitators[f].id
        if model.frame.one_language:
            speaks[p] &= model.mask(model.problem.facilitators[f].languages)
    led = np.array([bool(name) for name in names], bool)
    return Staffing(base.open & led if model.frame.leader == "required" else base.open, tuple(names), speaks)


def _start(
    model: Model,
    pools: Pools,
    flows: dict[tuple[tuple[int, ...], tuple[int, int]], int],
    rooms: dict[tuple[int, int], list[int]],
) -> Ints:
    """[U, occasions]: first places of every unit, groups of a pool filled in turn; -1 for none."""
    start = np.full((len(model.units), int(model.occasion.max(initial=0)) + 1), -1, np.int64)
    filled: dict[tuple[int, int], int] = defaultdict(int)
    for (key, pool), many in sorted(flows.items(), key=lambda flow: (flow[0][1], flow[0][0])):
        r = int(model.occasion[pool[0]])
        free = [u for u in pools.classes[key] if start[u, r] < 0 and (start[u] >= 0).sum() < key[4]]
        # Who sat least often so far goes first, so that nobody runs out of meetings while others have them left.
        for u in sorted(free, key=lambda u: (start[u] >= 0).sum())[: many if rooms[pool] else 0]:
            start[u, r] = rooms[pool][filled[pool] % len(rooms[pool])]
            filled[pool] += 1
    return start


def reopen(model: Model, plan: Plan, seed: int) -> Opening:
    """The groups of a published plan with the leaders that people know, and more where leaders are left."""
    place = {key: p for p, key in enumerate(model.view.places)}
    named = {f.id: k for k, f in enumerate(model.problem.facilitators)}
    leader: dict[int, int] = {}
    told = [(place.get((model.view.session.get(g.session, -1), g.number)), g.facilitator) for g in plan.groups]
    for p, name in told:
        if p is not None and name in named and _free(model, leader, named[name], p):
            leader[p] = named[name]
    known = [p for p, _ in told if p is not None]
    for p in [*known, *(p for p in place.values() if p not in known)]:
        if p not in leader and model.frame.leader != "none":
            able = [f for f in range(len(model.problem.facilitators)) if _free(model, leader, f, p)]
            leader.update({p: able[0]} if able else {})
    bound = open_places(model, seed).weight_bound
    return Opening(_staff(model, leader), np.zeros((0, 0), np.int64), bound)


def _free(model: Model, leader: dict[int, int], f: int, p: int) -> bool:
    """Whether somebody may lead a group in place p beside the groups that they lead already."""
    person = model.problem.facilitators[f]
    s = model.view.places[p][0]
    mine = [model.view.places[q][0] for q, who in leader.items() if who == f]
    if (host := model.host[f]) >= 0:
        at = [model.occasion[model.view.places[q][0]] for q, who in leader.items() if model.host[who] == host]
        often = int(min(model.frame.meetings[list(model.units[host])]))
        if model.fit[host, p] < 0 or model.occasion[s] in at or len(at) >= often:
            return False
    able = model.problem.format.skills <= person.skills and len(mine) < person.max_groups
    comes = not person.sessions or model.view.sessions[s].id in person.sessions
    talks = not model.frame.one_language or model.mask(person.languages) & model.session_speaks(s)
    return able and comes and bool(talks) and not any(s == t or clash(model.view, s, t) for t in mine)
