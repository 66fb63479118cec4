"""Sending what is due: in order per person, once, and never lost; whatever happens in between is written down.

What somebody is told of several dates is one mail; its letters are claimed, sent, and in doubt together.

A letter is `due`, becomes `sending` at the very moment it can no longer be taken back, and `sent` when the other side
said so. A worker that dies before that moment sends it again later; one that dies in between leaves a letter of which
nobody can know: it becomes `unsure`, is shown to a person, and is not sent again by itself.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from web.channels.faults import Channel, Later, Never, Withdrawn
from web.channels.parcel import Parcel
from web.rows import DueLetter, Invitation, rowcount
from web.rows.messages import LetterState
from web.services import known_time
from web.services.outbox import bounces, outages, together
from web.services.outbox.context import Worldly
from web.services.outbox.owner import owner
from web.services.outbox.packing import Unsendable, no_longer_so, pack
from web.services.outbox.retries import give_up, postpone

log = logging.getLogger(__name__)

DOUBT = timedelta(minutes=3)
"""Longer than any server is waited for: a letter in somebody's hands for so long fell out of them."""

SECRETS = ("secret", "pages", "pin")
"""What in the content of a letter opens a page."""


def send_due(session: Session, channels: Mapping[str, Channel], clock: Callable[[], datetime], world: Worldly) -> int:
    """Send every letter that is due by these channels; how many went out. Every letter is committed by itself.

    What goes by other channels waits for a person. After a fault the later letters of that person wait for it: 'you
    have a place' never comes before 'welcome'. A channel that does not work at all is left alone until the next time.
    """
    now = clock()
    settle(session, channels, now, world)
    down = outages.resting(session, now)
    stuck = _stuck(session, now)
    sent = 0
    for id in session.scalars(_due(now, list(channels))).all():
        letter = session.get(DueLetter, id)
        if letter is None or letter.channel not in channels or letter.channel in down or owner(letter) in stuck:
            continue
        channel, whose = letter.channel, owner(letter)
        if letter.state == LetterState.DUE and letter.due_at <= now:
            # A round may last an hour: how long a letter is in hand counts from now, not from when the round began.
            letters = together.due_with(session, letter, now)
            sent += _try(session, letters, channels[channel], clock(), world, down)
        _look_back(session, id, whose, channel, stuck)
        session.commit()
    return sent


def _look_back(session: Session, id: int, whose: str, channel: str, stuck: set[str]) -> None:
    """What a letter means for those after it, whoever had it in hand."""
    letter = session.get(DueLetter, id)
    if letter is not None and letter.state in (LetterState.DUE, LetterState.SENDING):
        if letter.channel == channel:  # else a person brings it over: the later ones do not wait for that
            stuck.add(whose)
    elif letter is not None and letter.state == LetterState.SENT:
        outages.over(session, channel)


def _try(
    session: Session, letters: together.Letters, channel: Channel, now: datetime, world: Worldly, down: set[str]
) -> bool:
    """Send the letters of one mail and write down how that went; whether it went out."""
    ids, way = [letter.id for letter in letters], letters[0].channel
    try:
        return _send(session, letters, channel, now, world)
    except Exception as error:  # one letter that cannot be written may not hold up the others
        session.rollback()
        if fault := _outage(error):
            outages.note(session, way, fault, now)
            down.add(way)
        for left in [session.get(DueLetter, id) for id in ids]:
            # Meanwhile somebody may have been forgotten, or the letter was taken back or goes another way.
            if left is not None and left.channel == way and left.state in (LetterState.DUE, LetterState.SENDING):
                _mishap(session, left, error, now)
    return False


def _outage(error: Exception) -> str:
    """What is wrong with a whole way, or an empty text."""
    if isinstance(error, ConnectionAbortedError):
        return outages.SILENT
    return str(error) if isinstance(error, Later) and error.whole else ""


def _mishap(session: Session, letter: DueLetter, error: Exception, now: datetime) -> None:
    match error:
        case Withdrawn():
            pass
        case ConnectionAbortedError() if letter.state == LetterState.SENDING:
            ended(session, letter.id, LetterState.UNSURE, now, "connection")
        case Later(whole=True):
            letter.tries -= letter.state == LetterState.SENDING
            letter.state = LetterState.DUE
        case Later():
            postpone(letter, str(error), now)
        case Never():
            give_up(session, letter, error, now)
        case _:
            _broken(session, letter, error, now)


def _broken(session: Session, letter: DueLetter, error: Exception, now: datetime) -> None:
    # The sentence of another error may hold an address; its kind does not.
    fault = str(error) if isinstance(error, Unsendable) else type(error).__name__
    log.warning("letter %s (%s) is not sent: %s", letter.id, letter.kind, fault)
    if letter.state == LetterState.SENDING:
        ended(session, letter.id, LetterState.UNSURE, now, fault)
    else:
        postpone(letter, fault, now)


def _due(now: datetime, channels: list[str]) -> Select[int]:
    mine = DueLetter.state == LetterState.DUE, DueLetter.due_at <= now, DueLetter.channel.in_(channels)
    return select(DueLetter.id).where(*mine).order_by(DueLetter.id)


def _stuck(session: Session, now: datetime) -> set[str]:
    """Whose letters wait: an earlier one is being tried again later, or is in the hands of another worker."""
    again = (DueLetter.state == LetterState.DUE) & (DueLetter.tries > 0) & (DueLetter.due_at > now)
    found = session.scalars(select(DueLetter).where(again | (DueLetter.state == LetterState.SENDING)))
    return {owner(letter) for letter in found}


def _send(session: Session, letters: together.Letters, channel: Channel, now: datetime, world: Worldly) -> bool:
    """Send the letters of one mail, without those that are no longer so; whether it went out."""
    told = [letter for letter in letters if not no_longer_so(session, letter, now, world)]
    if len(told) < len(letters) and known_time.is_sure(session, now):
        for letter in letters:
            if letter not in told:
                ended(session, letter.id, LetterState.OVERTAKEN, now)
        # Not held until the others are claimed: whoever changes dates takes these rows in their order.
        session.commit()
    if not told:
        return False
    ids, parcel = [letter.id for letter in told], pack(session, told[0], now, world, told[1:])
    channel.send(parcel, lambda: _claim(session, told, parcel, now))
    for id in ids:
        ended(session, id, LetterState.SENT, now)
    return True


def _claim(session: Session, letters: together.Letters, parcel: Parcel, now: datetime) -> bool:
    """Take the letters of a mail in hand, right before it cannot be taken back; all of them at once, or none.

    False if one of them is no longer to be sent like this.
    """
    stamps = [letter.invitation.stamp if letter.invitation is not None else None for letter in letters]
    token = _token(parcel.bounce)
    for letter, packed in zip(letters, stamps, strict=True):
        if not _claim_one(session, letter, packed, bounces.beside(token, letters[0], letter), now):
            session.rollback()
            return False
    session.commit()
    return True


def _claim_one(session: Session, letter: DueLetter, packed: datetime | None, bounce: str | None, now: datetime) -> bool:
    mine = update(DueLetter).where(
        DueLetter.id == letter.id,
        DueLetter.state == LetterState.DUE,
        DueLetter.channel == letter.channel,
        DueLetter.sequence.is_(None) if letter.sequence is None else DueLetter.sequence == letter.sequence,
    )
    taken = session.execute(
        mine.values(state=LetterState.SENDING, claimed_at=now, tries=DueLetter.tries + 1, bounce=bounce)
    )
    # Asked only now that whoever changes the date waits for this row: what they changed before is seen, and what they
    # change later gets a letter of its own.
    stands = session.scalar(select(Invitation.stamp).where(Invitation.id == letter.invitation_id))
    return bool(rowcount(taken)) and stands == packed


def _token(bounce: str) -> str | None:
    return bounce.partition("@")[0].removeprefix("bounce-") or None


def ended(session: Session, id: int, state: str, now: datetime, fault: str = "") -> None:
    """Where a letter ended, if it is still there: somebody may have been forgotten meanwhile."""
    letter = session.get(DueLetter, id)
    if letter is None:
        return
    letter.state, letter.sent_at, letter.fault = state, now, fault
    # The secret of a link is stored no longer than needed to send it (promise 12). The rest is told once more when a
    # mail comes back: why a date is gone, and what it was.
    if state in (LetterState.SENT, LetterState.OVERTAKEN):
        kept = {key: value for key, value in (letter.content or {}).items() if key not in SECRETS}
        letter.content = kept if kept and state == LetterState.SENT else None


def settle(session: Session, channels: Mapping[str, Channel], now: datetime, world: Worldly) -> int:
    """What a worker that died left in its hands: sent or not if the channel knows, else `unsure`; how many.

    Every mail is committed by itself.
    """
    # Taken in the future: by a clock that was wrong.
    long_ago = (DueLetter.claimed_at < now - DOUBT) | (DueLetter.claimed_at > now + DOUBT)
    lost = select(DueLetter).where(DueLetter.state == LetterState.SENDING, long_ago)
    found = session.scalars(lost.order_by(DueLetter.id)).all()
    for letters in bounces.by_mail(found):
        known = _known(session, letters, channels, now, world)
        for letter in letters:
            if known is False:
                letter.state = LetterState.DUE
            else:
                end = LetterState.SENT if known else LetterState.UNSURE
                ended(session, letter.id, end, now, "" if known else "stopped")
        session.commit()
    return len(found)


def _known(
    session: Session, letters: Sequence[DueLetter], channels: Mapping[str, Channel], now: datetime, world: Worldly
) -> bool | None:
    channel = channels.get(letters[0].channel)
    try:
        return channel.holds(pack(session, letters[0], now, world, letters[1:])) if channel else None
    except Exception:  # what cannot be written any more may not hold up the others
        return None
