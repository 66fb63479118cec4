"""The one lock there is: two who give or take places in one series, or change its dates, wait for each other."""

from __future__ import annotations

from sqlalchemy import update
from sqlalchemy.orm import Session

from web.rows import Series


def lock_series(session: Session, series_id: int) -> None:
    """Wait for whoever is at it, and see what they did: what was read before may be old. It ends with the transaction.

    A statement that changes nothing, as SQLite has no locks of rows: there it holds up every writer.
    """
    session.execute(update(Series).where(Series.id == series_id).values(counted=Series.counted))
    session.expire_all()
