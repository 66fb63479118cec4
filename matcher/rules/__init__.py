"""One rule per file, found by file name; `KNOWN` maps the name to its class."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from importlib import import_module
from pkgutil import iter_modules
from typing import cast

import numpy as np

from matcher.domain import Format, Session, Size
from matcher.terms import Frame, Rule, Term, View


def _found(name: str) -> type[Rule]:
    module = import_module(f"{__name__}.{name}")
    (rule,) = (
        item
        for item in vars(module).values()
        if isinstance(item, type) and issubclass(item, Rule) and item.__module__ == module.__name__
    )
    return rule


KNOWN: dict[str, type[Rule]] = {m.name: _found(m.name) for m in iter_modules(__path__)}


def rules_of(format: Format) -> tuple[Rule, ...]:
    """The rules of a format, those it names first, then the implied ones it does not name."""
    named = {rule.name for rule in format.rules}
    implied = (rule for name, rule in KNOWN.items() if rule.implied and name not in named)
    known = cast("tuple[Rule, ...]", format.rules)  # the domain lies under what a rule is made of
    return known + tuple(rule(firm=rule.implied == "firm") for rule in implied)


def terms_of(view: View) -> Iterator[tuple[Rule, Term]]:
    """Every term of every rule that counts: a rule of weight zero says nothing. Rules are asked once a view."""
    if view.said is None:
        counting = (rule for rule in rules_of(view.problem.format) if rule.firm or rule.weight > 0)
        view.said = [(rule, term) for rule in counting for term in rule.terms(view)]
    yield from view.said


def _size(usual: Size, session: Session) -> tuple[int, int, int]:
    """Least, target and most people in a group of a session: its own, or those of the format."""
    low = usual.min if session.min is None else session.min
    high = usual.max if session.max is None else session.max
    target = usual.target if session.target is None else session.target
    return low, max(low, min(target, high)), high


def frame_of(view: View) -> Frame:
    """The limits of a problem: what its sizes and sessions say, narrowed by every rule in turn."""
    sessions = view.sessions
    count = len(sessions)
    everybody = [p.max_meetings for p in view.people]
    rounds = view.problem.format.rounds if view.problem.format.series == "rounds" else 1
    sizes = np.array([_size(view.problem.format.size, s) for s in sessions], np.int64).reshape(count, 3)
    low, target, high = sizes.T
    frame = Frame(
        low=low,
        target=target,
        high=high,
        groups=np.array([s.groups for s in sessions], np.int64),
        seats=np.full(count, np.iinfo(np.int32).max, np.int64),
        meetings=np.array([rounds if m is None else m for m in everybody], np.int64),
    )
    for rule in rules_of(view.problem.format):
        frame = rule.frame(view, frame)
    high = np.minimum(frame.high, frame.seats)
    return replace(frame, high=high, target=np.minimum(frame.target, high))
