"""Letters on paper: which ones wait, printing them, and that exactly those were posted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import Select
from sqlalchemy.orm import Session

from web.errors import N_, Mishap
from web.rows import DueLetter, Staff
from web.services import audit
from web.services.messages import by_hand
from web.services.messages.by_hand import LETTER, MOST, MessageByHand
from web.services.outbox.context import Worldly


class NotPrinted(Mishap):
    """Somebody says that letters are on their way that nobody printed."""

    status = 409
    sentence = N_("Deze brieven zijn nog niet geprint. Open eerst de PDF en print hem.")


def letters(session: Session, wanted: Select[DueLetter], now: datetime, world: Worldly) -> list[MessageByHand]:
    """The letters that wait for paper, in order; at most as many as one can carry."""
    return by_hand.messages(session, by_hand.still_so(session, wanted, (LETTER,), now, world)[:MOST], now, world)


def sheets(messages: Iterable[MessageByHand]) -> list[MessageByHand]:
    """These letters as sheets of paper: what is told together is printed once."""
    return list({id(message.parcel): message for message in messages}.values())


def to_print(
    session: Session, marked: Mapping[str, DueLetter], *, by: Staff, now: datetime, world: Worldly
) -> list[MessageByHand]:
    """These letters as they were seen, to be printed: from now on they may be called posted."""
    same = by_hand.unchanged(session, marked, now, world)
    for message in same:
        message.letter.claimed_at = now
    note(session, [message.letter for message in same], "print letters", by, now)
    return same


def posted(session: Session, marked: Mapping[str, DueLetter], *, by: Staff, now: datetime, world: Worldly) -> int:
    """Exactly these are on their way; how many, without those that changed since. Raises NotPrinted."""
    same = by_hand.unchanged(session, marked, now, world)
    if any(message.letter.claimed_at is None for message in same):
        raise NotPrinted
    many = by_hand.brought(session, same, world.settings, now)
    note(session, marked.values(), "letters sent", by, now)
    return many


def note(session: Session, letters: Iterable[DueLetter], what: str, by: Staff, now: datetime) -> None:
    """A line in the log for every project."""
    for project, letter in sorted({row.project_id: row for row in letters}.items()):
        audit.note(session, letter, what, by=by, now=now, about=f"project:{project}")
