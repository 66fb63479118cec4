"""Why somebody has no seat, what would help, and what to relax."""

from __future__ import annotations

from typing import TypedDict

from matcher.domain import Reason
from matcher.model import Board, Model, Staffing
from matcher.terms import Ints


class Explanation(TypedDict):
    """The parts of a result that are sentences."""

    reasons: tuple[Reason, ...]
    relaxations: tuple[str, ...]
    warnings: tuple[str, ...]


def explain(model: Model, board: Board, staffing: Staffing, place: Ints) -> Explanation:
    """Reasons for all who have no seat."""
    return {"reasons": (), "relaxations": (), "warnings": ()}
