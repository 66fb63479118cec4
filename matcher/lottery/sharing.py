"""From kinds to people: everybody of a kind gets the same part of the panels that have room for that kind."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from matcher.lottery.draw import apportioned
from matcher.lottery.quotas import Floats, Ints

GRAINS = 10**12
"""Probabilities are shared out in whole grains, so that nothing is lost to rounding."""
NOISE = 1e-8
"""A probability far under one ticket: rounding of the linear program."""


Parts = dict[tuple[str, ...], int]
"""People who get a place together -> grains."""


@dataclass(slots=True)
class _Piece:
    """Part of a panel's probability, `grains` long: who was chosen so far, of which homes; room for `left` more."""

    grains: int
    counts: Ints
    people: list[str]
    homes: set[str]
    left: int = 0

    def split(self, grains: int) -> _Piece:
        """Keep only so many grains; the rest becomes a piece of its own."""
        rest = _Piece(self.grains - grains, self.counts, list(self.people), set(self.homes), self.left)
        self.grains = grains
        return rest

    def add(self, person: str, home: str | None) -> bool:
        """Give somebody a place; whether another of that home has one already."""
        twice = home in self.homes
        self.people.append(person)
        self.left -= 1
        if home:
            self.homes.add(home)
        return twice


def shared(
    members: Sequence[tuple[str, ...]],
    panels: Ints,
    weights: Floats,
    random: Random,
    homes: Mapping[str, str] | None = None,
) -> tuple[Parts, set[str]]:
    """Panels of people, from panels [C, T] of counts with `weights` [C] and the `members` per kind.

    Everybody of a kind has the same number of grains, give or take one. Of the people with the same of `homes` no two
    sit in one panel where that can be avoided; the homes where it was not come with the panels.
    """
    homes = homes or {}
    kept = [c for c, weight in enumerate(weights.tolist()) if weight > NOISE]
    grains = apportioned([int(weights[c] * GRAINS**2) for c in kept], GRAINS)
    pieces = [_Piece(part, panels[c], [], set()) for c, part in zip(kept, grains, strict=True) if part]
    twice: set[str] = set()
    # Small kinds first: they leave no choice, and the others can still step aside for them.
    for kind, people in sorted(enumerate(members), key=lambda each: len(each[1])):
        random.shuffle(pieces)
        order = sorted(random.sample(people, len(people)), key=lambda person: person not in homes)
        twice |= _seat(kind, order, pieces, homes)
    total = Counter[tuple[str, ...]]()
    for piece in pieces:
        total[tuple(sorted(piece.people))] += piece.grains
    return dict(total), twice


def _seat(kind: int, people: Sequence[str], pieces: list[_Piece], homes: Mapping[str, str]) -> set[str]:
    room: dict[int, deque[_Piece]] = {}
    for piece in pieces:
        piece.left = int(piece.counts[kind])
        room.setdefault(piece.left, deque()).append(piece)
    needs = apportioned([1] * len(people), sum(piece.grains * piece.left for piece in pieces))
    twice: set[str] = set()
    for done, (person, need) in enumerate(zip(people, needs, strict=True)):
        home = homes.get(person)
        rest, met = _take(person, need, room, home, len(people) - done)
        pieces += rest
        twice |= {home} if met and home else set()
    return twice


def _take(
    person: str, need: int, room: dict[int, deque[_Piece]], home: str | None, waiting: int
) -> tuple[list[_Piece], bool]:
    """Put a person in the roomiest pieces, `need` grains long; what is left of the last piece comes back.

    Roomiest first is what keeps the rest possible for the others (Gale 1957, Ryser 1957: a 0-1 matrix with given row
    and column sums is built row by row from the largest column sums); it is enough that nobody passes over a piece
    that has room for everybody of the kind who is still `waiting`. `room`: the pieces by how much they have, so that
    thousands need not be sorted for every person. And whether somebody of the same home was met.
    """
    taken, rest, passed, met = list[_Piece](), list[_Piece](), list[_Piece](), False

    def take(piece: _Piece) -> None:
        nonlocal need, met
        if piece.grains > need:
            rest.append(piece.split(need))
        need -= piece.grains
        met |= piece.add(person, home)
        taken.append(piece)

    for left in range(max(room, default=0), 0, -1):
        same = room.get(left, deque())
        while need and same:
            piece = same.popleft()
            if left < waiting and home in piece.homes:
                passed.append(piece)
            else:
                take(piece)
    while need and passed:
        take(passed.pop(0))
    for piece in [*taken, *rest, *passed]:
        room.setdefault(piece.left, deque()).append(piece)
    return rest, met
