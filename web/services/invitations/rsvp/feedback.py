"""How a gathering was: one of three faces, counted without knowing whose it is (P23)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from config import Settings
from web.crypto import Vault
from web.errors import N_, Mishap, Missing
from web.pictures import Cell
from web.rows import Gathering, Impression, Round, Series, TimeSlot, rowcount
from web.services.statistics.protected import protected

MOODS = ("good", "so_so", "bad")
OPEN_FOR = timedelta(days=60)
"""After so long a link to these faces leads nowhere."""
KEY = 32


class NoMood(Mishap):
    """None of the faces."""

    status = 422
    sentence = N_("Kies een van de drie gezichtjes.")


@dataclass(frozen=True, slots=True)
class Faces:
    """What may be shown of a series: how many people answered, rounded, and a cell for every mood."""

    people: int
    cells: tuple[tuple[str, Cell], ...]


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


def counts(session: Session, series: Series, settings: Settings) -> Faces | None:
    """What an organiser may know: over the whole series, rounded, and nothing while few have answered (promise 11).

    Not per date or table, because whoever knows who was there could take two figures from each other. Answers cannot
    go in by ten at a time like sign-ups do, as nothing says in what order they came.
    """
    found = session.execute(
        select(Impression.mood, func.sum(Impression.count))
        .join(Gathering, Gathering.id == Impression.gathering_id)
        .join(TimeSlot, TimeSlot.id == Gathering.session_id)
        .join(Round, Round.id == TimeSlot.round_id)
        .where(Round.series_id == series.id)
        .group_by(Impression.mood)
    ).all()
    told = {mood: int(count) for mood, count in found}
    numbers, people = [told.get(mood, 0) for mood in MOODS], sum(told.values())
    if people < settings.small_cell:
        return None
    cells = protected(numbers, people, small=settings.small_cell, step=settings.round_to)
    return Faces(people // settings.round_to * settings.round_to, tuple(zip(MOODS, cells, strict=True)))
