"""The morning after: thanks and how was it, to who was there as far as we know; to who was not, that we missed them."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased, load_only

from config import Settings
from web.crypto import Vault
from web.letters.afterwards import missed, thanks
from web.rows import DueLetter, Gathering, Invitation, Signup
from web.rows.invitations import InvitationState, Partstat
from web.rows.people import SignupState
from web.services import outbox
from web.services.attendance import records
from web.services.invitations.rsvp import feedback
from web.services.messages import by_hand
from web.services.outbox import reminder_hours
from web.services.plans import current

FOR = timedelta(days=3)
"""Later than this it comes out of the blue."""


def run(session: Session, now: datetime, settings: Settings, vault: Vault) -> int:
    """Write the letters that are due; how many."""
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
    """The letters of one date; how many.

    Where it was written down who was there, who was is thanked, and who was not hears once that they were missed; of
    who is still open nobody hears anything. Where nobody wrote anything all are thanked who did not say no.

    What a person has to bring over goes once, after somebody's last date: nobody can call everybody after every
    meeting, and nobody wants to be called that often. Who is called or visited cannot follow a link either. Nobody is
    called because they were not there.
    """
    record, tables = records.of(session, date), _tables(session, date)
    here = select(Invitation.id).where(Invitation.gathering_id == date.id)
    written = DueLetter.kind.in_((thanks.name, missed.name)), DueLetter.invitation_id.in_(here)
    count, known = 0, set(session.scalars(select(DueLetter.invitation_id).where(*written)))
    once = _missed_before(session, date)
    for invitation, signup, more in session.execute(_expected(date)):
        there = record.there(signup.id, tables.get(signup.id))
        no = invitation.partstat == Partstat.DECLINED
        if invitation.id in known:
            continue
        if there or (there is None and not no):
            count += _give_thanks(session, date, invitation, signup, more, bool(there), now, settings, vault)
        elif record.absent(signup.id) and not (no or signup.quiet or signup.id in once):
            count += _say_missed(session, invitation, signup, now, settings)
    return count


def _give_thanks(
    session: Session,
    date: Gathering,
    invitation: Invitation,
    signup: Signup,
    more: bool,
    there: bool,
    now: datetime,
    settings: Settings,
    vault: Vault,
) -> int:
    way = signup.reached_by
    if more and way in by_hand.channels(settings):
        return 0
    content: dict[str, object] = {"there": True} if there else {}
    if way not in (*by_hand.SPOKEN, by_hand.LETTER):
        content["how"] = feedback.key_of(date, vault)
    key = f"{thanks.name}:{invitation.uid}:{signup.id}"
    outbox.put(session, thanks, signup, invitation, key=key, now=now, content=content or None)
    return 1


def _say_missed(session: Session, invitation: Invitation, signup: Signup, now: datetime, settings: Settings) -> int:
    if signup.reached_by in by_hand.channels(settings):
        return 0
    outbox.put(session, missed, signup, invitation, key=f"{missed.name}:{signup.id}", now=now)
    return 1


def _tables(session: Session, date: Gathering) -> dict[int, int]:
    """Who has a seat at which table."""
    seats = session.execute(current.seats_of(date.session.round.series_id))
    return {signup: number for signup, evening, number in seats if evening == date.session_id}


def _missed_before(session: Session, date: Gathering) -> set[int | None]:
    """Who was told already that they were missed: once in a series is enough."""
    mine = DueLetter.kind == missed.name, DueLetter.series_id == date.session.round.series_id
    return set(session.scalars(select(DueLetter.signup_id).where(*mine)))


def _expected(date: Gathering) -> Select[Invitation, Signup, bool]:
    """Who was invited, and whether they have a later date in the same series."""
    later, then = aliased(Invitation), aliased(Gathering)
    owner = Invitation.organisation_id, Invitation.project_id, Invitation.series_id
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
        )
        .where(Signup.state != SignupState.LEFT)
        .options(load_only(Invitation.uid, Invitation.partstat, *owner))
        .options(load_only(Signup.reach, Signup.bounced_at, Signup.quiet))
        .order_by(Signup.id)
    )
