"""The organiser's morning: a letter with what needs a person, only numbers and links, and none when nothing does."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime, time, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from config import Settings
from web import access
from web.letters.staff import digest
from web.rows import DueLetter, Offer, Project, Series, Signup, Staff
from web.rows.invitations import OfferState
from web.rows.meetings import SeriesState
from web.rows.messages import LetterState
from web.rows.people import SignupState
from web.rows.staff import RoleName
from web.services import outbox
from web.services.messages import pressing_counts
from web.services.messages.pressing_counts import Count
from web.services.plans import fit
from web.world import ZONE, local

AT, UNTIL = time(7, 30), time(9)
"""Of working days: before the work begins, or not at all."""
WEEKEND = 5


def run(session: Session, now: datetime, settings: Settings) -> int:
    """Write the letters of this morning; how many."""
    here = local(now)
    if here.weekday() >= WEEKEND or not AT <= here.time() < UNTIL:
        return 0
    _clear(session, now)
    count, known = 0, set(session.scalars(select(DueLetter.key).where(DueLetter.kind == digest.name)))
    for staff in session.scalars(select(Staff).where(Staff.active, Staff.digest).order_by(Staff.id)):
        key, project = f"{digest.name}:{staff.id}:{_day(now)}", project_of(session, staff)
        if key not in known and project and (counts := list(_counts(session, staff, now, settings))):
            outbox.put(session, digest, staff, project, key=key, now=now, content={"counts": counts})
            count += 1
    return count


def switch(session: Session, staff: Staff, on: bool) -> None:
    """Whether somebody wants it."""
    staff.digest = on


def _day(now: datetime) -> str:
    return f"{local(now):%Y%m%d}"


def _clear(session: Session, now: datetime) -> None:
    """Yesterday's figures help nobody."""
    unsent = DueLetter.kind == digest.name, DueLetter.state == LetterState.DUE, DueLetter.key.not_like(f"%:{_day(now)}")
    session.execute(update(DueLetter).where(*unsent).values(state=LetterState.OVERTAKEN, content=None))


def project_of(session: Session, staff: Staff) -> Project | None:
    """Every letter belongs to a project: that of an administrator without one to any of the organisation."""
    if staff.projects or not access.is_admin(staff):
        return staff.projects[0] if staff.projects else None
    mine = select(Project).where(Project.organisation_id == staff.organisation_id)
    return session.scalars(mine.order_by(Project.id)).first()


def _counts(session: Session, staff: Staff, now: datetime, settings: Settings) -> Iterator[Count]:
    """What needs this person, the most urgent first. Who only coordinates facilitators has no part in it."""
    admin, mine = access.is_admin(staff), [project.id for project in staff.projects]
    outages = [None] * pressing_counts.outages(session)
    if admin:
        yield from pressing_counts.counted("server", outages)
        yield from pressing_counts.strays(session, staff.organisation_id)
    if mine and (admin or staff.has_role(RoleName.ORGANISER)):
        yield from pressing_counts.counted("outages", [] if admin else outages)
        yield from _letters(session, mine, now, settings)
        yield from pressing_counts.replies_of(session, mine)
        yield from _people(session, mine, now, settings)


def _letters(session: Session, mine: Collection[int], now: datetime, settings: Settings) -> Iterator[Count]:
    """What a person has to bring over, and what did not arrive."""
    yield from pressing_counts.by_a_person(session, mine, now, settings)
    yield from pressing_counts.counted(
        "stuck", session.scalars(pressing_counts.stuck(now).where(DueLetter.project_id.in_(mine)))
    )


def _people(session: Session, mine: Collection[int], now: datetime, settings: Settings) -> Iterator[Count]:
    """What changed since the last working morning: tables that became too small, offers in vain, new people."""
    since = _last_morning(now)
    yield from pressing_counts.counted("tables", _small(session, mine, now, settings))
    yield from pressing_counts.counted("misfits", _misfits(session, mine, now, settings))
    lapsed = Offer.project_id.in_(mine), Offer.state == OfferState.EXPIRED, Offer.ended_at > since
    yield from pressing_counts.counted("lapsed", session.scalars(select(Offer.series_id).where(*lapsed)))
    new = Signup.project_id.in_(mine), Signup.state != SignupState.LEFT, Signup.created_at > since
    yield from pressing_counts.counted("signups", session.scalars(select(Signup.series_id).where(*new)))


def _small(session: Session, mine: Collection[int], now: datetime, settings: Settings) -> Iterator[int]:
    """The series of every table that became too small."""
    for series in _running(session, mine):
        yield from [series.id] * pressing_counts.small(session, series, now, settings)


def _misfits(session: Session, mine: Collection[int], now: datetime, settings: Settings) -> Iterator[int]:
    """The series of every seat and table that no longer fits."""
    for series in _running(session, mine):
        yield from [series.id] * fit.of_series(session, series, settings, now).count


def _running(session: Session, mine: Collection[int]) -> Sequence[Series]:
    running = Series.project_id.in_(mine), Series.state != SeriesState.FINISHED
    return session.scalars(select(Series).where(*running).order_by(Series.id)).all()


def _last_morning(now: datetime) -> datetime:
    """When the letter before this one would have been written."""
    day = local(now).date() - timedelta(days=1)
    while day.weekday() >= WEEKEND:
        day -= timedelta(days=1)
    return datetime.combine(day, AT, ZONE).astimezone(UTC)
