"""What is kept of every series and until when, as the nightly work will erase it (promise 14: retention is visible)."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from config import Retention
from web.rows import Gathering, Project, Round, Series, Signup, TimeSlot

UNDATED = timedelta(weeks=26)
"""How long people of a series without a date are kept after the last of them signed up or changed something."""
ENDS = func.coalesce(
    func.max(case((Gathering.called_off_at.is_(None), Gathering.ends))),
    func.max(Gathering.ends),
)
"""When a series ends: with the last gathering that stands; where none stands, the last one that was planned."""


@dataclass(frozen=True, slots=True)
class RetentionLine:
    """One series: when it ends, whether it still holds people, and when they and their answers are erased.

    Without a date there is no end: then people are kept for some months after the last of them was heard of.
    """

    title: str
    project: str
    ends: datetime | None
    holds_people: bool
    people_until: datetime | None
    answers_until: datetime | None


def overview(session: Session, organisation_id: int, retention: Retention) -> Sequence[RetentionLine]:
    """Every series of an organisation, the one that is erased first on top, those without a date below."""
    last = select(ENDS).join(TimeSlot).join(Round).where(Round.series_id == Series.id)
    heard = select(func.max(Signup.changed_at)).where(Signup.series_id == Series.id)
    found = session.execute(
        select(Series.title, Project.name, last.scalar_subquery(), heard.scalar_subquery())
        .join(Project, Project.id == Series.project_id)
        .where(Series.organisation_id == organisation_id)
        .order_by(Series.id)
    ).all()
    kept = [_kept(title, project, ends, heard_of, retention) for title, project, ends, heard_of in found]
    return sorted(kept, key=lambda k: (k.ends is None, k.ends))


def _kept(
    title: str, project: str, ends: datetime | None, heard_of: datetime | None, retention: Retention
) -> RetentionLine:
    holds = heard_of is not None
    if ends is None:
        return RetentionLine(title, project, None, holds, heard_of + UNDATED if heard_of is not None else None, None)
    people = ends + timedelta(weeks=retention.contact_weeks)
    return RetentionLine(title, project, ends, holds, people, months_later(ends, retention.questionnaire_months))


def months_later(moment: datetime, months: int) -> datetime:
    """The same day so many months later, or the last day of that month."""
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    return moment.replace(year=year, month=month + 1, day=min(moment.day, calendar.monthrange(year, month + 1)[1]))
