"""Every valid group of a small board as a column, after an estimate that there are not too many."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matcher.model import Board
from matcher.search.columns import list_groups, stack
from matcher.terms import Ints

MOST_UNITS = 33
"""Bits of a mask that are looked up in three slices."""
MOST_TRIED = 12_000_000
"""Sets of units that are tried: about a second."""


@dataclass(frozen=True)
class Kind:
    """Places that are alike. A group in one takes `use` (per bit) out of the room of `pool`, -1 for none."""

    places: tuple[int, ...]
    count: int
    use: Ints
    pool: int = -1


@dataclass(frozen=True)
class Columns:
    """Bit k of a mask is unit `units[k]`. Columns of kind k are those from `ptr[k]` to `ptr[k + 1]`."""

    units: Ints
    kinds: tuple[Kind, ...]
    room: Ints
    masks: Ints
    costs: Ints
    ptr: Ints

    @property
    def kind(self) -> Ints:
        """The kind of every column."""
        return np.repeat(np.arange(len(self.kinds)), np.diff(self.ptr))

    def some(self, keep: Ints) -> Columns:
        """A part of them."""
        ptr = np.searchsorted(keep, self.ptr)
        return Columns(self.units, self.kinds, self.room, self.masks[keep], self.costs[keep], ptr)


def columns_of(board: Board, limit: int) -> Columns | None:
    """All valid groups, or nothing if there are more than `limit` or if that would take too long to find out."""
    units = np.flatnonzero((np.diff(board.cand_ptr) > 0) & (board.cap > 0))
    kinds = _kinds(board, units)
    if len(units) > MOST_UNITS or sum(_tries(board, units, kind) for kind in kinds) > MOST_TRIED:
        return None
    masks, costs, ptr = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)], [0]
    for kind in kinds:
        for found in _listed(board, units, kind):
            masks.append(found[0])
            costs.append(found[1])
            if ptr[-1] + sum(map(len, masks)) > limit:
                return None
        ptr.append(sum(map(len, masks)))
    seats = [int(board.seats[s]) for s in _tight(board)]
    return Columns(units, tuple(kinds), np.array(seats, np.int64), np.concatenate(masks), np.concatenate(costs), np.array(ptr))


def _tight(board: Board) -> list[int]:
    """Sessions with fewer seats than their groups could take."""
    session = board.place_session
    return [s for s in np.unique(session).tolist() if board.high[session == s].sum() > board.seats[s]]


def _able(board: Board, units: Ints, p: int) -> Ints:
    able = (board.fit[units, p] >= 0) & (board.speaks[units] & board.place_speaks[p] != 0)
    return np.flatnonzero(able & (board.people[units] <= board.high[p]))


def _kinds(board: Board, units: Ints) -> list[Kind]:
    tight = _tight(board)
    alike: dict[tuple[object, ...], list[int]] = {}
    for p in np.flatnonzero(board.high > 0).tolist():
        s = int(board.place_session[p])
        sizes = board.size_soft[p].tobytes() + board.size_hard[p].tobytes()
        fits = np.where(np.isin(np.arange(len(units)), _able(board, units, p)), board.fit[units, p], -1).tobytes()
        key = (tight.index(s) if s in tight else -1, fits, int(board.place_speaks[p]), int(board.high[p]), sizes)
        alike.setdefault(key, []).append(p)
    people = board.people[units]
    return [Kind(tuple(places), len(places), people, key[0]) for key, places in alike.items()]


def _tries(board: Board, units: Ints, kind: Kind) -> int:
    """How many sets of units fit in a place by their number of people."""
    ways = [1] + [0] * int(board.high[kind.places[0]])
    for k in _able(board, units, kind.places[0]):
        for n in range(len(ways) - 1, int(kind.use[k]) - 1, -1):
            ways[n] += ways[n - int(kind.use[k])]
    return sum(ways)


def _listed(board: Board, units: Ints, kind: Kind):
    p, now = kind.places[0], stack(board)
    bits = _able(board, units, p)
    room = _tries(board, units, kind)
    masks, costs = np.empty((2, room), np.int64)
    for root in range(len(bits)):
        found = list_groups(board, p, units[bits], bits, root, now, masks, costs)
        yield masks[:found].copy(), costs[:found].copy()
