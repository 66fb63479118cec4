"""Every seating of a tiny problem, and what a relaxation claims, really carried out."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import product

from matcher.domain import Facilitator, Group, Participant, Plan, Problem
from matcher.messages import Message, Named
from matcher.rules import KNOWN
from tests import oracle

Place = tuple[str, int]
WISHES = {name for name, rule in KNOWN.items() if len(rule.modes) == 2} - {"apart", "availability"}
"""The rules that an explanation offers to soften: never that two sit apart, or that people come when they can."""


def best(problem: Problem) -> set[str]:
    """Who sits in one of the best plans there are: first by priority-weighted people, then by people."""
    weight = {p.id: 1 + p.priority for p in problem.people}
    seatings = sorted(product(*[_places(problem, p) for p in problem.people]), key=lambda s: _worth(weight, s))
    ids = list(weight)
    for seats in reversed(seatings):
        groups: dict[Place, list[str]] = {}
        for person, place in zip(ids, seats, strict=True):
            if place:
                groups.setdefault(place, []).append(person)
        if all(_fits(problem, place, len(g)) for place, g in groups.items()) and _valid(problem, groups):
            return {person for person, place in zip(ids, seats, strict=True) if place}
    raise AssertionError("the empty plan is valid")


def _fits(problem: Problem, place: Place, people: int) -> bool:
    """Whether a group is as large as its session, or the format, asks."""
    size, session = problem.format.size, next(s for s in problem.sessions if s.id == place[0])
    return (session.min or size.min) <= people <= (session.max or size.max)


def _worth(weight: dict[str, int], seats: tuple[Place | None, ...]) -> tuple[int, int]:
    placed = [w for w, seat in zip(weight.values(), seats, strict=True) if seat]
    return sum(placed), len(placed)


def _places(problem: Problem, person: Participant) -> list[Place | None]:
    told = oracle.Case(problem, Plan()).has("availability") and person.sessions
    able = [s for s in problem.sessions if not told or s.id in person.sessions]
    return [None, *((s.id, k + 1) for s in able for k in range(s.groups))]


def _valid(problem: Problem, groups: dict[Place, list[str]]) -> bool:
    """Whether these groups break no firm rule with some languages and some leaders."""
    choices = [list(_dresses(problem, place, ids)) for place, ids in groups.items()]
    for worn in product(*choices):
        made = [Group(*key, tuple(sorted(ids)), *d) for (key, ids), d in zip(groups.items(), worn, strict=True)]
        if not oracle.firm_breaches(problem, Plan(tuple(sorted(made)))):
            return True
    return False


def _dresses(problem: Problem, place: Place, ids: list[str]) -> Iterator[tuple[str, str]]:
    table, known = [p for p in problem.people if p.id in ids], {x for p in problem.people for x in p.languages}
    spoken = [frozenset(x for x in known if oracle.follows(p, x, table)) for p in table]
    session = next(s for s in problem.sessions if s.id == place[0])
    shared = frozenset.intersection(*spoken, *([session.languages] if session.languages else []))
    required = problem.format.facilitator == "required"
    for leader in problem.facilitators if required else [Facilitator("", languages=shared)]:
        yield from ((language, leader.id) for language in sorted(shared & leader.languages)[:1])


def relaxed(problem: Problem, what: str) -> Problem:
    """The problem with its least size one smaller, or with a rule as a wish where that is possible."""
    if what == "size":
        size = problem.format.size
        return _smaller(problem, max(1, size.min - 1))
    return _wish(problem, what) if what.partition(":")[0] in WISHES else problem


def changed(problem: Problem, change: Message) -> Problem:
    """The problem with the change that a message speaks of."""
    values = {name: value.code if isinstance(value, Named) else value for name, value in change.values}
    return CHANGES[change.key](problem, **values)


def _wish(problem: Problem, rule: str) -> Problem:
    rules = [r if r.title != rule else replace(r, firm=False, weight=0.1) for r in problem.format.rules]
    if all(r.title != rule for r in rules):
        rules.append(KNOWN[rule](weight=0.1))
    return replace(problem, format=replace(problem.format, rules=tuple(rules)))


def _more(problem: Problem, session: str, groups: int, seats: int) -> Problem:
    wide = [
        replace(s, groups=s.groups + groups, seats=s.seats and s.seats + seats) if s.id == session else s
        for s in problem.sessions
    ]
    return replace(problem, sessions=tuple(wide))


def _led(problem: Problem, session: str, language: str = "nl") -> Problem:
    new = Facilitator("new", frozenset({session}), frozenset({language}), problem.format.skills)
    return replace(problem, facilitators=(*problem.facilitators, new))


def _heard(problem: Problem, language: str) -> Problem:
    everything = frozenset().union(*(p.languages for p in problem.people))
    people = [replace(p, languages=everything) if language in p.languages else p for p in problem.people]
    return replace(problem, people=tuple(people))


def _smaller(problem: Problem, low: int) -> Problem:
    return replace(problem, format=replace(problem.format, size=replace(problem.format.size, min=low)))


def _past(problem: Problem) -> Problem:
    rules = tuple(r for r in problem.format.rules if r.name != "orientation")
    return replace(problem, format=replace(problem.format, rules=rules))


def _table(problem: Problem, session: str, language: str = "nl") -> Problem:
    return _led(_more(problem, session, 1, problem.format.size.max), session, language)


CHANGES: dict[str, Callable[..., Problem]] = {
    "change.rule": _wish,
    "change.rule_on": lambda p, rule, dimension: _wish(p, f"{rule}: {dimension}"),
    "change.locked": lambda p: replace(p, locks=()),
    "change.orientation": _past,
    "change.size": lambda p, n, m: _smaller(p, n),
    "change.group": lambda p, session: _more(p, session, 1, p.format.size.max),
    "change.table": _table,
    "change.table_language": _table,
    "change.leader": _led,
    "change.leader_language": _led,
    "change.seats": lambda p, n, session: _more(p, session, 0, n),
    "change.interpreter": _heard,
}
