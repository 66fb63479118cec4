"""What an organiser does with the doors of a series: seeing how they stand, renewing, closing."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from config import Settings
from web import access, rows
from web.crypto import Vault
from web.errors import N_, Mishap, Missing
from web.rows import Facilitator, FacilitatorLink, Plan, PlanGroup, Series, Staff
from web.services import audit
from web.services.facilitators import letters
from web.services.facilitators.access.links import hours_of, open_door, revoke
from web.services.facilitators.access.pins import TRIES
from web.services.locks import lock_series


class TooLate(Mishap):
    """A new link would open nothing."""

    status = 409
    sentence = N_("Deze ontmoeting is al geweest of gaat niet door. Een nieuwe link is niet nodig.")


@dataclass(frozen=True, slots=True)
class FacilitatorAccess:
    """A facilitator who leads `groups` groups in a session, and the newest link there is, if any."""

    facilitator: Facilitator
    session: rows.TimeSlot
    groups: int
    link: FacilitatorLink | None

    def state(self, now: datetime) -> str:
        """none | revoked | shut (five wrong PINs) | waiting (not open yet) | open | expired"""
        if self.link is None:
            return "none"
        if self.link.revoked or self.link.tries >= TRIES:
            return "revoked" if self.link.revoked else "shut"
        if now >= self.link.expires_at:
            return "expired"
        return "open" if now >= self.link.opens_at else "waiting"


def links_for(session: Session, series: Series, for_: Staff) -> list[FacilitatorAccess]:
    """Who leads groups in the current plan of a series, per session, with their doors. Raises Missing."""
    access.get(session, Series, series.id, for_=for_)
    found = session.execute(
        select(PlanGroup.facilitator_id, PlanGroup.session_id)
        .join(Plan, Plan.id == PlanGroup.plan_id)
        .where(Plan.series_id == series.id, Plan.current, PlanGroup.facilitator_id.is_not(None))
    ).all()
    led = Counter((who, where) for who, where in found if who is not None)
    doors = [_door(session, who, where, groups) for (who, where), groups in led.items()]
    return sorted(doors, key=lambda door: (door.session.starts, door.session.id, door.facilitator.name.casefold()))


def _door(session: Session, facilitator_id: int, session_id: int, groups: int) -> FacilitatorAccess:
    newest = session.scalars(
        select(FacilitatorLink)
        .where(FacilitatorLink.facilitator_id == facilitator_id, FacilitatorLink.session_id == session_id)
        .order_by(FacilitatorLink.id.desc())
        .limit(1)
    ).one_or_none()
    return FacilitatorAccess(
        session.get_one(Facilitator, facilitator_id), session.get_one(rows.TimeSlot, session_id), groups, newest
    )


def renew(
    session: Session,
    facilitator_id: int,
    session_id: int,
    now: datetime,
    settings: Settings,
    vault: Vault,
    *,
    for_: Staff,
) -> tuple[str, str]:
    """A fresh link and PIN, and the letter with them, instead of one that is lost, shut or known to others.

    Raises Missing, and TooLate for an evening that needs no list any more.
    """
    door = _claimed(session, facilitator_id, session_id, for_)
    if not may_renew(door.session, now, settings):
        raise TooLate
    opened = open_door(session, door.facilitator, door.session, now, settings, vault)
    letters.ready(session, door.session, door.facilitator, opened, now)
    _noted(session, door, "door_renewed", now, for_)
    return opened


def close(session: Session, facilitator_id: int, session_id: int, now: datetime, *, for_: Staff) -> None:
    """Close the door of a facilitator, also for who is inside. Raises Missing."""
    door = _claimed(session, facilitator_id, session_id, for_)
    revoke(session, door.facilitator, door.session)
    letters.withdraw(session, door.session, door.facilitator)
    _noted(session, door, "door_closed", now, for_)


def may_renew(evening: rows.TimeSlot, now: datetime, settings: Settings) -> bool:
    """Whether a new link to an evening would ever open."""
    return not evening.called_off and now < hours_of(evening, settings)[1]


def _claimed(session: Session, facilitator_id: int, session_id: int, for_: Staff) -> FacilitatorAccess:
    """The door as it is when nobody else is at it: of two who press at once the second replaces what the first did."""
    evening = access.get(session, rows.TimeSlot, session_id, for_=for_)
    lock_series(session, evening.round.series_id)
    return _led(session, facilitator_id, session_id, for_)


def _led(session: Session, facilitator_id: int, session_id: int, for_: Staff) -> FacilitatorAccess:
    evening = access.get(session, rows.TimeSlot, session_id, for_=for_)
    for door in links_for(session, evening.round.series, for_):
        if (door.facilitator.id, door.session.id) == (facilitator_id, session_id):
            return door
    raise Missing


def _noted(session: Session, door: FacilitatorAccess, what: str, now: datetime, by: Staff) -> None:
    audit.note(session, door.session, what, by=by, now=now, about=door.facilitator)
