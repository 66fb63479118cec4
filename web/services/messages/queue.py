"""The letters of a series as an organiser sees them: how many stand where, which ones, and sending one again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session

from config import Settings
from web.errors import Overtaken
from web.rows import DueLetter, Facilitator, Outage, Series, Signup, Staff, rowcount
from web.rows.messages import LetterState
from web.services import audit
from web.services.messages import by_hand
from web.services.outbox import outages, retries
from web.services.outbox.delivery import SECRETS

TO_SEND, BY_HAND = "to_send", "by_hand"
STANDINGS = (TO_SEND, LetterState.SENT, LetterState.FAILED, LetterState.UNSURE, BY_HAND)
"""Where a letter stands; one that was overtaken told nobody anything and is nowhere."""
PAGE = 100
STUCK = (LetterState.FAILED, LetterState.UNSURE)
CALLED = "call"


@dataclass(frozen=True, slots=True)
class QueueLine:
    """One letter in the list, whose it is, and where it stands. The name of a sign-up that is gone is empty."""

    letter: DueLetter
    name: str
    standing: str

    @property
    def may_again(self) -> bool:
        """Whether somebody may send it once more."""
        return self.letter.state in STUCK

    @property
    def may_arrive(self) -> bool:
        """Whether somebody may say that it arrived: nobody else knows."""
        return self.letter.state == LetterState.UNSURE

    @property
    def may_call(self) -> bool:
        """Whether a person may take it over."""
        return self.standing != BY_HAND and (self.letter.state in STUCK or self._held_up)

    @property
    def _held_up(self) -> bool:
        return self.letter.state == LetterState.DUE and self.letter.tries > 0 and self.letter.signup_id is not None


@dataclass(frozen=True, slots=True)
class Held:
    """A way that does not work now, and how many letters of this account wait for it."""

    outage: Outage
    letters: int


def counts(session: Session, series: Series, settings: Settings) -> dict[str, int]:
    """How many letters of a series stand where."""
    found = session.execute(
        select(DueLetter.state, DueLetter.channel, func.count())
        .where(DueLetter.series_id == series.id)
        .group_by(DueLetter.state, DueLetter.channel)
    ).all()
    count: Counter[str] = Counter()
    for state, channel, number in found:
        count[_standing(state, channel, settings)] += number
    return {standing: count[standing] for standing in STANDINGS}


def lines(session: Session, series: Series, settings: Settings, only: str, page: int) -> Sequence[QueueLine]:
    """One page of the letters, the newest first; `only` those that stand somewhere."""
    wanted = select(DueLetter).where(DueLetter.series_id == series.id)
    for standing in STANDINGS:
        if standing == only:
            wanted = _only(wanted, standing, settings)
    wanted = wanted.where(
        DueLetter.state.in_(
            (LetterState.DUE, LetterState.SENDING, LetterState.SENT, LetterState.FAILED, LetterState.UNSURE)
        )
    )
    found = session.scalars(wanted.order_by(DueLetter.id.desc()).limit(PAGE).offset((page - 1) * PAGE)).all()
    names = names_of(session, found)
    return [QueueLine(row, names.get(row.id, ""), _standing(row.state, row.channel, settings)) for row in found]


def _standing(state: str, channel: str, settings: Settings) -> str:
    if state in (LetterState.DUE, LetterState.SENDING):
        return BY_HAND if channel in by_hand.channels(settings) else TO_SEND
    return state


def _only(wanted: Select[DueLetter], standing: str, settings: Settings) -> Select[DueLetter]:
    if standing not in (TO_SEND, BY_HAND):
        return wanted.where(DueLetter.state == standing)
    ours = DueLetter.channel.in_(by_hand.channels(settings))
    return wanted.where(
        DueLetter.state.in_((LetterState.DUE, LetterState.SENDING)), ours if standing == BY_HAND else ~ours
    )


def names_of(session: Session, letters: Sequence[DueLetter]) -> Mapping[int, str]:
    """By letter the name of whose it is."""
    people, leaders = {row.signup_id for row in letters}, {row.facilitator_id for row in letters}
    name: dict[tuple[str, int | None], str] = {
        ("signup", row.id): row.name for row in session.scalars(select(Signup).where(Signup.id.in_(people)))
    }
    for leader in session.scalars(select(Facilitator).where(Facilitator.id.in_(leaders))):
        name["facilitator", leader.id] = leader.name
    return {
        row.id: name.get(("signup", row.signup_id)) or name.get(("facilitator", row.facilitator_id), "")
        for row in letters
    }


def held(session: Session, wanted: Select[DueLetter], settings: Settings) -> list[Held]:
    """What does not work now, for who has these letters."""
    found = []
    for outage in outages.all_of(session):
        mine = wanted.where(DueLetter.state == LetterState.DUE, DueLetter.channel == outage.what)
        letters = session.scalar(select(func.count()).select_from(mine.subquery())) or 0
        found.append(Held(outage, letters))
    return found


def again(session: Session, letter: DueLetter, *, by: Staff, now: datetime) -> None:
    """Send a letter once more, because somebody decided so. Raises Overtaken if it is not stuck any more."""
    _take(session, letter, STUCK)
    retries.again(letter, now)
    audit.note(session, letter, "send again", by=by, now=now)


def arrived(session: Session, letter: DueLetter, *, by: Staff, now: datetime) -> None:
    """Somebody knows that it came. Raises Overtaken if that is not the question any more."""
    _take(session, letter, (LetterState.UNSURE,))
    letter.state, letter.sent_at, letter.fault = LetterState.SENT, letter.sent_at or now, ""
    letter.content = {key: value for key, value in (letter.content or {}).items() if key not in SECRETS} or None
    audit.note(session, letter, "arrived", by=by, now=now)


def to_call_list(session: Session, letter: DueLetter, *, by: Staff, now: datetime) -> None:
    """From now on a person brings it over. Raises Overtaken if it went out in the meantime."""
    _take(session, letter, (*STUCK, LetterState.DUE))
    retries.again(letter, now)
    letter.channel = CALLED
    audit.note(session, letter, "to call list", by=by, now=now)


def _take(session: Session, letter: DueLetter, states: tuple[str, ...]) -> None:
    """Nobody else changes it now: two who press the button at once send it once."""
    mine = update(DueLetter).where(DueLetter.id == letter.id, DueLetter.state.in_(states))
    if not rowcount(session.execute(mine.values(claimed_at=None))):
        raise Overtaken
    session.refresh(letter)
