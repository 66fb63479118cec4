"""The figures of a plan beside what no plan can beat, and the verdict they add up to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from matcher.claims import Claims, claims_of, times
from matcher.domain import Problem
from matcher.outcome import Figures, Result
from matcher.words import UNKNOWN, Words


@dataclass(frozen=True, slots=True)
class Figure:
    """One line: what was reached, the bound, the gap in percent, and the share of the bound for the bar."""

    label: str
    about: str
    value: str
    bound: str
    gap: str
    share: float | None


@dataclass(frozen=True, slots=True)
class PlanVerdict:
    """The headline, what it means in sentences, and whether the plan may be used."""

    state: Literal["good", "look", "stop"]
    headline: str
    sentences: list[str]


def figures(words: Words, problem: Problem, result: Result) -> list[Figure]:
    """Every figure that says something about this plan."""
    return list(_figures(words, problem, result))


def _figures(words: Words, problem: Problem, result: Result) -> Iterator[Figure]:
    f, claims, goal = result.figures, claims_of(problem, result), problem.format.goal
    b = claims.bounds
    yield _figure(words, "placed", f.placed, b.placed)
    if f.placed_priority != f.placed or b.placed_priority != b.placed:
        yield _figure(words, "priority", f.placed_priority, b.placed_priority)
    if claims.often or f.seats != f.placed:
        yield _figure(words, "seats", f.seats, b.seats)
    yield _figure(words, goal, f.bridging, b.bridging, 1)
    yield _figure(words, "pairs", f.distinct_pairs, b.distinct_pairs)
    yield _alone(words, "worst", words.number(f.worst_group, 2), UNKNOWN)
    yield _alone(words, "again", words.number(f.met_again), "0")


def _figure(words: Words, key: str, value: float, bound: float, digits: int = 0) -> Figure:
    share = min(1.0, max(0.0, value / bound)) if bound > 0 else 1.0
    gap = words.percent(1 - share, 1)
    shown = words.number(value, digits), words("figures.at_most", bound=words.number(bound, digits))
    return Figure(words(f"figures.{key}"), words(f"figures.{key}_about"), *shown, gap, round(100 * share, 2))


def _alone(words: Words, key: str, value: str, bound: str) -> Figure:
    return Figure(words(f"figures.{key}"), words(f"figures.{key}_about"), value, bound, UNKNOWN, None)


def verdict(words: Words, problem: Problem, result: Result) -> PlanVerdict:
    """What somebody reads first; it says what was proven and no more."""
    f, claims = result.figures, claims_of(problem, result)
    firm = sum(b.firm for b in result.breaches)
    people, placed = words("verdict.people", n=f.people), words("verdict.placed", placed=f.placed)
    groups = words("verdict.groups", n=len(result.plan.groups))
    headline = words("verdict.headline", people=people, placed=placed, groups=groups)
    sentences = list(_sentences(words, problem, result, claims, firm))
    state: Literal["good", "look", "stop"] = "stop" if firm else "good" if claims.everybody else "look"
    return PlanVerdict(state, headline, sentences)


def _sentences(words: Words, problem: Problem, result: Result, claims: Claims, firm: int) -> Iterator[str]:
    if not result.plan.groups:
        yield words("verdict.nothing")
        return
    yield words("verdict.firm_broken", n=firm) if firm else words("verdict.firm_kept")
    yield from _left(words, result.figures, claims)
    if soft := times(breach for breach in result.breaches if not breach.firm):
        yield words("verdict.soft", n=soft)
    yield from _mixed(words, problem, result, claims)


def _left(words: Words, f: Figures, claims: Claims) -> Iterator[str]:
    """Who has no place, and which seats of people who come more often are not taken."""
    b = claims.bounds
    if f.placed < f.people:
        yield words("verdict.left", n=f.people - f.placed)
        if b.placed < f.people:
            yield words("verdict.bound", bound=b.placed) if b.placed > f.placed else words("verdict.no_more")
    if claims.often and f.seats < claims.wanted:
        yield words("verdict.seats", seats=f.seats, wanted=claims.wanted)
        more = b.seats > f.seats
        yield words("verdict.seats_bound", bound=b.seats) if more else words("verdict.no_more_seats")
    if claims.empty:
        yield words("verdict.empty", rounds=words.listed(map(str, claims.empty)))


def _mixed(words: Words, problem: Problem, result: Result, claims: Claims) -> Iterator[str]:
    kind = "" if problem.format.goal == "bridging" else "_bonding"
    if claims.proof == "best":
        yield words(f"verdict.optimal{kind}")
        return
    yield words(f"verdict.gap{kind}", gap=words.percent(max(0.0, result.gap_percent) / 100, 1))
    if claims.proof:
        yield words("verdict.weighed")
