"""The call list: whoever waits for a message that a person brings over, and how that went."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from config import Settings
from web.errors import Missing
from web.letters.places import placed
from web.rows import DueLetter, Facilitator, Gathering, Invitation, Offer, Series, Signup, Staff
from web.rows.invitations import InvitationState
from web.rows.messages import LetterState
from web.services import audit
from web.services.groups.offers import accept, decline
from web.services.invitations.reconciling.unsent import overtake
from web.services.invitations.rsvp import answer
from web.services.messages import by_hand
from web.services.messages.by_hand import MessageByHand
from web.services.outbox.context import Worldly
from web.services.outbox.owner import owner
from web.services.outbox.packing import language_of

SHOWN = 40
"""People on one page: more than anybody calls in one go."""
_LAST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Call:
    """Somebody who waits: how to reach them, what to say (the newest first), and what they may answer.

    `note` is what they wrote beside the number. `letters` are all that are dealt with by this call, `told` their
    messages without what is said twice.
    """

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


@dataclass(slots=True)
class CallList:
    """Who is to be called, the most urgent first; `more` how many come after these."""

    calls: list[Call] = field(default_factory=list)
    more: int = 0


def calls(session: Session, wanted: Select[DueLetter], now: datetime, world: Worldly, *, by: Staff) -> CallList:
    """Everybody of these letters who waits for a call; that somebody looked is in the log, by project."""
    found, groups = CallList(), _by_owner(session, wanted, now, world.settings)
    for letters in groups:
        if len(found.calls) == SHOWN:
            found.more += 1
        elif messages := by_hand.messages(session, letters, now, world):
            found.calls.append(_call(session, messages[::-1], world, now))
    for project, series in {call.series.project_id: call.series for call in found.calls}.items():
        audit.note(session, series, "read calls", by=by, now=now, about=f"project:{project}")
    return found


def on_paper(session: Session, wanted: Select[DueLetter], now: datetime) -> int:
    """How many letters wait for paper."""
    waits = by_hand.waiting(wanted, (by_hand.LETTER,), now).order_by(None)
    return session.scalar(select(func.count()).select_from(waits.subquery())) or 0


def _by_owner(session: Session, wanted: Select[DueLetter], now: datetime, settings: Settings) -> list[list[DueLetter]]:
    """The letters of each person and series; offers that end soon come first, then who waits longest."""
    grouped: dict[tuple[str, int | None], list[DueLetter]] = defaultdict(list)
    for letter in session.scalars(by_hand.waiting(wanted, by_hand.spoken(settings), now)):
        grouped[owner(letter), letter.series_id].append(letter)
    return sorted(grouped.values(), key=lambda letters: (_until(letters), letters[0].id))


def _until(letters: Iterable[DueLetter]) -> datetime:
    return min((letter.offer.until for letter in letters if letter.offer is not None), default=_LAST)


def _call(session: Session, messages: Sequence[MessageByHand], world: Worldly, now: datetime) -> Call:
    letter = messages[0].letter
    who: Signup | Facilitator
    if letter.signup_id:
        who = session.get_one(Signup, letter.signup_id)
    else:
        who = session.get_one(Facilitator, letter.facilitator_id)
    contact: Mapping[str, str] = who.contact or {}
    return Call(
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


@dataclass(frozen=True, slots=True)
class Talk:
    """One call that was made: the letters it was about, by whom, when, and the world it happened in."""

    session: Session
    letters: dict[str, DueLetter]
    by: Staff
    now: datetime
    world: Worldly

    def __post_init__(self) -> None:
        if len({owner(letter) for letter in self.letters.values()}) != 1:
            raise Missing

    def reached(self, answers: Mapping[int, str]) -> int:
        """They heard it; `answers` by invitation. How many letters that were, without those that changed since.

        Raises what `answering.answer` raises, and then nothing is written down.
        """
        signup = self._signup()
        for invitation in invitations(self.session, signup, self.now) if signup and answers else ():
            if answers.get(invitation.id, invitation.partstat) != invitation.partstat:
                told: dict[str, Any] = {"by": "staff", "now": self.now, "settings": self.world.settings}
                answer.answer(self.session, invitation, answers[invitation.id], **told)
        return self._done(by_hand.unchanged(self.session, self.letters, self.now, self.world))

    def missed(self) -> int:
        """Nobody answered; they stay on the list."""
        many = by_hand.tried(self.session, self.letters.values(), self.world.settings, self.now)
        _log(self, "not reached")
        return many

    def offered(self, letter_id: int, yes: bool) -> int:
        """They said yes or no to a place. Raises what `offering` raises; Missing if it was not offered to them."""
        offers = {letter.id: letter.offer for letter in self.letters.values()}
        if (offer := offers.get(letter_id)) is None:
            raise Missing
        # Looked up before the answer: after it nothing is offered any more.
        told = by_hand.unchanged(self.session, self.letters, self.now, self.world)
        decide = accept if yes else decline
        decide(self.session, offer, by=self.by, now=self.now, settings=self.world.settings)
        if yes:
            self._heard(offer)
        return self._done(told)

    def _heard(self, offer: Offer) -> None:
        """Who said yes on the phone heard when and where: nobody calls again to say that they have a place."""
        same = DueLetter.signup_id == offer.signup_id, DueLetter.kind == placed.name, DueLetter.channel == "call"
        overtake(self.session.scalars(select(DueLetter).where(*same, DueLetter.state == LetterState.DUE)))

    def _done(self, told: Iterable[MessageByHand]) -> int:
        many = by_hand.brought(self.session, told, self.world.settings, self.now)
        _log(self, "reached")
        return many

    def _signup(self) -> Signup | None:
        letter = next(iter(self.letters.values()))
        return self.session.get_one(Signup, letter.signup_id) if letter.signup_id else None


def _log(talk: Talk, what: str) -> None:
    letter = next(iter(talk.letters.values()))
    about = f"signup:{letter.signup_id}" if letter.signup_id else f"facilitator:{letter.facilitator_id}"
    audit.note(talk.session, letter, what, by=talk.by, now=talk.now, about=about)
