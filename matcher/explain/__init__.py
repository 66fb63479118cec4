"""Why somebody has no seat, what would help, and what to relax."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypedDict

import numpy as np

from matcher.domain import Plan
from matcher.explain.beforehand import warnings_of
from matcher.explain.causes import Cause, as_help, certain
from matcher.explain.joining import Joining
from matcher.explain.leading import led_too_little
from matcher.explain.personal import Personal
from matcher.explain.relaxing import MORE_TIME, Relaxed, relax
from matcher.explain.room import stuck
from matcher.explain.unled import unled
from matcher.messages import Key, Message
from matcher.model import Model, SearchInput, Staffing
from matcher.outcome import Reason
from matcher.terms import Ints

MOST = 5
"""Relaxations that a result has."""
KINDS = 400
"""Kinds of people without a seat who are looked at one by one; of others it is told what keeps out their like."""


class Explanation(TypedDict):
    """The parts of a result that are messages."""

    reasons: tuple[Reason, ...]
    relaxations: tuple[Message, ...]
    warnings: tuple[Message, ...]


def explain(
    model: Model, board: SearchInput, staffing: Staffing, place: Ints, plan: Plan,
    late: Callable[[], bool] = lambda: False,
) -> Explanation:  # fmt: skip
    """A reason for everybody without a seat, what would give more people one, and what is odd in the problem.

    `place` has a place for every entry of the board, -1 for none; `plan` says the same with who leads. What a change
    would give is found by really seating people with it; of a large problem only a part is seated, so that still more
    may be possible. Once it is `late`, no further change is tried, and people hear what keeps out their like.
    """
    few, lead_more = led_too_little(model, plan)
    warnings = (*few, *warnings_of(model), *unled(model, plan))
    if len(np.unique(board.entry_unit[place >= 0])) == len(model.units):
        return {"reasons": (), "relaxations": tuple(lead_more), "warnings": warnings}
    joining = Joining(Personal(model), board, staffing, place)
    relaxed = relax(joining, late)
    reasons = tuple(_reasons(joining, relaxed, late))
    relaxations = (*lead_more, *_relaxations(relaxed, bool(lead_more)))[:MOST]
    return {"reasons": reasons, "relaxations": relaxations, "warnings": warnings}


def _reasons(joining: Joining, relaxed: Relaxed, late: Callable[[], bool]) -> Iterator[Reason]:
    """By unit. Help is what was found to place this person, and of several the change that places most."""
    causes = _Causes(joining, late)
    for u in joining.waiting.tolist():
        for i in joining.model.units[u]:
            cause = certain(joining.personal, i) or causes.of(u)
            gain = next((gain for gain in relaxed.gains if i in gain.people), None)
            help, rule = (as_help(gain.change), cause.rule or gain.rule) if gain else (cause.help, cause.rule)
            if relaxed.search and i in relaxed.search.people:
                help, rule = relaxed.search.change, cause.rule
            yield Reason(joining.model.view.people[i].id, cause.why, help, rule)


class _Causes:
    """Causes, looked up once for all people of a kind; of the like of others once there are many, or it is late."""

    def __init__(self, joining: Joining, late: Callable[[], bool] = lambda: False) -> None:
        self.joining, self.late = joining, late
        self.kinds: dict[tuple[object, ...], Cause] = {}
        self.crowds: dict[tuple[object, ...], Cause] = {}

    def of(self, unit: int) -> Cause:
        """Why a unit that could sit does not."""
        kind, crowd = self.joining.kind(unit), self.joining.crowd(unit)
        if kind not in self.kinds:
            if crowd in self.crowds and (len(self.kinds) >= KINDS or self.late()):
                return self.crowds[crowd]
            self.kinds[kind] = stuck(self.joining, unit)
            self.crowds.setdefault(crowd, self.kinds[kind])
        return self.kinds[kind]


def _relaxations(relaxed: Relaxed, more: bool) -> Iterator[Message]:
    """What would place more people; that nothing would is only said where there is no `more` either."""
    if relaxed.search:
        more_time = relaxed.search.change == MORE_TIME
        key = Key("relaxation.search") if more_time else Key("relaxation.priority")
        yield Message.of(key, n=relaxed.search.more)
    for gain in relaxed.gains:
        yield Message.of("relaxation.more", change=gain.change, n=gain.more)
    if relaxed.nothing and not more:
        yield Message.of("relaxation.nothing")
