"""The call list: whoever waits for a message that a person brings over, and what to say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from types import MappingProxyType

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from config import Settings
from web.rows import DueLetter, Facilitator, Gathering, Invitation, Series, Signup, Staff
from web.rows.invitations import InvitationState
from web.rows.messages import LetterState
from web.services import audit
from web.services.messages import by_hand
from web.services.messages.by_hand import MessageByHand
from web.services.messages.call_lines import DAY, SERIES, CallLine, counts, lines_of
from web.services.outbox.context import Worldly
from web.services.outbox.packing import language_of
from web.world import local

SHOWN = 100
"""People on one page: more than anybody calls in one go."""
NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Call:
    """Somebody who waits: how to reach them, what to say (the newest first), and what they may answer.

    `note` is what they wrote beside the number. `letters` are all that are dealt with by this call, `told` their
    messages without what is said twice.
    """

    line: CallLine
    who: Signup | Facilitator
    series: Series
    channel: str
    number: str
    note: str
    via: str
    language: str
    messages: tuple[MessageByHand, ...]
    invitations: tuple[Invitation, ...] = ()

    @property
    def told(self) -> list[MessageByHand]:
        """Every text once."""
        return list({message.parcel.text: message for message in reversed(self.messages)}.values())[::-1]

    @property
    def bounced(self) -> bool:
        """Whether e-mail to this person comes back."""
        return isinstance(self.who, Signup) and self.who.bounced_at is not None

    @property
    def returned(self) -> DueLetter | None:
        """The newest message that did not arrive another way, though mail still does."""
        found = (message.letter for message in self.messages if message.letter.returned)
        return None if self.bounced else next(found, None)

    @property
    def tries(self) -> int:
        """How often somebody tried in vain."""
        return max(message.letter.tries for message in self.messages)

    @property
    def last_at(self) -> datetime | None:
        """When somebody tried last."""
        return max((m.letter.claimed_at for m in self.messages if m.letter.claimed_at), default=None)

    @property
    def offers(self) -> list[MessageByHand]:
        """Messages in which a place is offered."""
        return [message for message in self.messages if message.letter.offer is not None]


@dataclass(frozen=True, slots=True)
class CallList:
    """Who is to be called, soonest first; `more` how many come after these.

    `counts` are how many each choice of day, meeting or way would show, `titles` the meetings of those, `waiting` how
    many people there are at all, `done` how many heard it today.
    """

    calls: list[Call]
    more: int
    counts: dict[str, Counter[str]]
    titles: dict[str, str]
    waiting: int
    done: int

    @property
    def days(self) -> list[tuple[str, list[Call]]]:
        """The calls by the day before which they have to be made."""
        return [(day, list(calls)) for day, calls in groupby(self.calls, key=lambda call: call.line.facets[DAY])]


def calls(
    session: Session,
    wanted: Select[DueLetter],
    now: datetime,
    world: Worldly,
    *,
    by: Staff,
    chosen: Mapping[str, str] = NOTHING,
    most: int = SHOWN,
) -> CallList:
    """Everybody of these letters who waits for a call; that somebody looked is in the log, by project."""
    lines = lines_of(session, wanted, now, world)
    shown = [line for line in lines if line.fits(chosen)]
    told = [(line, by_hand.messages(session, line.letters, now, world)) for line in shown[:most]]
    found = [_call(session, line, messages[::-1], world, now) for line, messages in told if messages]
    for project, series in {call.series.project_id: call.series for call in found}.items():
        audit.note(session, series, "read calls", by=by, now=now, about=f"project:{project}")
    titles = {line.facets[SERIES]: session.get_one(Series, line.letters[0].series_id).title for line in lines}
    done = _done_today(session, wanted, now, world.settings)
    return CallList(found, len(shown[most:]), counts(lines, chosen), titles, len(lines), done)


def _done_today(session: Session, wanted: Select[DueLetter], now: datetime, settings: Settings) -> int:
    """How many people heard today what only a person can say."""
    midnight = local(now).replace(hour=0, minute=0, second=0, microsecond=0)
    mine = DueLetter.state == LetterState.SENT, DueLetter.channel.in_(by_hand.spoken(settings))
    told = wanted.where(*mine, DueLetter.sent_at >= midnight)
    who = told.with_only_columns(DueLetter.signup_id, DueLetter.facilitator_id).distinct()
    return len(session.execute(who).all())


def on_paper(session: Session, wanted: Select[DueLetter], now: datetime) -> int:
    """How many letters wait for paper."""
    waits = by_hand.waiting(wanted, (by_hand.LETTER,), now).order_by(None)
    return session.scalar(select(func.count()).select_from(waits.subquery())) or 0


def _call(session: Session, line: CallLine, messages: Sequence[MessageByHand], world: Worldly, now: datetime) -> Call:
    letter = messages[0].letter
    who: Signup | Facilitator
    if letter.signup_id:
        who = session.get_one(Signup, letter.signup_id)
    else:
        who = session.get_one(Facilitator, letter.facilitator_id)
    contact: Mapping[str, str] = who.contact or {}
    return Call(
        line=line,
        who=who,
        series=session.get_one(Series, letter.series_id),
        channel=letter.channel,
        number=contact.get("phone", ""),
        note=contact.get("phone_note", ""),
        via=contact.get("via", ""),
        language=world.settings.language(language_of(who, world)).name,
        messages=tuple(messages),
        invitations=invitations(session, who, now) if isinstance(who, Signup) else (),
    )


def invitations(session: Session, signup: Signup, now: datetime) -> tuple[Invitation, ...]:
    """What somebody may answer: every date to come that they are invited to, in order."""
    found = session.scalars(
        select(Invitation)
        .join(Gathering, Gathering.id == Invitation.gathering_id)
        .where(Invitation.signup_id == signup.id, Invitation.state == InvitationState.ON)
        .where(Gathering.ends > now, Gathering.called_off_at.is_(None))
        .options(joinedload(Invitation.gathering))
        .order_by(Gathering.starts, Invitation.id)
    )
    return tuple(found)
