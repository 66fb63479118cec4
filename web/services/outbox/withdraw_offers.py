"""Taking back places that were offered: the table changed, or the person left."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, update
from sqlalchemy.orm import Session

from web.rows import Offer, rowcount
from web.rows.invitations import OPEN, WITHDRAWN


def withdraw_offers(session: Session, now: datetime, *which: ColumnElement[bool]) -> int:
    """Open offers are no longer so; how many. A letter that still lies is dropped when packed."""
    ended = session.execute(update(Offer).where(Offer.state == OPEN, *which).values(state=WITHDRAWN, ended_at=now))
    return rowcount(ended)
