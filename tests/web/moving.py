"""What tests of moved and called-off dates share: a published evening, and what somebody does with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.web import cast as casting
from tests.web.cast import NOW, Cast
from web import world
from web.rows import DueLetter, Facilitator, Invitation, Series, Signup, Staff, TimeSlot, db
from web.rows.messages import DUE, SENT
from web.services.facilitators import access
from web.services.invitations import reconciling
from web.services.schedule import rescheduling
from web.services.schedule.sessions import Times
from web.transaction import transaction

HOUR = timedelta(hours=1)


def publish(cast: Cast, tables: dict[tuple[int, int], list[int]]) -> Series:
    """A plan that everybody was told of; Chantal leads every table and has her links."""
    series = casting.plan_of(cast, tables, leader=cast.chantal).series
    chantal = db.session.get_one(Facilitator, cast.chantal)
    for evening in {id for id, _ in tables}:
        where = db.session.get_one(TimeSlot, evening)
        access.open_door(db.session, chantal, where, NOW, world.settings(), world.vault())
    reconciling.reconcile(db.session, series, NOW)
    post()
    return series


def post() -> None:
    """Everything that is due goes out."""
    db.session.query(DueLetter).update({DueLetter.state: SENT})
    db.session.commit()


def as_it_is(row: TimeSlot) -> Times:
    """The dates that are to come and the place, as they are."""
    coming = rescheduling.coming(row, world.now())
    spans = tuple((gathering.starts, gathering.ends) for gathering in coming)
    return Times(gatherings=spans, venue_id=row.venue_id, mode=row.mode, link=row.link or "")


def later(row: TimeSlot, by: timedelta = HOUR) -> Times:
    """The same place, and every date so much later."""
    times = as_it_is(row)
    return replace(times, gatherings=tuple((starts + by, ends + by) for starts, ends in times.gatherings))


def move(cast: Cast, row: TimeSlot, times: Times, **more: Any) -> None:
    """Amina moves it, having seen who hears of it."""
    told = {
        "by": db.session.get_one(Staff, cast.amina),
        "now": world.now(),
        "version": rescheduling.version_of(row),
        "settings": world.settings(),
        "sure": True,
    }
    with transaction(db.session):
        rescheduling.move(db.session, row, times, **{**told, **more})


def call_off(cast: Cast, row: TimeSlot, **more: Any) -> None:
    """Amina calls it off."""
    told = {
        "by": db.session.get_one(Staff, cast.amina),
        "now": world.now(),
        "version": rescheduling.version_of(row),
        "settings": world.settings(),
    }
    with transaction(db.session):
        rescheduling.call_off(db.session, row, **{**told, **more})


def due() -> dict[int, list[str]]:
    """By sign-up the letters that wait, but for the welcome."""
    found: dict[int, list[str]] = {}
    query = db.session.query(DueLetter).filter(DueLetter.state == DUE, DueLetter.signup_id.is_not(None))
    for letter in query.order_by(DueLetter.id):
        if letter.kind != "confirmation":
            found.setdefault(letter.signup_id, []).append(letter.kind)
    return found


def to_leaders() -> list[DueLetter]:
    """Letters to facilitators that wait."""
    return db.session.query(DueLetter).filter(DueLetter.state == DUE, DueLetter.facilitator_id.is_not(None)).all()


def invitations(row: TimeSlot) -> list[Invitation]:
    """Every invitation to a date of a session."""
    ids = [gathering.id for gathering in row.gatherings]
    return db.session.query(Invitation).filter(Invitation.gathering_id.in_(ids)).order_by(Invitation.id).all()


def several(row: TimeSlot, *days: int) -> None:
    """More dates for the same group, so many days later."""
    for number in days:
        first = row.gatherings[0]
        shift = timedelta(days=number)
        row.gatherings.append(type(first)(starts=first.starts + shift, ends=first.ends + shift))
    db.session.commit()


def person(signup_id: int) -> Signup:
    """Somebody."""
    return db.session.get_one(Signup, signup_id)


JANUARY = datetime(2027, 1, 12, 17, tzinfo=UTC)
"""When the first evening of the cast begins."""
