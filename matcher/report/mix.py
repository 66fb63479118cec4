"""Who is in a group, per dimension: the counts behind every picture and the table beside it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from string import ascii_uppercase

from matcher.domain import Participant, Problem
from matcher.words import readable

TONES = 8
"""Colours that stay apart for everybody; further bubbles share a plain tone and differ by their letters."""


@dataclass(frozen=True, slots=True)
class BubbleMix:
    """One answer on a dimension, with the letters and the tone that stand for it in the pictures."""

    name: str
    key: str
    tone: str


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of a bar: a count, its share, and where the piece stands, both in percent."""

    bubble: BubbleMix
    count: float
    start: float
    width: float


@dataclass(frozen=True, slots=True)
class DimensionMix:
    """A dimension, its bubbles in the order of its pictures. `several`: somebody gave several answers."""

    name: str
    label: str
    bubbles: tuple[BubbleMix, ...]
    several: bool
    silence: BubbleMix

    def counts(self, people: Iterable[Participant]) -> list[tuple[BubbleMix, int]]:
        """How many people gave each answer, and how many none; without the answers that nobody gave."""
        found = Counter(answer for p in people for answer in (p.bubbles.get(self.name) or ("",)))
        known = [(b, found[b.name]) for b in self.bubbles]
        return [(b, n) for b, n in [*known, (self.silence, found[""])] if n]


def parts(counts: Sequence[tuple[BubbleMix, float]]) -> list[Part]:
    """Counts as the pieces of one bar."""
    total, before, pieces = sum(n for _, n in counts), 0.0, []
    for bubble, n in counts:
        pieces.append(Part(bubble, n, round(100 * before / total, 2), round(100 * n / total, 2)))
        before += n
    return pieces


def dimensions(problem: Problem, silence: str) -> list[DimensionMix]:
    """The dimensions that the format speaks of: those it weighs first, then those of its rules."""
    ruled = (getattr(rule, "dimension", "") for rule in problem.format.rules)
    names = [name for name in (*problem.format.bridging, *ruled) if name and name != "*"]
    return [_dimension(problem, name, silence) for name in dict.fromkeys(names)]


def _dimension(problem: Problem, name: str, silence: str) -> DimensionMix:
    answers = [p.bubbles.get(name, frozenset()) for p in problem.people]
    held = Counter(bubble for answer in answers for bubble in answer)
    held.update(dict.fromkeys(problem.population.get(name, ()), 0))
    ordered, ordinal = _ordered(held)
    bubbles = tuple(BubbleMix(b, _key(i), _tone(i, len(ordered), ordinal)) for i, b in enumerate(ordered))
    several = any(len(answer) > 1 for answer in answers)
    return DimensionMix(name, readable(name), bubbles, several, BubbleMix(silence, "?", "none"))


def _ordered(held: Counter[str]) -> tuple[list[str], bool]:
    """Answers that all hold a number go by that number, others by how many people gave them."""
    numbers = {bubble: _numbers(bubble) for bubble in held}
    if held and all(numbers.values()):
        return sorted(held, key=lambda b: (numbers[b][0], numbers[b][-1], b)), True
    return sorted(held, key=lambda b: (-held[b], b)), False


def _numbers(text: str) -> list[int]:
    """The whole numbers in a text; of a very long one the first digits."""
    digits = "".join(c if c.isdecimal() else " " for c in text)
    return [int(run[:9]) for run in digits.split()]


def _tone(i: int, count: int, ordinal: bool) -> str:
    if ordinal:
        return f"step{round(i * (TONES - 1) / max(1, count - 1))}"
    return f"kind{i}" if i < TONES else "plain"


def _key(i: int) -> str:
    key = ascii_uppercase[i % 26]
    return key if i < 26 else _key(i // 26 - 1) + key
