"""Forgetting by itself, every night: what retention says, what is expired, and what lies in the outbox for nobody."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select, text, update
from sqlalchemy.orm import Session

from config import Retention
from web import rows
from web.channels import Outbox
from web.rows import DueLetter, FacilitatorLink, Gathering, Met, Plan, Proposal, Reply, Series, Signup, rowcount
from web.services import audit
from web.services.outbox.owner import owner_of
from web.services.privacy.retention_overview import ENDS

OF_PEOPLE = (DueLetter, Proposal, Met, Signup)
"""What holds people of a series. Rows below them (answers, consents, seats, boards) go along in the database."""


def run(session: Session, now: datetime, retention: Retention, outbox: Outbox) -> int:
    """Forget the people of every series that ended long enough ago (promise 14), each committed by itself; how many.

    Links that expired and mail of nobody go too. All of it is committed before files and journal are emptied.
    Published plans stay, with figures and hashes to account for them (promise 15), but without anybody in them.
    """
    forgotten = 0
    for series in _over(session, now - timedelta(weeks=retention.contact_weeks)):
        forgotten += _forget(session, series, now, outbox)
        session.commit()
    session.execute(delete(FacilitatorLink).where(FacilitatorLink.expires_at < now))
    # Mail of which nobody knows whose it is belongs to no series that ends.
    old = now - timedelta(weeks=retention.contact_weeks)
    session.execute(delete(Reply).where(Reply.signup_id.is_(None), Reply.at < old))
    audit.forget(session, now)
    session.commit()
    sweep(session, outbox)
    _empty_the_journal(session)
    return forgotten


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


def _forget(session: Session, series: Series, now: datetime, outbox: Outbox) -> bool:
    for id in session.scalars(select(Signup.id).where(Signup.series_id == series.id)):
        outbox.forget(owner_of(id))
    gone = sum(rowcount(session.execute(delete(kind).where(kind.series_id == series.id))) for kind in OF_PEOPLE)
    session.execute(update(Plan).where(Plan.series_id == series.id).values(breaches=[]))
    if gone:
        audit.note(session, series, "forget", by="nightly", now=now)
    return bool(gone)


def sweep(session: Session, outbox: Outbox) -> int:
    """Erase what lies in the outbox for residents who are gone: who erases a sign-up erases its letters too."""
    owners = outbox.owners()
    known = {owner_of(id) for id in session.scalars(select(Signup.id))} if owners else set()
    return sum(outbox.forget(owner) for owner in owners if owner.startswith("signup-") and owner not in known)


def _empty_the_journal(session: Session) -> None:
    """SQLite keeps old pages in its journal until it is emptied, which waits for the end of the transaction."""
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
        session.commit()
