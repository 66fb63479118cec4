"""What happens to a letter that did not go out, or came back: later, or by another way, or a person decides."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from web.channels.faults import GONE, DeliveryFault
from web.rows import DueLetter, Invitation, Signup
from web.rows.invitations import InvitationState
from web.rows.messages import LetterState
from web.services import known_time
from web.services.outbox import bounces, refusals

AGAIN = tuple(timedelta(minutes=m) for m in (1, 5, 15, 30, 60, 120, 240))
"""How long to wait after the first, second, ... fault: greylisting is over in minutes, a full mailbox in days."""
MOST = 24
"""Times: about three days. After this nobody waits any longer for a letter that cannot be delivered."""
CALL = "call"
FULL = "full"


def postpone(letter: DueLetter, fault: str, now: datetime) -> None:
    """Try again later; after some days it has failed."""
    _count(letter)
    letter.fault = fault
    letter.state = LetterState.FAILED if letter.tries >= MOST else LetterState.DUE
    letter.due_at = now + AGAIN[min(letter.tries, len(AGAIN)) - 1]


def _count(letter: DueLetter) -> None:
    """One try more; a letter that was in hand was counted when it was taken."""
    letter.tries += letter.state != LetterState.SENDING


def give_up(session: Session, letter: DueLetter, fault: DeliveryFault, now: datetime) -> None:
    """The server does not take it and never will."""
    _count(letter)
    not_delivered(session, letter, str(fault), now)


def not_delivered(session: Session, letter: DueLetter, fault: str, now: datetime) -> None:
    """A letter was refused at once, or came back later, for good: one answer to each kind of fault, whoever said so.

    If nobody lives at the address, the person is called from now on; if the mailbox is full, they are called about
    this letter; after all else somebody decides. `fault` is a word of web.channels.faults with digits.
    """
    kind = fault.partition(" ")[0]
    letter.state, letter.fault = LetterState.FAILED, fault
    letter.returned, letter.returned_at = fault, now
    if kind in GONE and letter.signup_id is not None:
        nobody_there(session, letter, now)
    elif _too_late(letter, now) and known_time.is_sure(session, now):
        letter.state, letter.content = LetterState.OVERTAKEN, None
    elif kind == FULL and letter.signup_id is not None:
        call_about(letter, now)
    if refusals.is_policy(fault):
        session.flush()
        refusals.note(session, fault, now)


def mail_not_delivered(session: Session, letter: DueLetter, fault: str, now: datetime) -> list[DueLetter]:
    """A mail or text message that we thought had arrived did not: all its letters; those of which that was news."""
    went = [one for one in bounces.of_mail(session, letter) if one.state in (LetterState.SENT, LetterState.UNSURE)]
    letters = [one for one in went if one.channel in ("email", "text")]
    for one in letters:
        not_delivered(session, one, fault, now)
    return letters


def _too_late(letter: DueLetter, now: datetime) -> bool:
    """Whether nobody needs to hear it any more: a later letter says how it is, or the date is over."""
    invitation = letter.invitation
    if invitation is None:
        return False
    return letter.sequence not in (None, invitation.sequence) or invitation.gathering.ends <= now


def call_about(letter: DueLetter, now: datetime) -> None:
    """This letter is brought over by phone; the others go as before."""
    fault = letter.fault
    again(letter, now)
    letter.channel, letter.fault = CALL, fault


def nobody_there(session: Session, letter: DueLetter, now: datetime) -> None:
    """A letter to a resident did not arrive and never will: they are called, about this too."""
    mailed = letter.channel == "email"
    if letter.channel in ("email", "text"):
        call_about(letter, now)
    if mailed:
        to_the_call_list(session, letter.signup_id, now)


def to_the_call_list(session: Session, signup_id: int | None, now: datetime) -> None:
    """Mail no longer arrives there: what is still to be told is told by phone, from now on."""
    known = Signup.id == signup_id, Signup.bounced_at.is_(None)
    session.execute(update(Signup).where(*known).values(bounced_at=now))
    mine = DueLetter.signup_id == signup_id, DueLetter.channel == "email", DueLetter.state == LetterState.DUE
    session.execute(update(DueLetter).where(*mine).values(channel=CALL, **_untried(now)))


def follow(session: Session, signup: Signup) -> None:
    """Somebody wants to be reached in another way: what still lies here goes that way."""
    way = signup.reached_by
    lying = DueLetter.signup_id == signup.id, DueLetter.state == LetterState.DUE, DueLetter.channel != way
    session.execute(update(DueLetter).where(*lying).values(channel=way, **_untried(signup.changed_at)))
    if way == "email":
        # A mailbox that did not get what they heard meanwhile is told anew.
        mailed = select(DueLetter.id).where(
            DueLetter.invitation_id == Invitation.id,
            DueLetter.sequence == Invitation.sequence,
            DueLetter.channel == way,
            DueLetter.state == LetterState.SENT,
        )
        unmailed = Invitation.signup_id == signup.id, Invitation.state == InvitationState.ON, ~mailed.exists()
        session.execute(update(Invitation).where(*unmailed).values(mailbox=None))


def _untried(now: datetime) -> dict[str, object]:
    """Another way has its own tries: what waited for the next one goes now."""
    return {"due_at": now, "tries": 0, "claimed_at": None}


def again(letter: DueLetter, now: datetime) -> None:
    """Somebody decided: send it once more."""
    letter.state, letter.due_at, letter.claimed_at, letter.fault, letter.tries = LetterState.DUE, now, None, "", 0
