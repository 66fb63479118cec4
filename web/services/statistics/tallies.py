"""Counts that only ever grow, by so many people at a time that nobody can see what one of them told.

Who is counted once stays counted: signing off and on, changing and erasing change no number. People are counted in
the order in which they came, once, in whole batches: those who signed up themselves and those whom staff typed over
each in batches of their own, so that invented people never bring a real one in. A batch is complete when enough of it
told something (`small` of them, and half as many as were counted before): a series has some ten batches in its life,
whatever anybody does, and that is how often its numbers can be compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

SILENT = ""
"""The key of who told nothing."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """Somebody who may be counted: the number of the row, who entered them, and what they told."""

    id: int
    by_staff: bool
    told: frozenset[str]


@dataclass(frozen=True, slots=True)
class Queue:
    """People of one kind: up to which row they are counted, and how many of them told something."""

    upto: int = 0
    told: int = 0


@dataclass(frozen=True, slots=True)
class Tally:
    """Exact counts by key, for how many people, and how far both queues are counted. Never shown as it is."""

    counts: Mapping[str, int] = field(default_factory=dict)
    people: int = 0
    own: Queue = Queue()
    staff: Queue = Queue()

    @classmethod
    def read(cls, stored: Mapping[str, Any] | None) -> Tally:
        """As `stored` wrote it."""
        if not stored:
            return cls()
        return cls(stored["counts"], stored["people"], Queue(*stored["own"]), Queue(*stored["staff"]))

    def stored(self) -> dict[str, Any]:
        """As JSON."""
        queues = {"own": [self.own.upto, self.own.told], "staff": [self.staff.upto, self.staff.told]}
        return {"counts": dict(self.counts), "people": self.people, **queues}


def enough(more: int, before: int, small: int) -> bool:
    """Whether so many more than before may be told of."""
    return more >= max(small, before // 2)


def renewed(tally: Tally, arrivals: Iterable[Arrival], small: int) -> Tally:
    """The tally with every batch that is complete by now; the same one when none is."""
    waiting = sorted(arrivals, key=lambda arrival: arrival.id)
    own = [one for one in waiting if not one.by_staff and one.id > tally.own.upto]
    staff = [one for one in waiting if one.by_staff and one.id > tally.staff.upto]
    if after := _counted(tally.own, own, small):
        tally = replace(_with(tally, own), own=after)
    if after := _counted(tally.staff, staff, small):
        tally = replace(_with(tally, staff), staff=after)
    return tally


def _counted(queue: Queue, batch: Sequence[Arrival], small: int) -> Queue | None:
    """The queue behind a batch; None while too few of it told something: one who did would be known by the others."""
    told = sum(bool(one.told) for one in batch)
    return Queue(batch[-1].id, queue.told + told) if enough(told, queue.told, small) else None


def _with(tally: Tally, batch: Sequence[Arrival]) -> Tally:
    counts = dict(tally.counts)
    for one in batch:
        for key in one.told or {SILENT}:
            counts[key] = counts.get(key, 0) + 1
    return replace(tally, counts=counts, people=tally.people + len(batch))
