"""Letters that only a person can bring over: by phone, on paper, through somebody; and text messages without a service.

Whoever brings a message marks it with the number of the letter and a mark of its text. So what was told is told, and
what changed between looking and doing stays in the list.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, inspect, select, update
from sqlalchemy.orm import Session

from config import Settings
from web.channels.parcel import Parcel
from web.crypto import hashed
from web.errors import Missing
from web.letters import joining
from web.rows import DueLetter, rowcount
from web.rows.messages import LetterState
from web.services import known_time
from web.services.messages import earlier_news
from web.services.outbox import together
from web.services.outbox.context import Worldly
from web.services.outbox.packing import Unsendable, no_longer_so, pack

LETTER = "letter"
SPOKEN = ("call", "via")
MOST = 300
"""Letters that one form may bring; more than any page shows."""
_MARK = re.compile(r"(\d{1,9})\.([0-9a-f]{12})", re.ASCII)


@dataclass(frozen=True, slots=True)
class MessageByHand:
    """A letter that waits for a person, and what it says now, with those that are told in the same message."""

    letter: DueLetter
    parcel: Parcel

    @property
    def mark(self) -> str:
        """The letter with this text, in a form."""
        return f"{self.letter.id}.{hashed(self.parcel.text)[:12]}"

    @property
    def paragraphs(self) -> list[list[str]]:
        """The text, as lines of paragraphs."""
        return [part.splitlines() for part in self.parcel.text.strip().split("\n\n")]

    @property
    def said(self) -> list[list[str]]:
        """What somebody says or shows: to a resident on the phone without links that stand by themselves."""
        if not _is_spoken(self.letter):
            return self.paragraphs
        return [lines for lines in self.paragraphs if not (len(lines) == 2 and "://" in lines[1])]


def channels(settings: Settings) -> tuple[str, ...]:
    """The ways that only people have."""
    return (*SPOKEN, LETTER) if settings.text_messages.kind else (*SPOKEN, "text", LETTER)


def spoken(settings: Settings) -> tuple[str, ...]:
    """Those of them that are not on paper: what stands on the call list."""
    return tuple(way for way in channels(settings) if way != LETTER)


def waiting(wanted: Select[DueLetter], ways: Sequence[str], now: datetime) -> Select[DueLetter]:
    """Of these letters those that wait for a person, in order; not what a newer one makes superfluous."""
    return _lying(wanted, ways, now).where(~earlier_news.is_earlier_news())


def _lying(wanted: Select[DueLetter], ways: Sequence[str], now: datetime) -> Select[DueLetter]:
    about_people = DueLetter.series_id.is_not(None), DueLetter.staff_id.is_(None)
    mine = DueLetter.state == LetterState.DUE, DueLetter.due_at <= now, DueLetter.channel.in_(ways)
    return wanted.where(*mine, *about_people).order_by(DueLetter.id)


def messages(session: Session, letters: Iterable[DueLetter], now: datetime, world: Worldly) -> list[MessageByHand]:
    """What these letters say now. One that is no longer so goes out of the way, if it is sure what time it is."""
    found, sure = [], known_time.is_sure(session, now)
    for mail in together.split(letters):
        told = [letter for letter in mail if not no_longer_so(session, letter, now, world)]
        for letter in mail:
            if sure and letter not in told:
                _overtaken(letter, now)
        with suppress(Unsendable):
            parcel = _packed(session, told, now, world) if told else None
            found += [MessageByHand(letter, parcel) for letter in told if parcel is not None]
    return found


def still_so(
    session: Session, wanted: Select[DueLetter], ways: Sequence[str], now: datetime, world: Worldly
) -> list[DueLetter]:
    """Those that wait for a person and tell what is so; the others go out of the way, if it is sure what time it is."""
    sure, gone = known_time.is_sure(session, now), set()
    for letter in session.scalars(_lying(wanted, ways, now)).all():
        if no_longer_so(session, letter, now, world):
            gone.add(letter.id)
            if sure:
                _overtaken(letter, now)
    session.flush()
    return [letter for letter in session.scalars(waiting(wanted, ways, now)) if letter.id not in gone]


def tidy(session: Session, now: datetime, world: Worldly) -> None:
    """Take what is no longer so off the lists: they are counted on pages that do not open them."""
    still_so(session, select(DueLetter), channels(world.settings), now, world)
    earlier_news.drop(session, channels(world.settings), now)


def _overtaken(letter: DueLetter, now: datetime) -> None:
    letter.state, letter.sent_at, letter.content = LetterState.OVERTAKEN, now, None


def _packed(session: Session, letters: together.Letters, now: datetime, world: Worldly) -> Parcel:
    """What somebody brings. Without a number for a text message they look for another way: then as it is said."""
    way = letters[0].channel
    try:
        return _as_packed(session, letters, way, now, world)
    except Unsendable:
        if way != "text":
            raise
        return _as_packed(session, letters, "call", now, world)


def _as_packed(session: Session, letters: together.Letters, way: str, now: datetime, world: Worldly) -> Parcel:
    first, *beside = (_as_told(session, letter, way) for letter in letters)
    return pack(session, first, now, world, beside)


def _as_told(session: Session, letter: DueLetter, channel: str) -> DueLetter:
    """A letter as a person brings it: a copy that is never stored.

    Nobody can say a link aloud, and the one to somebody's own page is not for whoever makes the call (promise 12).
    What goes on paper or on a screen brings the one that lies here still.
    """
    columns = {column.key: getattr(letter, column.key) for column in inspect(DueLetter).column_attrs}
    told = DueLetter(**columns, invitation=letter.invitation, offer=letter.offer)
    told.channel = channel
    if _is_spoken(letter):
        told.content = {key: value for key, value in (letter.content or {}).items() if key != "secret"} or None
    elif letter.signup_id and (secret := earlier_news.secret_of(session, letter)):
        told.content = {"secret": secret, **(letter.content or {})}
    return told


def _is_spoken(letter: DueLetter) -> bool:
    """Whether a resident hears it; somebody who asked for a link gets that all the same, and so does a facilitator."""
    return letter.signup_id is not None and letter.channel in SPOKEN and letter.kind != joining.link.name


def marked(session: Session, wanted: Select[DueLetter], marks: Sequence[str]) -> dict[str, DueLetter]:
    """The letters that a form means, by its marks. Raises Missing if one of them is none of these."""
    ids = {mark: int(found[1]) for mark in marks[:MOST] if (found := _MARK.fullmatch(mark))}
    known = {row.id: row for row in session.scalars(wanted.where(DueLetter.id.in_(set(ids.values()))))}
    if not ids or any(id not in known for id in ids.values()):
        raise Missing
    return {mark: known[id] for mark, id in ids.items()}


def unchanged(session: Session, letters: Mapping[str, DueLetter], now: datetime, world: Worldly) -> list[MessageByHand]:
    """Those of a form that still wait, and still say what its marks say."""
    for letter in letters.values():
        session.refresh(letter)
    due = [letter for letter in letters.values() if letter.state == LetterState.DUE]
    return [message for message in messages(session, due, now, world) if message.mark in letters]


def brought(session: Session, told: Iterable[MessageByHand], settings: Settings, now: datetime) -> int:
    """Write down that a person brought these messages over; how many. What they made superfluous is done with them."""
    done = {"state": LetterState.SENT, "sent_at": now, "claimed_at": now, "fault": "", "content": None}
    letters = [message.letter for message in told]
    many = _change(session, letters, settings, **done, tries=DueLetter.tries + 1)
    earlier_news.drop(session, channels(settings), now)
    return many


def tried(session: Session, letters: Iterable[DueLetter], settings: Settings, now: datetime) -> int:
    """Write down that somebody tried in vain; how many letters."""
    return _change(session, letters, settings, tries=DueLetter.tries + 1, claimed_at=now)


def _change(session: Session, letters: Iterable[DueLetter], settings: Settings, **values: object) -> int:
    """Of two who do this at once the first does it."""
    session.flush()
    ids = [letter.id for letter in letters]
    mine = DueLetter.id.in_(ids), DueLetter.state == LetterState.DUE, DueLetter.channel.in_(channels(settings))
    return rowcount(session.execute(update(DueLetter).where(*mine).values(**values)))
