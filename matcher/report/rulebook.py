"""The rules of a format and their state: kept, or broken how often and where."""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, fields

from matcher.claims import times
from matcher.domain import Breach, Problem
from matcher.messages import PersonId
from matcher.outcome import Result
from matcher.rules import rules_of
from matcher.terms import Rule
from matcher.words import Words, readable

Key = tuple[str, bool, float]
Seats = Mapping[str, set[tuple[str, int]]]

_ABOUT_PLACES = {"access", "availability", "facilitator", "mode", "preferred_session", "sessions"}
NAMES_PEOPLE = _ABOUT_PLACES | {"buddies", "locked", "max_meetings", "people", "shared_language", "size"}
"""Rules whose breaches may name people; another would tell a bubble, an earlier meeting, who avoids whom."""


_SHARES = {"below", "share", "min_share", "max_share"}
"""Settings of rules that are a part of the people."""


@dataclass(frozen=True, slots=True)
class BreachSpot:
    """One breach: in which group (its key, or None), and what is the matter."""

    group: tuple[str, int] | None
    text: str


@dataclass(frozen=True, slots=True)
class RuleState:
    """One rule as the table shows it; `always`: kept, and not named by the format."""

    title: str
    about: str
    kind: str
    off: bool
    firm: bool
    spots: list[BreachSpot]
    breaches: int
    amount: str
    always: bool


def states(words: Words, problem: Problem, result: Result) -> list[RuleState]:
    """Every rule of the format, then what always holds, firm ones first."""
    about = _abouts(words, problem)
    broken: dict[Key, list[Breach]] = defaultdict(list)
    for breach in result.breaches:
        broken[breach.rule, breach.firm, breach.weight].append(breach)
    for key in broken:
        about.setdefault(key, words.get(f"rule.{key[0].partition(':')[0]}_about"))
    named = {rule.title for rule in problem.format.rules}
    places = _together(result)
    rows = [_state(words, key, text, broken.get(key, []), places, named) for key, text in about.items()]
    return sorted(rows, key=lambda s: (not s.firm, s.off))


def _abouts(words: Words, problem: Problem) -> dict[Key, str]:
    """What each rule says. Rules that differ in nothing a breach shows stand in one line."""
    size, sessions = problem.format.size, problem.sessions
    low = min((size.min if s.min is None else s.min for s in sessions), default=size.min)
    high = max((size.max if s.max is None else s.max for s in sessions), default=size.max)
    text = words("rule.size_about", low=low, high=high, target=max(low, min(size.target, high)))
    found: dict[Key, str] = {("size", True, 0.0): text}
    for rule in rules_of(problem.format):
        key = (rule.title, rule.firm, 0.0 if rule.firm else rule.weight)
        if rule.name != "size":  # Its numbers are in the format, not in the rule.
            found[key] = " ".join(filter(None, [found.get(key, ""), _about(words, rule)]))
    return found


def _about(words: Words, rule: Rule) -> str:
    says = words.get(f"rule.{rule.name}_about")
    module = sys.modules[type(rule).__module__].__doc__ or ""
    shown = [f.name for f in fields(rule) if f.name not in {"firm", "weight", "dimension"}]
    told = [(name, getattr(rule, name)) for name in shown]
    extra = [_parameter(words, name, value) for name, value in told if value not in (None, "", ())]
    return " ".join([says or module.partition("\n")[0], *extra])


def _parameter(words: Words, name: str, value: object) -> str:
    if isinstance(value, float):
        told = words.percent(value) if name in _SHARES else words.short(value)
    elif isinstance(value, tuple):
        told = words.listed([str(v) for v in value])
    else:
        told = words.number(value) if isinstance(value, int) else str(value)
    return words.get(f"parameters.{name}", name + ": {value}.").format(value=told)


def _state(words: Words, key: Key, about: str, broken: list[Breach], places: Seats, named: set[str]) -> RuleState:
    title, firm, weight = key
    kind = words("rules.firm") if firm else words("rules.weighted", weight=words.short(weight))
    amount = sum(b.amount for b in broken)
    spots = counted(words, [spot for b in broken for spot in spots_of(words, b, places)])
    off = not firm and weight <= 0
    always = title not in named and not broken
    said = rule_title(words, title)
    return RuleState(
        said,
        about,
        words("rules.off") if off else kind,
        off,
        firm,
        spots,
        times(broken),
        words.short(amount),
        always,
    )


def rule_title(words: Words, title: str) -> str:
    """A rule and its dimension as words."""
    name, _, dimension = title.partition(": ")
    plain = words.get(f"rule.{name}", readable(name))
    return f"{plain}: {readable(dimension).lower()}" if dimension else plain


def spots_of(words: Words, breach: Breach, places: Seats) -> list[BreachSpot]:
    """Where a breach is: in its group, or in every group where its people sit together."""
    names = breach.rule.partition(":")[0] in NAMES_PEOPLE
    text = words.say(breach.message)
    spoken_of = {PersonId(person) for person in breach.people}
    if names and breach.people and spoken_of.isdisjoint(breach.message.named()):
        text = f"{words.listed(list(breach.people))}: {text}"
    if breach.session:
        return [BreachSpot((breach.session, breach.group), text)]
    each = [places.get(p, set()) for p in breach.people]
    shared = sorted(set.intersection(*each)) if len(each) > 1 else []
    return [BreachSpot(key, text) for key in shared] or [BreachSpot(None, text)]


def counted(words: Words, spots: list[BreachSpot]) -> list[BreachSpot]:
    """Spots that say the same of the same group as one, with how often."""
    times = Counter(spots).items()
    return [s if n == 1 else BreachSpot(s.group, words("rules.times", n, text=s.text)) for s, n in times]


def _together(result: Result) -> dict[str, set[tuple[str, int]]]:
    seats: dict[str, set[tuple[str, int]]] = defaultdict(set)
    for person, group in result.plan.seats():
        seats[person].add((group.session, group.number))
    return seats


def spots_by_group(words: Words, result: Result) -> dict[tuple[str, int], list[tuple[bool, str]]]:
    """Per group its breaches: whether the rule is firm, and a sentence."""
    places = _together(result)
    found: dict[tuple[str, int], list[tuple[bool, str]]] = defaultdict(list)
    for firm in (True, False):
        said = [(b.rule, s) for b in result.breaches if b.firm == firm for s in spots_of(words, b, places)]
        lines = [BreachSpot(s.group, f"{rule_title(words, rule)}: {s.text}") for rule, s in said if s.group]
        for spot in counted(words, lines):
            if spot.group:
                found[spot.group].append((firm, spot.text))
    return found
