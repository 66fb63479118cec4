"""The figures of a plan beside what no plan can beat, and the verdict they add up to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from matcher.domain import Problem, Result
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
    f, b, goal = result.figures, result.bounds, problem.format.goal
    yield _figure(words, "placed", f.placed, b.placed)
    if f.placed_priority != f.placed or b.placed_priority != b.placed:
        yield _figure(words, "priority", f.placed_priority, b.placed_priority)
    if f.seats != f.placed:
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
    """What somebody reads first."""
    f = result.figures
    firm = sum(b.firm for b in result.breaches)
    people, placed = words("verdict.people", n=f.people), words("verdict.placed", placed=f.placed)
    groups = words("verdict.groups", n=len(result.plan.groups))
    headline = words("verdict.headline", people=people, placed=placed, groups=groups)
    sentences = list(_sentences(words, problem, result, firm))
    state: Literal["good", "look", "stop"] = "stop" if firm else "good" if f.placed == f.people else "look"
    return PlanVerdict(state, headline, sentences)


def _sentences(words: Words, problem: Problem, result: Result, firm: int) -> Iterator[str]:
    f, b = result.figures, result.bounds
    if not result.plan.groups:
        yield words("verdict.nothing")
        return
    yield words("verdict.firm_broken", n=firm) if firm else words("verdict.firm_kept")
    if f.placed < f.people:
        yield words("verdict.left", n=f.people - f.placed)
        if b.placed < f.people:
            yield words("verdict.bound", bound=b.placed) if b.placed > f.placed else words("verdict.no_more")
    soft = sum(not breach.firm for breach in result.breaches)
    if soft:
        yield words("verdict.soft", n=soft)
    yield _mixed(words, problem, result)


def _mixed(words: Words, problem: Problem, result: Result) -> str:
    kind = "" if problem.format.goal == "bridging" else "_bonding"
    if result.optimal:
        return words(f"verdict.optimal{kind}")
    return words(f"verdict.gap{kind}", gap=words.percent(max(0.0, result.gap_percent) / 100, 1))
