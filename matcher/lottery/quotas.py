"""What a lottery is asked: people, quota lines, places; what is wrong with them; people sorted into kinds."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from numbers import Integral

import numpy as np
from numpy.typing import NDArray

from matcher.messages import BubbleName, DimensionName, Message, Value, each
from matcher.words import LANGUAGE, words

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
People = Mapping[str, Mapping[str, str | None]]
"""Person id -> dimension -> bubble; None, or a missing dimension, was not told and counts for no quota."""

HOUSEHOLD = "household"
"""The dimension of which each bubble is an address."""


class QuotaError(ValueError):
    """The question cannot be asked like this; `faults` has a message for everything that is wrong."""

    def __init__(self, faults: Sequence[Message]) -> None:
        super().__init__(faults)
        self.faults = tuple(faults)

    def __str__(self) -> str:
        return "\n".join(map(words(LANGUAGE).say, self.faults))


@dataclass(frozen=True, slots=True)
class Quota:
    """One quota line: of those chosen, at least `min` and at most `max` people belong to this bubble."""

    dimension: str
    bubble: str
    min: int
    max: int

    @property
    def name(self) -> str:
        return f"{self.dimension} '{self.bubble}'"

    @property
    def named(self) -> Message:
        """What it is about."""
        return _about(self.dimension, self.bubble)

    @property
    def bounds(self) -> Message:
        """What it asks."""
        return Message.of("lottery.line", quota=self.named, min=self.min, max=self.max)

    def __str__(self) -> str:
        return f"{self.name} {self.min} to {self.max}"


@dataclass(frozen=True, slots=True)
class Pool:
    """The people by kind: those who count for the same quota lines are interchangeable.

    `members` [T] ids per kind, `sizes` [T] how many, `rows` [Q, T] 1 where a kind counts for a line,
    `low` and `high` [Q] people; a panel is a vector [T] of how many of each kind, `places` in all.
    """

    members: tuple[tuple[str, ...], ...]
    sizes: Ints
    rows: Ints
    low: Ints
    high: Ints
    places: int

    @property
    def kinds(self) -> int:
        return len(self.members)


def one_per_household(people: People) -> tuple[Quota, ...]:
    """A line for every household of several people: at most one of them gets a place."""
    sizes = Counter(home for told in people.values() if (home := told.get(HOUSEHOLD)))
    return tuple(Quota(HOUSEHOLD, home, 0, 1) for home, size in sorted(sizes.items()) if size > 1)


def check(people: People, quotas: Sequence[Quota], places: int) -> None:
    """Raise QuotaError with every fault of the question, not only the first.

    A line for a bubble that nobody has is a fault only if it asks for somebody.
    """
    faults = [*_place_faults(people, places), *_repeated(quotas)]
    known = _known(people)
    for quota in quotas:
        faults += _bound_faults(quota)
        faults += _name_faults(quota, known)
    if faults:
        raise QuotaError(faults)


def pool(people: People, quotas: Sequence[Quota], places: int) -> Pool:
    """Sort people into kinds. Kinds and ids are in a fixed order, whatever the order of `people`."""
    by_lines = defaultdict(list)
    for person in sorted(people):
        told = people[person]
        by_lines[tuple(int(told.get(q.dimension) == q.bubble) for q in quotas)].append(person)
    lines = sorted(by_lines)
    return Pool(
        members=tuple(tuple(by_lines[line]) for line in lines),
        sizes=np.array([len(by_lines[line]) for line in lines], np.int64),
        rows=np.array(lines, np.int64).reshape(len(lines), len(quotas)).T,
        low=np.array([q.min for q in quotas], np.int64),
        high=np.array([q.max for q in quotas], np.int64),
        places=places,
    )


def _about(dimension: str, bubble: str) -> Message:
    return Message.of("lottery.quota", dimension=DimensionName(dimension), bubble=BubbleName(bubble, dimension))


def _known(people: People) -> dict[str, set[str]]:
    known = defaultdict(set)
    for told in people.values():
        for dimension, bubble in told.items():
            if bubble is not None:
                known[dimension].add(bubble)
    return dict(known)


def _place_faults(people: People, places: int) -> Iterator[Message]:
    if not _whole(places):
        yield Message.of("lottery.places_whole", places=repr(places))
    elif places < 1:
        yield Message.of("lottery.places_few", places=int(places))
    elif places > len(people):
        yield Message.of("lottery.places_many", places=int(places), people=len(people))


def _repeated(quotas: Sequence[Quota]) -> Iterator[Message]:
    for (dimension, bubble), times in Counter((q.dimension, q.bubble) for q in quotas).items():
        if times > 1:
            yield Message.of("lottery.repeated", quota=_about(dimension, bubble), times=times)


def _bound_faults(quota: Quota) -> Iterator[Message]:
    if not (_whole(quota.min) and _whole(quota.max)):
        yield Message.of("lottery.bounds_whole", min=repr(quota.min), max=repr(quota.max), quota=quota.named)
        return
    if quota.min < 0 or quota.max < 0:
        yield Message.of("lottery.bounds_negative", min=int(quota.min), max=int(quota.max), quota=quota.named)
    if quota.min > quota.max:
        yield Message.of("lottery.min_above_max", min=int(quota.min), max=int(quota.max), quota=quota.named)


def _name_faults(quota: Quota, known: Mapping[str, set[str]]) -> Iterator[Message]:
    bubbles = known.get(quota.dimension)
    if bubbles is None:
        yield Message.of(
            "lottery.unknown_dimension", dimension=quota.dimension, known=_those(each(DimensionName, known))
        )
    elif quota.bubble not in bubbles and quota.min > 0:
        there = tuple(BubbleName(bubble, quota.dimension) for bubble in sorted(bubbles))
        dimension = DimensionName(quota.dimension)
        yield Message.of("lottery.unknown_bubble", bubble=quota.bubble, dimension=dimension, known=_those(there))


def _those(names: tuple[Value, ...]) -> Value:
    return names or Message.of("lottery.none")


def _whole(number: object) -> bool:
    return isinstance(number, Integral) and not isinstance(number, bool)
