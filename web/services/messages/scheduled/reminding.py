"""Reminders: who comes hears of it again, once per date and once a day, by day, and not after a cancellation.

Dates of one person on the same day, or in the same week, are one reminder: at the hour of the first.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Select, and_, or_, select, update
from sqlalchemy.orm import Session, load_only

from config import Reminders, Settings
from web.letters import OF_A_PLACE, REMINDERS, LetterKind
from web.letters.places import reminder_day, reminder_week
from web.rows import DueLetter, Gathering, Invitation, Round, Signup, TimeSlot
from web.rows.invitations import InvitationState, Partstat
from web.rows.messages import LetterState
from web.rows.people import SignupState
from web.services import outbox
from web.services.messages import by_hand
from web.services.outbox import reminder_hours

JUST = {reminder_week: timedelta(days=2), reminder_day: timedelta(hours=12)}
"""Who was told of a date so shortly before a reminder of it falls due has no need of that."""


WITH = {reminder_week: timedelta(days=6), reminder_day: timedelta(0)}
"""A reminder of a date tells also of those until so many days later."""


def run(session: Session, now: datetime, settings: Settings) -> int:
    """Write the reminders that fall due; how many. At night those that did not go out yet are put off."""
    rules = settings.reminders
    if not reminder_hours.awake(now, rules):
        _put_off(session, reminder_hours.morning(now, rules), rules)
        return 0
    reminded = _today(session, now)
    dates = _dates(session, now, rules)
    return sum(_remind(session, date, days, reminded, settings, now) for date, days in dates)


def _put_off(session: Session, morning: datetime, rules: Reminders) -> None:
    """A mail server that was down may come back in the night; what is stale in the morning is not sent at all."""
    lying = DueLetter.kind.in_(REMINDERS), DueLetter.state == LetterState.DUE, DueLetter.due_at < morning
    found = session.execute(
        select(DueLetter.id, DueLetter.content, Gathering.starts)
        .join(Invitation, Invitation.id == DueLetter.invitation_id)
        .join(Gathering, Gathering.id == Invitation.gathering_id)
        .where(*lying)
    )
    stale = [
        id
        for id, content, starts in found
        if reminder_hours.until(starts, (content or {}).get("days", 1), rules) <= morning
    ]
    gone = update(DueLetter).where(*lying, DueLetter.id.in_(stale))
    session.execute(gone.values(state=LetterState.OVERTAKEN, content=None))
    # As if not tried: a letter that is tried again later holds up what else has to be told.
    session.execute(update(DueLetter).where(*lying).values(due_at=morning, tries=0))


def _dates(session: Session, now: datetime, rules: Reminders) -> list[tuple[Gathering, int]]:
    """Dates that stand and of which a reminder is of use now, with how many days before, the nearest first."""
    ahead = now + timedelta(days=max(rules.days, default=0) + 1)
    found = session.scalars(
        select(Gathering)
        .where(Gathering.starts > now, Gathering.starts < ahead, Gathering.called_off_at.is_(None))
        .order_by(Gathering.starts, Gathering.id)
    )
    return [(one, days) for one in found if (days := reminder_hours.fresh(one.starts, now, rules)) is not None]


def _remind(session: Session, date: Gathering, days: int, reminded: set[int], settings: Settings, now: datetime) -> int:
    """The reminders of one date, with later dates of the same people; how many people hear of it.

    `reminded` are those who had one today, and grows.
    """
    kind = reminder_day if days == 1 else reminder_week
    heard = _put(session, date, kind, days, settings, now, lambda signup: signup.id not in reminded)
    for other in _with(session, date, kind) if heard else ():
        _put(session, other, kind, days, settings, now, lambda signup: signup.id in heard)
    reminded |= heard
    return len(heard)


def _with(session: Session, date: Gathering, kind: LetterKind) -> Sequence[Gathering]:
    """Later dates of the same series that are near enough to be told with this one."""
    end = reminder_hours.day_after(date.starts, WITH[kind] + reminder_hours.DAY)
    later = Gathering.starts >= date.starts, Gathering.starts < end, Gathering.id != date.id
    there = select(Gathering).join(TimeSlot).join(Round).where(*later, Gathering.called_off_at.is_(None))
    return session.scalars(there.where(Round.series_id == date.session.round.series_id)).all()


def _put(
    session: Session,
    date: Gathering,
    kind: LetterKind,
    days: int,
    settings: Settings,
    now: datetime,
    wanted: Callable[[Signup], bool],
) -> set[int]:
    """Write the reminders of one date for those who are wanted; who gets one."""
    due, found = reminder_hours.falls_due(date.starts, days, settings.reminders), set()
    known, heard = _keys(session, date), _told_since(session, date, due - JUST[kind])
    for invitation, signup in session.execute(_invited(date)).all():
        key = f"{kind.name}:{days}:{invitation.uid}:{signup.id}:{date.starts:%Y%m%dT%H%M}"
        if key in known or signup.id in heard or not wanted(signup):
            continue
        if _helps(kind, invitation, signup, by_hand.channels(settings)):
            # What was told last: of another version a reminder says nothing, that has a letter of its own.
            told = invitation.sequence
            outbox.put(session, kind, signup, invitation, key=key, now=now, content={"days": days}, sequence=told)
            found.add(signup.id)
    return found


def _invited(date: Gathering) -> Select[Invitation, Signup]:
    """Who is expected and wants reminders, without what no reminder needs."""
    mine = (
        Invitation.gathering_id == date.id,
        Invitation.state == InvitationState.ON,
        Invitation.partstat != Partstat.DECLINED,
    )
    owner = Invitation.organisation_id, Invitation.project_id, Invitation.series_id
    return (
        select(Invitation, Signup)
        .join(Signup, Signup.id == Invitation.signup_id)
        .where(*mine, Signup.state != SignupState.LEFT, Signup.quiet.is_(False))
        .options(load_only(Invitation.uid, Invitation.partstat, Invitation.sequence, *owner))
        .options(load_only(Signup.reach, Signup.bounced_at))
        .order_by(Signup.id)
    )


def _helps(kind: LetterKind, invitation: Invitation, signup: Signup, by_people: Collection[str]) -> bool:
    """Whether a reminder is worth its way.

    What a person has to bring over goes once, the day before, and to those who did not say that they come: nobody can
    call everybody twice, and that call is worth most. A letter by post would come too late.
    """
    way = signup.reached_by
    return way not in by_people or (
        way != by_hand.LETTER and kind is reminder_day and invitation.partstat != Partstat.ACCEPTED
    )


def _keys(session: Session, date: Gathering) -> set[str]:
    """Which reminders of this date were written already."""
    mine = select(Invitation.id).where(Invitation.gathering_id == date.id)
    found = select(DueLetter.key).where(DueLetter.kind.in_(REMINDERS), DueLetter.invitation_id.in_(mine))
    return set(session.scalars(found))


def _told_since(session: Session, date: Gathering, moment: datetime) -> set[int]:
    """Who heard of this date since then, or is about to: a person tells all dates at once, without an invitation."""
    here = select(Invitation.id).where(Invitation.gathering_id == date.id)
    people = select(Invitation.signup_id).where(Invitation.gathering_id == date.id)
    told = or_(
        DueLetter.state.in_((LetterState.DUE, LetterState.SENDING)),
        and_(DueLetter.state == LetterState.SENT, DueLetter.sent_at > moment),
    )
    about = or_(DueLetter.invitation_id.in_(here), DueLetter.invitation_id.is_(None))
    mine = DueLetter.kind.in_(OF_A_PLACE), DueLetter.signup_id.in_(people)
    return {id for id in session.scalars(select(DueLetter.signup_id).where(*mine, about, told)) if id is not None}


def _today(session: Session, now: datetime) -> set[int]:
    """Who had a reminder today: of two dates one waits."""
    mine = DueLetter.kind.in_(REMINDERS), DueLetter.state != LetterState.OVERTAKEN
    found = select(DueLetter.signup_id).where(*mine, DueLetter.due_at >= reminder_hours.midnight(now))
    return {id for id in session.scalars(found) if id is not None}
