"""A plan held against its problem: every breach and every figure, read from the terms and knowing no solver."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from matcher import frames
from matcher.bridging import PAIR, PairScores, bonds_of, mean_score, scores_of
from matcher.domain import Breach, Group, Plan, Problem
from matcher.messages import Key, Message, PersonId, SessionId
from matcher.outcome import Figures
from matcher.rules import frame_of, terms_of
from matcher.terms import Fit, Headcount, Level, Pair, Rule, Term, View


@dataclass(frozen=True, slots=True)
class Check:
    """What the independent check of a plan says."""

    figures: Figures
    breaches: tuple[Breach, ...]

    @property
    def valid(self) -> bool:
        """Whether no firm rule is broken."""
        return not any(b.firm for b in self.breaches)


class Seating:
    """A plan in indices: members of each group, and the score of the pairs in it. Unknown people are left out."""

    def __init__(self, view: View, plan: Plan, score: PairScores | None = None) -> None:
        self.view = view
        self.plan = plan
        self.score = scores_of(view) if score is None else score
        self.groups = [g for g in plan.groups if g.session in view.session]
        self.members = [np.array([view.person[p] for p in g.people if p in view.person], np.int64) for g in self.groups]
        place = {key: p for p, key in enumerate(view.places)}
        self.session = [view.session[g.session] for g in self.groups]
        self.place = [place.get((s, g.number), -1) for s, g in zip(self.session, self.groups, strict=True)]
        self.seats = np.zeros(len(view.people), np.int64)
        for members in self.members:
            self.seats[members] += 1

    def bridging(self, score: PairScores | None = None) -> list[float]:
        """The bridging of each group: the sum over its members of the mean score with the others."""
        score = self.score if score is None else score
        sums = [int(score.among(m).sum(dtype=np.int64)) for m in self.members]
        return [s / PAIR / max(1, len(m) - 1) for s, m in zip(sums, self.members, strict=True)]

    def meetings(self) -> Counter[tuple[int, int]]:
        """How often each pair of people (lower index first) meets in this plan."""
        return Counter(pair for m in self.members for pair in combinations(sorted(m.tolist()), 2))


def check(problem: Problem, plan: Plan) -> Check:
    """Hold any plan, ours or made by hand, against its problem."""
    seating = Seating(View(problem), plan)
    found = breaches(problem, plan, seating)
    return Check(_figures(problem, seating, found), tuple(found))


def breaches(problem: Problem, plan: Plan, seating: Seating | None = None) -> list[Breach]:
    """Every breach of every rule, firm ones first; those of the frame (sizes, seats, facilitators) are firm."""
    seating = seating or Seating(View(problem), plan)
    found = list(frames.breaches(seating.view, plan))
    for rule, term in terms_of(seating.view):
        found += _breaches(seating, rule, term)
    return sorted(found, key=lambda b: (not b.firm, b.rule, b.session, b.group, b.people))


def _figures(problem: Problem, seating: Seating, found: list[Breach]) -> Figures:
    placed = [p for p, n in zip(problem.people, seating.seats, strict=True) if n]
    each = seating.bridging()
    meetings = seating.meetings()
    before = {pair for pair in meetings if _met(problem, seating.view, pair)}
    again = sum(n - (pair not in before) for pair, n in meetings.items())
    cost = sum(b.weight * b.amount for b in found if not b.firm) + _off_target(seating)
    worst = min((b / len(m) for b, m in zip(each, seating.members, strict=True) if len(m)), default=0.0)
    return Figures(
        people=len(problem.people),
        placed=len(placed),
        placed_priority=sum(1 + p.priority for p in placed),
        seats=int(seating.seats.sum()),
        bridging=sum(each),
        worst_group=worst,
        met_again=again,
        distinct_pairs=len(meetings),
        quality=sum(each) - cost,
        difference=sum(seating.bridging(scores_of(seating.view, shared=False)) if bonds_of(seating.view) else each),
    )


def _off_target(seating: Seating) -> float:
    """What groups cost that are smaller or larger than they would best be."""
    frame, cost = frame_of(seating.view), 0.0
    for s, members in zip(seating.session, seating.members, strict=True):
        target = np.clip(frame.target[s], frame.low[s], frame.high[s])
        cost += seating.view.problem.format.off_target(abs(len(members) - int(target)))
    return cost


def _met(problem: Problem, view: View, pair: tuple[int, int]) -> bool:
    a, b = sorted(view.people[i].id for i in pair)
    return problem.met.get((a, b), 0) > 0


def _breaches(seating: Seating, rule: Rule, term: Term) -> Iterator[Breach]:
    match term:
        case Fit():
            yield from _fit(seating, rule, term)
        case Headcount():
            yield from _headcount(seating, rule, term)
        case Pair():
            yield from _pair(seating, rule, term)
        case Level():
            yield from _level(seating, rule, term)


def _breach(
    rule: Rule, message: Message, amount: float, group: Group | None = None, people: tuple[str, ...] = ()
) -> Breach:
    where = (group.session, group.number) if group else ("", 0)
    return Breach(rule.title, message, amount, rule.firm, 0.0 if rule.firm else rule.weight, *where, people)


def _fit(seating: Seating, rule: Rule, term: Fit) -> Iterator[Breach]:
    for group, members, s, p in zip(seating.groups, seating.members, seating.session, seating.place, strict=True):
        column = s if term.by == "session" else p
        for i in members[term.amount[members, column] > 0] if column >= 0 else ():
            person = seating.view.people[i].id
            message = Message.of("breach.fit", person=PersonId(person), session=SessionId(group.session))
            yield _breach(rule, message, float(term.amount[i, column]), group, (person,))


def _headcount(seating: Seating, rule: Rule, term: Headcount) -> Iterator[Breach]:
    times = np.bincount(term.people, minlength=len(seating.view.people))
    for group, members in zip(seating.groups, seating.members, strict=True):
        present = sum(bool(np.isin(bubble, members).any()) for bubble in term.bubbles)
        mine = members[times[members] > 0]
        c, n = int(times[mine].sum()) + present, len(members)
        amount = _tabled(term, c, n)
        if amount > 0:
            people = tuple(seating.view.people[i].id for i in mine)
            message = Message.private(term.said or Key("breach.count"), c=c, n=n, label=term.label)
            yield _breach(rule, message, amount, group, people)


def _tabled(term: Headcount, c: int, n: int) -> float:
    # A group over the largest size breaks the size rule already; its last row stands for what is beyond.
    rows, columns = term.amount.shape
    return float(term.amount[min(c, rows - 1), min(n, columns - 1)])


def _pair(seating: Seating, rule: Rule, term: Pair) -> Iterator[Breach]:
    if term.when == "again":
        yield from _again(seating, rule, term)
        return
    people = seating.view.people
    meetings = seating.meetings()
    message = Message.of("breach.apart") if term.when == "apart" else Message.private("breach.together")
    for i, j, amount in zip(term.a.tolist(), term.b.tolist(), term.amount.tolist(), strict=True):
        together = meetings[min(i, j), max(i, j)]
        both = min(seating.seats[i], seating.seats[j])
        times = together if term.when == "together" else both - together
        if times > 0:
            yield _breach(rule, message, amount * float(times), None, (people[i].id, people[j].id))


def _again(seating: Seating, rule: Rule, term: Pair) -> Iterator[Breach]:
    met = {(min(i, j), max(i, j)): n for i, j, n in zip(term.a.tolist(), term.b.tolist(), term.amount, strict=True)}
    # People who come together asked to meet.
    chosen = {pair for chain in frame_of(seating.view).together for pair in combinations(sorted(chain), 2)}
    people, message = seating.view.people, Message.private("breach.met_before")
    for group, members in zip(seating.groups, seating.members, strict=True):
        for i, j in combinations(sorted(members.tolist()), 2):
            before = met.get((i, j), 0.0)
            met[i, j] = before + 1
            if before > 0 and (i, j) not in chosen:
                yield _breach(rule, message, float(before), group, (people[i].id, people[j].id))


def _level(seating: Seating, rule: Rule, term: Level) -> Iterator[Breach]:
    floor = term.share * mean_score(seating.score)
    for group, members, value in zip(seating.groups, seating.members, seating.bridging(), strict=True):
        short = floor * len(members) - value
        if short > 1e-6 and len(members):
            message = Message.of("breach.level", mean=value / len(members), floor=float(floor))
            yield _breach(rule, message, short, group)
