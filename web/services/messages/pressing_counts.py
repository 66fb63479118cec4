"""What in the messages needs a person, counted: for the organiser's morning letter and for the first page alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from config import Settings
from web.rows import DueLetter, Outage, Reply, Series
from web.rows.meetings import SeriesState
from web.rows.messages import LetterState
from web.services.messages import by_hand
from web.services.messages.reviewing import WAITING, reads_strays
from web.services.outbox import bounces
from web.services.plans import current

LATELY = timedelta(days=7)
"""A letter that failed longer ago was seen, or no longer matters."""

Count = tuple[str, int, int | None]
"""What, how many, and the series if all of it is of one."""


def counted(kind: str, series: Iterable[int | None]) -> Iterator[Count]:
    """A line about things of these series; none about nothing."""
    if found := list(series):
        yield kind, len(found), found[0] if len(set(found)) == 1 else None


def outages(session: Session) -> int:
    """How many ways in and out do not work now."""
    return session.scalar(select(func.count(Outage.id))) or 0


def replies(session: Session, whose: ColumnElement[bool]) -> int:
    """How many mails wait for somebody to read them."""
    return session.scalar(select(func.count(Reply.id)).where(whose, *WAITING)) or 0


def replies_of(session: Session, mine: Collection[int]) -> Iterator[Count]:
    """Those that belong to these projects."""
    yield from counted("replies", [None] * replies(session, Reply.project_id.in_(mine)))


def strays(session: Session, organisation_id: int | None) -> Iterator[Count]:
    """Those of which nobody knows whose they are, for the organisation that may read them."""
    if reads_strays(session, organisation_id):
        yield from counted("strays", [None] * replies(session, Reply.organisation_id.is_(None)))


def by_a_person(session: Session, mine: Collection[int], now: datetime, settings: Settings) -> Iterator[Count]:
    """Whom somebody has to call, and which letters wait for paper, in these projects."""
    yield from counted("calls", _to_call(session, mine, now, settings))
    yield from counted("paper", _to_print(session, mine, now))


def for_each_series(session: Session, mine: Collection[int], now: datetime, settings: Settings) -> Iterator[Count]:
    """The same, series by series: each has a day of its own on which people come."""
    for kind, found in (("calls", _to_call(session, mine, now, settings)), ("paper", _to_print(session, mine, now))):
        yield from ((kind, many, series) for series, many in Counter(found).items())


def _to_call(session: Session, mine: Collection[int], now: datetime, settings: Settings) -> Iterable[int | None]:
    """The series of everybody whom somebody has to call, a person once."""
    wanted = select(DueLetter).where(DueLetter.project_id.in_(mine))
    ways = [way for way in by_hand.channels(settings) if way != by_hand.LETTER]
    # What letters say is sealed, and opened for nobody who is only counted.
    who = DueLetter.id, DueLetter.signup_id, DueLetter.facilitator_id, DueLetter.series_id
    waits = session.execute(by_hand.waiting(wanted, ways, now).with_only_columns(*who)).all()
    return {(signup, leader) if signup or leader else id: series for id, signup, leader, series in waits}.values()


def _to_print(session: Session, mine: Collection[int], now: datetime) -> Iterable[int | None]:
    wanted = select(DueLetter).where(DueLetter.project_id.in_(mine))
    return session.scalars(by_hand.waiting(wanted, [by_hand.LETTER], now).with_only_columns(DueLetter.series_id)).all()


def stuck(now: datetime) -> Select[int | None]:
    """The series of every letter that did not arrive, or perhaps not, as far as that still matters."""
    running = select(Series.id).where(Series.state != SeriesState.FINISHED)
    # What came back was sent some time before.
    known_at = func.coalesce(DueLetter.returned_at, DueLetter.due_at)
    lately = DueLetter.state.in_((LetterState.FAILED, LetterState.UNSURE)), known_at > now - LATELY
    return select(DueLetter.series_id).where(*lately, DueLetter.series_id.in_(running), ~bounces.is_beside())


def small(session: Session, series: Series, now: datetime, settings: Settings) -> int:
    """How many tables to come have fewer people than they need, now that some cannot come."""
    ahead = {row.id for row in series.sessions if any(date.ends > now for date in row.dates)}
    least = settings.formats[series.format].format.size.min
    taken = current.taken(session, series.id).items()
    return sum(evening in ahead and people < least for (evening, _number), people in taken)
