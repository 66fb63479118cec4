"""Every valid group of a small board as a column, unless there are too many of them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from matcher.model import SearchInput
from matcher.search.columns import list_groups, stack
from matcher.search.packing import SLICE
from matcher.terms import Ints

MOST_UNITS = 3 * SLICE
"""Bits of a mask."""
MOST_TRIED = 12_000_000
"""Sets of units to try: about a second."""


@dataclass(frozen=True)
class PlaceKind:
    """Places that are alike for everybody; with none of them, being left over.

    At most `count` columns of it are chosen. The sum of `use` over the bits of each is taken out of the room
    `pool`, if that is not -1.
    """

    places: tuple[int, ...]
    count: int
    use: Ints
    pool: int = -1


@dataclass(frozen=True)
class Columns:
    """Bit k of a mask stands for `units[k]`; columns of kind k are those from `ptr[k]` to `ptr[k + 1]`."""

    units: Ints
    kinds: tuple[PlaceKind, ...]
    room: Ints
    masks: Ints
    costs: Ints
    ptr: Ints

    def __len__(self) -> int:
        return len(self.masks)

    @property
    def kind(self) -> Ints:
        """The kind of every column."""
        return np.repeat(np.arange(len(self.kinds)), np.diff(self.ptr))

    def part(self, keep: Ints) -> Columns:
        """Some of them, in order."""
        if len(keep) == len(self):
            return self
        ptr = np.searchsorted(keep, self.ptr)
        return replace(self, masks=self.masks[keep], costs=self.costs[keep], ptr=ptr)

    def used(self) -> Ints:
        """What each takes out of its room."""
        found = np.zeros(len(self), np.int64)
        for k, kind in enumerate(self.kinds):
            mine = slice(self.ptr[k], self.ptr[k + 1])
            for bit, use in enumerate(kind.use.tolist()):
                found[mine] += use * (self.masks[mine] >> bit & 1)
        return found

    def with_leftovers(self, costs: Ints, use: Ints, room: int | None = None) -> Columns:
        """Beside them one column for every unit to be left over, if wanted together within a room."""
        bits = np.flatnonzero(use <= (use.sum() if room is None else room))
        kind = PlaceKind((), len(self.units), use, -1 if room is None else len(self.room))
        return replace(
            self,
            kinds=(*self.kinds, kind),
            room=self.room if room is None else np.append(self.room, room),
            masks=np.append(self.masks, np.int64(1) << bits),
            costs=np.append(self.costs, costs[bits]),
            ptr=np.append(self.ptr, len(self) + len(bits)),
        )

    def find(self, mask: int, kind: int) -> int:
        """The column with this mask; -1 for none."""
        at = np.flatnonzero(self.masks[self.ptr[kind] : self.ptr[kind + 1]] == mask)
        return int(self.ptr[kind] + at[0]) if len(at) else -1


def columns_of(board: SearchInput, limit: int) -> tuple[Columns, int] | None:
    """All valid groups and how many sets of units were tried; nothing if either is too many."""
    units = np.flatnonzero((board.cand_many > 0) & (board.cap > 0))
    if len(units) > MOST_UNITS:
        return None
    kinds = _kinds(board, units)
    tried = sum(_tries(board, units, kind) for kind in kinds)
    if tried > MOST_TRIED:
        return None
    masks, costs = np.empty((2, tried), np.int64)  # what is not filled in takes no memory
    ptr = [0]
    for kind in kinds:
        ptr.append(ptr[-1])
        p, now = kind.places[0], stack(board)
        bits = np.flatnonzero(_able(board, units, p))
        for root in range(len(bits)):
            rest = slice(ptr[-1], None)
            ptr[-1] += list_groups(board, p, units[bits], bits, root, now, masks[rest], costs[rest])
            if ptr[-1] > limit:
                return None
        ptr[-1] = ptr[-2] + _led(board, units, p, masks[ptr[-2] : ptr[-1]], costs[ptr[-2] : ptr[-1]])
    room = board.seats[_tight(board)]
    return Columns(units, tuple(kinds), room, masks[: ptr[-1]], costs[: ptr[-1]], np.array(ptr)), tried


def _led(board: SearchInput, units: Ints, p: int, masks: Ints, costs: Ints) -> int:
    """Move the groups with whoever leads the place as one of its people to the front, and count them."""
    if board.host[p] < 0:
        return len(masks)
    host = np.flatnonzero(units == board.host[p])
    here = np.flatnonzero((masks >> host[0] & 1) > 0) if len(host) else host
    masks[: len(here)], costs[: len(here)] = masks[here], costs[here]
    return len(here)


def _tight(board: SearchInput) -> list[int]:
    """Sessions with fewer seats than their groups could take."""
    session = board.place_session
    return [s for s in np.unique(session).tolist() if board.high[session == s].sum() > board.seats[s]]


def _able(board: SearchInput, units: Ints, p: int) -> NDArray[np.bool_]:
    """Which units may sit in a place at all."""
    shared = board.speaks[units] & board.place_speaks[p]
    able: NDArray[np.bool_] = (board.fit[units, board.kind[p]] >= 0) & (shared != 0)
    return able


def _kinds(board: SearchInput, units: Ints) -> list[PlaceKind]:
    """Places by what they may hold. Sessions differ only if somebody's chances do, or if seats are scarce."""
    tight = _tight(board)
    alike: dict[tuple[int, bytes], list[int]] = {}
    for p in np.flatnonzero(board.high > 0).tolist():
        s = int(board.place_session[p])
        fit = np.where(_able(board, units, p), board.fit[units, board.kind[p]], -1)
        arrays = (fit, board.place_speaks[p], board.host[p], board.high[p], board.size_soft[p], board.size_hard[p])
        key = b"".join(x.tobytes() for x in arrays)
        alike.setdefault((tight.index(s) if s in tight else -1, key), []).append(p)
    people = board.people[units]
    return [PlaceKind(tuple(places), len(places), people, pool) for (pool, _), places in alike.items()]


def _tries(board: SearchInput, units: Ints, kind: PlaceKind) -> int:
    """How many sets of units have no more people than fit in a place."""
    p = kind.places[0]
    ways = [1] + [0] * int(board.high[p])
    for people in board.people[units[_able(board, units, p)]].tolist():
        for n in range(len(ways) - 1, people - 1, -1):
            ways[n] += ways[n - people]
    return sum(ways) - 1
