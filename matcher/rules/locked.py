"""What was decided by hand stays: a locked person sits nowhere else, and nobody joins a fixed group."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import ClassVar, Literal

import numpy as np

from matcher.terms import Fit, Frame, Rule, View


@dataclass(frozen=True, kw_only=True)
class Locked(Rule):
    """A breach is one seat against a lock, or one fixed group that somebody joined.

    Locks on unknown people and sessions say nothing. A lock without person and group fixes its whole session.
    """

    implied: ClassVar[Literal["", "firm", "weight"]] = "firm"
    modes: ClassVar[tuple[str, ...]] = ("firm",)

    def terms(self, view: View) -> Iterator[Fit]:
        """1 where somebody's locks keep them away."""
        held = _locks(view)
        if not held:
            return
        amount = np.zeros((len(view.people), len(view.places)))
        for i, locks in held.items():
            amount[i] = [not _allowed(view, i, locks, s, number) for s, number in view.places]
        yield Fit(amount, "place")

    def frame(self, view: View, frame: Frame) -> Frame:
        """Fixed groups are closed."""
        fixed = {(k.session, k.group) for k in view.problem.locks if k.person is None}
        ids = [(place, view.sessions[place[0]].id) for place in view.places]
        closed = {place for place, session in ids if {(session, place[1]), (session, None)} & fixed}
        return replace(frame, closed=frame.closed | closed) if self.firm else frame


def _locks(view: View) -> dict[int, dict[int, set[int]]]:
    """Person -> locked sessions -> group numbers, none where any group will do."""
    locks: dict[int, dict[int, set[int]]] = {}
    for lock in view.problem.locks:
        if lock.person in view.person and lock.session in view.session:
            held = locks.setdefault(view.person[lock.person], {})
            numbers = held.setdefault(view.session[lock.session], set())
            numbers.update([] if lock.group is None else [lock.group])
    return locks


def _allowed(view: View, person: int, locks: dict[int, set[int]], session: int, number: int) -> bool:
    if session in locks:
        return not locks[session] or number in locks[session]
    return len(locks) < _meetings(view, person) and not any(_clash(view, session, s) for s in locks)


def _meetings(view: View, person: int) -> int:
    most, format = view.people[person].max_meetings, view.problem.format
    return most if most is not None else format.rounds if format.series == "rounds" else 1


def _clash(view: View, s: int, t: int) -> bool:
    a, b = view.sessions[s], view.sessions[t]
    return a.overlaps(b) or (view.problem.format.series == "rounds" and a.round == b.round)
