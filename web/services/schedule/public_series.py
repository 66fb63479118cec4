"""What everybody may see: the series that are open."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, joinedload

from web.errors import Missing
from web.rows import Organisation, Project, Round, Series, TimeSlot
from web.rows.meetings import SeriesState

_SESSIONS = joinedload(Series.rounds).joinedload(Round.sessions)
_TIMES = _SESSIONS.joinedload(TimeSlot.gatherings)
_PLACES = _SESSIONS.joinedload(TimeSlot.venue)
_WHOSE = joinedload(Series.project).joinedload(Project.organisation)
"""A page of the sign-up needs all of it; one statement for each would be most of what it costs."""
_SHOWN = SeriesState.OPEN, SeriesState.CLOSED, SeriesState.FINISHED
_AT = (
    select(Series)
    .join(Organisation, Organisation.id == Series.organisation_id)
    .where(Organisation.slug == bindparam("organisation"), Series.slug == bindparam("slug"), Series.state.in_(_SHOWN))
    .options(_TIMES, _PLACES, _WHOSE)
)
_AGAIN = select(Series).where(Series.id == bindparam("series")).options(_TIMES)
"""Written out once, as every press of a button asks it."""


def open_series(session: Session, now: datetime) -> Sequence[Series]:
    """Every series somebody can sign up for, newest first."""
    found = session.scalars(select(Series).where(Series.state == SeriesState.OPEN).order_by(Series.id.desc()))
    return [series for series in found if takes_signups(series, now)]


def series_at(session: Session, organisation: str, slug: str) -> Series:
    """The public page of a series. Raises Missing for a draft as for one that does not exist."""
    found = session.scalars(_AT, {"organisation": organisation, "slug": slug})
    series = found.unique().one_or_none()
    if series is None:
        raise Missing
    return series


def read_again(session: Session, series_id: int) -> Series:
    """A series as it is now, with its times: after waiting for a lock what was read before may be old."""
    return session.scalars(_AGAIN, {"series": series_id}).unique().one()


def takes_signups(series: Series, now: datetime) -> bool:
    """Whether somebody can sign up for it now: it was not closed, and not every time began or is called off."""
    if series.state != SeriesState.OPEN or (series.closes_at is not None and series.closes_at <= now):
        return False
    return bool(series.ahead(now)) or not series.sessions


def to_see(sessions: Iterable[TimeSlot], now: datetime) -> list[TimeSlot]:
    """The times that still tell somebody something: those that are ahead, and those that do not take place."""
    return sorted((row for row in sessions if row.called_off or row.coming(now)), key=lambda row: (row.starts, row.id))
