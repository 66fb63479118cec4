"""Series of meetings: made from nothing or from the last one, opened for sign-up, closed, opened again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from web.errors import N_, Mishap
from web.rows import Gathering, Project, Round, Series, Staff, TimeSlot
from web.rows.meetings import SeriesState
from web.services import audit
from web.services.locks import lock_series
from web.services.plans import capacity
from web.services.text import slugs
from web.services.text.local_time import shifted
from web.services.waiting import settle

NEXT: dict[str, tuple[str, ...]] = {
    SeriesState.DRAFT: (SeriesState.OPEN,),
    SeriesState.OPEN: (SeriesState.CLOSED, SeriesState.FINISHED),
    SeriesState.CLOSED: (SeriesState.OPEN, SeriesState.FINISHED),
    SeriesState.FINISHED: (),
}
"""From which state a series goes to which."""


class NotReady(Mishap):
    """The series cannot go there now."""

    status = 409


class NotFromHere(NotReady):
    """There is no such step."""

    sentence = N_("Dit kan nu niet. Misschien heeft iemand anders het net gedaan. Bekijk wat er nu staat.")


class Unreviewed(NotReady):
    """A copy that nobody looked at (P12)."""

    sentence = N_("Dit is een kopie. Bekijk eerst alles en zeg dat het klopt. Dan kun je de aanmelding openen.")


class NoTimes(NotReady):
    """Nothing to sign up for."""

    sentence = N_("Er zijn nog geen tijden in de toekomst. Voeg eerst een tijd toe.")


class PastClosing(NotReady):
    """It would close at once."""

    sentence = N_("De laatste dag om je aan te melden is voorbij. Kies eerst een andere dag.")


class CapacityBelow(NotReady):
    """More people take part already: nobody loses a place by a number."""

    def __init__(self, taking: int) -> None:
        super().__init__()
        self.taking = taking

    sentence = N_("Er doen al meer mensen mee. Niemand verliest een plek door een kleiner getal.")


class NotOver(NotReady):
    """There are meetings to come."""

    sentence = N_("Er komt nog een ontmoeting. Afronden kan na de laatste keer.")


@dataclass(frozen=True, slots=True)
class Outline:
    """What an organiser says about a series."""

    title: str
    intro: str
    format: str
    capacity: int | None = None
    closes_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Again:
    """What is different in a copy: the rest moves along with the first day. `venue_id` None keeps every venue."""

    title: str
    format: str
    first_day: date
    groups: int
    venue_id: int | None = None
    closes_at: datetime | None = None


def create(session: Session, project: Project, outline: Outline, *, by: Staff, now: datetime) -> Series:
    """A new draft."""
    series = _new(session, project, outline, now)
    session.add(series)
    session.flush()
    audit.note(session, series, "create series", by=by, now=now)
    return series


def _new(session: Session, project: Project, outline: Outline, now: datetime) -> Series:
    return Series(
        organisation_id=project.organisation_id,
        project_id=project.id,
        slug=_slug(session, project.organisation_id, outline.title),
        title=outline.title,
        intro=outline.intro,
        format=outline.format,
        capacity=outline.capacity,
        closes_at=outline.closes_at,
        created_at=now,
    )


def update(session: Session, series: Series, outline: Outline, *, by: Staff, now: datetime) -> None:
    """Say something else about a series; its address stays, because it hangs on walls.

    Places that this makes free go to who waits. Raises NotFromHere, and CapacityBelow for fewer places than are taken.
    """
    lock_series(session, series.id)
    if series.state not in (SeriesState.DRAFT, SeriesState.OPEN):
        raise NotFromHere
    taking = capacity.taking(session, series)
    if outline.capacity is not None and outline.capacity < taking:
        raise CapacityBelow(taking)
    series.title, series.intro, series.format = outline.title, outline.intro, outline.format
    series.capacity, series.closes_at = outline.capacity, outline.closes_at
    settle(session, series, now)
    audit.note(session, series, "change series", by=by, now=now)


def copy(session: Session, source: Series, again: Again, *, by: Staff, now: datetime, zone: ZoneInfo) -> Series:
    """The same series at another time, to be reviewed before it opens (P12). Raises wall_clock.Skipped and Twice."""
    days = (again.first_day - source.sessions[0].starts.astimezone(zone).date()).days
    outline = Outline(again.title, source.intro, again.format, source.capacity, again.closes_at)
    series = _new(session, source.project, outline, now)
    series.reviewed = False
    # Half-made rows are not to be stored while the old ones are still being read.
    with session.no_autoflush:
        series.rounds = [_round_again(round_, again, days, zone) for round_ in source.rounds]
    session.add(series)
    session.flush()
    audit.note(session, series, "copy series", by=by, now=now)
    return series


def _round_again(source: Round, again: Again, days: int, zone: ZoneInfo) -> Round:
    sessions = [_session_again(session, again, days, zone) for session in source.sessions]
    return Round(**_owner(source), number=source.number, sessions=sessions)


def _session_again(source: TimeSlot, again: Again, days: int, zone: ZoneInfo) -> TimeSlot:
    here = source.mode != "online"
    return TimeSlot(
        **_owner(source),
        venue_id=(again.venue_id or source.venue_id) if here else None,
        groups=again.groups,
        seats=source.seats,
        mode=source.mode,
        link=source.link,
        facilitators=[facilitator for facilitator in source.facilitators if facilitator.active],
        gatherings=[
            Gathering(starts=shifted(g.starts, days, zone), ends=shifted(g.ends, days, zone))
            for g in source.dates or source.gatherings
        ],
    )


def _owner(row: Round | TimeSlot) -> dict[str, int]:
    return {"organisation_id": row.organisation_id, "project_id": row.project_id}


def last_of(series: Sequence[Series]) -> Series | None:
    """The one that a new series is a copy of: the latest that has times."""
    return max((one for one in series if one.sessions), key=lambda one: one.id, default=None)


def review(session: Session, series: Series, *, by: Staff, now: datetime) -> None:
    """Somebody looked at the copy and says that it is right here and now."""
    series.reviewed = True
    audit.note(session, series, "review series", by=by, now=now)


def to_state(session: Session, series: Series, state: str, *, by: Staff, now: datetime) -> None:
    """Open, close, reopen or finish. Raises NotReady with what has to be done first."""
    if state not in NEXT[series.state]:
        raise NotFromHere
    if state == SeriesState.OPEN:
        can_open(series, now)
    if state == SeriesState.FINISHED:
        can_finish(series, now)
    series.state = state
    audit.note(session, series, f"{state} series", by=by, now=now)


def can_finish(series: Series, now: datetime) -> None:
    """Raises NotReady if a series cannot be finished now."""
    if SeriesState.FINISHED not in NEXT[series.state]:
        raise NotFromHere
    if not is_over(series, now):
        raise NotOver


def can_open(series: Series, now: datetime) -> None:
    """Raises NotReady if nobody could sign up, because of the times or the last day for it."""
    if not series.reviewed:
        raise Unreviewed
    if not series.ahead(now):
        raise NoTimes
    if series.closes_at is not None and series.closes_at <= now:
        raise PastClosing


def is_over(series: Series, now: datetime) -> bool:
    """Whether the last gathering that stands has ended; where none stands, the last one that was planned."""
    standing = [gathering for session in series.sessions for gathering in session.dates]
    planned = (gathering for session in series.sessions for gathering in session.gatherings)
    return all(gathering.ends <= now for gathering in standing or planned)


def _slug(session: Session, organisation_id: int, title: str) -> str:
    """A short address of the title that no other series of the organisation has."""
    taken = set(session.scalars(select(Series.slug).where(Series.organisation_id == organisation_id)))
    return slugs.free(title, taken, "ontmoeting")
