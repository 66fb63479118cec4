"""The plan as it stands: what joining a group, or taking somebody's seat in it, would break."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from matcher.explain.personal import Personal, kept_apart
from matcher.explain.slots import Bools
from matcher.frames import clash
from matcher.model import SearchInput, Staffing
from matcher.terms import Ints

NOBODY = -1


class Joining:
    """Groups by place, units by number; a move is a place to join and a unit that leaves it, or `NOBODY`."""

    def __init__(self, personal: Personal, board: SearchInput, staffing: Staffing, place: Ints) -> None:
        self.personal, self.model, self.staffing = personal, personal.model, staffing
        self.frame, self.session = personal.model.frame, personal.slots.places
        seated = np.flatnonzero(place >= 0)
        self.unit, self.place = board.entry_unit[seated], place[seated]
        self.weight = board.weight
        self.multiple = int(board.cap.max(initial=0)) > 1
        self.member = np.zeros((len(board.people), len(self.session)), np.int64)
        self.member[self.unit, self.place] = 1
        self.people = personal.size @ self.member
        self.used = self.people > 0
        self.waiting = np.flatnonzero(~self.member.any(1) if self.member.size else np.ones(len(board.people), bool))
        self._count()
        self._speak()

    def _count(self) -> None:
        sessions = len(self.frame.groups)
        self.opened = np.bincount(self.session[self.used], minlength=sessions)
        taken = np.bincount(self.session, self.people, minlength=sessions).astype(np.int64)
        self.left = self.frame.seats - taken
        own = self.frame.high[self.session] - self.people
        self.chairs = np.where(self.used, np.minimum(own, self.left[self.session]), 0)
        self.counted = self.personal.counting.totals(self.member)
        self.present = [head.present(self.member) for head in self.personal.counting.heads]
        pairs = kept_apart(self.model).items()
        self.foes = {title: self.model.unit_of[np.concatenate([ij, ij[:, ::-1]])] for title, ij in pairs}

    def _speak(self) -> None:
        """Languages shared by a group, and by a group when a member leaves."""
        everything = np.where(self.staffing.speaks, self.staffing.speaks, 0)
        self.spoken = {p: self._shared(p, everything, NOBODY) for p in np.flatnonzero(self.used).tolist()}
        self.spoken_without = {
            (p, u): self._shared(p, everything, u) for u, p in zip(self.unit.tolist(), self.place.tolist(), strict=True)
        }

    def _shared(self, p: int, start: Ints, leaver: int) -> int:
        return self.model.shared(self._members(p, leaver)) & int(start[p])

    def _members(self, p: int, leaver: int) -> list[int]:
        return [u for u in np.flatnonzero(self.member[:, p]).tolist() if u != leaver]

    def may(self, unit: int) -> Bools:
        """[P]: places where a unit may sit as far as is certain."""
        slots = self.personal.slots
        kinds = self.personal.units.may[unit].reshape(-1, len(slots.names)).any(1)
        return np.asarray(kinds[slots.kind], bool)

    def breaks(self, unit: int, places: Ints, leavers: Ints) -> Iterator[tuple[str, Bools]]:
        """(Rule, [moves]): which moves of a unit would break it."""
        gone = leavers != NOBODY
        n = self.people[places] + len(self.model.units[unit]) - np.where(gone, self.personal.size[leavers], 0)
        n = np.minimum(n, self.model.largest)
        for head, counted, present in zip(self.personal.counting.heads, self.counted, self.present, strict=True):
            people = counted[places] + head.people[unit] - np.where(gone, head.people[leavers], 0)
            bubbles = present[:, places] + head.bubbles[:, [unit]] - (head.bubbles[:, leavers] & gone)
            c = np.minimum(people + (bubbles > 0).sum(0), len(head.good) - 1)
            yield head.title, ~head.good[c, n]
        moves = list(zip(places.tolist(), leavers.tolist(), strict=True))
        for title, pairs in self.foes.items():
            foes = np.unique(pairs[pairs[:, 0] == unit, 1])
            there = self.member[foes].sum(0)[places] if len(foes) else np.zeros(len(places), np.int64)
            yield title, there > (np.isin(leavers, foes) & gone)
        shared = np.array([self.spoken[p] if v == NOBODY else self.spoken_without[p, v] for p, v in moves], np.int64)
        if len(self.model.bridge):
            heard = [self.model.shared([unit, *self._members(p, v)]) for p, v in moves]
            yield "shared_language", (np.array(heard, np.int64) & self.staffing.speaks[places]) == 0
        else:
            yield "shared_language", (shared & self.model.speaks[unit]) == 0

    def fate(self, unit: int) -> int | None:
        """The least weight, not below its own, of somebody whose seat a unit could take; None if nobody."""
        if self.model.held:
            return None
        may, size = self.may(unit), len(self.model.units[unit])
        once = np.bincount(self.unit, minlength=len(self.member))[self.unit] == 1
        grown = self.people[self.place] + size - self.personal.size[self.unit]
        s = self.session[self.place]
        fits = (self.frame.low[s] <= grown) & (grown <= self.frame.high[s])
        fits &= self.left[s] >= size - self.personal.size[self.unit]
        rows = np.flatnonzero(once & fits & may[self.place] & (self.weight[self.unit] >= self.weight[unit]))
        ok = np.ones(len(rows), bool)
        for _, broken in self.breaks(unit, self.place[rows], self.unit[rows]):
            ok &= ~broken
        return int(self.weight[self.unit[rows[ok]]].min()) if ok.any() else None

    def leader(self, s: int, unit: int) -> bool:
        """Whether somebody who leads nothing then could lead one more group with a unit in a session."""
        if self.frame.leader != "required":
            return True
        problem, view = self.model.problem, self.model.view
        leads: dict[str, list[int]] = {}
        for p in np.flatnonzero(self.used).tolist():
            leads.setdefault(self.staffing.leader[p], []).append(int(self.session[p]))
        for leader in problem.facilitators:
            mine = leads.get(leader.id, [])
            comes = not leader.sessions or view.sessions[s].id in leader.sessions
            able = comes and problem.format.skills <= leader.skills and len(mine) < leader.max_groups
            spoken = self.model.speaks[unit] & self.model.session_speaks(s)
            talks = not self.frame.one_language or self.model.mask(leader.languages) & spoken
            free = not any(s == t or clash(view, s, t) for t in mine) and self._comes(leader.person, s)
            if able and talks and free:
                return True
        return False

    def _comes(self, person: str, s: int) -> bool:
        """Whether a leader who takes part (no person: who does not) sits nowhere else then."""
        view = self.model.view
        if person not in view.person:
            return True
        sits = self.session[self.member[self.model.unit_of[view.person[person]]] > 0]
        return self.model.occasion[s] not in self.model.occasion[sits]
