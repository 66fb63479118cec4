"""Why somebody has no seat, what would help, and what to relax."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypedDict

import numpy as np

from matcher.domain import Reason
from matcher.explain.beforehand import warnings_of
from matcher.explain.causes import as_help, certain
from matcher.explain.joining import Joining
from matcher.explain.leading import led_too_little
from matcher.explain.personal import Personal
from matcher.explain.relaxing import MORE_TIME, Relaxed, relax
from matcher.explain.room import stuck
from matcher.messages import Key, Message
from matcher.model import Model, SearchInput, Staffing
from matcher.terms import Ints

MOST = 5
"""Relaxations that a result has."""


class Explanation(TypedDict):
    """The parts of a result that are messages."""

    reasons: tuple[Reason, ...]
    relaxations: tuple[Message, ...]
    warnings: tuple[Message, ...]


def explain(model: Model, board: SearchInput, staffing: Staffing, place: Ints) -> Explanation:
    """A reason for everybody without a seat, what would give more people one, and what is odd in the problem.

    `place` has a place for every entry of the board, -1 for none. What a change would give is found by really
    seating people with it; of a large problem only a part is seated, so that still more may be possible.
    """
    unled, lead_more = led_too_little(model, model.plan(place, board, staffing))
    warnings = (*unled, *warnings_of(model))
    if len(np.unique(board.entry_unit[place >= 0])) == len(model.units):
        return {"reasons": (), "relaxations": tuple(lead_more), "warnings": warnings}
    joining = Joining(Personal(model), board, staffing, place)
    relaxed = relax(joining)
    reasons = tuple(_reasons(joining, relaxed))
    relaxations = (*lead_more, *_relaxations(relaxed, bool(lead_more)))[:MOST]
    return {"reasons": reasons, "relaxations": relaxations, "warnings": warnings}


def _reasons(joining: Joining, relaxed: Relaxed) -> Iterator[Reason]:
    """By unit. Help is what was found to place this person, and of several the change that places most."""
    for u in joining.waiting.tolist():
        for i in joining.model.units[u]:
            cause = certain(joining.personal, i) or stuck(joining, u)
            gain = next((gain for gain in relaxed.gains if i in gain.people), None)
            help, rule = (as_help(gain.change), cause.rule or gain.rule) if gain else (cause.help, cause.rule)
            if relaxed.search and i in relaxed.search.people:
                help, rule = relaxed.search.change, cause.rule
            yield Reason(joining.model.view.people[i].id, cause.why, help, rule)


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
