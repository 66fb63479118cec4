"""A large problem cut into parts that can be solved apart: whole sessions, with the people and leaders meant for them.

Sessions that nobody could choose between are parts by themselves. Where people sit once, and could go to several, the
model of the places has said already where each goes, and parts are as large as is asked for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from matcher.domain import Facilitator, Participant, Problem
from matcher.model import Model
from matcher.places import Opening
from matcher.terms import Ints

Part = frozenset[int]
"""Sessions by number."""


def cut(model: Model, opening: Opening, people: int) -> list[Problem]:
    """Problems of about so many people each, that share no session and nobody.

    Together they are the whole, but for people who can come nowhere.
    """
    here = _sessions_of(model, opening)
    parts = [part for whole in _apart(model) for part in _pieces(model, here, whole, people)]
    of = np.full(len(model.view.sessions), -1, np.int64)
    for k, part in enumerate(parts):
        of[list(part)] = k
    inside: list[list[int]] = [[] for _ in parts]
    may, room = model.may_come(), _room(model)
    left = [int(room[list(part)].sum()) for part in parts]
    for u in sorted(range(len(model.units)), key=lambda u: here[u] < 0):
        able = {int(of[s]) for s in np.flatnonzero(may[u])}
        if not able:
            continue
        k = int(of[here[u]]) if here[u] >= 0 else max(sorted(able), key=lambda k: left[k])
        inside[k].append(u)
        left[k] -= len(model.units[u])
    led = _led(model, opening)
    return [_problem(model, part, units, led) for part, units in zip(parts, inside, strict=True) if units]


def _sessions_of(model: Model, opening: Opening) -> Ints:
    """[U]: a session that the opening has in mind for each unit, -1 for none."""
    session = np.array([s for s, _ in model.view.places], np.int64)
    place = opening.start.max(axis=1, initial=-1)
    return np.where(place >= 0, session[place], -1)


def _apart(model: Model) -> list[Part]:
    """Sessions that share somebody who could come, directly or by way of others, in one part."""
    label = list(range(len(model.view.sessions)))
    for row in np.unique(model.may_come(), axis=0):
        mine = {label[s] for s in np.flatnonzero(row)}
        if len(mine) > 1:
            label = [min(mine) if x in mine else x for x in label]
    found: dict[int, set[int]] = defaultdict(set)
    for s, x in enumerate(label):
        found[x].add(s)
    return [frozenset(mine) for mine in found.values()]


def _pieces(model: Model, here: Ints, whole: Part, people: int) -> list[Part]:
    """Sessions of one time stay together where they can; who comes more than once may meet others again: not cut."""
    often = int(model.frame.meetings.max(initial=1)) > 1
    size = np.array([len(unit) for unit in model.units])
    many = np.bincount(here[here >= 0], size[here >= 0], len(model.view.sessions))
    total = sum(many[s] for s in whole)
    number = 1 if often else max(1, min(len(whole), round(total / people)))
    order = sorted(whole, key=lambda s: (str(model.view.sessions[s].starts), model.view.sessions[s].venue, s))
    pieces: list[list[int]] = [[]]
    taken = 0.0
    for s in order:
        if pieces[-1] and taken + many[s] / 2 > total * len(pieces) / number:
            pieces.append([])
        pieces[-1].append(s)
        taken += many[s]
    return [frozenset(piece) for piece in pieces]


def _room(model: Model) -> Ints:
    """[S]: people for whom there are chairs."""
    room: Ints = np.minimum(model.frame.groups * model.frame.high, model.frame.seats)
    return room


def _led(model: Model, opening: Opening) -> dict[str, list[int]]:
    """Facilitator -> the session of every group that the opening gives them."""
    found: dict[str, list[int]] = defaultdict(list)
    for (s, _), leader in zip(model.view.places, opening.staffing.leader, strict=True):
        if leader:
            found[leader].append(s)
    return found


def _problem(model: Model, part: Part, units: Sequence[int], led: dict[str, list[int]]) -> Problem:
    problem, sessions = model.problem, [model.view.sessions[s] for s in sorted(part)]
    ids = frozenset(session.id for session in sessions)
    people = [model.view.people[i] for u in units for i in model.units[u]]
    known = {person.id for person in people}
    return replace(
        problem,
        people=tuple(_within(person, ids) for person in sorted(people, key=lambda p: p.id)),
        sessions=tuple(sessions),
        facilitators=tuple(_leaders(problem.facilitators, led, part, model)),
        met={pair: times for pair, times in problem.met.items() if known.issuperset(pair)},
        locks=tuple(lock for lock in problem.locks if lock.session in ids),
    )


def _within(person: Participant, ids: frozenset[str]) -> Participant:
    """Somebody with the sessions of a part only."""
    return replace(person, sessions=person.sessions & ids) if person.sessions else person


def _leaders(
    everybody: Iterable[Facilitator], led: dict[str, list[int]], part: Part, model: Model
) -> list[Facilitator]:
    """Facilitators for as many groups of the part as were given to them there."""
    found = []
    for leader in everybody:
        mine = [s for s in led.get(leader.id, ()) if s in part]
        if mine:
            where = frozenset(model.view.sessions[s].id for s in mine)
            found.append(replace(leader, sessions=where, max_groups=len(mine)))
    return found
