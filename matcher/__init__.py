"""The matching engine as a library: mixed groups from people, sessions and rules; no web, no database, no clock."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from matcher.domain import Facilitator, Format, Group, Lock, Participant, Plan, Problem, Session, Size
from matcher.outcome import Progress, Result

if TYPE_CHECKING:
    from matcher.checking import check
    from matcher.engine import match
    from matcher.repairing import repair
    from matcher.tables.dataframes import problem_from_frames

__all__ = [
    "Facilitator",
    "Format",
    "Group",
    "Lock",
    "Participant",
    "Plan",
    "Problem",
    "Progress",
    "Result",
    "Session",
    "Size",
    "check",
    "match",
    "problem_from_frames",
    "repair",
]

_VERBS = {
    "check": "matcher.checking",
    "match": "matcher.engine",
    "problem_from_frames": "matcher.tables.dataframes",
    "repair": "matcher.repairing",
}


def __getattr__(name: str) -> Any:
    """Load a verb at its first use: whoever only describes a problem waits for no solver."""
    if name in _VERBS:
        return getattr(import_module(_VERBS[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
