"""Two who give or take places in one series wait for each other."""

from __future__ import annotations

from sqlalchemy import update
from sqlalchemy.orm import Session

from web.rows import Series


def claim(session: Session, series_id: int) -> None:
    """Wait for whoever is at it, and see what they did: what was read before may be old."""
    session.execute(update(Series).where(Series.id == series_id).values(counted=Series.counted))
    session.expire_all()
