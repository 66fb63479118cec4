"""What is odd about a problem before anything is solved: rules that clash, sessions that cannot open."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain

import numpy as np

from matcher.capacity import fresh
from matcher.domain import Facilitator
from matcher.explain.slots import fits_of
from matcher.explain.unled import too_rarely
from matcher.messages import DimensionName, Key, Message, RuleName, SessionId, Skill, Value, each
from matcher.model import Model
from matcher.rules import rules_of
from matcher.terms import Headcount, Ints, Rule


def warnings_of(model: Model) -> Iterator[Message]:
    """What an organiser should know first."""
    looks: tuple[Callable[[Model], Iterator[Message]], ...] = (
        _facilitators,
        too_rarely,
        _sessions,
        _weights,
        _dimensions,
        _silent,
        _different,
        _caps,
        _clashes,
        _population,
        _new_or_alone,
        _new_people,
    )
    return chain.from_iterable(look(model) for look in looks)


def _firm(model: Model, name: str) -> list[tuple[Rule, list[Headcount]]]:
    """The firm rules of a name that hold, with their head-counts."""
    rules = [rule for rule in rules_of(model.problem.format) if rule.name == name and rule.firm]
    return [(r, [t for rule, t in model.terms if rule is r and isinstance(t, Headcount)]) for r in rules]


def _facilitators(model: Model) -> Iterator[Message]:
    if model.frame.leader != "required":
        return
    skills = model.problem.format.skills
    if not model.problem.facilitators:
        yield Message.of("warning.no_facilitator")
    elif not any(_able(leader, skills) for leader in model.problem.facilitators):
        yield Message.of("warning.skills", skills=each(Skill, skills))


def _able(leader: Facilitator, skills: frozenset[str]) -> bool:
    return skills <= leader.skills and leader.max_groups > 0


def _sessions(model: Model) -> Iterator[Message]:
    """Sessions where no group can open: too few seats, or too few people who could come."""
    frame, view = model.frame, model.view
    _, first = model.kinds()
    fits = [mask for title, mask in fits_of(view, first) if title in ("availability", "access", "mode")]
    could = np.logical_and.reduce(fits) if fits else np.ones((len(view.people), len(first)), bool)
    session = np.array([view.places[p][0] for p in first.tolist()], np.int64)
    people = [int(could[:, session == s].any(1).sum()) for s in range(len(view.sessions))]
    small = [s for s in range(len(view.sessions)) if frame.high[s] < frame.low[s]]
    empty = [s for s in range(len(view.sessions)) if s not in small and people[s] < frame.low[s]]
    online = [s for s in small if view.sessions[s].mode == "online" and frame.seats[s] >= frame.low[s]]
    small = [s for s in small if s not in online]
    if online:
        names = tuple(SessionId(view.sessions[s].id) for s in online)
        limits: dict[str, Value] = {"most": int(frame.high[online].max()), "low": int(frame.low[online].min())}
        yield Message.of("warning.online", sessions=names, **limits)
    for key, found in ((Key("warning.no_seats"), small), (Key("warning.no_people"), empty)):
        if found:
            names = tuple(SessionId(view.sessions[s].id) for s in found)
            yield Message.of(key, sessions=names, low=int(frame.low[found].min()))


def _used(model: Model) -> list[str]:
    """The dimensions that weigh or that a rule is about."""
    rules = [getattr(rule, "dimension", "") for rule, _ in model.terms]
    weights = model.problem.format.bridging.items()
    return sorted({name for name, weight in weights if weight > 0} | {name for name in rules if name})


def _weights(model: Model) -> Iterator[Message]:
    if not any(weight > 0 for weight in model.problem.format.bridging.values()):
        yield Message.of("warning.no_weight")


def _dimensions(model: Model) -> Iterator[Message]:
    for name in _used(model):
        told = [p.bubbles[name] for p in model.view.people if p.bubbles.get(name)]
        if len(told) > 1 and len(set(told)) == 1:
            yield Message.of("warning.one_bubble", dimension=DimensionName(name))
        elif len(told) > 2 and sum(map(len, told)) == len(frozenset().union(*told)):
            yield Message.of("warning.all_bubbles", dimension=DimensionName(name))


def _silent(model: Model) -> Iterator[Message]:
    used = _used(model)
    count = sum(not any(p.bubbles.get(name) for name in used) for p in model.view.people)
    if used and count:
        yield Message.of("warning.silent", n=count)


def _different(model: Model) -> Iterator[Message]:
    """More bubbles asked than there are; who did not tell counts as one of their own."""
    for rule, terms in _firm(model, "at_least_different"):
        for term in terms:
            known, asked = len(term.bubbles) + len(term.people), getattr(rule, "bubbles", 0)
            if known < asked:
                yield Message.of("warning.different", **_titled(rule), n=known, k=asked)


def _titled(rule: Rule) -> dict[str, Value]:
    """A rule about a dimension, as the values of a message."""
    return {"rule": RuleName(rule.name), "dimension": DimensionName(getattr(rule, "dimension", ""))}


def _sizes(model: Model) -> range:
    """Sizes that a group may have in some session."""
    return range(max(1, int(model.frame.low.min(initial=1000))), model.largest + 1)


def _caps(model: Model) -> Iterator[Message]:
    """Caps that leave no group, even one with everybody who did not tell."""
    sizes = _sizes(model)
    for rule, terms in _firm(model, "share_cap"):
        untold = len(model.view.untold(getattr(rule, "dimension", "")))
        if not terms or any(sum(_most(t, n, len(t.people)) for t in terms) + untold >= n for n in sizes):
            continue
        yield Message.of("warning.cap", **_titled(rule), low=sizes.start, high=sizes.stop - 1)


def _most(term: Headcount, n: int, held: int) -> int:
    """The most people of a bubble in a group of n."""
    return max((c for c in range(min(n, held) + 1) if term.amount[c, n] <= 0), default=0)


def _clashes(model: Model) -> Iterator[Message]:
    """A cap that keeps a bubble out of every group because another rule asks for more of it."""
    sizes = _sizes(model)
    limits: dict[str, Value] = {"low": sizes.start, "high": sizes.stop - 1}
    others = _firm(model, "never_alone") + _firm(model, "population_mirror")
    for rule, caps in _firm(model, "share_cap"):
        for other, terms in others:
            if getattr(rule, "dimension", "") == getattr(other, "dimension", ""):
                for term in terms:
                    cap = next((c for c in caps if c.label == term.label), None)
                    if cap is not None and not any(_both(cap, term, n) for n in sizes):
                        said = {**_titled(rule), **limits, "other": RuleName(other.name), "bubble": term.label}
                        yield Message.private("warning.clash", **said)


def _both(cap: Headcount, term: Headcount, n: int) -> bool:
    """Whether a group of n may have somebody of the bubble, or must have none, under both rules."""
    extra = len(term.people) - len(cap.people)  # a mirror counts those who did not tell as well
    least = 0 if extra > 0 or term.amount[0, n] > 0 else 1
    counts = range(least, min(n, len(cap.people)) + 1)
    return any(cap.amount[c, n] <= 0 and (term.amount[c : c + max(0, extra) + 1, n] <= 0).any() for c in counts)


def _population(model: Model) -> Iterator[Message]:
    for rule in rules_of(model.problem.format):
        if rule.name == "population_mirror" and (rule.firm or rule.weight > 0):
            figures = model.problem.population.get(getattr(rule, "dimension", ""), {})
            if not sum(figures.values()):
                yield Message.of("warning.population", **_titled(rule))


def _new_or_alone(model: Model) -> Iterator[Message]:
    """A small bubble over several rounds: its members meet each other every time, or sit alone."""
    again = any(r.name == "met_before" and (r.firm or r.weight > 0) for r in rules_of(model.problem.format))
    if model.problem.format.series != "rounds" or not again:
        return
    for rule, terms in _firm(model, "never_alone"):
        for term in terms:
            holders = len(term.people)
            rounds = _rounds(model, term.people)
            if holders >= 2 and rounds > (most := new_rounds(holders)):
                said: dict[str, Value] = {"bubble": term.label, "n": holders, "rounds": rounds, "most": most}
                dimension = DimensionName(getattr(rule, "dimension", ""))
                yield Message.private("warning.new_or_alone", dimension=dimension, **said)


def _new_people(model: Model) -> Iterator[Message]:
    """More rounds than there are new people for, where nobody may meet twice."""
    rounds, low = len({session.round for session in model.view.sessions}), model.frame.low
    if model.problem.format.series != "rounds" or not model.view.people:
        return
    most = int(fresh(model.view, model.frame).max())
    if most < min(rounds, int(model.frame.meetings.max())):
        said: dict[str, Value] = {"n": len(model.view.people), "low": int(low.min()), "rounds": rounds, "most": most}
        yield Message.of("warning.new_people", **said)


def _rounds(model: Model, people: Ints) -> int:
    """The rounds that all of these people may come to."""
    numbers = len({session.round for session in model.view.sessions})
    return int(min(numbers, *model.frame.meetings[people].tolist()))


def new_rounds(holders: int) -> int:
    """Rounds in which so many people can all sit with at least one other and meet nobody twice, at most.

    They meet fewest in pairs, with one group of three if they are odd, and have h(h - 1) / 2 pairs to use.
    """
    pairs = holders // 2 if holders % 2 == 0 else 3 + (holders - 3) // 2
    return holders * (holders - 1) // 2 // pairs
