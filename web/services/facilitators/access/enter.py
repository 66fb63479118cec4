"""What a facilitator does at a door: finding it open, typing the PIN."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session
from werkzeug.security import check_password_hash

from web.crypto import Vault, hashed
from web.errors import N_, Mishap, Missing
from web.rows import Facilitator, FacilitatorLink
from web.services import audit
from web.services.facilitators.access.pins import TRIES, spiced


class NoDoor(Missing):
    """No such link, or it is not open: one answer, so that nobody learns which links there are."""

    sentence = N_(
        "Deze link werkt nu niet. Een link voor gespreksleiders werkt alleen in de dagen rond de ontmoeting. "
        "Is het al bijna zover? Vraag je buurtwerker om een nieuwe link."
    )


class WrongPin(Mishap):
    """The link is right and the PIN is not; `left` tries remain."""

    status = 403
    sentence = N_("Deze pincode klopt niet.")

    def __init__(self, left: int) -> None:
        super().__init__()
        self.left = left


class Shut(Mishap):
    """That was the last try: the door is closed for good."""

    status = 403
    sentence = N_("De pincode was vijf keer fout. Deze link is nu dicht. Vraag je buurtwerker om een nieuwe link.")


def standing(session: Session, secret: str, now: datetime) -> FacilitatorLink:
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


def enter(session: Session, secret: str, pin: str, now: datetime, vault: Vault) -> FacilitatorLink:
    """The link, for who knows the PIN; wrong ones in a row are counted. Raises NoDoor, WrongPin or Shut.

    A try is taken before the PIN is looked at, in one statement: however many come at once, five are looked at. It is
    committed by itself, as it counts for who is refused too.
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
    if not check_password_hash(link.pin_hash, spiced(vault, secret, pin)):
        raise _wrong(session, link, TRIES - taken, now)
    link.tries = 0
    audit.note(session, link.session, "door_entered", by=link.facilitator, now=now)
    return link


def _wrong(session: Session, link: FacilitatorLink, left: int, now: datetime) -> Mishap:
    audit.note(session, link.session, "door_refused", by=link.facilitator, now=now)
    if not left:
        audit.note(session, link.session, "door_shut", by=link.facilitator, now=now)
    session.commit()
    return WrongPin(left) if left else Shut()
