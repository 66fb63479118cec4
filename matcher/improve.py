"""A few groups seated again exactly, so that people without a seat get one (CP-SAT over head-counts).

A rule is the domain of a count, so no variable stands for a pair of people: that is what makes it small enough.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from ortools.sat.python import cp_model

from matcher.model import ONE, SearchInput
from matcher.solving import Solver, solve
from matcher.terms import Ints

AROUND = 5
"""Groups in a neighbourhood."""


@dataclass(frozen=True)
class SeatedUnits:
    """Places per entry, and the weight that no seating of these units over these places can beat."""

    places: Ints
    bound: int


def applies(board: SearchInput) -> bool:
    """Only where everybody has one entry: a series of rounds is left to the search."""
    return len(board.entry_unit) == len(board.people) and not board.dynamic and bool((board.entry_round < 0).all())


class PartialSeating:
    """Some units over some places, everybody else sitting still."""

    def __init__(self, board: SearchInput, places: Ints, units: list[int], rooms: list[int]) -> None:
        self.board, self.places, self.units, self.rooms = board, places, units, rooms
        self.cp = cp_model.CpModel()
        self.x = self._seats()
        self.size = {p: self._sum(p, board.people) for p in rooms}
        self._sizes()
        self._languages()
        self._counts()
        self._apart()
        self._hosts()

    def _seats(self) -> dict[tuple[int, int], cp_model.IntVar]:
        """Unit x place, where it may sit."""
        x = {}
        for u in self.units:
            mine = set(self.board.places_of(u).tolist())
            for p in self.rooms:
                if p in mine:
                    x[u, p] = self.cp.new_bool_var("")
            self.cp.add_at_most_one(x[u, p] for p in self.rooms if (u, p) in x)
        return x

    def _sum(self, p: int, times: Ints) -> cp_model.LinearExpr:
        return cp_model.LinearExpr.sum([int(times[u]) * self.x[u, p] for u in self.units if (u, p) in self.x])

    def _sizes(self) -> None:
        board = self.board
        for p in self.rooms:
            good = [n for n in range(int(board.high[p]) + 1) if board.size_hard[p, n] == 0]
            self.cp.add_linear_expression_in_domain(self.size[p], cp_model.Domain.from_values(good))
        others = [e for e in np.flatnonzero(self.places >= 0) if self.places[e] not in self.rooms]
        for s in {int(board.place_session[p]) for p in self.rooms}:
            taken = sum(int(board.people[e]) for e in others if board.place_session[self.places[e]] == s)
            mine = sum(self.size[p] for p in self.rooms if board.place_session[p] == s)
            self.cp.add(mine <= int(board.seats[s]) - taken)

    def _languages(self) -> None:
        """One language per place, spoken by all in it."""
        for p in self.rooms:
            units = [u for u in self.units if (u, p) in self.x]
            spoken = int(self.board.place_speaks[p])
            if not units or all(spoken & ~int(self.board.speaks[u]) == 0 for u in units):
                continue
            heard = int(np.bitwise_or.reduce(self.board.speaks[units])) & spoken
            talks = {bit: self.cp.new_bool_var("") for bit in range(63) if heard >> bit & 1}
            self.cp.add_exactly_one(talks.values())
            helpers = [t for t in units if self.board.interpreter[t] >= 0]
            for u in units:
                mine = [talk for bit, talk in talks.items() if self.board.speaks[u] >> bit & 1]
                told = [literal for t in helpers for literal in self._told(u, t, p, talks)]
                self.cp.add_bool_or([*mine, *told, self.x[u, p].negated()])

    def _told(self, u: int, t: int, p: int, talks: dict[int, cp_model.IntVar]) -> Iterator[cp_model.IntVar]:
        """Literals for t sitting in a place and interpreting for u what is said there."""
        heard = int(self.board.bridge[self.board.interpreter[t], u] & ~self.board.speaks[u])
        for bit, talk in talks.items():
            if heard >> bit & 1:
                told = self.cp.new_bool_var("")
                self.cp.add_implication(told, talk)
                self.cp.add_implication(told, self.x[t, p])
                yield told

    def _counts(self) -> None:
        """The firm head-counts: a domain for the count, or a table of count and size."""
        board = self.board
        holders: dict[int, dict[int, int]] = defaultdict(dict)
        for u in self.units:
            for k in range(board.feat_ptr[u], board.feat_ptr[u + 1]):
                holders[int(board.feat[k])][u] = int(board.feat_n[k])
        for p in self.rooms:
            present: dict[int, list[cp_model.IntVar]] = defaultdict(list)
            counts = {f: self._count(p, holders[f]) for f in range(len(board.table_of))}
            for f, parent in enumerate(board.parent.tolist()):
                if parent >= 0 and board.hard[board.table_of[parent]].any():
                    present[parent].append(self._present(counts[f]))
            for f, count in counts.items():
                self._allow(p, f, count + sum(present[f]))

    def _count(self, p: int, held: dict[int, int]) -> cp_model.LinearExpr:
        return cp_model.LinearExpr.sum([n * self.x[u, p] for u, n in held.items() if (u, p) in self.x])

    def _present(self, count: cp_model.LinearExpr) -> cp_model.IntVar:
        here = self.cp.new_bool_var("")
        self.cp.add(count >= 1).only_enforce_if(here)
        self.cp.add(count == 0).only_enforce_if(here.negated())
        return here

    def _allow(self, p: int, f: int, count: cp_model.LinearExpr) -> None:
        hard = self.board.hard[self.board.table_of[f]]
        most = int(self.board.high[p])
        if not hard[:, : most + 1].any():
            return
        if f >= self.board.varying:
            good = [c for c in range(len(hard)) if hard[c, 1] == 0]
            self.cp.add_linear_expression_in_domain(count, cp_model.Domain.from_values(good))
            return
        pairs = [(c, n) for n in range(1, most + 1) for c in range(len(hard)) if hard[c, n] == 0]
        self.cp.add_allowed_assignments([count, self.size[p]], [(0, 0), *pairs])

    def _apart(self) -> None:
        """Firm pairs, and people who met when that is firm."""
        board, inside = self.board, set(self.units)
        for u in self.units:
            ties = range(board.tie_ptr[u], board.tie_ptr[u + 1])
            foes = {int(board.tie[k]) for k in ties if board.tie_hard[k] and not board.tie_apart[k]}
            if board.met_hard and len(board.met):
                foes |= set(np.flatnonzero(board.met[u] > 0).tolist())
            for v in foes & inside:
                for p in self.rooms:
                    if u < v and (u, p) in self.x and (v, p) in self.x:
                        self.cp.add_at_most_one(self.x[u, p], self.x[v, p])

    def _hosts(self) -> None:
        """Nobody sits where whoever leads as one of the group does not."""
        for p in self.rooms:
            host = int(self.board.host[p])
            for u in self.units if host >= 0 else ():
                if (u, p) in self.x and u != host:
                    self.cp.add_implication(self.x[u, p], self.x.get((host, p), False))

    def best(self, seed: int, effort: float) -> SeatedUnits | None:
        """As many seated as can be, who was told first, then by lot and at the least cost for where; or None."""
        for (u, p), seat in self.x.items():
            self.cp.add_hint(seat, int(self.places[u] == p))
        weight = cp_model.LinearExpr.sum([int(self.board.weight[u]) * seat for (u, _), seat in self.x.items()])
        self.cp.maximize(weight)
        first = solve(self.cp, seed, effort)
        if not first.found:
            return None
        self.cp.clear_hints()  # type: ignore[no-untyped-call]
        for seat in self.x.values():
            self.cp.add_hint(seat, first.value(seat))
        self.cp.add(weight >= round(first.objective_value))
        self.cp.maximize(cp_model.LinearExpr.sum([self.x[key] * worth for key, worth in self._worth().items()]))
        second = solve(self.cp, seed, effort / 2)
        return SeatedUnits(self._read(second if second.found else first), int(first.best_objective_bound + 1e-6))

    def _read(self, solver: Solver) -> Ints:
        places = self.places.copy()
        places[self.units] = -1
        for (u, p), seat in self.x.items():
            if solver.value(seat):
                places[u] = p
        return places

    def _worth(self) -> dict[tuple[int, int], int]:
        """Seats in thousandths of bridging, less what it costs to sit just there; who was told counts above that."""
        board = self.board
        worth = {(u, p): int(board.lot[u, 0] - board.fit[u, board.kind[p]]) * 1000 // ONE for u, p in self.x}
        told = 1 + sum(map(abs, worth.values()))
        return {(u, p): more + told * int(board.seat[u] - board.weight[u]) for (u, p), more in worth.items()}


def whole(board: SearchInput, places: Ints, seed: int, effort: float) -> SeatedUnits | None:
    """Everybody over all places: for small problems it proves how many can be placed."""
    rooms = np.flatnonzero(board.high > 0).tolist()
    units = np.flatnonzero(board.cand_many > 0).tolist()
    return PartialSeating(board, places, units, rooms).best(seed, effort)


def neighbourhood(board: SearchInput, places: Ints, random: np.random.Generator, effort: float) -> SeatedUnits | None:
    """Groups around somebody without a seat: where that person could sit, and where its members could go."""
    can = board.cand_many > 0
    waiting = np.flatnonzero((places < 0) & can)
    if not len(waiting):
        return None
    u = int(random.choice(waiting))
    rooms = [int(random.choice(board.places_of(u)))]
    while len(rooms) < AROUND:
        members = np.flatnonzero(np.isin(places, rooms))
        reach = np.concatenate([board.places_of(v) for v in [u, *members]])
        further = np.setdiff1d(reach, rooms)
        if not len(further):
            break
        # Places that many could go to, with room left, are where a path of moves is likely to end.
        odds = np.bincount(reach, minlength=len(board.high))[further].astype(float)
        taken = np.bincount(places[places >= 0], minlength=len(board.high))[further]
        odds *= 1 + 2 * np.maximum(board.high[further] - taken, 0)
        rooms.append(int(random.choice(further, p=odds / odds.sum())))
    units = sorted(set(np.flatnonzero(np.isin(places, rooms)).tolist()) | set(waiting.tolist()))
    return PartialSeating(board, places, units, sorted(rooms)).best(int(random.integers(1 << 30)), effort)


def homeward(
    board: SearchInput, places: Ints, told: Ints, around: int, random: np.random.Generator, effort: float
) -> SeatedUnits | None:
    """At most `around` groups with somebody who sits elsewhere than they were told: who among them can go back."""
    away = np.flatnonzero((told >= 0) & (places >= 0) & (told != places))
    if not len(away):
        return None
    u = int(random.choice(away))
    rooms = [int(told[u]), int(places[u])]
    others = random.permutation(away[away != u])
    # Who moved in or out of these groups first: to go back, they have to change seats with each other.
    touching = np.isin(told[others], rooms) | np.isin(places[others], rooms)
    for v in [*others[touching], *others[~touching]]:
        rooms += [p for p in dict.fromkeys((int(told[v]), int(places[v]))) if p not in rooms and len(rooms) < around]
    units = np.flatnonzero(np.isin(places, rooms)).tolist()
    return PartialSeating(board, places, units, sorted(rooms)).best(int(random.integers(1 << 30)), effort)
