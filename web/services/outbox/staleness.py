"""Letters about what is to come, once it is over: nobody sends them, calls about them or prints them any more."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from web.letters.joining import asked_along, confirmation, moved_up, times_changed
from web.letters.places import cancelled, taken_back, waiting
from web.letters.staff import list_changed, list_ready
from web.rows import DueLetter, Series, Signup, TimeSlot
from web.rows.meetings import SeriesState

OF_A_SERIES = tuple(kind.name for kind in (confirmation, asked_along, times_changed, waiting, moved_up, taken_back))
"""What these tell is about the times of a series: with the last of them it is over."""
OF_AN_EVENING = (list_ready.name, list_changed.name)


def is_stale(session: Session, due: DueLetter, now: datetime) -> bool:
    """Whether a letter only tells of dates that are over."""
    if any(ends > now for ends in _told_of(due)):
        return False
    if due.kind in OF_A_SERIES:
        series = session.get(Series, due.series_id)
        return series is not None and (series.state == SeriesState.FINISHED or _over(_times(session, due, series), now))
    if due.kind in OF_AN_EVENING:
        row = session.get(TimeSlot, (due.content or {}).get("session_id", 0))
        return row is not None and _over([row], now)
    return due.kind == cancelled.name and bool(_told_of(due))


def _times(session: Session, due: DueLetter, series: Series) -> list[TimeSlot]:
    """When this person can come; of who chose nothing that still stands, all of the series."""
    who = session.get(Signup, due.signup_id) if due.signup_id else None
    return [one.session for one in who.availability] if who is not None and who.availability else series.sessions


def _told_of(due: DueLetter) -> list[datetime]:
    """When the dates end that a letter says are no longer so."""
    content = due.content or {}
    return [datetime.fromisoformat(one["ends"]) for one in (*content.get("before", ()), *content.get("gone", ()))]


def _over(sessions: list[TimeSlot], now: datetime) -> bool:
    """Whether every date is over; of what was called off, when it would have been."""
    return bool(sessions) and all(date.ends <= now for row in sessions for date in row.gatherings)
