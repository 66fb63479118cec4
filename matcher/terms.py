"""The shapes a rule may take, and the view of a problem that rules are written against."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from matcher.domain import Problem
from matcher.messages import BubbleName, DimensionName, Key, Message

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Label = BubbleName | DimensionName | Message | str


@dataclass(frozen=True, slots=True)
class Fit:
    """May this person sit there, and how gladly: `amount[person, session]`, or `[person, place]` when `by` is place."""

    amount: Floats
    by: Literal["session", "place"] = "session"


@dataclass(frozen=True, slots=True)
class Headcount:
    """What it costs to have c of some people in a group of n: `amount[c, n]`, in breaches.

    c counts the `people` in the group (who stands in it k times counts k), plus 1 for each of `bubbles` (arrays of
    people) with somebody present. `label` is who or what is counted: an answer, the answers to a dimension, or a word
    of its own. `said` is what a breach says, where that is not how many they are.
    """

    label: Label
    people: Ints
    amount: Floats
    bubbles: tuple[Ints, ...] = ()
    said: Key | None = None

    @property
    def uneven(self) -> bool:
        """Whether one person more may add more than 1."""
        return bool(self.bubbles) or len(np.unique(self.people)) < len(self.people)


@dataclass(frozen=True, slots=True)
class Pair:
    """A sparse list of two people and an amount.

    `when` says what counts: sitting `together`, or placed but `apart`; meeting `again` (amounts are earlier meetings; a
    meeting of any two people costs as much as they have met before).
    """

    a: Ints
    b: Ints
    amount: Floats
    when: Literal["together", "apart", "again"] = "together"


@dataclass(frozen=True, slots=True)
class Bond:
    """Common ground: weight x `amount[kind[i], kind[j]]` is added to the bridging score of persons i and j.

    People are alike in kinds, for those who share something are soon more pairs than a computer holds.
    """

    kind: Ints
    amount: Floats


@dataclass(frozen=True, slots=True)
class Level:
    """The mean bridging of a group stays at or above `share` of that of two people picked blindly.

    The amount is what is missing, times the people in the group.
    """

    share: float


Term = Fit | Headcount | Pair | Bond | Level


@dataclass(frozen=True, slots=True)
class Frame:
    """The limits within which plans are made. Arrays are per session, but `meetings` per person.

    `together` are sets of people (indices) who are placed as one; `closed` places take only people locked into them.
    """

    low: Ints
    target: Ints
    high: Ints
    groups: Ints
    seats: Ints
    meetings: Ints
    one_language: bool = False
    leader: Literal["required", "optional", "none"] = "none"
    together: tuple[frozenset[int], ...] = ()
    closed: frozenset[tuple[int, int]] = frozenset()


class View:
    """A problem with indices: what rules read. People, sessions and places are numbered in the order of the problem."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.people = problem.people
        self.sessions = problem.sessions
        self.person = {p.id: i for i, p in enumerate(problem.people)}
        self.session = {s.id: i for i, s in enumerate(problem.sessions)}
        self.said: list[tuple[Rule, Term]] | None = None  # by its rules, once somebody asked: see `rules.terms_of`

    @cached_property
    def largest(self) -> int:
        """The largest group there can be, rules about sizes aside."""
        usual = self.problem.format.size.max
        return max((usual if s.max is None else s.max for s in self.sessions), default=usual)

    @cached_property
    def places(self) -> list[tuple[int, int]]:
        """Every (session, group number from 1) where a group may open."""
        return [(s, k + 1) for s, session in enumerate(self.sessions) for k in range(session.groups)]

    def holders(self, dimension: str) -> dict[str, Ints]:
        """Bubble -> indices of the people who told that they belong to it, bubbles in sorted order."""
        found: dict[str, list[int]] = {}
        for i, person in enumerate(self.people):
            for bubble in person.bubbles.get(dimension, ()):
                found.setdefault(bubble, []).append(i)
        return {bubble: np.array(found[bubble], np.int64) for bubble in sorted(found)}

    def untold(self, dimension: str) -> Ints:
        """Indices of the people who told nothing on this dimension."""
        silent = [i for i, person in enumerate(self.people) if not person.bubbles.get(dimension)]
        return np.array(silent, np.int64)

    def sharing(self, attribute: str) -> dict[str, Ints]:
        """Value -> indices of the people with that value of a text attribute, where at least two have it."""
        found: dict[str, list[int]] = {}
        for i, person in enumerate(self.people):
            if value := getattr(person, attribute):
                found.setdefault(value, []).append(i)
        return {value: np.array(found[value], np.int64) for value in sorted(found) if len(found[value]) > 1}

    def table(self, amount: Callable[[int, int], float], most: int = 0) -> Floats:
        """Tabulate `amount(c, n)` for every head-count c in a group of n people, n up to the largest group.

        c goes up to `most` or the largest group, if that is more; its last row stands for all that is beyond.
        """
        rows = max(self.largest, most) + 1
        return np.array([[float(amount(c, n)) for n in range(self.largest + 1)] for c in range(rows)])


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A rule is firm (never broken) or has a weight: the price of one breach in units of bridging.

    The fields of a subclass are its TOML keys; the name of its file is its name. A subclass says what it means as
    `terms`, or narrows the `frame`, or both.
    """

    firm: bool = False
    weight: float = 0.0

    implied: ClassVar[Literal["", "firm", "weight"]] = ""
    """How it holds although a format does not name it; naming it replaces the implied one."""
    modes: ClassVar[tuple[str, ...]] = ("firm", "weight")
    """Whether it may be firm, weighted, or both."""

    @property
    def name(self) -> str:
        """The file of the rule."""
        return type(self).__module__.rpartition(".")[2]

    @property
    def title(self) -> str:
        """The rule with its dimension, for people."""
        dimension = getattr(self, "dimension", "")
        return f"{self.name}: {dimension}" if dimension else self.name

    def terms(self, view: View) -> Iterable[Term]:
        """What the rule says about fits, head-counts and pairs."""
        return ()

    def frame(self, view: View, frame: Frame) -> Frame:
        """The frame, narrowed."""
        return frame


@dataclass(frozen=True, kw_only=True)
class DimensionRule(Rule):
    """A rule about the bubbles of one dimension; `*` in a format stands for one rule per dimension."""

    dimension: str


def floor_share(share: float, n: int) -> int:
    """`share` x n rounded down, exact: 0.29 of 100 is 29, not 28, and 2/3 of 6 is 4."""
    return int(Fraction(share).limit_denominator(10**6) * n)
