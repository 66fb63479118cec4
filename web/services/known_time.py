"""Whether the clock of this machine can be believed: by the wrong time everybody would be erased, or told nonsense.

What the clock says is held against what it said when the worker was last at work. More than two days from that, in
either direction, is a jump: the clock is wrong, was wrong, or nobody worked for some days. A machine that was off for a
week cannot be told from a clock that is wrong. So then nothing is erased, called over or told because of the time,
until the new time has held for a day and an administrator was told, or until somebody says that it is right. All of
that waits; none of it is lost. A time that comes back to where it was is believed at once.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import Enum, auto

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from web.rows import AuditLine, KnownTime, Pulse, Signup

JUMP = timedelta(days=2)
HOLD = timedelta(days=1)
STEP = timedelta(minutes=30)
"""So often what time it is is written down, while nothing is the matter."""
ONE = 1
"""The number of the only row."""


class Sight(Enum):
    """What a look at the clock found."""

    SURE = auto()
    BACK = auto()
    """It is where it was before it jumped."""
    JUMPED = auto()
    """Just now."""
    DOUBTED = auto()
    HELD = auto()
    """It jumped, and has gone on for a day since then."""


def known(session: Session) -> KnownTime | None:
    """The row, if a worker was ever at work."""
    return session.get(KnownTime, ONE)


def is_sure(session: Session, now: datetime) -> bool:
    """Whether what happens by the clock may happen now. Changes nothing."""
    row = known(session)
    return row is None or abs(now - row.trusted_at) <= JUMP


def look(session: Session, now: datetime) -> Sight:
    """Look at the clock, and keep since when it is doubted."""
    row = known(session)
    if row is None:
        return Sight.SURE
    if abs(now - row.trusted_at) <= JUMP:
        back = row.doubted_since is not None
        if back or abs(now - row.trusted_at) >= STEP:
            believe(session, now)
        return Sight.BACK if back else Sight.SURE
    # A clock that jumps once more while it is doubted begins its day anew.
    went_on = row.seen_at is not None and timedelta(0) <= now - row.seen_at <= JUMP
    if not went_on or row.doubted_since is None:
        row.doubted_since = now
    row.seen_at = now
    if not went_on:
        return Sight.JUMPED
    return Sight.HELD if now - row.doubted_since >= HOLD else Sight.DOUBTED


def believe(session: Session, now: datetime) -> None:
    """This is the time: it went on from what was known, it held for a day, or somebody said so."""
    row = known(session)
    if row is not None:
        row.trusted_at, row.doubted_since, row.seen_at = now, None, None
        return
    try:
        with session.begin_nested():
            session.add(KnownTime(id=ONE, trusted_at=now))
    except IntegrityError:  # another worker did, this very moment
        return


def begin(session: Session, now: datetime) -> None:
    """A first start: what was last written down tells what time it was, whatever the clock says by now."""
    if known(session) is None:
        newest = (select(func.max(column)) for column in (Pulse.at, AuditLine.at, Signup.changed_at))
        moments = [moment for moment in map(session.scalar, newest) if moment is not None]
        believe(session, max(moments, default=now))
