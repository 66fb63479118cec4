"""Problem and rules as arrays: the only place that knows how they are laid out.

People who come together are one *unit*; a unit has one *entry* per seat it may take; an entry sits in a *place*
(a group that may open) or nowhere. All costs are whole numbers: 1.0 of bridging is `PAIR * MEAN` = `ONE`.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from matcher.board import SearchInput as SearchInput
from matcher.board import Staffing as Staffing
from matcher.bridging import PAIR, scores_of
from matcher.domain import Group, Plan, Problem
from matcher.frames import clash, followed
from matcher.rules import frame_of, terms_of
from matcher.terms import Fit, Frame, Ints, Pair, Rule, View

MEAN = 360360
"""Least common multiple of 1 to 15: the mean over the others is exact in groups of up to 16."""
ONE = PAIR * MEAN
NEVER = np.int64(-1)
MOST = 1 << 61
"""Costs stay below this, so that their sums fit into 64 bits."""
MATRIX = 3000
"""People up to whom every pair may have its score in a matrix; beyond, scores are looked up by codes of answers."""


class Model:
    """One problem, indexed; `layout.lay_out` gives the arrays for one staffing of its places."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.view = View(problem)
        self.frame: Frame = frame_of(self.view)
        self.units = _units(self.view, self.frame)
        self.unit_of = np.zeros(len(self.view.people), np.int64)
        for u, unit in enumerate(self.units):
            self.unit_of[list(unit)] = u
        self.terms = list(terms_of(self.view))
        self.pairs = scores_of(self.view)
        large = len(self.view.people) > MATRIX
        self.best_score = self.pairs.most if large else int(self.pairs.matrix().max(initial=0))
        self.occasion = _occasions(self.view, self.frame)
        self.languages = _languages(problem)
        able = [i for i, person in enumerate(self.view.people) if person.interpreters]
        helpers = sorted({int(self.unit_of[i]) for i in able})
        self.interpreter = {u: k for k, u in enumerate(helpers)}
        self.speaks = np.array([self._all_speak(unit, unit) for unit in self.units], np.int64)
        self.bridge = self._bridge(helpers)
        self.reach = np.array([self._all_speak(unit, able) for unit in self.units], np.int64)
        leaders = problem.facilitators
        self.host = [
            int(self.unit_of[self.view.person[f.person]]) if f.person in self.view.person else -1 for f in leaders
        ]
        self.kind, self.first = self.kinds()
        self.fit = self._fit()
        self.keep = 0.0
        self.held: frozenset[int] = frozenset()

    @property
    def largest(self) -> int:
        """The largest group that any session takes."""
        return int(self.frame.high.max(initial=1))

    def hold(self, plan: Plan, keep: float) -> None:
        """Make it cost `keep`, for every person, to sit elsewhere than in a plan that people were told."""
        number = {key: p for p, key in enumerate(self.view.places)}
        # What a place costs now depends on who was told to sit there.
        self.fit, self.kind, self.first = self.fit[:, self.kind], np.arange(len(self.kind)), np.arange(len(self.kind))
        home: dict[int, set[int]] = {}
        for person, group in plan.seats():
            key = (self.view.session.get(group.session, -1), group.number)
            if person in self.view.person and key in number:
                home.setdefault(int(self.unit_of[self.view.person[person]]), set()).add(number[key])
        for u, places in home.items():
            away = np.full(len(self.kind), round(keep * ONE) * len(self.units[u]), np.int64)
            away[list(places)] = 0
            self.fit[u] = np.where(self.fit[u] < 0, NEVER, self.fit[u] + away)
        self.keep, self.held = keep, frozenset(home)

    def mask(self, languages: Iterable[str]) -> int:
        """Languages as bits; those nobody speaks have none."""
        return sum(1 << self.languages[x] for x in set(languages) if x in self.languages)

    def _all_speak(self, unit: tuple[int, ...], table: Iterable[int]) -> int:
        """Languages that all of a unit can follow when people of this table interpret."""
        if not self.frame.one_language:
            return 1
        others = [self.view.people[i] for i in table if self.view.people[i].interpreters]
        return int(np.bitwise_and.reduce([self.mask(followed(self.view.people[i], others)) for i in unit]))

    def _bridge(self, helpers: list[int]) -> Ints:
        """[K, U]: languages that a unit can follow when one with interpreters is at the table."""
        if not self.frame.one_language:
            helpers = []
        rows = [[self._all_speak(unit, (*unit, *self.units[k])) for unit in self.units] for k in helpers]
        return np.array(rows, np.int64).reshape(len(helpers), len(self.units))

    def shared(self, units: Iterable[int]) -> int:
        """Languages that all of these can follow at one table; all bits for nobody."""
        mine = list(units)
        rows = [self.interpreter[u] for u in mine if u in self.interpreter] if len(self.bridge) else []
        heard = self.speaks[mine] | np.bitwise_or.reduce(self.bridge[np.ix_(rows, mine)], axis=0)
        return int(np.bitwise_and.reduce(heard))

    def price(self, rule: Rule) -> float:
        """What a breach costs, in units of `ONE`. A weight so large that costs would not fit is cut off."""
        return min(rule.weight * ONE, MOST / (64 * max(1, len(self.view.people))))

    def weight(self, unit: tuple[int, ...]) -> int:
        """The priority-weighted people of a unit."""
        return sum(1 + self.view.people[i].priority for i in unit)

    def kinds(self) -> tuple[Ints, Ints]:
        """The kind of every place, and the first place of every kind: a session, unless decisions by hand differ."""
        known: dict[tuple[int, bytes, int], int] = {}
        by_place = [t.amount for _, t in self.terms if isinstance(t, Fit) and t.by == "place"]
        first, kind = [], np.zeros(len(self.view.places), np.int64)
        for p, place in enumerate(self.view.places):
            key = (
                place[0],
                b"".join(amount[:, p].tobytes() for amount in by_place),
                p if place in self.frame.closed else -1,
            )
            if key not in known:
                first.append(p)
            kind[p] = known.setdefault(key, len(known))
        return kind, np.array(first, np.int64)

    def may_come(self) -> NDArray[np.bool_]:
        """[U, S]: may a unit sit in some place of the session."""
        may = np.zeros((len(self.units), len(self.view.sessions)), bool)
        for k, p in enumerate(self.first.tolist()):
            may[:, self.view.places[p][0]] |= self.fit[:, k] >= 0
        return may

    def _fit(self) -> Ints:
        """[U, kinds]: what sitting there costs, -1 where firm rules forbid it."""
        session = np.array([self.view.places[p][0] for p in self.first.tolist()], np.int64)
        cost = np.zeros((len(self.view.people), len(session)), np.int64)
        for rule, term in self.terms:
            if isinstance(term, Fit):
                amount = term.amount[:, self.first] if term.by == "place" else term.amount[:, session]
                soft = np.rint(self.price(rule) * amount).astype(np.int64)
                cost = np.where((amount > 0) & rule.firm, NEVER, np.where(cost < 0, cost, cost + soft))
        rows = [cost[list(unit)] for unit in self.units]
        merged = [np.where((r < 0).any(0), NEVER, r.sum(0)) for r in rows]
        fit = np.array(merged, np.int64).reshape(len(self.units), len(session))
        for s, number in self.frame.closed:
            inside = {(lock.session, lock.group, lock.person) for lock in self.problem.locks}
            ids = [[(self.view.sessions[s].id, number, self.view.people[i].id) for i in unit] for unit in self.units]
            strangers = np.array([not inside.issuperset(mine) for mine in ids], bool)
            fit[strangers, self.kind[self.view.places.index((s, number))]] = NEVER
        too_many = np.array([len(unit) for unit in self.units])[:, None] > self.frame.high[session][None, :]
        return np.where(too_many | self._torn()[:, None], NEVER, fit)

    def _torn(self) -> NDArray[np.bool_]:
        """[U]: units of people who come together and may not sit together."""
        torn = np.zeros(len(self.units), bool)
        for rule, term in self.terms:
            if isinstance(term, Pair) and term.when == "together" and rule.firm:
                u, v = self.unit_of[term.a], self.unit_of[term.b]
                torn[u[u == v]] = True
        return torn

    def everywhere(self) -> Staffing:
        """Every place open and nobody leading."""
        places = self.view.places
        is_open = np.array([k <= self.frame.groups[s] for s, k in places], bool)
        speaks = np.array([self.session_speaks(s) for s, _ in places], np.int64)
        return Staffing(is_open, ("",) * len(places), speaks)

    def session_speaks(self, s: int) -> int:
        """What may be spoken in a session: its own languages, or any."""
        if not self.frame.one_language:
            return 1
        mine = self.view.sessions[s].languages
        return self.mask(mine) if mine else (1 << len(self.languages)) - 1

    def plan(self, place: Ints, board: SearchInput, staffing: Staffing) -> Plan:
        """Entries in places -> groups, numbered within their session as in the problem."""
        members: dict[int, list[int]] = {}
        for entry, p in enumerate(place.tolist()):
            if p >= 0:
                members.setdefault(p, []).extend(self.units[board.entry_unit[entry]])
        groups = [self._group(p, people, staffing) for p, people in members.items()]
        order = {s.id: i for i, s in enumerate(self.view.sessions)}
        return Plan(tuple(sorted(groups, key=lambda g: (order[g.session], g.number))))

    def _group(self, p: int, people: list[int], staffing: Staffing) -> Group:
        s, number = self.view.places[p]
        ids = tuple(sorted(self.view.people[i].id for i in people))
        language = self._language(people, int(staffing.speaks[p])) if self.frame.one_language else ""
        return Group(self.view.sessions[s].id, number, ids, language, staffing.leader[p])

    def _language(self, people: list[int], spoken: int) -> str:
        """The language that all share; among several the one that most people of the problem speak."""
        table = [self.view.people[i] for i in people]
        for person in table:
            spoken &= self.mask(followed(person, table))
        return next((name for name, bit in self.languages.items() if spoken >> bit & 1), "")

    def entries(self, plan: Plan, board: SearchInput) -> Ints:
        """Groups -> entries in places; who does not fit an entry is left out."""
        number = {key: p for p, key in enumerate(self.view.places)}
        place = np.full(len(board.entry_unit), -1, np.int64)
        wanted: dict[tuple[int, int], int] = {}
        for person, group in plan.seats():
            s = self.view.session.get(group.session, -1)
            if person in self.view.person and (s, group.number) in number:
                p = number[s, group.number]
                wanted[int(self.unit_of[self.view.person[person]]), p] = p
        for (u, p), _ in sorted(wanted.items()):
            for e in np.flatnonzero(board.entry_unit == u).tolist():
                if place[e] < 0 and p in board.places_of(e):
                    place[e] = p
                    break
        return place


def _units(view: View, frame: Frame) -> list[tuple[int, ...]]:
    chained = {i: chain for chain in frame.together for i in chain}
    units = {tuple(sorted(chained.get(i, {i}))) for i in range(len(view.people))}
    return sorted(units)


def _languages(problem: Problem) -> dict[str, int]:
    """Language -> bit, the most spoken first, then by name."""
    spoken: dict[str, int] = {}
    for person in problem.people:
        for language in person.languages:
            spoken[language] = spoken.get(language, 0) + 1
    return {name: bit for bit, name in enumerate(sorted(spoken, key=lambda x: (-spoken[x], x))[:62])}


def _occasions(view: View, frame: Frame) -> Ints:
    """[S]: sessions with the same number exclude each other for somebody who comes more than once."""
    label = list(range(len(view.sessions)))
    if int(frame.meetings.max(initial=1)) <= 1:
        return np.zeros(len(label), np.int64)
    for s in range(len(label)):
        for t in range(s):
            if clash(view, s, t) and label[s] != label[t]:
                label = [label[t] if x == label[s] else x for x in label]
    names = sorted(set(label))
    return np.array([names.index(x) for x in label], np.int64)
