"""People seated once more (CP-SAT), with a switch for all that may give way: who sits in which room."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import NamedTuple

from ortools.sat.python import cp_model

from matcher.domain import Facilitator
from matcher.explain.scope import Room, Scope
from matcher.frames import clash


class Relaxation(NamedTuple):
    """What may give way: a kind of change, and the rule, session or language it is about."""

    kind: str
    what: str = ""


Leads = dict[tuple[str, int], cp_model.IntVar]


class SeatingModel:
    """Who sits where, how many, in which language, led by whom; `on` is a switch for every change."""

    def __init__(self, scope: Scope, changes: Iterable[Relaxation]) -> None:
        self.scope, self.model = scope, scope.model
        self.cp = cp_model.CpModel()
        self.on = {change: self.cp.new_bool_var("") for change in changes}
        self.rooms = list(enumerate(scope.rooms))
        self.x = self._seats()
        self.size = {r: self._sizes(r, room) for r, room in self.rooms}
        languages = self.rooms if self.model.frame.one_language else []
        self.talk = {r: self._talks(r, room) for r, room in languages}
        self.lead = self._leaders() if self.model.frame.leader == "required" else {}
        self._room()

    def off(self, kind: str, what: str = "") -> list[cp_model.LiteralT]:
        """A literal that is true when something gives way; none if it never does."""
        switch = self.on.get(Relaxation(kind, what))
        return [] if switch is None else [switch.negated()]

    def held(self, kind: str, what: str = "") -> list[cp_model.LiteralT]:
        """A literal that enforces a constraint; none if it always holds."""
        switch = self.on.get(Relaxation(kind, what))
        return [] if switch is None else [switch]

    def here(self, r: int, people: Iterable[int]) -> list[cp_model.IntVar]:
        """The seats of people in a room."""
        return [self.x[i, r] for i in people if (i, r) in self.x]

    def _seats(self) -> dict[tuple[int, int], cp_model.IntVar]:
        """Person x room, where the rules about sessions allow it or may give way."""
        x = {}
        fits = [(Relaxation("locked") if t == "locked" else Relaxation("rule", t), m) for t, m in self.scope.fits]
        for i in self.scope.people:
            for r, _ in self.rooms:
                against = [change for change, mask in fits if not mask[i, r]]
                if all(change in self.on for change in against):
                    x[i, r] = self.cp.new_bool_var("")
                    for change in against:
                        self.cp.add_implication(x[i, r], self.on[change].negated())
            mine = [x[i, r] for r, _ in self.rooms if (i, r) in x]
            self.cp.add(sum(mine) <= min(1, int(self.model.frame.meetings[i])))
        return x

    def _sizes(self, r: int, room: Room) -> dict[int, cp_model.IntVar]:
        """A literal for every number of people, 0 included."""
        low, high = int(self.scope.free.low[room.session]), int(self.scope.free.high[room.session])
        size = {n: self.cp.new_bool_var("") for n in [0, *range(max(1, low - 1), high + 1)]}
        self.cp.add_exactly_one(size.values())
        self.cp.add(sum(n * literal for n, literal in size.items()) == sum(self.here(r, self.scope.people)))
        if low > 1 and low - 1 in size:
            self.cp.add_bool_or([size[low - 1].negated(), *self.off("size")])
        if room.extra:
            id = self.scope.view.sessions[room.session].id
            self.cp.add_bool_or([size[0], *self.off("group", id), *self.off("table", id)])
        return size

    def _talks(self, r: int, room: Room) -> dict[int, cp_model.IntVar]:
        """One language per group, which everybody in it speaks, or hears from an interpreter."""
        spoken = self.model.session_speaks(room.session)
        talk = {bit: self.cp.new_bool_var("") for bit in self.model.languages.values() if spoken >> bit & 1}
        self.cp.add(sum(talk.values()) == 1 - self.size[r][0])
        helpers = [t for t in self.scope.people if self.model.view.people[t].interpreters]
        for i in self.scope.people:
            if (i, r) in self.x:
                mine = sorted(self.model.view.people[i].languages)
                heard = [literal for bit, literal in talk.items() if self.model.mask(mine) >> bit & 1]
                told = [literal for language in mine for literal in self.off("interpreter", language)]
                told += [literal for t in helpers if t != i for literal in self._told(i, t, r, talk)]
                self.cp.add_bool_or([self.x[i, r].negated(), *heard, *told])
        return talk

    def _told(self, i: int, t: int, r: int, talk: dict[int, cp_model.IntVar]) -> Iterator[cp_model.IntVar]:
        """Literals for t sitting in a room and interpreting for i what is said there."""
        one, other = self.model.view.people[i], self.model.view.people[t]
        mine, theirs = self.model.mask(one.languages), self.model.mask(other.interpreters)
        for bit, literal in talk.items() if mine & theirs else ():
            if theirs & ~mine & 1 << bit and (t, r) in self.x:
                told = self.cp.new_bool_var("")
                self.cp.add_implication(told, literal)
                self.cp.add_implication(told, self.x[t, r])
                yield told

    def _leaders(self) -> Leads:
        """Facilitator x room: who there is, and somebody new in every session."""
        leads: Leads = {}
        for leader in self.scope.problem.facilitators:
            if self.scope.problem.format.skills <= leader.skills:
                leads |= self._leads(leader)
        for s in self.scope.sessions:
            leads |= self._somebody_new(s)
        for r, _ in self.rooms:
            self.cp.add(sum(led for (_, q), led in leads.items() if q == r) == 1 - self.size[r][0])
        return leads

    def _leads(self, leader: Facilitator) -> Leads:
        """One group at a time, and so many in all."""
        busy, view = self.scope.leads.get(leader.id, []), self.scope.view
        mine: dict[int, list[cp_model.IntVar]] = defaultdict(list)
        leads: Leads = {}
        for r, room in self.rooms:
            comes = not leader.sessions or view.sessions[room.session].id in leader.sessions
            i = view.person.get(leader.person, -1)
            comes = comes and (i < 0 or (i, r) in self.x)
            if comes and not any(room.session == s or clash(view, room.session, s) for s in busy):
                leads[f"old {leader.id}", r] = led = self.cp.new_bool_var("")
                mine[room.session].append(led)
                if i >= 0:
                    self.cp.add_implication(led, self.x[i, r])
                if self.talk:
                    mask = self.model.mask(leader.languages)
                    talk = [literal for bit, literal in self.talk[r].items() if mask >> bit & 1]
                    self.cp.add_bool_or([led.negated(), *talk])
        for literals in mine.values():
            self.cp.add_at_most_one(literals)
        for s, t in combinations(mine, 2):
            if clash(view, s, t):
                self.cp.add_at_most_one(mine[s] + mine[t])
        self.cp.add(sum(leads.values()) <= max(0, leader.max_groups - len(busy)))
        return leads

    def _somebody_new(self, s: int) -> Leads:
        """For one group of a session, in any language: if a facilitator or a group with one may be added."""
        id = self.scope.view.sessions[s].id
        rooms = [(r, room) for r, room in self.rooms if room.session == s]
        leads = {(f"new {id}", r): self.cp.new_bool_var("") for r, _ in rooms}
        self.cp.add_at_most_one(leads.values())
        for (_, room), led in zip(rooms, leads.values(), strict=True):
            table = self.off("table", id) if room.extra else []
            self.cp.add_bool_or([led.negated(), *self.off("leader", id), *table])
        return leads

    def _room(self) -> None:
        """Groups and seats of a session; a group more brings its own chairs."""
        scope, orientation = self.scope, self.held("orientation")
        for s in {room.session for _, room in self.rooms}:
            mine = [(r, room) for r, room in self.rooms if room.session == s]
            opened, seated = scope.taken(s)
            extra = [1 - self.size[r][0] for r, room in mine if room.extra]
            people = sum(n * v for r, _ in mine for n, v in self.size[r].items())
            chairs = int(scope.free.high[s]) * sum(extra)
            own = self.cp.add(people - chairs <= int(scope.chairs[s]) - seated)
            own.only_enforce_if(self.held("seats", scope.problem.sessions[s].id))
            if scope.start.groups[s] < scope.free.groups[s]:
                groups = sum(1 - self.size[r][0] for r, _ in mine)
                self.cp.add(groups <= int(scope.start.groups[s]) - opened).only_enforce_if(orientation)
            if scope.start.seats[s] < scope.free.seats[s]:
                self.cp.add(people <= int(scope.start.seats[s]) - seated).only_enforce_if(orientation)
