"""What stands in a calendar that somebody follows or takes along: the own dates, and nothing about anybody else."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from web import calendars
from web.calendars import Event
from web.rows import Feed, Gathering, Invitation, Signup
from web.rows.invitations import InvitationState, Partstat
from web.services.invitations.feeds.leading import events_of
from web.services.invitations.rsvp.queries import to_come
from web.services.outbox.context import Worldly
from web.services.outbox.event_facts import event_of
from web.services.outbox.packing import language_of

BACK = timedelta(days=60)
STRUCK_THROUGH = timedelta(days=30)
"""What is off stays to be seen for so long: a calendar that drops it at once may not tell anybody (rule 37)."""


def file(invitation: Invitation, world: Worldly) -> bytes:
    """One date to put in a calendar by hand."""
    return _file([invitation], world)


def all_dates(session: Session, invitation: Invitation, now: datetime, world: Worldly) -> bytes:
    """All dates that this person still comes to, to put in a calendar by hand."""
    coming = [one for one in to_come(session, invitation.signup, now) if one.partstat != Partstat.DECLINED]
    return _file(coming or [invitation], world)


def _file(dates: list[Invitation], world: Worldly) -> bytes:
    with force_locale(language_of(dates[0].signup, world)):
        return calendars.download(*(_event(one, world) for one in dates))


def content(session: Session, feed: Feed, now: datetime, world: Worldly) -> bytes:
    """The calendar of a feed, from sixty days back to everything ahead; the same rows give the same bytes."""
    follower = feed.signup or feed.facilitator
    assert follower is not None  # the database erases a feed together with whose it is
    with force_locale(language_of(follower, world)):
        if isinstance(follower, Signup):
            return calendars.feed(follower.series.title, _invited(session, follower, now, world))
        events = events_of(session, follower, now - BACK, now - STRUCK_THROUGH)
        return calendars.feed(_("Jouw tafels"), events)


def _invited(session: Session, signup: Signup, now: datetime, world: Worldly) -> list[Event]:
    found = session.scalars(
        select(Invitation)
        .join(Gathering, Gathering.id == Invitation.gathering_id)
        .where(Invitation.signup_id == signup.id)
        .options(joinedload(Invitation.gathering))
        .order_by(Invitation.id)
    ).all()
    standing = {invitation.gathering_id for invitation in found if invitation.state == InvitationState.ON}
    return [
        event
        for invitation in found
        if _is_shown(invitation, standing, now) and (event := _event(invitation, world)).ends > now - BACK
    ]


def _is_shown(invitation: Invitation, standing: set[int], now: datetime) -> bool:
    """A date that is off is struck through for a while, but not beside the same date that stands again."""
    if invitation.state == InvitationState.ON:
        return True
    off_at = invitation.off_at or invitation.stamp
    return invitation.gathering_id not in standing and off_at > now - STRUCK_THROUGH


def _event(invitation: Invitation, world: Worldly) -> Event:
    """As it was mailed.

    Who declined keeps the date, named so and without taking up time: it does take place, so it is not cancelled, the
    link to come after all stands in it, and what vanishes from a feed may stay behind in a calendar (rules 37, 38).
    """
    signup = invitation.signup
    event = event_of(invitation, signup.series, world.settings, world.links, language_of(signup, world))
    if event.cancelled:
        return event
    # Also of who comes after all: a change may not look older than the one before it.
    event = replace(event, stamp=max(event.stamp, invitation.answered_at or event.stamp))
    if invitation.partstat != Partstat.DECLINED:
        return event
    return replace(event, title=_("Je komt niet: %(title)s", title=event.title), free=True)
