"""Who is asked next: who waits longest and could come, where the table stays mixed best, whatever others will say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain, combinations

from matcher import Plan
from matcher.bridging import scores_of
from matcher.checking import Seating, breaches
from matcher.terms import View
from web.services.groups.offers.situation import Place, Situation
from web.services.plans.queue import WaitingParty

MANY = 3
"""With more parties asked at once only their all coming and none of them coming is looked at."""

People = tuple[str, ...]
Need = tuple[bool, datetime]
"""How urgent a place is, the lowest first: whether its table is large enough, and until when it stands."""


@dataclass(frozen=True, slots=True)
class _Held:
    """A plan held against the rules: breaches of firm rules by rule and table, the price of others, and the mix."""

    firm: Counter[tuple[str, str, int]]
    cost: float
    mix: float


class Chooser:
    """Holds one situation against the rules; what is slow is done once."""

    def __init__(self, situation: Situation) -> None:
        self.given = situation
        self.view = View(situation.problem)
        self.score = scores_of(self.view)
        self.people = {person.id: person for person in situation.problem.people}
        self.round = {evening.id: evening.round for evening in situation.problem.sessions}
        self.sits = {(p, self.round[g.session]): (g.session, g.number) for p, g in situation.plan.seats()}
        self.groups = {(group.session, group.number): group for group in situation.plan.groups}
        self._known: dict[tuple[Place, People], _Held] = {}

    def choose(self, round_: int, places: Mapping[Place, Need]) -> tuple[Place, WaitingParty] | None:
        """Who is asked next in a round, and for which of its places.

        Whoever waits longest and could come is asked: nobody is overtaken. Of what they could take it is the place
        with the lowest need, and among equals the table that they keep mixed best. A table that nobody sits at any
        more is none.
        """
        tables = {place: need for place, need in places.items() if place in self.groups}
        for party in self.given.waiting.get(round_, ()):
            worth = {place: self._worth(party, place) for place in tables if self._able(party, place)}
            fits = [(tables[place], told, place) for place, told in worth.items() if told is not None]
            if fits:
                return min(fits)[2], party
        return None

    def _able(self, party: WaitingParty, place: Place) -> bool:
        """Whether they can come then, were not asked this, and have no buddy at another table."""
        left = self.given.left
        if left is not None and sum(person in self.given.newcomers for person in party.people) > max(left, 0):
            return False
        fits = len(party.people) <= self.given.free.get(place, 0)
        return fits and all(self._can(person, place) for person in party.people)

    def _can(self, person: str, place: Place) -> bool:
        if place[0] not in self.people[person].sessions or (person, place) in self.given.refused:
            return False
        around = self.round[place[0]]
        tables = {self.sits.get((buddy, around), place) for buddy in self.people[person].buddies}
        # Who did not want to sit with their buddy may sit elsewhere.
        return all(table == place or (person, table) in self.given.refused for table in tables)

    def _worth(self, party: WaitingParty, place: Place) -> tuple[float, float] | None:
        """The less, the better: new breaches by weight, then the mix at the table if everybody comes.

        None if a firm rule is broken that was not, whoever of the others comes.
        """
        worth = None
        for others in _answers(self.given.asked.get(place, ())):
            before, after = self._held(place, others), self._held(place, (*others, *party.people))
            if after.firm - before.firm:
                return None
            worth = (round(after.cost - before.cost, 9), -round(after.mix, 9))
        return worth

    def _held(self, place: Place, joined: People) -> _Held:
        key = place, tuple(sorted(joined))
        if key not in self._known:
            self._known[key] = self._hold(*key)
        return self._known[key]

    def _hold(self, place: Place, joined: People) -> _Held:
        group = self.groups[place]
        more = replace(group, people=tuple(sorted({*group.people, *joined})))
        plan = Plan(tuple(sorted([more, *(g for g in self.given.plan.groups if g != group)])))
        seating = Seating(self.view, plan, self.score)
        firm: Counter[tuple[str, str, int]] = Counter()
        cost = 0.0
        for breach in breaches(self.given.problem, plan, seating):
            if breach.firm:
                # Whole numbers would do, but a rule may count in parts.
                firm[breach.rule, breach.session, breach.group] += round(breach.amount * 1000)
            cost += breach.weight * breach.amount
        mix = seating.bridging()[seating.groups.index(more)] / len(more.people)
        return _Held(firm, cost, mix)


def _answers(asked: Sequence[People]) -> Iterator[People]:
    """Who of those asked may come: every possibility, all of them last."""
    counts = range(len(asked) + 1) if len(asked) <= MANY else (0, len(asked))
    for count in counts:
        for some in combinations(asked, count):
            yield tuple(chain.from_iterable(some))
