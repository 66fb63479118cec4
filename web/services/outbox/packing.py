"""From a row to a parcel: who it is for, what it tells, and the calendar that goes along."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask_babel import force_locale
from sqlalchemy.orm import Session

from web import calendars
from web.calendars import Party
from web.channels.parcel import CalendarPart, Parcel
from web.identity import addresses
from web.letters import LETTERS, REMINDERS, TO_WHO_LEFT, Method
from web.letters.afterwards import missed
from web.letters.joining import asked_along, moved_up
from web.letters.places import cancelled, changed, placed, waiting
from web.letters.staff import clock_jumped
from web.rows import DueLetter, Facilitator, Invitation, Signup, Staff
from web.rows.invitations import InvitationState, OfferState
from web.rows.people import REACH, SignupState
from web.services.outbox import bounces, reminder_hours, together
from web.services.outbox.context import Worldly
from web.services.outbox.event_facts import answer_address, bounce_address, event_of
from web.services.outbox.facts import Person, facts_of, standing
from web.services.outbox.owner import owner
from web.services.outbox.staleness import is_stale
from web.services.plans import company


class Unsendable(Exception):
    """A letter that cannot go out; the sentence is for whoever looks after the server."""


class LetterOvertaken(Exception):
    """What a letter tells is no longer so: it is not sent, and nothing is wrong."""


def pack(session: Session, due: DueLetter, now: datetime, world: Worldly, beside: Sequence[DueLetter] = ()) -> Parcel:
    """The parcel of a letter as things are now. Raises LetterOvertaken, and Unsendable for what cannot be.

    `beside` are others of the same mail, which tell what is so.
    """
    if due.kind not in LETTERS:
        raise Unsendable(f"unknown kind {due.kind!r}; known: {', '.join(LETTERS)}")
    who, letters = _person(session, due), [due, *beside]
    _still_so(session, due, who, now, world)
    first = together.in_time(letters)[0].invitation
    with force_locale(language_of(who, world)):
        letter = together.kind_of(letters).write(who.name, facts_of(session, letters, who, world), _link(due, world))
        found = [_calendar(one, who, world) for one in together.in_time(letters)]
    return Parcel(
        key=due.key,
        owner=owner(due),
        channel=due.channel,
        name=who.name,
        address=address_of(who, due.channel),
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
        short=letter.short,
        language=language_of(who, world),
        at=now,
        calendars=tuple(part for part in found if part is not None),
        from_address=answer_address(first.token, world.settings) if first is not None else "",
        bounce=bounce_address(bounces.token(due, who, world.vault), world.settings),
        unsubscribe=_unsubscribe(due, world),
        beside=tuple(one.key for one in beside),
    )


def no_longer_so(session: Session, due: DueLetter, now: datetime, world: Worldly) -> bool:
    """Whether a letter would tell what is no longer so."""
    try:
        _still_so(session, due, _person(session, due), now, world)
    except LetterOvertaken:
        return True
    except Unsendable:  # That is seen, with its reason, where it is sent.
        return False
    return False


def language_of(who: Person, world: Worldly) -> str:
    """The language of letters to somebody."""
    wished = who.languages[0] if isinstance(who, Facilitator) else who.language
    return wished if wished in world.settings.languages else world.settings.languages[0]


def _person(session: Session, due: DueLetter) -> Person:
    who: Person | None = None
    if due.signup_id:
        who = session.get(Signup, due.signup_id)
    elif due.facilitator_id:
        who = session.get(Facilitator, due.facilitator_id)
    elif due.staff_id:
        who = session.get(Staff, due.staff_id)
    if who is None:
        raise Unsendable("this letter is for nobody")
    return who


def _still_so(session: Session, due: DueLetter, who: Person, now: datetime, world: Worldly) -> None:
    """Raises LetterOvertaken for a letter that would tell what is no longer so."""
    if isinstance(who, Signup) and who.state == SignupState.LEFT and due.kind not in TO_WHO_LEFT:
        raise LetterOvertaken
    if is_stale(session, due, now):
        raise LetterOvertaken
    invitation = due.invitation
    if invitation is not None and due.kind != cancelled.name and invitation.state != InvitationState.ON:
        raise LetterOvertaken
    if invitation is not None and due.sequence is not None and due.sequence != invitation.sequence:
        raise LetterOvertaken
    if due.kind in REMINDERS and (invitation is None or not _of_use(due, invitation, now, world)):
        raise LetterOvertaken
    if due.kind == missed.name and invitation is not None and invitation.signup.quiet:
        raise LetterOvertaken
    if due.offer is not None and (due.offer.state != OfferState.OPEN or due.offer.until <= now):
        raise LetterOvertaken
    # After a day without mail a date may be over.
    ahead = standing(session, due, now) if invitation is None else invitation.gathering.ends > now
    if due.kind in (placed.name, changed.name) and not ahead:
        raise LetterOvertaken
    if due.kind == asked_along.name and isinstance(who, Signup) and not company.is_asked(session, who):
        raise LetterOvertaken
    # Who has a table by now hears of that, and not what came before it.
    if due.kind in (waiting.name, moved_up.name) and standing(session, due, now):
        raise LetterOvertaken
    if due.kind == moved_up.name and isinstance(who, Signup) and who.state != SignupState.IN:
        raise LetterOvertaken


def _of_use(due: DueLetter, invitation: Invitation, now: datetime, world: Worldly) -> bool:
    """Whether a reminder still helps somebody who comes: not in vain, not too late, and not to who wants none."""
    days = (due.content or {}).get("days", 1)
    late = reminder_hours.until(invitation.gathering.starts, days, world.settings.reminders) <= now
    return not late and not invitation.signup.quiet and invitation.partstat != "DECLINED"


def address_of(who: Person, channel: str) -> str:
    """How to reach somebody by a channel; a sheet for a person may do without."""
    if channel not in REACH:
        raise Unsendable(f"unknown channel {channel!r}; known: {', '.join(REACH)}")
    if isinstance(who, Staff):
        return who.email
    contact = who.contact or {}
    address = contact.get({"email": "email", "text": "phone", "call": "phone"}.get(channel, "via"), "")
    if not address and channel in ("email", "text"):
        raise Unsendable(f"no address for channel {channel!r}")
    return str(address)


def _link(due: DueLetter, world: Worldly) -> str:
    secret = (due.content or {}).get("secret", "")
    if due.offer is not None:
        return world.links.offer(due.offer.token)
    if due.staff_id:
        return world.links.page("admin.retention") if due.kind == clock_jumped.name else world.links.staff
    if not secret:
        return ""
    return world.links.facilitator(secret) if due.facilitator_id else world.links.resident(secret)


def _unsubscribe(due: DueLetter, world: Worldly) -> str:
    wanted = due.kind in (*REMINDERS, missed.name)
    return world.links.quiet(due.invitation.token) if due.invitation and wanted else ""


def _calendar(due: DueLetter, who: Person, world: Worldly) -> CalendarPart | None:
    """The calendar object of an invitation; reminders and letters by other ways have none (rule 10)."""
    method, invitation = LETTERS[due.kind].method, due.invitation
    if method is None or invitation is None or due.channel != "email" or not isinstance(who, Signup):
        return None
    event = event_of(invitation, who.series, world.settings, world.links, who.language)
    if not addresses.same(invitation.mailbox, address_of(who, due.channel)):
        return None  # It was in another mailbox, where nobody is told anything any more.
    us = Party(world.settings.sender.name, answer_address(invitation.token, world.settings))
    them = Party(who.name, invitation.mailbox or "")
    if addresses.same(us.address, them.address):
        return None  # nobody can be invited by themselves: a calendar refuses it, the letter says it all
    if method is Method.CANCEL:
        return CalendarPart(method, calendars.cancel(event, us, them))
    return CalendarPart(method, calendars.request(event, us, them, partstat=invitation.partstat))
