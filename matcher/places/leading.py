"""Who leads which group: as many groups as possible, nobody at two at once (a flow; CP-SAT where hours mix)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
from ortools.graph.python import max_flow
from ortools.sat.python import cp_model

from matcher.frames import clash
from matcher.model import Model
from matcher.solving import solve

SOME = 4000
"""Facilitators x groups up to which hours that overlap in part are solved exactly; beyond, groups go in turn."""


@dataclass(frozen=True)
class Chair:
    """A group that wants a facilitator: its session, and the languages (bits) of which they must speak one."""

    session: int
    speaks: int


@dataclass(frozen=True)
class Leader:
    """Somebody who may lead so many more groups, in some sessions."""

    sessions: frozenset[int]
    speaks: int
    often: int


def leaders_of(model: Model, led: Mapping[int, Sequence[int]] | None = None) -> list[Leader]:
    """Every facilitator by number, with what is left beside the sessions that they lead in already."""
    view, told = model.view, led or {}
    rounds = range(len(view.sessions))
    found = []
    for f, person in enumerate(model.problem.facilitators):
        busy = told.get(f, ())
        able = model.problem.format.skills <= person.skills
        here = [s for s in rounds if not person.sessions or view.sessions[s].id in person.sessions]
        free = frozenset(s for s in here if able and not any(s == t or clash(view, s, t) for t in busy))
        speaks = model.mask(person.languages) if model.frame.one_language else 1
        found.append(as_host(model, f, Leader(free, speaks, max(0, person.max_groups - len(busy)))))
    # Of people who come together one leads; the others would have to sit there as well.
    first: dict[int, int] = {}
    for f in sorted(range(len(found)), key=lambda f: not told.get(f)):
        if model.host[f] >= 0 and first.setdefault(model.host[f], f) != f:
            found[f] = replace(found[f], often=0)
    return found


def as_host(model: Model, f: int, leader: Leader) -> Leader:
    """Somebody who leads and takes part leads only where and as often as they may sit."""
    host = model.host[f]
    if host < 0:
        return leader
    sessions = leader.sessions & frozenset(np.flatnonzero(model.may_come()[host]).tolist())
    meetings = int(min(model.frame.meetings[list(model.units[host])]))
    return Leader(sessions, leader.speaks & int(model.reach[host]), min(leader.often, meetings))


def assign(model: Model, chairs: Sequence[Chair], leaders: Sequence[Leader]) -> dict[int, int]:
    """Chair -> leader, for as many chairs as possible."""
    occasion = _occasions(model)
    if occasion is not None:
        return _by_flow(chairs, leaders, occasion)
    return _mixed(model, chairs, leaders)


def _occasions(model: Model) -> list[int] | None:
    """Session -> a number that all sessions share which clash with it; nothing if clashing is not that simple."""
    view = model.view
    label = list(range(len(view.sessions)))
    pairs = [(s, t) for s, t in combinations(label, 2) if clash(view, s, t)]
    for s, t in pairs:
        label = [label[s] if x == label[t] else x for x in label]
    many: dict[int, int] = defaultdict(int)
    for x in label:
        many[x] += 1
    simple = len(pairs) == sum(n * (n - 1) // 2 for n in many.values())
    return label if simple else None


def _by_flow(chairs: Sequence[Chair], leaders: Sequence[Leader], occasion: list[int]) -> dict[int, int]:
    """Leader -> leader at an occasion -> kind of chair; as much as can flow."""
    kinds: dict[Chair, list[int]] = defaultdict(list)
    for c, chair in enumerate(chairs):
        kinds[chair].append(c)
    flow = max_flow.SimpleMaxFlow()
    source, sink, node = 0, 1, 2 + len(kinds)
    number = {kind: 2 + k for k, kind in enumerate(kinds)}
    arcs: list[tuple[int, int, Chair]] = []
    for kind, wanted in kinds.items():
        flow.add_arc_with_capacity(number[kind], sink, len(wanted))
    for f, leader in enumerate(leaders):
        at: dict[int, list[Chair]] = defaultdict(list)
        for kind in kinds if leader.often else ():
            if kind.session in leader.sessions and kind.speaks & leader.speaks:
                at[occasion[kind.session]].append(kind)
        me, node = node, node + 1
        if at:
            flow.add_arc_with_capacity(source, me, leader.often)
        for able in at.values():
            then, node = node, node + 1
            flow.add_arc_with_capacity(me, then, 1)
            arcs += [(flow.add_arc_with_capacity(then, number[kind], 1), f, kind) for kind in able]
    if not arcs or flow.solve(source, sink) != flow.OPTIMAL:
        return {}
    return {kinds[kind].pop(): f for arc, f, kind in arcs if flow.flow(arc)}


def _mixed(model: Model, chairs: Sequence[Chair], leaders: Sequence[Leader]) -> dict[int, int]:
    """In turn: the chair that fewest can lead first, by whoever can lead least. Exactly where there are few."""
    able = [
        [f for f, x in enumerate(leaders) if x.often and c.session in x.sessions and c.speaks & x.speaks]
        for c in chairs
    ]
    options = [sum(f in mine for mine in able) for f in range(len(leaders))]
    busy: dict[int, list[int]] = defaultdict(list)
    found: dict[int, int] = {}
    for c in sorted(range(len(chairs)), key=lambda c: (len(able[c]), c)):
        for f in sorted(able[c], key=lambda f: (options[f], f)):
            s = chairs[c].session
            if len(busy[f]) < leaders[f].often and not any(s == t or clash(model.view, s, t) for t in busy[f]):
                found[c] = f
                busy[f].append(s)
                break
    if len(found) == len(chairs) or sum(map(len, able)) > SOME:
        return found
    return _exactly(model, chairs, leaders, able, found)


def _exactly(
    model: Model, chairs: Sequence[Chair], leaders: Sequence[Leader], able: list[list[int]], found: dict[int, int]
) -> dict[int, int]:
    cp = cp_model.CpModel()
    leads = {(c, f): cp.new_bool_var("") for c, mine in enumerate(able) for f in mine}
    for c in range(len(chairs)):
        cp.add_at_most_one(leads[c, f] for f in able[c])
    for f, leader in enumerate(leaders):
        mine = [c for c in range(len(chairs)) if (c, f) in leads]
        cp.add(sum(leads[c, f] for c in mine) <= leader.often)
        for c, d in combinations(mine, 2):
            s, t = chairs[c].session, chairs[d].session
            if s == t or clash(model.view, s, t):
                cp.add_at_most_one((leads[c, f], leads[d, f]))
    for (c, f), lead in leads.items():
        cp.add_hint(lead, int(found.get(c) == f))
    cp.maximize(sum(leads.values()))
    solver = solve(cp, 1, 1.0)
    if not solver.found:
        return found
    better = {c: f for (c, f), lead in leads.items() if solver.value(lead)}
    return better if len(better) > len(found) else found
