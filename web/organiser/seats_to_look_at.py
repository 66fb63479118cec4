"""Somebody at a table that has to be looked at: it no longer fits, or they ask for another one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from web.organiser.board_words import token
from web.rows import Series, Signup, TimeSlot
from web.services.plans import fit


@dataclass(frozen=True, slots=True)
class SeatToLookAt:
    """Somebody at a table: why to look at it, in sentences, and whether they asked for another table themselves.

    Without a session somebody who asked and has no table.
    """

    signup: Signup
    session: TimeSlot | None
    number: int
    reasons: tuple[str, ...] = ()
    wish: bool = False

    @property
    def place(self) -> str:
        """The table as it travels in a form."""
        return token((str(self.session.id), self.number)) if self.session else ""


def wishes(session: Session, series: Series, now: datetime) -> list[SeatToLookAt]:
    """Who asks for another table, at each table that is ahead."""
    return [
        SeatToLookAt(
            signup, session.get_one(TimeSlot, table[0]) if table else None, table[1] if table else 0, wish=True
        )
        for signup, table in fit.wishing(session, series, now)
    ]
