"""The letters of a series as an organiser sees them: how many stand where, which ones, and sending one again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, select, update
from sqlalchemy.orm import Session

from config import Settings
from web.errors import Overtaken
from web.rows import DueLetter, Facilitator, Outage, Reply, Series, Signup, Staff, rowcount
from web.rows.messages import LetterState
from web.services import audit
from web.services.messages import by_hand, reviewing
from web.services.outbox import bounces, outages, refusals, retries
from web.services.outbox.delivery import SECRETS

TO_SEND, BY_HAND, CAME_BACK = "to_send", "by_hand", "came_back"
STANDINGS = (TO_SEND, LetterState.SENT, CAME_BACK, LetterState.FAILED, LetterState.UNSURE, BY_HAND)
"""Where a letter stands; one that was overtaken told nobody anything and is nowhere."""
PAGE = 100
STUCK = (LetterState.FAILED, LetterState.UNSURE)
CALLED = "call"


@dataclass(frozen=True, slots=True)
class QueueLine:
    """One letter in the list, whose it is, and where it stands. The name of a sign-up that is gone is empty.

    `reply` is the number of the mail by which it came back, if somebody has to read that first. `beside` is how many
    letters more went in the same mail.
    """

    letter: DueLetter
    name: str
    standing: str
    reply: int | None = None
    beside: int = 0

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
    """A way that does not work now, and how many letters of this account wait for it, or failed by it."""

    outage: Outage
    letters: int


def counts(session: Session, series: Series, settings: Settings) -> dict[str, int]:
    """How many letters of a series stand where."""
    columns = DueLetter.state, DueLetter.channel, _came_back()
    found = session.execute(
        select(*columns, func.count()).where(DueLetter.series_id == series.id, ~bounces.is_beside()).group_by(*columns)
    ).all()
    count: Counter[str] = Counter()
    for state, channel, came_back, number in found:
        count[_standing(state, channel, came_back, settings)] += number
    return {standing: count[standing] for standing in STANDINGS}


def lines(session: Session, series: Series, settings: Settings, only: str, page: int) -> Sequence[QueueLine]:
    """One page of the letters, the newest first; `only` those that stand somewhere."""
    wanted = select(DueLetter).where(DueLetter.series_id == series.id, ~bounces.is_beside())
    for standing in STANDINGS:
        if standing == only:
            wanted = _only(wanted, standing, settings)
    wanted = wanted.where(
        DueLetter.state.in_(
            (LetterState.DUE, LetterState.SENDING, LetterState.SENT, LetterState.FAILED, LetterState.UNSURE)
        )
    )
    found = session.scalars(wanted.order_by(DueLetter.id.desc()).limit(PAGE).offset((page - 1) * PAGE)).all()
    names, returned = names_of(session, found), _returned(session, found)
    beside = bounces.beside_each(session, found)
    return [_line(row, names.get(row.id, ""), returned.get(row.id), beside[row.id], settings) for row in found]


def _line(row: DueLetter, name: str, reply: int | None, beside: int, settings: Settings) -> QueueLine:
    return QueueLine(row, name, _standing(row.state, row.channel, reply is not None, settings), reply, beside)


def _came_back() -> ColumnElement[bool]:
    """Whether a mail that came back because of a letter waits for somebody to read it."""
    mine = Reply.letter_id == DueLetter.id, DueLetter.state.in_((LetterState.SENT, LetterState.UNSURE))
    return select(Reply.id).where(*mine, *reviewing.UNCLEAR).exists()


def _returned(session: Session, letters: Sequence[DueLetter]) -> Mapping[int | None, int]:
    """By letter the mail of that kind."""
    sent = {row.id for row in letters if row.state in (LetterState.SENT, LetterState.UNSURE)}
    found = select(Reply.letter_id, Reply.id).where(Reply.letter_id.in_(sent), *reviewing.UNCLEAR)
    return dict(session.execute(found.order_by(Reply.id)).all())


def _standing(state: str, channel: str, came_back: bool, settings: Settings) -> str:
    if came_back:
        return CAME_BACK
    if state in (LetterState.DUE, LetterState.SENDING):
        return BY_HAND if channel in by_hand.channels(settings) else TO_SEND
    return state


def _only(wanted: Select[DueLetter], standing: str, settings: Settings) -> Select[DueLetter]:
    if standing == CAME_BACK:
        return wanted.where(_came_back())
    if standing not in (TO_SEND, BY_HAND):
        return wanted.where(DueLetter.state == standing, ~_came_back())
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
        due = DueLetter.state == LetterState.DUE, DueLetter.channel == outage.what
        refused = DueLetter.state == LetterState.FAILED, DueLetter.fault.startswith(refusals.REFUSED)
        mine = wanted.where(*(refused if outage.what == refusals.REFUSED else due))
        mine = mine.where(~bounces.is_beside())
        letters = session.scalar(select(func.count()).select_from(mine.subquery())) or 0
        found.append(Held(outage, letters))
    return found


def again(session: Session, letter: DueLetter, *, by: Staff, now: datetime) -> None:
    """Send a letter once more, because somebody decided so. Raises Overtaken if it is not stuck any more."""
    for one in _take(session, letter, STUCK):
        retries.again(one, now)
    audit.note(session, letter, "send again", by=by, now=now)


def arrived(session: Session, letter: DueLetter, *, by: Staff, now: datetime) -> None:
    """Somebody knows that it came. Raises Overtaken if that is not the question any more."""
    for one in _take(session, letter, (LetterState.UNSURE,)):
        one.state, one.sent_at, one.fault = LetterState.SENT, one.sent_at or now, ""
        one.content = {key: value for key, value in (one.content or {}).items() if key not in SECRETS} or None
    audit.note(session, letter, "arrived", by=by, now=now)


def to_call_list(session: Session, letter: DueLetter, *, by: Staff, now: datetime) -> None:
    """From now on a person brings it over. Raises Overtaken if it went out in the meantime."""
    for one in _take(session, letter, (*STUCK, LetterState.DUE)):
        retries.again(one, now)
        one.channel = CALLED
    audit.note(session, letter, "to call list", by=by, now=now)


def _take(session: Session, letter: DueLetter, states: tuple[str, ...]) -> list[DueLetter]:
    """A letter with those of the same mail that stand where it stands.

    Nobody else changes them now: two who press the button at once send it once.
    """
    of_mail = bounces.of_mail(session, letter)
    same = [one for one in of_mail if (one.state, one.channel) == (letter.state, letter.channel)]
    found = []
    for one in same:
        mine = update(DueLetter).where(DueLetter.id == one.id, DueLetter.state.in_(states))
        if rowcount(session.execute(mine.values(claimed_at=None))):
            session.refresh(one)
            found.append(one)
    if letter not in found:
        raise Overtaken
    return found
