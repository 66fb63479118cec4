"""Who is seated again to see what a change gives: all of a small problem, or leftovers and groups near."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from matcher.domain import Problem
from matcher.explain.joining import Joining
from matcher.explain.slots import Bools, fits_of
from matcher.rules import frame_of
from matcher.terms import Frame, View

WHOLE = 600
"""Up to so many people x places everything is seated again."""
LEFTOVERS, ROOMS = 24, 5
"""Else so many people without a seat, and so many groups."""
SESSIONS = {True: 6, False: 2}
"""Sessions where a group or a facilitator more is tried, in the whole and in a part."""


@dataclass(frozen=True)
class Room:
    """A place where a group may sit; `extra`: only if there were one more group in its session."""

    session: int
    number: int
    extra: bool
    place: int  # in the problem as it is, -1 for an extra one


class Scope:
    """People (indices) and rooms that are seated again; everybody else sits still.

    `chairs` are the seats of the sessions, `start` the limits of orientation, `free` those of neither.
    """

    def __init__(self, joining: Joining) -> None:
        self.joining, self.model = joining, joining.model
        self.problem: Problem = self.model.problem
        self.allowed = _allowed(joining)
        waiting = [i for u in joining.waiting.tolist() for i in self.model.units[u] if self.allowed[i].any()]
        self.whole = len(self.problem.people) * len(self.model.view.places) <= WHOLE
        self.sessions = self._wanted(waiting)
        near = sorted(waiting, key=lambda i: -int(self.allowed[i][self.sessions].sum()))
        self.waiting = sorted(near if self.whole else near[:LEFTOVERS])
        self.view = self._wider()
        self.chairs = _frame(self.problem, orientation=False, seats=True).seats
        self.start = _frame(self.view.problem, orientation=True, seats=False)
        self.free = _frame(self.view.problem, orientation=False, seats=False)
        self.rooms = self._rooms()
        inside = [r.place for r in self.rooms if r.place >= 0]
        seated = {u for p in inside for u in joining.members(p)}
        self.people = sorted({*self.waiting, *(i for u in seated for i in self.model.units[u])})
        self.outside = np.setdiff1d(np.flatnonzero(joining.used), inside)

    def _wanted(self, waiting: list[int]) -> list[int]:
        """The sessions that most people without a seat could come to."""
        wanted = self.allowed[waiting].sum(0)
        order = sorted(range(len(wanted)), key=lambda s: (-int(wanted[s]), s))
        self.everywhere = int((wanted > 0).sum()) <= SESSIONS[self.whole]
        return [s for s in order if wanted[s]][: SESSIONS[self.whole]]

    def _wider(self) -> View:
        """The same problem with one more group in the wanted sessions."""
        more = [k in self.sessions for k in range(len(self.problem.sessions))]
        wide = [replace(s, groups=s.groups + k) for s, k in zip(self.problem.sessions, more, strict=True)]
        return View(replace(self.problem, sessions=tuple(wide)))

    def _rooms(self) -> list[Room]:
        """All of a small problem; else groups that many leftovers could come to, and one beside them."""
        place = {key: p for p, key in enumerate(self.model.view.places)}
        rooms = [Room(s, k, (s, k) not in place, place.get((s, k), -1)) for s, k in self.view.places]
        joining, wanted = self.joining, self.allowed[self.waiting].sum(0)
        if self.whole:
            return sorted(rooms, key=lambda r: (r.session, r.extra, -int(joining.people[r.place]), r.number))
        used = [r for r in rooms if not r.extra and joining.used[r.place]]
        near = sorted(used, key=lambda r: -int(wanted[r.session]) * (1 + int(joining.chairs[r.place] > 0)))
        free = {r.session: r for r in rooms if not r.extra and not joining.used[r.place]}
        extra = [r for r in rooms if r.extra]
        return near[:ROOMS] + [free[s] for s in self.sessions if s in free] + extra

    def seats(self) -> list[tuple[int, int]]:
        """(Person, room) as they sit now; a room by its position."""
        members, units = self.joining.members, self.model.units
        rooms = [(r, room.place) for r, room in enumerate(self.rooms) if room.place >= 0]
        return [(i, r) for r, p in rooms for u in members(p) for i in units[u]]

    def taken(self, s: int) -> tuple[int, int]:
        """Groups and people outside the scope in a session."""
        here = self.outside[self.joining.session[self.outside] == s]
        return len(here), int(self.joining.people[here].sum())

    @cached_property
    def fits(self) -> list[tuple[str, Bools]]:
        """Firm rules about who may sit where, with [person, room]."""
        index = {key: p for p, key in enumerate(self.view.places)}
        columns = np.array([index[r.session, r.number] for r in self.rooms], np.int64)
        return fits_of(self.view, columns)

    @cached_property
    def leads(self) -> dict[str, list[int]]:
        """Facilitator -> sessions of the groups outside the scope that they lead."""
        found: dict[str, list[int]] = {}
        for p in self.outside.tolist():
            found.setdefault(self.joining.staffing.leader[p], []).append(int(self.joining.session[p]))
        return found


def _allowed(joining: Joining) -> Bools:
    """[person, session]: where people may be by what they told of times, needs and mode."""
    slots = joining.personal.slots
    told = np.repeat((joining.frame.meetings > 0)[:, None], len(slots.first), axis=1)
    for title, mask in slots.fits:
        if title in ("availability", "access", "mode"):
            told = told & mask
    allowed = np.zeros((len(told), len(joining.frame.groups)), bool)
    for kind, place in enumerate(slots.first.tolist()):
        allowed[:, slots.places[place]] |= told[:, kind]
    return allowed


def _frame(problem: Problem, orientation: bool, seats: bool) -> Frame:
    """The limits of a problem, with or without those of orientation and seats."""
    rules = tuple(rule for rule in problem.format.rules if orientation or rule.name != "orientation")
    sessions = tuple(s if seats else replace(s, seats=None) for s in problem.sessions)
    return frame_of(View(replace(problem, sessions=sessions, format=replace(problem.format, rules=rules))))
