"""What an organiser has to do for a series, most urgent first; as keys and numbers, words are the page's."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnExpressionArgument, func, select
from sqlalchemy.orm import Session

from config import Settings
from config.dimensions import Dimension
from web.rows import Availability, DueLetter, Plan, Project, Proposal, Series, Signup, TimeSlot
from web.rows.groups import ProposalState
from web.rows.meetings import SeriesState
from web.rows.people import SignupState
from web.services import waiting
from web.services.attendance import ending, sheet
from web.services.groups.reopening import is_as_published
from web.services.messages import pressing_counts
from web.services.outbox import outages
from web.services.plans import capacity, fit
from web.services.plans.current import plan_of
from web.services.schedule import manage
from web.services.schedule.public_series import takes_signups
from web.services.schedule.rescheduling import without_place
from web.services.statistics import figures

ANSWERED_WITHIN = timedelta(days=2)
"""So soon somebody who wrote to us may expect an answer."""


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do. `count` people, groups or letters; `session`, `bubbles` or `what` (e-mail, ...) it is about.

    `series` is whose it is, and `at` the date before which it is wanted; none of either for the messages in general.
    """

    kind: str
    count: int = 0
    what: str = ""
    session: TimeSlot | None = None
    bubbles: tuple[tuple[Dimension, str], ...] = ()
    series: Series | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SeriesStanding:
    """How a series stands: who signed up, and what has to be done."""

    series: Series
    people: int
    waiting: int
    tasks: tuple[Task, ...]


def standing(session: Session, series: Series, settings: Settings, now: datetime) -> SeriesStanding:
    """How one series stands."""
    people = capacity.taking(session, series)
    tasks = () if series.state == SeriesState.FINISHED else tuple(_tasks(session, series, settings, now, people))
    return SeriesStanding(series, people, waiting.how_many(session, series), tasks)


def messages(
    session: Session, projects: Collection[int], settings: Settings, now: datetime, *, admin: bool
) -> list[Task]:
    """What the messages of these projects need, whichever series they belong to; mails of nobody are for an `admin`."""
    found = [Task("server" if admin else "outage", what=outage.what) for outage in outages.all_of(session)]
    counts = [
        *pressing_counts.for_each_series(session, projects, now, settings),
        *pressing_counts.replies_of(session, projects),
    ]
    if admin:
        mine = select(Project.organisation_id).where(Project.id.in_(projects)).limit(1)
        counts += pressing_counts.strays(session, session.scalar(mine))
    return found + [_dated(session, Task(kind, count), series, now) for kind, count, series in counts]


def today(standings: Iterable[SeriesStanding], post: Iterable[Task], now: datetime) -> list[Task]:
    """All there is to do, what is wanted soonest first; an outage holds up the rest, a mail can wait a day or two."""
    found = [_of(standing.series, task, now) for standing in standings for task in standing.tasks]
    undated = {"replies": now + ANSWERED_WITHIN, "strays": now + ANSWERED_WITHIN}
    return sorted([*post, *found], key=lambda task: task.at or undated.get(task.kind, now))


def next_date(series: Series, now: datetime) -> datetime | None:
    """When a series is for the next time."""
    return min((date.starts for row in series.sessions for date in row.dates if date.ends > now), default=None)


def _dated(session: Session, task: Task, series_id: int | None, now: datetime) -> Task:
    series = session.get(Series, series_id) if series_id else None
    return _of(series, task, now) if series else task


def _of(series: Series, task: Task, now: datetime) -> Task:
    return replace(task, series=series, at=task.session.starts if task.session else next_date(series, now))


def _tasks(session: Session, series: Series, settings: Settings, now: datetime, people: int) -> Iterator[Task]:
    if not series.reviewed:
        yield Task("review")
    if not series.sessions:
        yield Task("times")
        return
    mine = pressing_counts.stuck(now).where(DueLetter.series_id == series.id)
    if stuck := session.scalar(select(func.count()).select_from(mine.subquery())):
        yield Task("stuck", stuck)
    if calls := ending.to_call(session, series):
        yield Task("call_leader", len(calls))
    if unknown := sheet.to_write(session, series, now):
        yield Task("attendance", len(unknown))
    if manage.is_over(series, now):
        yield Task("finish")
        return
    yield from _leaders(series, settings, now)
    if lost := without_place(session, series.id):
        yield Task("placeless", len(lost))
    if small := pressing_counts.small(session, series, now, settings):
        yield Task("small", small)
    if misfits := fit.of_series(session, series, settings, now).count:
        yield Task("misfits", misfits)
    if series.state == SeriesState.DRAFT:
        yield Task("open")
        return
    yield from _asked(session, series, now)
    lacking = list(_lacking(session, series, settings, now))
    if takes_signups(series, now):
        yield from lacking
        # Who signs up after the tables were sent comes on the waiting list: that mixes no table any more.
        if plan_of(session, series) is None:
            yield from _few(session, series, settings)
    ready = people > 0 and bool(series.ahead(now)) and (not takes_signups(series, now) or not lacking)
    yield from _groups(session, series, ready)


def _leaders(series: Series, settings: Settings, now: datetime) -> Iterator[Task]:
    if settings.formats[series.format].format.facilitator != "required":
        return
    for session in series.ahead(now):
        if not any(facilitator.active for facilitator in session.facilitators):
            yield Task("leader", session=session)


def _asked(session: Session, series: Series, now: datetime) -> Iterator[Task]:
    if wishes := {signup.id for signup, _table in fit.wishing(session, series, now)}:
        yield Task("wishes", len(wishes))
    if lost := session.scalar(select(func.count(Signup.id)).where(*fit.is_stranded(series, now))):
        yield Task("stranded", lost)


def _lacking(session: Session, series: Series, settings: Settings, now: datetime) -> Iterator[Task]:
    """Sessions with fewer people than the smallest groups take."""
    able = dict(
        session.execute(
            select(Availability.session_id, func.count())
            .join(Signup)
            .where(Signup.series_id == series.id, Signup.state == SignupState.IN)
            .group_by(Availability.session_id)
        ).all()
    )
    least = settings.formats[series.format].format.size.min
    for row in series.ahead(now):
        if (short := least * row.groups - able.get(row.id, 0)) > 0:
            yield Task("more", short, session=row)


def _few(session: Session, series: Series, settings: Settings) -> Iterator[Task]:
    found = figures.few(figures.of_series(session, series, settings), settings.formats[series.format].protected)
    if found:
        yield Task("few", bubbles=tuple(found))


def _groups(session: Session, series: Series, ready: bool) -> Iterator[Task]:
    newest = session.scalars(
        select(Proposal).where(Proposal.series_id == series.id).order_by(Proposal.id.desc())
    ).first()
    plan = session.scalars(select(Plan).where(Plan.series_id == series.id, Plan.current)).first()
    if newest is not None and newest.status in (ProposalState.ASKED, ProposalState.WORKING):
        yield Task("busy")
    elif newest is not None and newest.status in (ProposalState.DONE, ProposalState.STOPPED):
        if plan is None or (plan.proposal_id != newest.id and not is_as_published(session, series, newest)):
            yield Task("publish")
    elif plan is None and ready:
        yield Task("propose")


def _count(session: Session, series: Series, *conditions: ColumnExpressionArgument[bool]) -> int:
    return session.scalar(select(func.count(Signup.id)).where(Signup.series_id == series.id, *conditions)) or 0
