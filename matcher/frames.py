"""What a plan must respect whatever its rules: known people and groups, sizes, seats, leaders, a language, locks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import combinations

from matcher.domain import Breach, Plan
from matcher.rules import frame_of
from matcher.terms import Frame, View


def breaches(view: View, plan: Plan) -> Iterator[Breach]:
    """Every breach of the frame; all of them are firm."""
    frame = frame_of(view)
    known = [g for g in plan.groups if g.session in view.session]
    for group in plan.groups:
        if group.session not in view.session:
            yield _firm("sessions", f"unknown session {group.session}", group.session, group.number)
    plan = Plan(tuple(known))
    yield from _people(view, frame, plan)
    yield from _groups(view, frame, plan)
    yield from _sessions(view, frame, plan)
    if frame.one_language:
        yield from _languages(view, frame, plan)
    if frame.leader != "none":
        yield from _leaders(view, frame, plan)


def _firm(rule: str, text: str, session: str = "", group: int = 0, people: tuple[str, ...] = ()) -> Breach:
    return Breach(rule, text, 1.0, True, 0.0, session, group, people)


def _people(view: View, frame: Frame, plan: Plan) -> Iterator[Breach]:
    sits: dict[str, list[tuple[str, int]]] = {}
    for person, group in plan.seats():
        if person not in view.person:
            yield _firm("people", f"unknown person {person}", group.session, group.number, (person,))
        sits.setdefault(person, []).append((group.session, group.number))
    for person, seats in sits.items():
        if person in view.person and len(seats) > frame.meetings[view.person[person]]:
            yield _firm("max_meetings", f"{person} has {len(seats)} seats", people=(person,))
        for (s, g), (t, h) in combinations(seats, 2):
            if s == t or clash(view, view.session[s], view.session[t]):
                yield _firm("max_meetings", f"{person} sits in {s}.{g} and {t}.{h} at once", s, g, (person,))
    for chain in frame.together:
        ids = [view.people[i].id for i in sorted(chain)]
        if len({tuple(sorted(sits.get(p, []))) for p in ids}) > 1:
            yield _firm("buddies", f"{', '.join(ids)} are not together", people=tuple(ids))


def clash(view: View, s: int, t: int) -> bool:
    """Whether nobody can sit in both sessions: the same round of a series of rounds, or the same hours."""
    a, b = view.sessions[s], view.sessions[t]
    return a.overlaps(b) or (view.problem.format.series == "rounds" and a.round == b.round)


def _groups(view: View, frame: Frame, plan: Plan) -> Iterator[Breach]:
    locked = {(lock.session, lock.group, lock.person) for lock in view.problem.locks}
    for key, times in Counter((g.session, g.number) for g in plan.groups).items():
        if times > 1:
            yield _firm("sessions", f"group {key[1]} stands {times} times", *key)
    for group in plan.groups:
        s, n = view.session[group.session], len(group.people)
        low, high = frame.low[s], frame.high[s]
        if not low <= n <= high:
            yield _firm("size", f"{n} people, not {low} to {high}", group.session, group.number)
        if not 1 <= group.number <= view.sessions[s].groups:
            yield _firm("sessions", f"there is no group {group.number}", group.session, group.number)
        strangers = [p for p in group.people if (group.session, group.number, p) not in locked]
        if (s, group.number) in frame.closed and strangers:
            yield _firm("locked", f"{', '.join(strangers)} joined a fixed group", group.session, group.number)


def _sessions(view: View, frame: Frame, plan: Plan) -> Iterator[Breach]:
    opened, seated = Counter[int](), Counter[int]()
    for group in plan.groups:
        opened[view.session[group.session]] += 1
        seated[view.session[group.session]] += len(group.people)
    for s, session in enumerate(view.sessions):
        if opened[s] > frame.groups[s]:
            yield _firm("orientation", f"{opened[s]} groups, at most {frame.groups[s]}", session.id)
        if seated[s] > frame.seats[s]:
            yield _firm("seats", f"{seated[s]} people, {frame.seats[s]} seats", session.id)


def _languages(view: View, frame: Frame, plan: Plan) -> Iterator[Breach]:
    leaders = {f.id: f for f in view.problem.facilitators}
    for group in plan.groups:
        session = view.sessions[view.session[group.session]]
        spoken = [view.people[view.person[p]].languages for p in group.people if p in view.person]
        if session.languages:
            spoken.append(session.languages)
        if group.facilitator in leaders:
            spoken.append(leaders[group.facilitator].languages)
        shared = frozenset.intersection(*spoken) if spoken else frozenset()
        if group.language not in shared:
            yield _firm("shared_language", f"not all speak '{group.language}'", group.session, group.number)


def _leaders(view: View, frame: Frame, plan: Plan) -> Iterator[Breach]:
    leaders = {f.id: f for f in view.problem.facilitators}
    leads: dict[str, list[int]] = {}
    for group in plan.groups:
        if not group.facilitator:
            if frame.leader == "required":
                yield _firm("facilitator", "nobody leads it", group.session, group.number)
            continue
        leader = leaders.get(group.facilitator)
        if leader is None:
            yield _firm("facilitator", f"unknown {group.facilitator}", group.session, group.number)
            continue
        if leader.sessions and group.session not in leader.sessions:
            yield _firm("facilitator", f"{leader.id} cannot come", group.session, group.number)
        if missing := view.problem.format.skills - leader.skills:
            yield _firm("facilitator", f"{leader.id} lacks {', '.join(sorted(missing))}", group.session, group.number)
        leads.setdefault(leader.id, []).append(view.session[group.session])
    for leader_id, sessions in leads.items():
        if len(sessions) > leaders[leader_id].max_groups:
            yield _firm("facilitator", f"{leader_id} leads {len(sessions)} groups")
        if any(s == t or clash(view, s, t) for s, t in combinations(sessions, 2)):
            yield _firm("facilitator", f"{leader_id} leads two groups at once")
