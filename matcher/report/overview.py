"""The mix of all groups at a glance: per dimension, everybody beside every group."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from matcher.domain import Group, Participant, Problem
from matcher.report.mix import BubbleMix, DimensionMix, Part, parts
from matcher.words import UNKNOWN, Words

Mix = list[tuple[BubbleMix, int]]

GAP = 0.7
"""Room between two sessions, in columns."""
MANY = 40
"""With more groups than this the columns stand close: gaps of less than a pixel shimmer."""


@dataclass(frozen=True, slots=True)
class OverviewRow:
    """What the picture says of one bubble, in numbers."""

    bubble: BubbleMix
    people: int
    share: str
    population: str
    groups: int
    span: str
    alone: int


@dataclass(frozen=True, slots=True)
class Overview:
    """One dimension: a bar of everybody, one of the population if known, a column per group, the table."""

    dimension: DimensionMix
    people: list[Part]
    population: list[Part]
    columns: list[tuple[str, str]]
    width: float
    rows: list[OverviewRow]


def overview(
    words: Words,
    problem: Problem,
    dimension: DimensionMix,
    groups: list[Group],
    people: Mapping[str, Participant],
) -> Overview:
    """Compare all groups with everybody who signed up, on one dimension."""
    mixes = [dimension.counts(people[p] for p in g.people if p in people) for g in groups]
    everybody = dimension.counts(problem.people)
    known = problem.population.get(dimension.name, {})
    lived = [(b, known[b.name]) for b in dimension.bubbles if known.get(b.name, 0) > 0]
    columns, width = _columns(groups, mixes)
    rows = _rows(words, everybody, dict(lived), mixes)
    return Overview(dimension, parts(everybody), parts(lived), columns, width, rows)


def _columns(groups: list[Group], mixes: list[Mix]) -> tuple[list[tuple[str, str]], float]:
    """One path per tone, a column of height 100 per group; and the width of all columns."""
    paths: dict[str, list[str]] = {}
    wide = 0.86 if len(groups) <= MANY else 1.0
    x = 0.0
    for i, (group, mix) in enumerate(zip(groups, mixes, strict=True)):
        x += GAP if i and group.session != groups[i - 1].session else 0
        for part in parts(mix):
            shape = f"M{x:.2f} {part.start:.1f}h{wide}v{part.width:.1f}h-{wide}z"
            paths.setdefault(part.bubble.tone, []).append(shape)
        x += 1
    return [(tone, "".join(shapes)) for tone, shapes in sorted(paths.items())], round(x, 2)


def _rows(
    words: Words,
    everybody: list[tuple[BubbleMix, int]],
    population: Mapping[BubbleMix, float],
    mixes: list[Mix],
) -> list[OverviewRow]:
    counts = dict(everybody) | {bubble: dict(everybody).get(bubble, 0) for bubble in population}
    each = [dict(mix) for mix in mixes]
    lived = sum(population.values())
    rows = []
    for bubble, n in counts.items():
        found = [mix.get(bubble, 0) for mix in each]
        span = words("mix.span", low=min(found), high=max(found)) if found else UNKNOWN
        share = words.percent(n / max(1, sum(counts.values())))
        beside = words.percent(population[bubble] / lived) if bubble in population else UNKNOWN
        rows.append(OverviewRow(bubble, n, share, beside, sum(map(bool, found)), span, found.count(1)))
    return rows
