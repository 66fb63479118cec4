"""Forgetting the people of a series that is over, and of one that never got a date (promise 14)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from config import Retention
from web import rows
from web.channels import Outbox
from web.rows import (
    Attendance,
    DueLetter,
    FacilitatorLink,
    Figures,
    Gathering,
    Met,
    Plan,
    Proposal,
    Reply,
    Series,
    Signup,
    TableEnd,
    rowcount,
)
from web.services import audit
from web.services.outbox.owner import owner_of
from web.services.privacy.retention_overview import ENDS, UNDATED

OF_PEOPLE = (DueLetter, Proposal, Met, Attendance, TableEnd, Signup)
"""What holds people of a series. Rows below them (answers, consents, seats, boards) go along in the database."""


def run(session: Session, now: datetime, retention: Retention, outbox: Outbox) -> int:
    """Forget the people of every series that ended long enough ago, each committed by itself; how many.

    Published plans stay, with figures and hashes to account for them (promise 15), but without anybody in them.
    """
    forgotten = 0
    for series in (*_over(session, now - timedelta(weeks=retention.contact_weeks)), *_undated(session, now - UNDATED)):
        forgotten += _forget(session, series, now, outbox)
        session.commit()
    return forgotten


def forget_links(session: Session, now: datetime) -> int:
    """Forget the links of facilitators that expired; how many."""
    return rowcount(session.execute(delete(FacilitatorLink).where(FacilitatorLink.expires_at < now)))


def forget_strays(session: Session, now: datetime, retention: Retention) -> int:
    """Forget mails of which nobody knows whose they are: they belong to no series that ends; how many."""
    old = now - timedelta(weeks=retention.contact_weeks)
    return rowcount(session.execute(delete(Reply).where(Reply.signup_id.is_(None), Reply.at < old)))


def _over(session: Session, end: datetime) -> Sequence[Series]:
    """Series whose last gathering ended before that."""
    return session.scalars(
        select(Series)
        .join(rows.Round)
        .join(rows.TimeSlot)
        .join(Gathering)
        .group_by(Series.id)
        .having(end > ENDS)
        .order_by(Series.id)
    ).all()


def _undated(session: Session, end: datetime) -> Sequence[Series]:
    """Series without any date in which nobody signed up or changed anything since then."""
    dated = select(rows.Round.series_id).join(rows.TimeSlot).join(Gathering)
    return session.scalars(
        select(Series)
        .join(Signup, Signup.series_id == Series.id)
        .where(Series.id.not_in(dated))
        .group_by(Series.id)
        .having(func.max(Signup.changed_at) < end)
        .order_by(Series.id)
    ).all()


def _forget(session: Session, series: Series, now: datetime, outbox: Outbox) -> bool:
    for id in session.scalars(select(Signup.id).where(Signup.series_id == series.id)):
        outbox.forget(owner_of(id))
    gone = sum(rowcount(session.execute(delete(kind).where(kind.series_id == series.id))) for kind in OF_PEOPLE)
    # The reason is of what was broken, in the words of somebody who knows these people.
    session.execute(update(Plan).where(Plan.series_id == series.id).values(breaches=[], reason=""))
    session.execute(update(Figures).where(Figures.series_id == series.id).values(state=[]))
    if gone:
        audit.note(session, series, "forget", by="nightly", now=now)
    return bool(gone)
