"""What a repair means for people: who cancelled, who cannot come any more, who moved, who lost a place, who joined."""

from __future__ import annotations

from dataclasses import dataclass, fields

from matcher.domain import Participant, Plan, Problem


@dataclass(frozen=True, slots=True)
class Changes:
    """What a repair means for the people of the published plan and for who joined: ids, sorted.

    `absent`: who cannot come any more to a session they were told, and has no other seat in that round. `moved`: who
    sits elsewhere, or lost one of several seats although they could come. `lost`: who could come and has no seat.
    """

    cancelled: tuple[str, ...]
    absent: tuple[str, ...]
    moved: tuple[str, ...]
    lost: tuple[str, ...]
    joined: tuple[str, ...]


def changes(problem: Problem, before: Plan, after: Plan) -> Changes:
    """Compare a plan with the published one. `problem` is as it is now: who is not in it cancelled.

    A session that is not in it any more is over, or was called off: who had more seats than there is not absent.
    """
    people = {person.id: person for person in problem.people}
    rounds = {session.id: session.round for session in problem.sessions}
    old, new = _seats(before), _seats(after)
    found: dict[str, list[str]] = {field.name: [] for field in fields(Changes)}
    for id in sorted(old.keys() | new.keys()):
        if id not in people:
            found["cancelled"].append(id)
            continue
        told = {seat for seat in old.get(id, set()) if seat[0] in rounds}
        now, away = new.get(id, set()), {seat for seat in told if not _comes(people[id], seat[0])}
        held = {rounds.get(session) for session, _ in now}
        if id not in old:
            found["joined"].append(id)
        elif any(rounds[session] not in held for session, _ in away) or not (now or told - away):
            found["absent"].append(id)
        if id in old and now and (now - told or told - now - away):
            found["moved"].append(id)
        if id in old and not now and told - away:
            found["lost"].append(id)
    return Changes(**{name: tuple(ids) for name, ids in found.items()})


def moved(before: Plan, after: Plan) -> tuple[str, ...]:
    """Ids of the people of both plans who sit elsewhere, sorted."""
    old, new = _seats(before), _seats(after)
    return tuple(sorted(person for person in old.keys() & new.keys() if old[person] != new[person]))


def _comes(person: Participant, session: str) -> bool:
    return person.max_meetings != 0 and (not person.sessions or session in person.sessions)


def _seats(plan: Plan) -> dict[str, set[tuple[str, int]]]:
    found: dict[str, set[tuple[str, int]]] = {}
    for person, group in plan.seats():
        found.setdefault(person, set()).add((group.session, group.number))
    return found
