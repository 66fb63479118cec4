"""Mails that came back and that a person has to look at: what they say, and what somebody decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session

from config import Settings
from web.errors import Overtaken
from web.replies.verdict import UNCLEAR as UNCLEAR_BOUNCE
from web.rows import Invitation, Organisation, Reply, Series, Signup, Staff, rowcount
from web.rows.messages import LetterState
from web.services import audit
from web.services.invitations.rsvp import answer, queries
from web.services.outbox import bounces, retries

REVIEW, BOUNCE, WORDS = "review", "bounce", "words"
WAITING = Reply.outcome == REVIEW, Reply.handled_at.is_(None)
UNCLEAR = (*WAITING, Reply.reason.startswith(UNCLEAR_BOUNCE))
"""A mail of ours came back, and only a person can say why."""
LATELY = timedelta(days=30)
MOST = 100


@dataclass(frozen=True, slots=True)
class Incoming:
    """One mail; whose it is and what it was about, as far as its address told.

    `dates` are those that words may mean: all that this person is invited to. A calendar means the one it answers.
    """

    reply: Reply
    signup: Signup | None
    series: Series | None
    dates: Sequence[Invitation] = ()

    @property
    def sender(self) -> str:
        """Who it says it is from; anybody may write that."""
        return self._said("sender")

    @property
    def subject(self) -> str:
        """What it says it is about."""
        return self._said("subject")

    @property
    def words(self) -> list[str]:
        """What it says, by line."""
        return self._said("words").splitlines()

    @property
    def quoted(self) -> list[str]:
        """What it is an answer to, by line."""
        return self._said("quoted").splitlines()

    @property
    def returned(self) -> bool:
        """Whether it sends back a letter of ours that we know."""
        return self.reply.letter is not None and self.reply.reason.startswith(UNCLEAR_BOUNCE)

    def _said(self, name: str) -> str:
        return str((self.reply.content or {}).get(name) or "")


def reads_strays(session: Session, organisation_id: int | None) -> bool:
    """Whether an organisation may read mails of which nobody knows whose they are.

    They may be from a resident of any organisation on this server. Only the one that was here first reads them: the
    mailbox is its own, and it opens the door to the others.
    """
    return organisation_id is not None and organisation_id == session.scalar(select(func.min(Organisation.id)))


def waiting(
    session: Session, wanted: Select[Reply], now: datetime, *, by: Staff
) -> tuple[list[Incoming], list[Incoming]]:
    """Which mails wait for somebody, the oldest first, and which came back lately; reading them is in the log."""
    open_ = wanted.where(*WAITING).order_by(Reply.at, Reply.id)
    returned = wanted.where(Reply.outcome == BOUNCE, Reply.at > now - LATELY).order_by(Reply.at.desc())
    found = [
        [_incoming(session, reply, now) for reply in session.scalars(query.limit(MOST))] for query in (open_, returned)
    ]
    for reply in {row.reply.project_id: row.reply for part in found for row in part}.values():
        if reply.organisation_id is not None:
            audit.note(session, reply, "read replies", by=by, now=now, about=f"project:{reply.project_id}")
    return found[0], found[1]


def _incoming(session: Session, reply: Reply, now: datetime) -> Incoming:
    id = reply.signup_id or (reply.invitation.signup_id if reply.invitation else None)
    signup = session.get(Signup, id) if id else None
    waits = signup is not None and reply.outcome == REVIEW and reply.invitation is not None
    dates = queries.to_come(session, signup, now) if waits and reply.reason == WORDS and signup else ()
    return Incoming(reply, signup, signup.series if signup else None, dates if len(dates) > 1 else ())


def decide(
    session: Session, reply: Reply, partstat: str, *, by: Staff, now: datetime, settings: Settings, which: str = ""
) -> None:
    """What somebody made of a mail: an answer to its invitation, or nothing (""); then its words are erased.

    `which` is another date of this person, or all to come. Raises Overtaken if somebody else did this already, and what
    `answering.answer` raises.
    """
    for one in _meant(session, reply, which, now) if partstat else ():
        answer.answer(session, one, partstat, by="staff", now=now, settings=settings)
    _handle(session, reply, by, now)


def _meant(session: Session, reply: Reply, which: str, now: datetime) -> Sequence[Invitation]:
    if reply.invitation is None:
        return ()
    if not which:
        return [reply.invitation]
    dates = queries.to_come(session, reply.invitation.signup, now)
    found = [one for one in dates if which in (queries.ALL, str(one.id))]
    if not found:
        raise answer.NoLonger
    return found


def undelivered(session: Session, reply: Reply, *, gone: bool, by: Staff, now: datetime) -> bool:
    """Somebody read that a letter did not arrive: the person is called about it, from now on if `gone`.

    False if nobody needs to hear it any more. Who has another address since then is still mailed there. Raises
    Overtaken if somebody else did this already.
    """
    _handle(session, reply, by, now)
    if (letter := reply.letter) is None:
        return False
    signup = session.get(Signup, letter.signup_id) if letter.signup_id else None
    gone = gone and signup is not None and not bounces.is_former(letter.bounce or "", signup)
    news = retries.mail_not_delivered(session, letter, "unknown" if gone else "returned", now)
    for one in news:
        if one.state == LetterState.FAILED:
            retries.call_about(one, now)
    if gone and not news:
        retries.to_the_call_list(session, letter.signup_id, now)
    return any(one.state == LetterState.DUE for one in (letter, *news))


def _handle(session: Session, reply: Reply, by: Staff, now: datetime) -> None:
    mine = Reply.id == reply.id, *WAITING
    done = update(Reply).where(*mine).values(handled_at=now, handled_by=by.id, content=None)
    if not rowcount(session.execute(done)):
        raise Overtaken
    if reply.organisation_id is not None:
        audit.note(session, reply, "answer reply", by=by, now=now)
