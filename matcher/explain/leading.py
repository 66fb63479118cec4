"""Seats that stay empty because facilitators may lead no more groups, and what `max_groups` would help."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from matcher.capacity import Capacity, capacity_of, occasions
from matcher.checking import Seating, breaches
from matcher.domain import Facilitator, Group, Plan, Problem
from matcher.frames import clash
from matcher.messages import Message
from matcher.model import Model
from matcher.terms import View

MOST = 600
"""Up to so many people one more group is really tried."""
TURNS = 4
"""Companies tried for it."""


def led_too_little(model: Model, plan: Plan) -> tuple[list[Message], list[Message]]:
    """Warnings and changes, where fewer groups may be led than all seats need that people could take."""
    if model.frame.leader != "required":
        return [], []
    room = capacity_of(model.problem)
    if sum(len(g.people) for g in plan.groups) >= room.seats:
        return [], []
    able = [f for f in model.problem.facilitators if f.max_groups > 0 and model.problem.format.skills <= f.skills]
    label = occasions(model.view)
    times = {f.id: len({n for s, n in enumerate(label) if _comes(f, model.view.sessions[s].id)}) for f in able}
    led = sum(min(f.max_groups, times[f.id]) for f in able)
    if led >= room.groups or not any(f.max_groups < times[f.id] for f in able):
        return [], []
    warning = Message.of("warning.max_groups", n=led, needed=room.groups)
    k = next((k for k in _enough(able, times, room) if _helps(model, plan, k)), None)
    return [warning], [] if k is None else [Message.of("relaxation.max_groups", k=k)]


def _comes(leader: Facilitator, session: str) -> bool:
    return not leader.sessions or session in leader.sessions


def _enough(able: list[Facilitator], times: dict[str, int], room: Capacity) -> Iterator[int]:
    """First the least `max_groups` with which all that is needed may be led, then higher ones."""
    most = max(times.values(), default=0)
    for k in range(2, most + 1):
        if k == most or sum(min(max(k, f.max_groups), times[f.id]) for f in able) >= room.groups:
            yield k


def _helps(model: Model, plan: Plan, k: int) -> bool:
    """Whether the plan takes one more group, found and checked, when everybody may lead so many."""
    if len(model.view.people) > MOST:
        return False
    leaders = tuple(replace(f, max_groups=max(k, f.max_groups)) for f in model.problem.facilitators)
    problem = replace(model.problem, facilitators=leaders)
    wider = View(problem)
    return any(_valid(model, wider, plan, group) for group in _candidates(model, problem, plan))


def _valid(model: Model, wider: View, plan: Plan, group: Group) -> bool:
    more = Plan(tuple(sorted([*plan.groups, group])))
    return not any(b.firm for b in breaches(wider.problem, more, Seating(wider, more, model.pairs)))


def _candidates(model: Model, problem: Problem, plan: Plan) -> Iterator[Group]:
    """Groups of people with meetings left, in sessions with room, led by somebody who is free then."""
    view, frame = model.view, model.frame
    busy: dict[str, list[int]] = {}
    for person, group in [*plan.seats(), *((g.facilitator, g) for g in plan.groups)]:
        busy.setdefault(person, []).append(view.session[group.session])
    seats = Counter(person for person, _ in plan.seats())
    for s, session in enumerate(view.sessions):
        taken = {g.number for g in plan.groups if g.session == session.id}
        places = [p for p, (t, number) in enumerate(view.places) if t == s and number not in taken]
        free = [not any(s == t or clash(view, s, t) for t in busy.get(p.id, ())) for p in view.people]
        left = [free[i] and seats[p.id] < frame.meetings[i] for i, p in enumerate(view.people)]
        for leader in problem.facilitators:
            away = any(s == t or clash(view, s, t) for t in busy.get(leader.id, ()))
            if places and not away and _comes(leader, session.id):
                yield from _companies(model, leader, s, places[0], left)


def _companies(model: Model, leader: Facilitator, s: int, place: int, left: list[bool]) -> Iterator[Group]:
    """People who share a language with the leader, as many as a group likes; a few different ones."""
    view, frame = model.view, model.frame
    number = view.places[place][1]
    size = range(int(frame.low[s]), int(min(frame.high[s], frame.seats[s])) + 1)
    able = [
        u for u, unit in enumerate(model.units) if model.fit[u, model.kind[place]] >= 0 and all(left[i] for i in unit)
    ]
    for language, bit in model.languages.items() if frame.one_language else {"": 0}.items():
        if frame.one_language and not (model.session_speaks(s) >> bit & 1 and language in leader.languages):
            continue
        speak = [u for u in able if not frame.one_language or model.speaks[u] >> bit & 1]
        for turn in range(min(TURNS, len(speak))):
            people: list[int] = []
            for u in np.roll(speak, turn * len(speak) // TURNS).tolist():
                if len(people) + len(model.units[u]) <= min(int(frame.target[s]), size.stop - 1):
                    people += model.units[u]
            if len(people) in size:
                ids = tuple(sorted(view.people[i].id for i in people))
                yield Group(view.sessions[s].id, number, ids, language, leader.id)
