"""The end of a series: what was done with it, told to everybody who had a place (P24)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, load_only

from config import Settings
from web.crypto import hashed
from web.errors import N_
from web.letters import Facts, Letter
from web.letters.afterwards import series_closed
from web.rows import Series, Signup, Staff
from web.rows.meetings import SeriesState
from web.rows.people import SignupState
from web.services import audit, outbox
from web.services.locks import lock_series
from web.services.outbox.event_facts import contact_of
from web.services.plans import current
from web.services.schedule import manage

MARK = 12


class StoryTold(manage.NotReady):
    """It was told already; a letter that went out cannot be changed."""

    sentence = N_("Dit verhaal is al verstuurd. Je kunt het niet meer veranderen.")


class TooEarly(manage.NotReady):
    """It is not over yet."""

    sentence = N_("Rond eerst de reeks af.")


@dataclass(frozen=True, slots=True)
class ClosingPreview:
    """What finishing would do: the letter, if there is one, and how many people get it by which channel."""

    letter: Letter | None
    channels: Mapping[str, int]
    mark: str

    @property
    def people(self) -> int:
        """Everybody who gets the letter."""
        return sum(self.channels.values())


def preview(session: Session, series: Series, story: str, settings: Settings, *, to: str) -> ClosingPreview:
    """The letter as somebody called `to` would read it, without sending it."""
    facts = Facts(title=series.title, sender=settings.sender.name, contact=contact_of(series), story=story)
    channels = Counter(signup.reached_by for signup in _people(session, series)) if story else Counter[str]()
    return ClosingPreview(series_closed.write(to, facts, "") if story else None, dict(channels), mark_of(story))


def mark_of(story: str) -> str:
    """What a form carries along, so that nothing is sent but what somebody looked at."""
    return hashed(story)[:MARK]


def finish(session: Session, series: Series, story: str, *, by: Staff, now: datetime) -> int:
    """Finish a series and tell the story, if there is one; how many letters. Raises NotReady."""
    lock_series(session, series.id)
    manage.can_finish(series, now)
    letters = _tell(session, series, story, by, now)
    manage.to_state(session, series, SeriesState.FINISHED, by=by, now=now)
    return letters


def tell(session: Session, series: Series, story: str, *, by: Staff, now: datetime) -> int:
    """Tell it after all, when the series was finished without; how many letters. Raises TooEarly and StoryTold."""
    lock_series(session, series.id)
    if series.state != SeriesState.FINISHED:
        raise TooEarly
    if series.story:
        raise StoryTold
    return _tell(session, series, story, by, now)


def _tell(session: Session, series: Series, story: str, by: Staff, now: datetime) -> int:
    if not story:
        return 0
    series.story = story
    people = _people(session, series)
    for signup in people:
        key = f"{series_closed.name}:{series.id}:{signup.id}"
        outbox.put(session, series_closed, signup, series, key=key, now=now)
    audit.note(session, series, "tell story", by=by, now=now)
    return len(people)


def _people(session: Session, series: Series) -> Sequence[Signup]:
    """Everybody who had a place at a meeting that took place, and did not leave the series."""
    took_place = {row.id for row in series.sessions if not row.called_off}
    groups = current.groups_of(session, series.id, off=True)
    seated = {seat.signup_id for group in groups if group.session_id in took_place for seat in group.seats}
    mine = Signup.id.in_(seated), Signup.state != SignupState.LEFT
    return session.scalars(
        select(Signup).where(*mine).order_by(Signup.id).options(load_only(Signup.reach, Signup.bounced_at))
    ).all()
