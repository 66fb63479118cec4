"""The plan that counts now, as a board that a draft is held against."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy.orm import Session

from matcher import Group
from web.crypto import hashed
from web.rows import PlanGroup, Series
from web.services.plans.board import Board
from web.services.plans.current import given_up, groups_of


def published(session: Session, series: Series) -> Board:
    """The plan that counts now, as a board without what was given up or called off; empty before the first."""
    board, up = board_of(groups_of(session, series.id)), given_up(session, series.id)
    kept = (replace(g, people=tuple(p for p in g.people if (int(p), int(g.session)) not in up)) for g in board.groups)
    return replace(board, groups=tuple(kept))


def board_of(tables: Iterable[PlanGroup]) -> Board:
    """Published tables as a board."""
    groups = (
        Group(
            str(g.session_id),
            g.number,
            tuple(sorted(str(seat.signup_id) for seat in g.seats)),
            g.language,
            "" if g.facilitator_id is None else str(g.facilitator_id),
        )
        for g in tables
    )
    return Board(tuple(sorted(groups)))


def standing_of(board: Board, *, led: bool = True) -> str:
    """The same for the same people at the same tables, led by the same; without `led` whoever leads them."""
    return hashed(repr([(g.session, g.number, g.people, led and g.facilitator) for g in board.plan().groups]))[:16]
