"""The plan as it stands: what joining a group, or taking somebody's seat in it, would break."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import numpy as np

from matcher.explain.personal import Personal, kept_apart
from matcher.explain.slots import Bools
from matcher.model import SearchInput, Staffing
from matcher.places.leading import Leader, leaders_of
from matcher.terms import Ints

NOBODY = -1
AT_ONCE = 512
"""Seats that are looked at together."""


class Joining:
    """Groups by place, units by number; a move is a place to join and a unit that leaves it, or `NOBODY`."""

    def __init__(self, personal: Personal, board: SearchInput, staffing: Staffing, place: Ints) -> None:
        self.personal, self.model, self.staffing = personal, personal.model, staffing
        self.frame, self.session = personal.model.frame, personal.slots.places
        seated = np.flatnonzero(place >= 0)
        seated = seated[np.lexsort((board.entry_unit[seated], place[seated]))]
        self.unit, self.place = board.entry_unit[seated], place[seated]
        self._first = np.searchsorted(self.place, np.arange(len(self.session) + 1))
        self.weight = board.weight
        self.multiple = int(board.cap.max(initial=0)) > 1
        self.often = np.bincount(self.unit, minlength=len(board.people))
        self.people = np.bincount(self.place, personal.size[self.unit], len(self.session)).astype(np.int64)
        self.used = self.people > 0
        self.waiting = np.flatnonzero(self.often == 0)
        self._room: dict[bytes, dict[str, int]] = {}
        self._count()
        self._speak()

    def members(self, place: int) -> list[int]:
        """The units in a place, in order."""
        found: list[int] = self.unit[self._first[place] : self._first[place + 1]].tolist()
        return found

    def _count(self) -> None:
        sessions, counting = len(self.frame.groups), self.personal.counting
        self.opened = np.bincount(self.session[self.used], minlength=sessions)
        taken = np.bincount(self.session, self.people, minlength=sessions).astype(np.int64)
        self.left = self.frame.seats - taken
        own = self.frame.high[self.session] - self.people
        self.chairs = np.where(self.used, np.minimum(own, self.left[self.session]), 0)
        self.counted = self._summed(counting.people)
        self.present = [self._summed(head.bubbles.astype(np.int64)) for head in counting.heads]
        pairs = kept_apart(self.model).items()
        self.foes = {title: self.model.unit_of[np.concatenate([ij, ij[:, ::-1]])] for title, ij in pairs}

    def _summed(self, rows: Ints) -> Ints:
        """[rows, U] -> [rows, P]: summed over the units of every place."""
        total = np.zeros((len(rows), len(self.session)), np.int64)
        for row, mine in zip(total, rows, strict=True):
            row += np.bincount(self.place, mine[self.unit], len(self.session)).astype(np.int64)
        return total

    def _speak(self) -> None:
        """[P] languages shared by a group, and [seats] by a group when the unit of that seat leaves."""
        self.spoken = self.staffing.speaks.copy()
        self.spoken_without = np.zeros(len(self.unit), np.int64)
        speaks = self.model.speaks
        for p in np.flatnonzero(self.used).tolist():
            a, b = int(self._first[p]), int(self._first[p + 1])
            mine = speaks[self.unit[a:b]]
            for k in range(b - a):
                others = np.delete(mine, k)
                self.spoken_without[a + k] = np.bitwise_and.reduce(others, initial=self.spoken[p])
            self.spoken[p] = np.bitwise_and.reduce(mine, initial=self.spoken[p])

    def may(self, unit: int) -> Bools:
        """[P]: places where a unit may sit as far as is certain."""
        slots = self.personal.slots
        kinds = self.personal.units.may[unit].reshape(-1, len(slots.names)).any(1)
        return np.asarray(kinds[slots.kind], bool)

    def joins(self, unit: int, places: Ints) -> Iterator[tuple[str, Bools]]:
        """(Rule, [places]): where a unit beside all others would break it."""
        nobody = np.full(len(places), NOBODY)
        return self._breaks(unit, places, nobody, self.spoken[places])

    def takes(self, unit: int, seats: Ints) -> Iterator[tuple[str, Bools]]:
        """(Rule, [seats]): where a unit instead of who sits there would break it."""
        return self._breaks(unit, self.place[seats], self.unit[seats], self.spoken_without[seats])

    def _breaks(self, unit: int, places: Ints, leavers: Ints, spoken: Ints) -> Iterator[tuple[str, Bools]]:
        gone = leavers != NOBODY
        n = self.people[places] + len(self.model.units[unit]) - np.where(gone, self.personal.size[leavers], 0)
        n = np.minimum(n, self.model.largest)
        for head, counted, present in zip(self.personal.counting.heads, self.counted, self.present, strict=True):
            people = counted[places] + head.people[unit] - np.where(gone, head.people[leavers], 0)
            bubbles = present[:, places] + head.bubbles[:, [unit]] - (head.bubbles[:, leavers] & gone)
            c = np.minimum(people + (bubbles > 0).sum(0), len(head.good) - 1)
            yield head.title, ~head.good[c, n]
        for title, pairs in self.foes.items():
            foes = np.unique(pairs[pairs[:, 0] == unit, 1])
            there = np.bincount(self.place[np.isin(self.unit, foes)], minlength=len(self.session))
            yield title, there[places] > (np.isin(leavers, foes) & gone)
        if len(self.model.bridge):
            moves = zip(places.tolist(), leavers.tolist(), strict=True)
            heard = [self.model.shared([unit, *(w for w in self.members(p) if w != v)]) for p, v in moves]
            spoken = np.array(heard, np.int64) & self.staffing.speaks[places]
        yield "shared_language", (spoken & self.model.reach[unit]) == 0

    def fate(self, unit: int) -> int | None:
        """The least weight, not below its own, of somebody whose seat a unit could take; None if nobody."""
        if self.model.held:
            return None
        may, size = self.may(unit), len(self.model.units[unit])
        grown = self.people[self.place] + size - self.personal.size[self.unit]
        s = self.session[self.place]
        fits = (self.often[self.unit] == 1) & (self.frame.low[s] <= grown) & (grown <= self.frame.high[s])
        fits &= self.left[s] >= size - self.personal.size[self.unit]
        seats = np.flatnonzero(fits & may[self.place] & (self.weight[self.unit] >= self.weight[unit]))
        # By weight, some at a time: the first seat that could be taken is the answer.
        seats = seats[np.argsort(self.weight[self.unit[seats]], kind="stable")]
        for start in range(0, len(seats), AT_ONCE):
            some = seats[start : start + AT_ONCE]
            ok = np.ones(len(some), bool)
            for _, broken in self.takes(unit, some):
                ok &= ~broken
            if ok.any():
                return int(self.weight[self.unit[some[int(np.argmax(ok))]]])
        return None

    def leader(self, s: int, unit: int) -> bool:
        """Whether somebody who leads nothing then could lead one more group with a unit in a session."""
        if self.frame.leader != "required":
            return True
        spoken = int(self.model.speaks[unit]) & self.model.session_speaks(s)
        return any(
            s in leader.sessions and leader.often > 0 and bool(leader.speaks & spoken) for leader in self._leaders
        )

    def room(self, unit: int) -> dict[str, int]:
        """The people who could come where a unit could, and the seats of the groups that opened there."""
        slots, key = self.personal.slots, self.personal.units.may[unit].tobytes()
        if key not in self._room:
            may = self.may(unit)
            kinds = np.isin(np.repeat(np.arange(slots.kind.max() + 1), len(slots.names)), slots.kind[may])
            people = int(self.personal.size[self.personal.units.may[:, kinds].any(1)].sum())
            here = may & self.used
            high = np.bincount(self.session[here], self.frame.high[self.session[here]], len(self.opened))
            self._room[key] = {"people": people, "seats": int(np.minimum(high, self.frame.seats).sum())}
        return self._room[key]

    def kind(self, unit: int) -> tuple[object, ...]:
        """What units have in common who are without a seat for the same reason."""
        if any((pairs[:, 0] == unit).any() for pairs in self.foes.values()):
            return (unit,)
        counting = self.personal.counting
        heads = counting.people[:, unit].tobytes() + b"".join(h.bubbles[:, unit].tobytes() for h in counting.heads)
        return *self.crowd(unit), heads, int(self.model.speaks[unit])

    def crowd(self, unit: int) -> tuple[object, ...]:
        """The same, but for what the firm rules count of them."""
        may = self.personal.units.may[unit].tobytes()
        return may, int(self.personal.size[unit]), int(self.weight[unit])

    @cached_property
    def _leaders(self) -> frozenset[Leader]:
        """Who could lead one more group beside those that they lead."""
        number = {leader.id: f for f, leader in enumerate(self.model.problem.facilitators)}
        led: dict[int, list[int]] = {}
        for p in np.flatnonzero(self.used).tolist():
            if self.staffing.leader[p]:
                led.setdefault(number[self.staffing.leader[p]], []).append(int(self.session[p]))
        return frozenset(leaders_of(self.model, led))

    @cached_property
    def wanted(self) -> Ints:
        """[S]: people without a seat who could come to a session."""
        sessions, may = range(len(self.frame.groups)), self.personal.units.may[self.waiting]
        could = [may[:, self.personal.slots.at(s)].any(1) for s in sessions]
        return np.array([self.personal.size[self.waiting][mine].sum() for mine in could], np.int64)

    @cached_property
    def leftover(self) -> Ints:
        """[Q]: people without a seat who could sit in a slot."""
        return self.personal.size[self.waiting] @ self.personal.units.may[self.waiting].astype(np.int64)
