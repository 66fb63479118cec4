"""A board: the groups and locks of one step of a proposal, as it is stored and as the plan that the matcher knows."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

from matcher import Group, Lock, Plan, Problem
from web.errors import Missing


@dataclass(frozen=True, slots=True)
class Board:
    """Groups (an empty one may stay on the board) and the decisions by hand that a new proposal has to keep."""

    groups: tuple[Group, ...] = ()
    locks: tuple[Lock, ...] = ()

    @classmethod
    def read(cls, stored: dict[str, Any]) -> Board:
        """From what a step holds."""
        groups = (Group(**{**group, "people": tuple(group["people"])}) for group in stored["groups"])
        return cls(tuple(groups), tuple(Lock(**lock) for lock in stored["locks"]))

    def stored(self) -> dict[str, Any]:
        """As a step holds it."""
        groups = [{**asdict(group), "people": list(group.people)} for group in self.groups]
        return {"groups": groups, "locks": [asdict(lock) for lock in self.locks]}

    def plan(self) -> Plan:
        """The plan: groups with people in them, in order."""
        return Plan(tuple(sorted(group for group in self.groups if group.people)))

    def seats_of(self, person: str) -> list[Group]:
        """The groups somebody sits in: one, or one a round."""
        return [group for group in self.groups if person in group.people]

    def group(self, session: str, number: int) -> Group:
        """One group. Raises Missing."""
        for group in self.groups:
            if (group.session, group.number) == (session, number):
                return group
        raise Missing

    def locked(self, person: str, group: Group) -> bool:
        """Whether somebody is fixed to a group."""
        return Lock(person, group.session, group.number) in self.locks

    def with_move(self, person: str, origin: Group | None, target: Group | None) -> Board:
        """Somebody in another group, into one, or out of all; a lock follows the person."""
        groups = [_without(g, person) if g == origin else _with(g, person) if g == target else g for g in self.groups]
        locks = [lock for lock in self.locks if origin is None or lock != _lock(person, origin)]
        if target is not None and origin is not None and self.locked(person, origin):
            locks.append(_lock(person, target))
        return Board(tuple(groups), tuple(locks))

    def with_lock(self, person: str, group: Group, on: bool) -> Board:
        """Somebody fixed to a group, or free again."""
        rest = tuple(lock for lock in self.locks if lock != _lock(person, group))
        return replace(self, locks=(*rest, _lock(person, group)) if on else rest)

    def within(self, problem: Problem) -> Board:
        """The board without people, sessions and facilitators that are gone."""
        people, sessions = {p.id for p in problem.people}, {s.id for s in problem.sessions}
        leaders = {f.id for f in problem.facilitators}
        groups = (
            replace(
                group,
                people=tuple(p for p in group.people if p in people),
                facilitator=group.facilitator if group.facilitator in leaders else "",
            )
            for group in self.groups
            if group.session in sessions
        )
        locks = (lock for lock in self.locks if lock.session in sessions and lock.person in people)
        return Board(tuple(groups), tuple(locks))

    def complete(self, problem: Problem) -> Board:
        """With an empty group for every place that is still free, so that somebody can be put there."""
        known = {(g.session, g.number) for g in self.groups}
        free = [Group(s.id, n, ()) for s in problem.sessions for n in range(1, s.groups + 1) if (s.id, n) not in known]
        return replace(self, groups=tuple(sorted((*self.groups, *free))))

    def with_group(self, group: Group) -> Board:
        """Another leader or language for a group."""
        same = (group.session, group.number)
        return replace(self, groups=tuple(group if (g.session, g.number) == same else g for g in self.groups))


@dataclass(frozen=True, slots=True)
class Change:
    """Somebody who sits elsewhere: `before` and `after` are (session, number), None for no place."""

    person: str
    before: tuple[str, int] | None
    after: tuple[str, int] | None


def changes(before: Board, after: Board) -> list[Change]:
    """Who sits elsewhere on the second board, by person; whoever sits several times is told of each change."""
    old, new = _places(before), _places(after)
    found = []
    for person in sorted(old.keys() | new.keys(), key=lambda id: (len(id), id)):
        gone = sorted(old.get(person, set()) - new.get(person, set()))
        come = sorted(new.get(person, set()) - old.get(person, set()))
        for k in range(max(len(gone), len(come))):
            found.append(Change(person, gone[k] if k < len(gone) else None, come[k] if k < len(come) else None))
    return found


def _places(board: Board) -> dict[str, set[tuple[str, int]]]:
    places: dict[str, set[tuple[str, int]]] = {}
    for person, group in board.plan().seats():
        places.setdefault(person, set()).add((group.session, group.number))
    return places


def _lock(person: str, group: Group) -> Lock:
    return Lock(person, group.session, group.number)


def _without(group: Group, person: str) -> Group:
    return replace(group, people=tuple(p for p in group.people if p != person))


def _with(group: Group, person: str) -> Group:
    return replace(group, people=tuple(sorted({*group.people, person})))
