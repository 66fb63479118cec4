"""The rules of a board in words: kept, or broken where and by whom, and what a change does to each of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from config import Settings
from matcher import Problem
from matcher.checking import Check
from matcher.domain import Breach
from matcher.report.rulebook import NAMES_PEOPLE
from matcher.rules import rules_of
from matcher.words import Called, Words
from web.services.plans.visible_rules import may_show

Place = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Spot:
    """One breach: where (None: in no single group), a sentence, whether it may not be."""

    place: Place | None
    text: str
    firm: bool


@dataclass(frozen=True, slots=True)
class RuleState:
    """One rule: what it asks, whether it is firm, and where it is broken; `before` counts breaches one step ago."""

    title: str
    about: str
    firm: bool
    spots: tuple[Spot, ...]
    before: int

    @property
    def broken(self) -> int:
        """How often the rule is broken."""
        return len(self.spots)

    @property
    def change(self) -> int:
        """Breaches more (or fewer) than a step ago."""
        return self.broken - self.before


def rule_title(words: Words, settings: Settings, name: str) -> str:
    """A rule in words, with the question of its dimension."""
    rule, _, dimension = name.partition(": ")
    plain = words.get(f"rule.{rule}", rule)
    known = {d.key: d.question[words.lang] for d in settings.dimensions}
    return f"{plain}: {known.get(dimension, dimension)}" if dimension else plain


class Ruling:
    """Turns breaches into sentences. `people` are names by id, `called` names everything in a message.

    `tells` says whether bubbles may be named (promise 10); without it rules about them are left out altogether.
    """

    def __init__(
        self,
        words: Words,
        settings: Settings,
        people: Mapping[str, str],
        called: Called,
        tells: bool,
    ) -> None:
        self.words, self.settings, self.names, self.tells = words, settings, people, tells
        self.called = called

    def states(self, problem: Problem, check: Check, before: Check) -> list[RuleState]:
        """Every rule of the format, the broken ones first, firm before wished."""
        rules = {rule.title: rule.firm for rule in rules_of(problem.format) if rule.firm or rule.weight > 0}
        broken: dict[str, list[Breach]] = defaultdict(list)
        for breach in check.breaches:
            broken[breach.rule].append(breach)
            rules.setdefault(breach.rule, breach.firm)
        rules = {name: firm for name, firm in rules.items() if may_show(name, self.tells)}
        earlier = Counter(breach.rule for breach in before.breaches)
        found = [
            RuleState(
                self.title(name), self.about(name, problem), firm, tuple(map(self.spot, broken[name])), earlier[name]
            )
            for name, firm in rules.items()
        ]
        return sorted(found, key=lambda state: (not state.broken, not state.firm, state.title))

    def title(self, name: str) -> str:
        """A rule in words, with the question of its dimension."""
        return rule_title(self.words, self.settings, name)

    def about(self, name: str, problem: Problem) -> str:
        """What the rule asks."""
        size, text = problem.format.size, self.words.get(f"rule.{name.partition(': ')[0]}_about")
        return text.format(low=size.min, high=size.max, target=size.target)

    def spot(self, breach: Breach) -> Spot:
        """One breach in words."""
        place = (breach.session, breach.group) if breach.session else None
        return Spot(place, self._said(breach), breach.firm)

    def _said(self, breach: Breach) -> str:
        rule = breach.rule.partition(":")[0]
        title = self.title(breach.rule)
        who = [self.names[p] for p in breach.people if p in self.names]
        if rule in NAMES_PEOPLE and who:
            return f"{title}: {self.words.listed(who)}"
        return f"{title}: {self.words.say(breach.message, self.called)}"
