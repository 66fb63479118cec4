"""A call that was made: what was told, what they answered, and that it is in the log."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from web.errors import Missing
from web.letters.places import placed
from web.rows import DueLetter, Offer, Signup, Staff
from web.rows.messages import LetterState
from web.services import audit
from web.services.groups.offers import accept, decline
from web.services.invitations.reconciling.unsent import overtake
from web.services.invitations.rsvp import answer
from web.services.messages import by_hand
from web.services.messages.by_hand import MessageByHand
from web.services.messages.calling import invitations
from web.services.outbox.context import Worldly
from web.services.outbox.owner import owner


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

    def reached_all(self, said: str) -> int:
        """They heard it, and say the same of every date. As `reached`."""
        signup = self._signup()
        found = invitations(self.session, signup, self.now) if signup else ()
        return self.reached({invitation.id: said for invitation in found})

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
