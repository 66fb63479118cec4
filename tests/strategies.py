"""Random small problems: 8 to 30 people with something of everything, and random plans for them."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from matcher.domain import Facilitator, Format, Group, Lock, Participant, Plan, Problem, Session, Size
from matcher.rules import KNOWN
from matcher.terms import DimensionRule, Rule

DIMENSIONS = ("age", "home", "street")
BUBBLES = ("a", "b", "c")
SKILLS = [frozenset({x}) for x in ("1", "3,5", "6", "9.5", "none")]
LANGUAGES = [frozenset(x.split()) for x in ("nl", "nl", "nl", "nl ar", "nl en", "ar", "en ar")]
ANSWERS = [frozenset(x.split()) for x in ("", "a", "a", "a", "b", "b", "c", "a b", "a b c")]
NEEDS = [frozenset(x.split()) for x in ("", "", "", "", "", "lift", "here", "online", "here online loop")]
OWN: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    "never_alone": {"below": st.sampled_from([None, 0.3])},
    "share_cap": {"share": st.sampled_from([0.5, 2 / 3, 0.8])},
    "at_least_different": {"bubbles": st.integers(2, 3)},
    "mode": {"online_max": st.integers(2, 6)},
    "orientation": {"groups": st.integers(1, 2), "people": st.integers(6, 16)},
    "outspoken_cap": {"most": st.integers(1, 2)},
    "common_ground": {"on": st.sampled_from([("interests",), ("languages", "age"), ("street", "nothing")])},
    "balance": {"share": st.sampled_from([0.5, 0.9, 1.0])},
    "count": {
        "bubble": st.sampled_from(BUBBLES),
        "min": st.sampled_from([None, 1]),
        "max": st.sampled_from([None, 2]),
        "min_share": st.sampled_from([None, 0.2]),
        "max_share": st.sampled_from([None, 0.6]),
    },
    "wishes": {"least": st.integers(1, 2)},
    "few_tables": {"bubble": st.sampled_from(["", "a"])},
    "even_mean": {"within": st.sampled_from([0.5, 2.0]), "step": st.sampled_from([0.5, 1.0])},
}
"""The settings of rules that have any."""


def few(values: Iterable[Any], most: int = 2) -> st.SearchStrategy[frozenset[Any]]:
    return st.frozensets(st.sampled_from(sorted(values)), max_size=most)


def rarely(value: st.SearchStrategy[Any], otherwise: Any) -> st.SearchStrategy[Any]:
    return st.one_of(st.just(otherwise), st.just(otherwise), st.just(otherwise), value)


@st.composite
def sessions(draw: st.DrawFn, rounds: bool) -> tuple[Session, ...]:
    """One to four of two hours; an hour apart they overlap, and without times they never do."""
    count = draw(st.integers(1, 4))
    noon, hours = datetime(2026, 3, 3, 12), draw(st.sampled_from([0, 0, 1, 3]))
    made = []
    for k in range(count):
        starts = (noon + timedelta(hours=k * hours),) if hours else ()
        fields = {
            "groups": st.integers(1, 3),
            "seats": rarely(st.integers(4, 14), None),
            "mode": st.sampled_from(["here", "here", "online"]),
            "access": few(["lift", "loop"]),
            "languages": rarely(st.just(frozenset({"nl", "ar"})), frozenset()),
            "min": rarely(st.just(2), None),
            "max": rarely(st.sampled_from([4, 8]), None),
        }
        ends = tuple(start + timedelta(hours=2) for start in starts)
        number = k // draw(st.sampled_from([1, 1, 2])) + 1 if rounds else 1
        made.append(Session(f"s{k}", round=number, starts=starts, ends=ends, **draw(st.fixed_dictionaries(fields))))
    return tuple(made)


def persons(names: list[str], halls: list[str]) -> st.SearchStrategy[tuple[Participant, ...]]:
    """Somebody for every name; most answers are missing now and then."""
    fields: dict[str, st.SearchStrategy[Any]] = {
        "bubbles": st.fixed_dictionaries(
            {}, optional=dict.fromkeys(DIMENSIONS, st.sampled_from(ANSWERS)) | {"skill": st.sampled_from(SKILLS)}
        ),
        "sessions": few(halls, 3),
        "prefers": rarely(st.one_of(few(halls), st.permutations(halls).map(tuple)), frozenset()),
        "languages": st.sampled_from(LANGUAGES),
        "interpreters": rarely(st.sampled_from(LANGUAGES), frozenset()),
        "needs": st.sampled_from(NEEDS),
        "wishes": rarely(few(names), frozenset()),
        "interests": few(["art", "cooking", "music"]),
        "household": st.sampled_from(["", "", "", "h1", "h2"]),
        "recruited_by": st.sampled_from(["", "", "k1", "k2"]),
        "organisation": st.sampled_from(["", "", "", "o1", "o2"]),
        "outspoken": rarely(st.just(True), False),
        "priority": st.sampled_from([0, 0, 0, 1, 3]),
        "max_meetings": st.sampled_from([None, None, None, 1, 2]),
    }
    return st.tuples(*[st.builds(Participant, id=st.just(name), **fields) for name in names])


@st.composite
def rules(draw: st.DrawFn, known: Iterable[str] = tuple(KNOWN)) -> tuple[Rule, ...]:
    """A random part of the rules, each firm or with a weight as it allows."""
    names = draw(st.lists(st.sampled_from(sorted(known)), min_size=1, max_size=9, unique=True))
    return tuple(draw(rule(name)) for name in names)


@st.composite
def rule(draw: st.DrawFn, name: str) -> Rule:
    kind, own = KNOWN[name], dict(OWN.get(name, {}))
    if issubclass(kind, DimensionRule):
        own["dimension"] = st.just("skill") if name == "even_mean" else st.sampled_from(DIMENSIONS)
    given = draw(st.fixed_dictionaries(own))
    if draw(st.sampled_from(kind.modes)) == "firm":
        return kind(firm=True, **given)
    return kind(weight=draw(st.sampled_from([0.1, 0.5, 2.0])), **given)


@st.composite
def formats(draw: st.DrawFn, series: str, known: Iterable[str]) -> Format:
    """A recipe; sizes small enough that several groups open."""
    return Format(
        goal=draw(st.sampled_from(["bridging", "bridging", "bonding"])),
        facilitator=draw(st.sampled_from(["none", "none", "optional", "required"])),
        skills=draw(rarely(st.just(frozenset({"dialogue"})), frozenset())),
        size=draw(st.sampled_from([Size(2, 3, 4), Size(3, 4, 5), Size(4, 5, 6), Size(5, 7, 8), Size(3, 3, 3)])),
        series=series,  # type: ignore[arg-type]
        rounds=draw(st.integers(2, 3)) if series == "rounds" else 1,
        bridging=draw(st.dictionaries(st.sampled_from(DIMENSIONS), st.sampled_from([0.5, 1.0, 2.0]))),
        rules=draw(rules(known)),
    )


@st.composite
def problems(draw: st.DrawFn, low: int = 8, high: int = 30, known: Iterable[str] = tuple(KNOWN)) -> Problem:
    """A whole problem; `known` are the rules that its format may name."""
    series = draw(st.sampled_from(["single", "single", "same", "rounds"]))
    halls = draw(sessions(series == "rounds"))
    where, names = [s.id for s in halls], [f"p{i:02}" for i in range(draw(st.integers(low, high)))]
    people = draw(persons(names, where))
    people = _named(people, draw(_pairs(names, 3)), "buddies")
    people = _named(people, draw(_pairs(names, 4)), "apart")
    leaders = st.builds(
        Facilitator,
        sessions=few(where),
        languages=st.sampled_from(LANGUAGES),
        skills=few(["dialogue", "first aid"]),
        max_groups=st.integers(1, 3),
        person=st.sampled_from(["", "", *names[:4]]),
    )
    led = draw(st.lists(leaders, max_size=5))
    lock = st.builds(
        Lock,
        person=st.sampled_from([*names, None]),
        session=st.sampled_from(where),
        group=st.sampled_from([None, 1, 1, 2]),
    )
    figures = st.dictionaries(st.sampled_from(BUBBLES), st.integers(1, 1000), min_size=1)
    return Problem(
        people,
        halls,
        draw(formats(series, known)),
        tuple(replace(leader, id=f"f{i}") for i, leader in enumerate(led)),
        {tuple(sorted(pair)): 1 for pair in draw(_pairs(names, 6))},  # type: ignore[misc]
        tuple(draw(rarely(st.lists(lock, max_size=4), []))),
        draw(st.fixed_dictionaries({}, optional=dict.fromkeys(DIMENSIONS, figures))),
    )


def _pairs(names: list[str], most: int) -> st.SearchStrategy[list[list[str]]]:
    return st.lists(st.lists(st.sampled_from(names), min_size=2, max_size=2, unique=True), max_size=most)


def _named(people: tuple[Participant, ...], pairs: list[list[str]], field: str) -> tuple[Participant, ...]:
    told = {a: frozenset(y for x, y in pairs if x == a) for a, _ in pairs}
    return tuple(replace(p, **{field: told.get(p.id, frozenset())}) for p in people)


@st.composite
def plans(draw: st.DrawFn, problem: Problem) -> Plan:
    """A plan that may break any rule: everybody sits anywhere, or nowhere; no group is beyond the largest."""
    groups: dict[tuple[str, int], list[str]] = {}
    largest = min([problem.format.size.max, *(s.max for s in problem.sessions if s.max)])
    for session in problem.sessions:
        tables = draw(st.lists(st.integers(0, session.groups), min_size=len(problem.people)))
        for person, number in zip(problem.people, tables, strict=False):
            if number:
                groups.setdefault((session.id, number), []).append(person.id)
    spoken = st.sampled_from(["", "nl", "nl", "ar"])
    leaders = st.sampled_from(["", "somebody", *(f.id for f in problem.facilitators)])
    made = [Group(*k, tuple(groups[k][:largest]), draw(spoken), draw(leaders)) for k in sorted(groups)]
    return Plan(tuple(made))
