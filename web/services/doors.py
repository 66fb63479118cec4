"""The doors of facilitators: a secret link and a PIN that open the lists of one session, for a while."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import randbelow

from sqlalchemy import select, update
from sqlalchemy.orm import Session as DbSession
from werkzeug.security import check_password_hash, generate_password_hash

from config import Settings
from web import access, rows
from web.crypto import Vault, hashed, new_secret
from web.errors import Mishap, Missing
from web.rows import Facilitator, FacilitatorLink, Plan, PlanGroup, Series, Staff
from web.services import auditing, telling_leaders
from web.services.locking import claim

PIN_DIGITS = 6
TRIES = 5
STAY = timedelta(hours=8)
"""After so long somebody has to type the PIN again; the phone may be in other hands by then."""


class NoDoor(Missing):
    """No such link, or it is not open: one answer, so that nobody learns which links there are."""

    sentence = (
        "Deze link werkt nu niet. Een link voor gespreksleiders werkt alleen in de dagen rond de ontmoeting. "
        "Is het al bijna zover? Vraag je buurtwerker om een nieuwe link."
    )


class WrongPin(Mishap):
    """The link is right and the PIN is not; `left` tries remain."""

    status = 403
    sentence = "Deze pincode klopt niet."

    def __init__(self, left: int) -> None:
        super().__init__()
        self.left = left


class Shut(Mishap):
    """That was the last try: the door is closed for good."""

    status = 403
    sentence = "De pincode was vijf keer fout. Deze link is nu dicht. Vraag je buurtwerker om een nieuwe link."


class TooLate(Mishap):
    """A new link would open nothing."""

    status = 409
    sentence = "Deze ontmoeting is al geweest of gaat niet door. Een nieuwe link is niet nodig."


@dataclass(frozen=True, slots=True)
class Door:
    """A facilitator who leads `groups` groups in a session, and the newest link there is, if any."""

    facilitator: Facilitator
    session: rows.Session
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


def open_door(
    session: DbSession,
    facilitator: Facilitator,
    gathering_session: rows.Session,
    now: datetime,
    settings: Settings,
    vault: Vault,
) -> tuple[str, str]:
    """A new link and its PIN, which are stored nowhere; an earlier link for the same evening stops working.

    Part of the transaction of the caller. A link made after the end is expired at once.
    """
    revoke(session, facilitator, gathering_session)
    secret, pin = new_secret(), f"{randbelow(10**PIN_DIGITS):0{PIN_DIGITS}}"
    opens_at, expires_at = _hours(gathering_session, settings)
    link = FacilitatorLink(
        organisation_id=facilitator.organisation_id,
        facilitator_id=facilitator.id,
        session_id=gathering_session.id,
        secret_hash=hashed(secret),
        pin_hash=generate_password_hash(_spiced(vault, secret, pin)),
        opens_at=opens_at,
        expires_at=expires_at,
    )
    session.add(link)
    session.flush()
    return secret, pin


def _hours(evening: rows.Session, settings: Settings) -> tuple[datetime, datetime]:
    """From when until when a door is open: around the dates that stand, or around those that were if none does."""
    dates, hours = evening.dates or evening.gatherings, settings.facilitator_link
    opens_at = min(date.starts for date in dates) - timedelta(hours=hours.hours_before)
    return opens_at, max(date.ends for date in dates) + timedelta(hours=hours.hours_after)


def follow(session: DbSession, evening: rows.Session, settings: Settings) -> None:
    """Let the doors to an evening open in its new hours. Part of the transaction of the caller."""
    opens_at, expires_at = _hours(evening, settings)
    session.execute(
        update(FacilitatorLink)
        .where(FacilitatorLink.session_id == evening.id, FacilitatorLink.revoked.is_(False))
        .values(opens_at=opens_at, expires_at=expires_at)
    )


def _spiced(vault: Vault, secret: str, pin: str) -> str:
    """A million PINs are soon tried, also slowly; without the key and the link there is nothing to try them on."""
    return vault.fingerprint("pin", f"{secret}\0{pin}")


def revoke(session: DbSession, facilitator: Facilitator, gathering_session: rows.Session) -> None:
    """Close every link of a facilitator to a session. Part of the transaction of the caller."""
    session.execute(
        update(FacilitatorLink)
        .where(
            FacilitatorLink.facilitator_id == facilitator.id,
            FacilitatorLink.session_id == gathering_session.id,
        )
        .values(revoked=True)
    )


def standing(session: DbSession, secret: str, now: datetime) -> FacilitatorLink:
    """The link with this secret, if its door is open now; the PIN is another matter. Raises NoDoor."""
    found = session.scalars(
        select(FacilitatorLink)
        .join(Facilitator, Facilitator.id == FacilitatorLink.facilitator_id)
        .where(
            FacilitatorLink.secret_hash == hashed(secret),
            FacilitatorLink.revoked.is_(False),
            FacilitatorLink.tries < TRIES,
            FacilitatorLink.opens_at <= now,
            FacilitatorLink.expires_at > now,
            Facilitator.active,
        )
    ).one_or_none()
    if found is None:
        raise NoDoor
    return found


def enter(session: DbSession, secret: str, pin: str, now: datetime, vault: Vault) -> FacilitatorLink:
    """The link, for who knows the PIN; wrong ones in a row are counted. Raises NoDoor, WrongPin or Shut.

    A try is taken before the PIN is looked at, in one statement: however many come at once, five are looked at.
    """
    link = standing(session, secret, now)
    taken = session.execute(
        update(FacilitatorLink)
        .where(FacilitatorLink.id == link.id, FacilitatorLink.tries < TRIES, FacilitatorLink.revoked.is_(False))
        .values(tries=FacilitatorLink.tries + 1)
        .returning(FacilitatorLink.tries)
    ).scalar_one_or_none()
    session.commit()
    if taken is None:
        raise NoDoor
    if not check_password_hash(link.pin_hash, _spiced(vault, secret, pin)):
        raise _wrong(session, link, TRIES - taken, now)
    link.tries = 0
    note(session, link, "door_entered", now)
    return link


def _wrong(session: DbSession, link: FacilitatorLink, left: int, now: datetime) -> Mishap:
    if left:
        return WrongPin(left)
    note(session, link, "door_shut", now)
    return Shut()


def inside(link: FacilitatorLink, since: float | None, now: datetime) -> bool:
    """Whether who came in at `since` (seconds, UTC) may still be there; `link` itself is standing."""
    return since is not None and 0 <= now.timestamp() - since < STAY.total_seconds()


def note(session: DbSession, link: FacilitatorLink, what: str, now: datetime) -> None:
    """A line in the audit log on what a facilitator did behind this door."""
    evening = link.session
    auditing.note(
        session,
        now,
        link.facilitator,
        what,
        organisation_id=link.organisation_id,
        project_id=evening.project_id,
        about=evening,
    )
    session.commit()


def links_for(session: DbSession, series: Series, for_: Staff) -> list[Door]:
    """Who leads groups in the current plan of a series, per session, with their doors. Raises Missing."""
    access.get(session, Series, series.id, for_=for_)
    found = session.execute(
        select(PlanGroup.facilitator_id, PlanGroup.session_id)
        .join(Plan, Plan.id == PlanGroup.plan_id)
        .where(Plan.series_id == series.id, Plan.current, PlanGroup.facilitator_id.is_not(None))
    ).all()
    doors = [_door(session, who, where, groups) for (who, where), groups in Counter(map(tuple, found)).items()]
    return sorted(doors, key=lambda door: (door.session.starts, door.session.id, door.facilitator.name.casefold()))


def _door(session: DbSession, facilitator_id: int, session_id: int, groups: int) -> Door:
    newest = session.scalars(
        select(FacilitatorLink)
        .where(FacilitatorLink.facilitator_id == facilitator_id, FacilitatorLink.session_id == session_id)
        .order_by(FacilitatorLink.id.desc())
        .limit(1)
    ).one_or_none()
    return Door(session.get_one(Facilitator, facilitator_id), session.get_one(rows.Session, session_id), groups, newest)


def renew(
    session: DbSession,
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
        session.rollback()
        raise TooLate
    opened = open_door(session, door.facilitator, door.session, now, settings, vault)
    telling_leaders.ready(session, door.session, door.facilitator, opened, now)
    _noted(session, door, "door_renewed", now, for_)
    return opened


def close(session: DbSession, facilitator_id: int, session_id: int, now: datetime, *, for_: Staff) -> None:
    """Close the door of a facilitator, also for who is inside. Raises Missing."""
    door = _claimed(session, facilitator_id, session_id, for_)
    revoke(session, door.facilitator, door.session)
    telling_leaders.withdraw(session, door.session, door.facilitator)
    _noted(session, door, "door_closed", now, for_)


def may_renew(evening: rows.Session, now: datetime, settings: Settings) -> bool:
    """Whether a new link to an evening would ever open."""
    return not evening.called_off and now < _hours(evening, settings)[1]


def _claimed(session: DbSession, facilitator_id: int, session_id: int, for_: Staff) -> Door:
    """The door as it is when nobody else is at it: of two who press at once the second replaces what the first did."""
    evening = access.get(session, rows.Session, session_id, for_=for_)
    claim(session, evening.round.series_id)
    return _led(session, facilitator_id, session_id, for_)


def _led(session: DbSession, facilitator_id: int, session_id: int, for_: Staff) -> Door:
    evening = access.get(session, rows.Session, session_id, for_=for_)
    for door in links_for(session, evening.round.series, for_):
        if (door.facilitator.id, door.session.id) == (facilitator_id, session_id):
            return door
    raise Missing


def _noted(session: DbSession, door: Door, what: str, now: datetime, by: Staff) -> None:
    place = {"organisation_id": by.organisation_id, "project_id": door.session.project_id}
    auditing.note(session, now, by, what, about=door.facilitator, **place)
    session.commit()
