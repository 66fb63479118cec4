"""How a gathering was: one of three faces, counted without knowing whose it is (P23)."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from web.crypto import Vault
from web.errors import N_, Mishap, Missing
from web.rows import Gathering, Impression, rowcount
from web.rows.invitations import MOODS

OPEN_FOR = timedelta(days=60)
"""After so long a link to these faces leads nowhere."""
KEY = 32


class NoMood(Mishap):
    """None of the faces."""

    status = 422
    sentence = N_("Kies een van de drie gezichtjes.")


def key_of(gathering: Gathering, vault: Vault) -> str:
    """What stands in the link to the faces of a gathering: the same for all who were there, to tell nobody apart."""
    return vault.fingerprint("how", gathering.uid)[:KEY]


def by_key(session: Session, key: str, now: datetime, vault: Vault) -> Gathering:
    """The gathering that a key belongs to, once it has begun. Raises Missing.

    The key is stored nowhere: the gatherings of these weeks are tried, and a whole city has a few hundred.
    """
    lately = select(Gathering).where(
        Gathering.starts <= now, Gathering.ends > now - OPEN_FOR, Gathering.called_off_at.is_(None)
    )
    for gathering in session.scalars(lately):
        if key_of(gathering, vault) == key:
            return gathering
    raise Missing


def add(session: Session, gathering: Gathering, mood: str) -> None:
    """Count one answer more; the database adds, so that two at once are two. Raises NoMood."""
    if mood not in MOODS:
        raise NoMood
    row = {"gathering_id": gathering.id, "mood": mood}
    more = update(Impression).filter_by(**row).values(count=Impression.count + 1)
    if not rowcount(session.execute(more)):
        try:
            with session.begin_nested():
                session.add(Impression(**row, count=1))
        except IntegrityError:
            # Somebody else was the first, just now.
            session.execute(more)
