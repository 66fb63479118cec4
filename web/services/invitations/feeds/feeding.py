"""The secret addresses of calendars that people follow: made on request, taken back any time (calendar rule 36)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from web.crypto import hashed, new_secret
from web.errors import Missing
from web.rows import Facilitator, Feed, Signup, Staff
from web.services import audit

Follower = Signup | Facilitator


def of(session: Session, follower: Follower) -> Feed | None:
    """The address that works now, if there is one."""
    return next(iter(_standing(session, follower)), None)


def by_secret(session: Session, secret: str) -> Feed:
    """The feed at an address. Raises Missing: one that was taken back is as missing as one that never was."""
    query = select(Feed).where(Feed.secret_hash == hashed(secret), Feed.revoked_at.is_(None))
    found = session.scalars(query).one_or_none()
    if found is None:
        raise Missing
    return found


def renew(session: Session, follower: Follower, now: datetime, *, by: Staff | Facilitator | None = None) -> Feed:
    """A fresh address; what was made before stops working. `by` is who did that for, or as, a facilitator."""
    _revoke(session, follower, now)
    secret = new_secret()
    feed = Feed(
        organisation_id=follower.organisation_id,
        signup_id=follower.id if isinstance(follower, Signup) else None,
        facilitator_id=follower.id if isinstance(follower, Facilitator) else None,
        secret=secret,
        secret_hash=hashed(secret),
        made_at=now,
    )
    session.add(feed)
    if by is not None:
        audit.note(session, follower, "feed_made", by=by, now=now)
    return feed


def stop(session: Session, follower: Follower, now: datetime, *, by: Staff | Facilitator | None = None) -> None:
    """Nobody follows this calendar any more."""
    _revoke(session, follower, now)
    if by is not None:
        audit.note(session, follower, "feed_stopped", by=by, now=now)


def _revoke(session: Session, follower: Follower, now: datetime) -> None:
    for feed in _standing(session, follower):
        feed.revoked_at = now


def _standing(session: Session, follower: Follower) -> Sequence[Feed]:
    return session.scalars(_of(follower).where(Feed.revoked_at.is_(None)).order_by(Feed.id.desc())).all()


def _of(follower: Follower) -> Select[Feed]:
    owner = Feed.signup_id if isinstance(follower, Signup) else Feed.facilitator_id
    return select(Feed).where(owner == follower.id)
