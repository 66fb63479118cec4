"""Logins as rows: beginning one, finding it by the secret in a cookie, ending it, and tokens that work once.

A cookie is signed, not stored: without a row there is no way to take it back. Ending a login erases its row.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from web.crypto import hashed, new_secret
from web.errors import Missing
from web.rows import FacilitatorLink, FacilitatorLogin, SpentToken, Staff, StaffLogin, rowcount

LENGTH = timedelta(hours=8)
"""After so long everybody has to log in anew, whatever they did meanwhile: the telephone may be in other hands."""
NOTICED = timedelta(minutes=10)
"""How exactly 'last used' is kept; so that not every look at a page writes."""
DEVICE_LETTERS = 40


def begin(session: Session, account: Staff, device: str, now: datetime) -> str:
    """The secret of a new login, for the cookie; stored is only its hash."""
    secret = new_secret()
    session.add(
        StaffLogin(
            staff_id=account.id,
            secret_hash=hashed(secret),
            device=device[:DEVICE_LETTERS],
            started_at=now,
            used_at=now,
            ends_at=now + LENGTH,
        )
    )
    session.flush()
    return secret


def find(session: Session, secret: str) -> StaffLogin | None:
    """The login with this secret, also one whose time is over; None if it was ended."""
    return session.scalars(select(StaffLogin).where(StaffLogin.secret_hash == hashed(secret))).one_or_none()


def lasts(login: StaffLogin | FacilitatorLogin, now: datetime) -> bool:
    """Whether a login is not over. One that began after now was made while the clock was wrong."""
    return now < login.ends_at <= now + LENGTH


def notice(session: Session, login: StaffLogin, now: datetime) -> bool:
    """Write down that a login is used; whether there was anything to write."""
    if now - login.used_at < NOTICED:
        return False
    session.execute(update(StaffLogin).where(StaffLogin.id == login.id).values(used_at=now))
    return True


def of(session: Session, account: Staff, now: datetime) -> Sequence[StaffLogin]:
    """Where an account is logged in now, what was used last on top."""
    mine = select(StaffLogin).where(StaffLogin.staff_id == account.id, StaffLogin.ends_at > now)
    return session.scalars(mine.order_by(StaffLogin.used_at.desc(), StaffLogin.id.desc())).all()


def end(session: Session, secret: str) -> None:
    """Log out where the cookie with this secret is."""
    session.execute(delete(StaffLogin).where(StaffLogin.secret_hash == hashed(secret)))


def end_one(session: Session, account: Staff, id: int) -> None:
    """Log out one browser of an account. Raises Missing."""
    mine = delete(StaffLogin).where(StaffLogin.id == id, StaffLogin.staff_id == account.id)
    if not rowcount(session.execute(mine)):
        raise Missing


def end_others(session: Session, account: Staff, secret: str) -> int:
    """Log out every browser of an account but the one with this secret; how many those were."""
    others = StaffLogin.staff_id == account.id, StaffLogin.secret_hash != hashed(secret)
    return rowcount(session.execute(delete(StaffLogin).where(*others)))


def begin_at_table(session: Session, link: FacilitatorLink, now: datetime) -> str:
    """The secret of a facilitator's login, for who typed the PIN of a link."""
    secret = new_secret()
    session.add(FacilitatorLogin(link_id=link.id, secret_hash=hashed(secret), ends_at=now + LENGTH))
    session.flush()
    return secret


def is_at_table(session: Session, link: FacilitatorLink, secret: str, now: datetime) -> bool:
    """Whether somebody with this secret came in by this link, and may still be there."""
    mine = FacilitatorLogin.link_id == link.id, FacilitatorLogin.secret_hash == hashed(secret)
    found = session.scalars(select(FacilitatorLogin).where(*mine)).one_or_none()
    return found is not None and lasts(found, now)


def end_at_table(session: Session, link: FacilitatorLink, secret: str) -> None:
    """Log out the facilitator with this secret."""
    mine = FacilitatorLogin.link_id == link.id, FacilitatorLogin.secret_hash == hashed(secret)
    session.execute(delete(FacilitatorLogin).where(*mine))


def spend(session: Session, token: str, ends_at: datetime) -> bool:
    """Use a signed token up; False if it was used before. `ends_at`: when its signature is not taken any more.

    Of two at the same moment the second waits for the first, and finds it used.
    """
    try:
        with session.begin_nested():
            session.add(SpentToken(token_hash=hashed(token), ends_at=ends_at))
    except IntegrityError:
        return False
    return True


def erase_expired(session: Session, now: datetime) -> int:
    """Erase every login whose time is over and every token that is too old to be taken; how many rows that were."""
    return sum(
        rowcount(session.execute(delete(kind).where(kind.ends_at <= now)))
        for kind in (StaffLogin, FacilitatorLogin, SpentToken)
    )
