"""What everybody may see: the series that are open."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from web.errors import Missing
from web.rows import Organisation, Series
from web.rows.meetings import SeriesState


def open_series(session: Session, now: datetime) -> Sequence[Series]:
    """Every series somebody can sign up for, newest first; also one whose times are not known yet."""
    found = session.scalars(select(Series).where(Series.state == SeriesState.OPEN).order_by(Series.id.desc()))
    return [series for series in found if takes_signups(series, now) or not (_closed(series, now) or series.sessions)]


def series_at(session: Session, organisation: str, slug: str) -> Series:
    """The public page of a series. Raises Missing for a draft as for one that does not exist."""
    found = session.scalars(
        select(Series)
        .join(Organisation, Organisation.id == Series.organisation_id)
        .where(
            Organisation.slug == organisation,
            Series.slug == slug,
            Series.state.in_((SeriesState.OPEN, SeriesState.CLOSED, SeriesState.FINISHED)),
        )
    ).one_or_none()
    if found is None:
        raise Missing
    return found


def takes_signups(series: Series, now: datetime) -> bool:
    """Whether somebody can sign up for it now: it was not closed, and there is a time that has not begun."""
    return not _closed(series, now) and bool(series.ahead(now))


def _closed(series: Series, now: datetime) -> bool:
    return series.state != SeriesState.OPEN or (series.closes_at is not None and series.closes_at <= now)
