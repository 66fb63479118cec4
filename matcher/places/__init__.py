"""Which groups open, and who leads them: people and facilitators in classes, groups by session and language."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

import numpy as np

from matcher.domain import Group, Plan
from matcher.model import Model, Staffing
from matcher.places.counting import count
from matcher.places.greedy import build
from matcher.places.leading import Chair, Leader, assign, leaders_of
from matcher.places.pools import Counts, Pool, Pools
from matcher.places.rounding import bound_of, round_off
from matcher.terms import Ints

EXACT = 4000
"""Numbers (classes of people and of facilitators, times pools) up to which they are solved exactly."""


@dataclass(frozen=True)
class Opening:
    """A staffing, first places ([unit, occasion]), and the priority-weighted seats that no plan can beat."""

    staffing: Staffing
    start: Ints
    weight_bound: int
    wide: Staffing | None = None
    """More places, for when these seat fewer than they might: where groups may, but need not be led."""


def open_places(model: Model, seed: int, effort: float = 2.0) -> Opening:
    """Choose groups and leaders so that as many people as possible, by priority, can have a seat."""
    pools = Pools(model)
    counts, bound = count_groups(pools, seed, effort)
    rooms = _rooms(model, counts)
    leader = _leaders(model, rooms)
    start = _start(model, pools, counts, rooms)
    if model.frame.leader == "required":
        start[~np.isin(start, list(leader))] = -1
    for p, f in leader.items():
        if model.host[f] >= 0:
            start[model.host[f], model.occasion[model.view.places[p][0]]] = p
    if model.frame.leader != "optional" or not leader:
        return Opening(_staff(model, leader, range(len(model.view.places))), start, bound)
    # The search knows no worth of a led group: the groups that can be led are those that open.
    return Opening(_staff(model, leader, chain.from_iterable(rooms.values())), start, bound, model.everywhere())


def count_groups(pools: Pools, seed: int, effort: float) -> tuple[Counts, int]:
    """How many groups open where: exactly where that is quick, rounded beyond, one by one if all else fails."""
    numbers = (len(pools.classes) + len(pools.leaders)) * len(pools.pools)
    if numbers <= EXACT and effort > 0:
        counts, bound = count(pools, seed, effort)
        if counts is not None and bound is not None and counts.weight == bound:
            return counts, bound
    else:
        counts, bound = None, None
    bound = bound_of(pools) if bound is None else min(bound, bound_of(pools))
    best = counts or Counts({}, {}, 0)
    if best.weight < bound:
        best = max(best, round_off(pools, bound), key=lambda found: found.weight)
    return (best if best.weight else build(pools)), bound


def _rooms(model: Model, counts: Counts) -> dict[Pool, list[int]]:
    """Pool -> its places: the groups of a session take its numbers in turn."""
    first = {s: p for p, (s, k) in enumerate(model.view.places) if k == 1}
    taken: dict[int, int] = defaultdict(int)
    rooms: dict[Pool, list[int]] = {}
    for pool, many in sorted(counts.groups.items()):
        rooms[pool] = [first[pool[0]] + taken[pool[0]] + k for k in range(many)]
        taken[pool[0]] += many
    return rooms


def _leaders(model: Model, rooms: dict[Pool, list[int]]) -> dict[int, int]:
    """Place -> who leads it."""
    if model.frame.leader == "none":
        return {}
    wanted = [(p, Chair(s, 1 << bit)) for (s, bit), places in rooms.items() for p in places]
    led = assign(model, [chair for _, chair in wanted], leaders_of(model))
    able = {wanted[c][0]: f for c, f in led.items()}
    return {p: f for p, f in able.items() if model.host[f] < 0 or model.fit[model.host[f], model.kind[p]] >= 0}


def lead(model: Model, plan: Plan, told: bool = False) -> Plan:
    """A plan whose groups may have a facilitator, with as many of them led as possible.

    Who leads already stays, if people were `told`; otherwise only where that is no loss.
    """
    if model.frame.leader != "optional" or not model.problem.facilitators:
        return plan
    number = {f.id: k for k, f in enumerate(model.problem.facilitators)}
    chairs = [Chair(model.view.session[g.session], _shared(model, g)) for g in plan.groups]
    leads = {c: number[g.facilitator] for c, g in enumerate(plan.groups) if g.facilitator}
    busy: dict[int, list[int]] = defaultdict(list)
    for c, f in leads.items():
        busy[f].append(chairs[c].session)
    hosted = {c: f for c, f in leads.items() if model.host[f] >= 0}
    free = [c for c in range(len(chairs)) if c not in leads]
    more = assign(model, [chairs[c] for c in free], _guests(model, busy))
    leads |= {free[k]: f for k, f in more.items()}
    if not told and len(leads) < len(chairs):
        free = [c for c in range(len(chairs)) if c not in hosted]
        anew = assign(model, [chairs[c] for c in free], _guests(model))
        leads = max(leads, hosted | {free[k]: f for k, f in anew.items()}, key=len)
    return Plan(tuple(_led_by(model, g, chairs[c], leads.get(c)) for c, g in enumerate(plan.groups)))


def _guests(model: Model, busy: Mapping[int, Sequence[int]] | None = None) -> list[Leader]:
    """Facilitators who do not take part themselves; the others lead where they sit."""
    leaders = leaders_of(model, busy)
    return [x if host < 0 else replace(x, often=0) for x, host in zip(leaders, model.host, strict=True)]


def _shared(model: Model, group: Group) -> int:
    """The languages, as bits, that all in a group speak and its session allows."""
    if not model.frame.one_language:
        return 1
    units = {int(model.unit_of[model.view.person[person]]) for person in group.people}
    return model.session_speaks(model.view.session[group.session]) & model.shared(sorted(units))


def _led_by(model: Model, group: Group, chair: Chair, f: int | None) -> Group:
    if f is None:
        return Group(group.session, group.number, group.people, group.language)
    leader = model.problem.facilitators[f]
    language = group.language
    if model.frame.one_language and language not in leader.languages:
        both = chair.speaks & model.mask(leader.languages)
        language = next(name for name, bit in model.languages.items() if both >> bit & 1)
    return Group(group.session, group.number, group.people, language, leader.id)


def _staff(model: Model, leader: dict[int, int], rooms: Iterable[int]) -> Staffing:
    """Who leads which place, what is spoken there, and what is open: the rooms, or the led ones if groups need it."""
    base = model.everywhere()
    names, speaks = list(base.leader), base.speaks.copy()
    for p, f in leader.items():
        names[p] = model.problem.facilitators[f].id
        if model.frame.one_language:
            speaks[p] &= model.mask(model.problem.facilitators[f].languages)
    here = np.isin(np.arange(len(names)), list(leader if model.frame.leader == "required" else rooms))
    return Staffing(base.open & here, tuple(names), speaks)


def _start(model: Model, pools: Pools, counts: Counts, rooms: dict[Pool, list[int]]) -> Ints:
    """[U, occasions]: first places of every unit, groups of a pool filled in turn; -1 for none."""
    start = np.full((len(model.units), int(model.occasion.max(initial=0)) + 1), -1, np.int64)
    often = np.zeros(len(model.units), np.int64)
    filled: dict[Pool, int] = defaultdict(int)
    for (c, pool), many in sorted(counts.flows.items(), key=lambda flow: (flow[0][1], flow[0][0])):
        if not many or not rooms.get(pool):
            continue
        r, mine = int(model.occasion[pool[0]]), np.array(pools.classes[c].units, np.int64)
        free = mine[(start[mine, r] < 0) & (often[mine] < pools.classes[c].often)]
        # Who sat least often so far goes first, so that nobody runs out of meetings while others have them left.
        for u in free[np.argsort(often[free], kind="stable")][:many].tolist():
            start[u, r] = rooms[pool][filled[pool] % len(rooms[pool])]
            often[u] += 1
            filled[pool] += 1
    return start


def as_begun(model: Model, plan: Plan) -> Opening:
    """The groups and leaders of a plan that was made for just this problem, and whatever else may open without one."""
    place = {key: p for p, key in enumerate(model.view.places)}
    named = {f.id: k for k, f in enumerate(model.problem.facilitators)}
    here = {place[model.view.session[g.session], g.number]: g.facilitator for g in plan.groups}
    leader = {p: named[name] for p, name in here.items() if name}
    return Opening(_staff(model, leader, place.values()), np.zeros((0, 0), np.int64), bound_of(Pools(model)))


def reopen(model: Model, plan: Plan, seed: int) -> Opening:
    """The groups of a published plan with the leaders that people know, and more where leaders are left."""
    place = {key: p for p, key in enumerate(model.view.places)}
    named = {f.id: k for k, f in enumerate(model.problem.facilitators)}
    leader: dict[int, int] = {}
    led: dict[int, list[int]] = defaultdict(list)
    for group in plan.groups:
        s, f = model.view.session.get(group.session, -1), named.get(group.facilitator)
        p = place.get((s, group.number))
        if p is not None and f is not None and _free(model, led, f, s):
            leader[p] = f
            led[f].append(s)
    if model.frame.leader != "none":
        told = [place.get((model.view.session.get(g.session, -1), g.number)) for g in plan.groups]
        known = [p for p in told if p is not None and p not in leader]
        for some in (known, [p for p in place.values() if p not in leader and p not in known]):
            chairs = [Chair(model.view.places[p][0], model.session_speaks(model.view.places[p][0])) for p in some]
            for c, f in assign(model, chairs, leaders_of(model, led)).items():
                leader[some[c]] = f
                led[f].append(chairs[c].session)
    pools = Pools(model)
    return Opening(_staff(model, leader, place.values()), np.zeros((0, 0), np.int64), count_groups(pools, seed, 2.0)[1])


def _free(model: Model, led: dict[int, list[int]], f: int, s: int) -> bool:
    """Whether somebody may lead a group in a session beside those that they lead already."""
    leader = leaders_of(model, {f: led[f]})[f]
    return s in leader.sessions and leader.often > 0 and bool(leader.speaks & model.session_speaks(s))
