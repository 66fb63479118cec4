"""What a plan must respect whatever its rules: known people and groups, sizes, seats, leaders, a language, locks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import combinations

from matcher.domain import Breach, Group, Participant, Plan
from matcher.messages import FacilitatorId, LanguageCode, Message, PersonId, SessionId, Skill, each
from matcher.rules import frame_of
from matcher.terms import Frame, View


def breaches(view: View, plan: Plan) -> Iterator[Breach]:
    """Every breach of the frame; all of them are firm."""
    frame = frame_of(view)
    known = [g for g in plan.groups if g.session in view.session]
    for group in plan.groups:
        if group.session not in view.session:
            unknown = Message.of("breach.unknown_session", session=SessionId(group.session))
            yield _in_group("sessions", unknown, group)
    plan = Plan(tuple(known))
    yield from _people(view, frame, plan)
    yield from _groups(view, frame, plan)
    yield from _sessions(view, frame, plan)
    if frame.one_language:
        yield from _languages(view, frame, plan)
    if frame.leader != "none":
        yield from _leaders(view, frame, plan)


def _firm(rule: str, message: Message, session: str = "", group: int = 0, people: tuple[str, ...] = ()) -> Breach:
    return Breach(rule, message, 1.0, True, 0.0, session, group, people)


def _in_group(rule: str, message: Message, group: Group, people: tuple[str, ...] = ()) -> Breach:
    return _firm(rule, message, group.session, group.number, people)


def _people(view: View, frame: Frame, plan: Plan) -> Iterator[Breach]:
    sits: dict[str, list[tuple[str, int]]] = {}
    for person, group in plan.seats():
        if person not in view.person:
            unknown = Message.of("breach.unknown_person", person=PersonId(person))
            yield _in_group("people", unknown, group, (person,))
        sits.setdefault(person, []).append((group.session, group.number))
    for person, seats in sits.items():
        if person in view.person and len(seats) > frame.meetings[view.person[person]]:
            often = Message.of("breach.too_often", person=PersonId(person), n=len(seats))
            yield _firm("max_meetings", often, people=(person,))
        for (s, g), (t, h) in combinations(seats, 2):
            if s == t or clash(view, view.session[s], view.session[t]):
                twice = Message.of("breach.at_once", person=PersonId(person), one=_seat(s, g), other=_seat(t, h))
                yield _firm("max_meetings", twice, s, g, (person,))
    for chain in frame.together:
        ids = [view.people[i].id for i in sorted(chain)]
        if len({tuple(sorted(sits.get(p, []))) for p in ids}) > 1:
            split = Message.of("breach.not_together", people=tuple(map(PersonId, ids)))
            yield _firm("buddies", split, people=tuple(ids))


def _seat(session: str, number: int) -> Message:
    return Message.of("breach.seat", session=SessionId(session), group=number)


def clash(view: View, s: int, t: int) -> bool:
    """Whether nobody can sit in both sessions: the same round of a series of rounds, or the same hours."""
    a, b = view.sessions[s], view.sessions[t]
    return a.overlaps(b) or (view.problem.format.series == "rounds" and a.round == b.round)


def _groups(view: View, frame: Frame, plan: Plan) -> Iterator[Breach]:
    locked = {(lock.session, lock.group, lock.person) for lock in view.problem.locks}
    for key, times in Counter((g.session, g.number) for g in plan.groups).items():
        if times > 1:
            yield _firm("sessions", Message.of("breach.stands_twice", group=key[1], n=times), *key)
    for group in plan.groups:
        s, n = view.session[group.session], len(group.people)
        low, high = frame.low[s], frame.high[s]
        if not low <= n <= high:
            size = Message.of("breach.size", n=n, low=int(low), high=int(high))
            yield _in_group("size", size, group)
        if not 1 <= group.number <= view.sessions[s].groups:
            missing = Message.of("breach.no_group", group=group.number)
            yield _in_group("sessions", missing, group)
        strangers = [p for p in group.people if (group.session, group.number, p) not in locked]
        if (s, group.number) in frame.closed and strangers:
            joined = Message.of("breach.fixed_group", people=tuple(map(PersonId, strangers)))
            yield _in_group("locked", joined, group)


def _sessions(view: View, frame: Frame, plan: Plan) -> Iterator[Breach]:
    opened, seated = Counter[int](), Counter[int]()
    for group in plan.groups:
        opened[view.session[group.session]] += 1
        seated[view.session[group.session]] += len(group.people)
    for s, session in enumerate(view.sessions):
        if opened[s] > frame.groups[s]:
            groups = Message.of("breach.groups", n=opened[s], most=int(frame.groups[s]))
            yield _firm("orientation", groups, session.id)
        if seated[s] > frame.seats[s]:
            seats = Message.of("breach.seats", n=seated[s], seats=int(frame.seats[s]))
            yield _firm("seats", seats, session.id)


def _languages(view: View, frame: Frame, plan: Plan) -> Iterator[Breach]:
    leaders = {f.id: f for f in view.problem.facilitators}
    for group in plan.groups:
        session = view.sessions[view.session[group.session]]
        people = [view.people[view.person[p]] for p in group.people if p in view.person]
        spoken = [followed(person, people) for person in people]
        if session.languages:
            spoken.append(session.languages)
        if group.facilitator in leaders:
            spoken.append(leaders[group.facilitator].languages)
        shared = frozenset.intersection(*spoken) if spoken else frozenset()
        # A plan may leave the language out: it is then any that all of them share.
        if group.language and group.language not in shared:
            spoken_by_few = Message.of("breach.language", language=LanguageCode(group.language))
            yield _in_group("shared_language", spoken_by_few, group)
        elif not group.language and spoken and not shared:
            yield _in_group("shared_language", Message.of("breach.no_language"), group)


def followed(person: Participant, people: Iterable[Participant]) -> frozenset[str]:
    """The languages that somebody speaks, or that one of these people interprets for them."""
    told = (other.interpreters for other in people if other.interpreters & person.languages)
    return person.languages.union(*told)


def _leaders(view: View, frame: Frame, plan: Plan) -> Iterator[Breach]:
    leaders = {f.id: f for f in view.problem.facilitators}
    leads: dict[str, list[Group]] = {}
    for group in plan.groups:
        if not group.facilitator:
            if frame.leader == "required":
                yield _in_group("facilitator", Message.of("breach.no_leader"), group)
            continue
        leader = leaders.get(group.facilitator)
        if leader is None:
            unknown = Message.of("breach.unknown_leader", leader=FacilitatorId(group.facilitator))
            yield _in_group("facilitator", unknown, group)
            continue
        who = FacilitatorId(leader.id)
        if leader.sessions and group.session not in leader.sessions:
            yield _in_group("facilitator", Message.of("breach.leader_away", leader=who), group)
        if missing := view.problem.format.skills - leader.skills:
            lacks = Message.of("breach.leader_lacks", leader=who, skills=each(Skill, missing))
            yield _in_group("facilitator", lacks, group)
        if leader.person in view.person and leader.person not in group.people:
            yield _in_group("facilitator", Message.of("breach.host_elsewhere", leader=who), group)
        leads.setdefault(leader.id, []).append(group)
    for leader_id, groups in leads.items():
        if len(groups) > leaders[leader_id].max_groups:
            much = Message.of("breach.leads", leader=FacilitatorId(leader_id), n=len(groups))
            yield _firm("facilitator", much)
        if any(_at_once(view, a, b) for a, b in combinations(groups, 2)):
            yield _firm("facilitator", Message.of("breach.leads_at_once", leader=FacilitatorId(leader_id)))


def _at_once(view: View, one: Group, other: Group) -> bool:
    """Whether nobody can be in both groups."""
    s, t = view.session[one.session], view.session[other.session]
    return s == t or clash(view, s, t)
