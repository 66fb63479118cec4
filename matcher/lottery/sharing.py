"""From kinds to people: everybody of a kind gets the same part of the panels that have room for that kind."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from matcher.lottery.draw import apportioned
from matcher.lottery.quotas import Floats, Ints

GRAINS = 10**12
"""Probabilities are shared out in whole grains, so that nothing is lost to rounding."""
NOISE = 1e-8
"""A probability far under one ticket: rounding of the linear program."""


@dataclass(slots=True)
class _Piece:
    """Part of a panel's probability, `grains` long: the people chosen so far, and room for `left` more."""

    grains: int
    counts: Ints
    people: list[str]
    left: int = 0

    def split(self, grains: int) -> _Piece:
        """Keep only so many grains; the rest becomes a piece of its own."""
        rest = _Piece(self.grains - grains, self.counts, list(self.people), self.left)
        self.grains = grains
        return rest


def shared(
    members: Sequence[tuple[str, ...]], panels: Ints, weights: Floats, random: Random
) -> dict[tuple[str, ...], int]:
    """Panels of people -> grains, from panels [C, T] of counts with `weights` [C] and the `members` per kind.

    Everybody of a kind has the same number of grains, give or take one.
    """
    kept = [c for c, weight in enumerate(weights.tolist()) if weight > NOISE]
    grains = apportioned([int(weights[c] * GRAINS**2) for c in kept], GRAINS)
    pieces = [_Piece(part, panels[c], []) for c, part in zip(kept, grains, strict=True) if part]
    for kind, people in enumerate(members):
        random.shuffle(pieces)
        _seat(kind, random.sample(people, len(people)), pieces)
    total = Counter[tuple[str, ...]]()
    for piece in pieces:
        total[tuple(sorted(piece.people))] += piece.grains
    return dict(total)


def _seat(kind: int, people: Sequence[str], pieces: list[_Piece]) -> None:
    room: dict[int, deque[_Piece]] = {}
    for piece in pieces:
        piece.left = int(piece.counts[kind])
        room.setdefault(piece.left, deque()).append(piece)
    needs = apportioned([1] * len(people), sum(piece.grains * piece.left for piece in pieces))
    for person, need in zip(people, needs, strict=True):
        pieces += _take(person, need, room)


def _take(person: str, need: int, room: dict[int, deque[_Piece]]) -> list[_Piece]:
    """Put a person in the roomiest pieces, `need` grains long; what is left of the last piece comes back.

    Roomiest first is what keeps the rest possible for the others (Gale 1957, Ryser 1957: a 0-1 matrix with
    given row and column sums is built row by row from the largest column sums). `room`: the pieces by how much they
    have, so that thousands need not be sorted for every person.
    """
    taken, rest = list[_Piece](), list[_Piece]()
    for left in range(max(room, default=0), 0, -1):
        same = room.get(left, deque())
        while need and same:
            piece = same.popleft()
            if piece.grains > need:
                rest = [piece.split(need)]
                same.append(rest[0])
            piece.people.append(person)
            need -= piece.grains
            taken.append(piece)
    for piece in taken:
        piece.left -= 1
        room.setdefault(piece.left, deque()).append(piece)
    return rest
