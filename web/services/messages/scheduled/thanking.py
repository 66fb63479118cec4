"""Thanks, the morning after, and how was it? For who had a place and did not say that they would not come."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased, load_only

from config import Settings
from web.crypto import Vault
from web.letters.afterwards import thanks
from web.rows import DueLetter, Gathering, Invitation, Signup
from web.rows.invitations import InvitationState, Partstat
from web.rows.people import SignupState
from web.services import outbox
from web.services.invitations.rsvp import feedback
from web.services.messages import by_hand
from web.services.outbox import reminder_hours

FOR = timedelta(days=3)
"""Later than this it comes out of the blue."""


def run(session: Session, now: datetime, settings: Settings, vault: Vault) -> int:
    """Write the thanks that are due; how many."""
    rules = settings.reminders
    if not reminder_hours.awake(now, rules):
        return 0
    over = [date for date in session.scalars(_over(now)) if reminder_hours.morning_after(date.starts, rules) <= now]
    count = sum(_thank(session, date, now, settings, vault) for date in over)
    return count


def _over(now: datetime) -> Select[Gathering]:
    lately = Gathering.ends < now, Gathering.ends > now - FOR, Gathering.called_off_at.is_(None)
    return select(Gathering).where(*lately).order_by(Gathering.id)


def _thank(session: Session, date: Gathering, now: datetime, settings: Settings, vault: Vault) -> int:
    """The thanks of one date; how many.

    What a person has to bring over goes once, after somebody's last date: nobody can call everybody after every
    meeting, and nobody wants to be called that often. Who is called or visited cannot follow a link either.
    """
    by_people, how = by_hand.channels(settings), {"how": feedback.key_of(date, vault)}
    here = select(Invitation.id).where(Invitation.gathering_id == date.id)
    thanked = DueLetter.kind == thanks.name, DueLetter.invitation_id.in_(here)
    count, known = 0, set(session.scalars(select(DueLetter.invitation_id).where(*thanked)))
    for invitation, signup, more in session.execute(_there(date)):
        way = signup.reached_by
        if invitation.id in known or (more and way in by_people):
            continue
        content = None if way in (*by_hand.SPOKEN, by_hand.LETTER) else how
        key = f"{thanks.name}:{invitation.uid}:{signup.id}"
        outbox.put(session, thanks, signup, invitation, key=key, now=now, content=content)
        count += 1
    return count


def _there(date: Gathering) -> Select[Invitation, Signup, bool]:
    """Who was expected, and whether they have a later date in the same series."""
    later, then = aliased(Invitation), aliased(Gathering)
    more = (
        select(later.id)
        .join(then, then.id == later.gathering_id)
        .where(
            later.signup_id == Invitation.signup_id,
            later.state == InvitationState.ON,
            later.partstat != Partstat.DECLINED,
        )
        .where(then.starts > date.starts, then.called_off_at.is_(None))
        .exists()
    )
    return (
        select(Invitation, Signup, more)
        .join(Signup, Signup.id == Invitation.signup_id)
        .where(
            Invitation.gathering_id == date.id,
            Invitation.state == InvitationState.ON,
            Invitation.partstat != Partstat.DECLINED,
        )
        .where(Signup.state != SignupState.LEFT)
        .options(load_only(Invitation.uid, Invitation.organisation_id, Invitation.project_id, Invitation.series_id))
        .options(load_only(Signup.reach, Signup.bounced_at))
        .order_by(Signup.id)
    )
