"""What happens when dates move or are called off, to rows, invitations, offers, doors and letters; nothing is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from config import Settings
from web.rows import Gathering, Invitation, Offer, Signup, TimeSlot
from web.rows.invitations import InvitationState
from web.rows.meetings import SeriesState
from web.services.facilitators import access, letters
from web.services.invitations import reconciling
from web.services.outbox.event_facts import EventFacts, without_table
from web.services.plans import current
from web.services.schedule import dates
from web.services.schedule.dates import Span
from web.services.schedule.rescheduling.placeless import left_of, without_place
from web.services.schedule.rescheduling.refusals import DateBegun, NotPublished, TooFew, Unchanged
from web.services.schedule.sessions import Times, place_of
from web.services.waiting import settle
from web.services.waiting.withdraw_offers import say_withdrawn, withdraw_offers


@dataclass(frozen=True, slots=True)
class Reached:
    """Who hears of it, by id; how many have no place any more, and how many offered places are taken back."""

    people: set[int]
    leaders: Sequence[int]
    placeless: int
    offers: int


def moved(session: Session, row: TimeSlot, times: Times, now: datetime, settings: Settings) -> Reached:
    """Other dates, hours, place or link. Raises NotPublished, TooFew, DateBegun, Unchanged."""
    known = row.coming(now)
    pairs = dates.paired(known, times.gatherings)
    _can_move(session, row, pairs, now)
    was = without_table(known)
    elsewhere, other_way = place_of(times) != (row.mode, row.venue_id, row.link), times.mode != row.mode
    row.mode, row.venue_id, row.link = place_of(times)
    timed = [_goes(row, gathering, span, elsewhere, now) for gathering, span in pairs if span]
    if not any(timed) and not (elsewhere and known):
        raise Unchanged
    row.gatherings.sort(key=lambda gathering: gathering.starts)
    session.flush()
    session.expire(row, ["venue"])
    # Who was offered a place said yes to nothing yet; at another time the offer would be another one.
    offers = _take_back_offers(session, row, now) if other_way or any(timed) else 0
    settle(session, row.round.series, now)
    before = [old for old, new in zip(was, without_table(known), strict=True) if old != new]
    _heard, leaders = _tell(session, row, "moved", before, now, settings)
    # All of them hear of it: who gets no new letter finds it in the one that still lies here.
    return Reached(_there(session, row) - left_of(session, row.round.series_id), leaders, 0, offers)


def _can_move(
    session: Session, row: TimeSlot, pairs: Sequence[tuple[Gathering | None, Span | None]], now: datetime
) -> None:
    if not dates.is_known(session, row):
        raise NotPublished
    if any(span is None for _, span in pairs):
        raise TooFew
    again = any(gathering.called_off_at for gathering in row.gatherings)
    past = any(span[0] <= now for _, span in pairs if span is not None)
    if past or row.round.series.state == SeriesState.FINISHED or not (again or row.coming(now)):
        raise DateBegun


def _goes(row: TimeSlot, gathering: Gathering | None, span: Span, elsewhere: bool, now: datetime) -> bool:
    """A date goes to its new hours; whether they are new."""
    if gathering is None:
        row.gatherings.append(Gathering(starts=span[0], ends=span[1]))
        return True
    timed = dates.reset(gathering, span, now)
    if elsewhere and not timed:
        dates.touch(gathering, now)
    return timed


def called_off(session: Session, row: TimeSlot, only: Gathering | None, now: datetime, settings: Settings) -> Reached:
    """One date, or all that are to come, do not take place. Raises NotPublished, DateBegun."""
    if not dates.is_known(session, row):
        raise NotPublished
    gone = [gathering for gathering in row.coming(now) if only is None or gathering is only]
    if not gone:
        raise DateBegun
    before = without_table(gone)
    for gathering in gone:
        dates.call_off(gathering, now)
    session.flush()
    lost = _first_in_line(session, row) if row.called_off else 0
    offers = _take_back_offers(session, row, now)
    settle(session, row.round.series, now)
    return Reached(*_tell(session, row, "called_off", before, now, settings), lost, offers)


def _take_back_offers(session: Session, row: TimeSlot, now: datetime) -> int:
    """Places that were offered here are so no more, and who was asked hears that; how many."""
    gone = withdraw_offers(session, now, Offer.session_id == row.id)
    say_withdrawn(session, gone, now)
    return len(gone)


def _first_in_line(session: Session, row: TimeSlot) -> int:
    """Who has no place any more, through no fault of theirs, goes first in the next plan (P29); how many."""
    lost = without_place(session, row.round.series_id) & _seated(session, row)
    for signup in session.scalars(select(Signup).where(Signup.id.in_(lost))):
        signup.priority += 1
    return len(lost)


def _tell(
    session: Session, row: TimeSlot, reason: str, before: list[EventFacts], now: datetime, settings: Settings
) -> tuple[set[int], list[int]]:
    """Bring doors and invitations up to date; which residents get a letter, and which leaders."""
    access.follow(session, row, settings)
    people = reconciling.reconcile(session, row.round.series, now, who=_there(session, row))
    return people, letters.tell(session, row, reason, before, now)


def _there(session: Session, row: TimeSlot) -> set[int]:
    """Who has a seat there or an invitation."""
    return _seated(session, row) | _invited(session, row)


def _seated(session: Session, row: TimeSlot) -> set[int]:
    groups = current.groups_of(session, row.round.series_id, off=True)
    return {seat.signup_id for group in groups if group.session_id == row.id for seat in group.seats}


def _invited(session: Session, row: TimeSlot) -> set[int]:
    mine = (
        Invitation.gathering_id.in_([gathering.id for gathering in row.gatherings]),
        Invitation.state == InvitationState.ON,
    )
    return set(session.scalars(select(Invitation.signup_id).where(*mine)))
