"""Mail that came back: an answer counts, a bounce is told, and what is doubtful waits for a person (rules 39-45)."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from config import Settings
from web.channels.faults import Later
from web.crypto import hashed
from web.replies import MailLimits, Verdict, judge, plain
from web.replies.mailboxes import Mailbox, Received
from web.replies.verdict import UNCLEAR, Bounced
from web.rows import DueLetter, Invitation, Reply, Signup
from web.services.invitations.rsvp import answer
from web.services.locks import lock_series
from web.services.messages.register import Register
from web.services.messages.reviewing import REVIEW
from web.services.outbox import bounces, outages, refusals, retries

log = logging.getLogger(__name__)

INBOX = "inbox"
"""The mailbox among the ways that can be out of order."""
BROKEN = "broken"
SOURCE = 4000
"""Characters of a mail that no program can read: who looks at it sees from whom it is, and how it begins."""


def receive(session: Session, mailbox: Mailbox, now: datetime, settings: Settings) -> int:
    """Read what came; how many mails. Every mail is committed by itself, and only then erased from the mailbox.

    A mail that cannot be handled waits for a person.
    """
    count = 0
    try:
        fault = ""
        for mail in mailbox.messages():
            fault = _one(session, mailbox, mail, now, settings) or fault
            count += 1
        if fault:
            outages.note(session, INBOX, fault, now)
        else:
            outages.over(session, INBOX)
        outages.beat(session, INBOX, now)
        refusals.fade(session, now)
    except Later as fault:
        session.rollback()
        outages.note(session, INBOX, str(fault), now)
    session.commit()
    return count


def _one(session: Session, mailbox: Mailbox, mail: Received, now: datetime, settings: Settings) -> str:
    """Read one mail and erase it; why that was refused, if it was. It holds up none of the others."""
    try:
        take(session, mail, now, settings)
        session.commit()
    except OperationalError:  # the database, not this mail: it comes again
        raise
    except Exception as error:  # its sentence may hold an address; its kind does not
        session.rollback()
        if not _known(session, mail):  # else another worker read it at the same moment
            log.warning("a mail cannot be handled: %s", type(error).__name__)
            session.add(_reply(hashed(mail.key), _as_it_is(Verdict(REVIEW, BROKEN), mail), None, None, now))
            session.commit()
    try:
        mailbox.done(mail)
    except Later as fault:
        if fault.whole:
            raise
        return str(fault)
    return ""


def take(session: Session, mail: Received, now: datetime, settings: Settings) -> None:
    """Do what a mail says, once."""
    if _known(session, mail):
        return
    verdict = _judged(session, mail, now, settings)
    invitation, letter = _about(session, verdict)
    if verdict.outcome == "applied" and invitation is not None:
        # The date may move, or another answer come in between: once more, now that whoever does so waits.
        lock_series(session, invitation.series_id)
        verdict = _judged(session, mail, now, settings)
    if verdict.outcome == "applied" and invitation is not None:
        verdict = _apply(session, invitation, verdict, now, settings)
    if verdict.outcome == "bounce" or verdict.reason == UNCLEAR:
        letter = letter or _last_mail(session, invitation, named=verdict.outcome == "bounce")
        verdict = _returned(session, letter, verdict, now)
    session.add(_reply(hashed(mail.key), verdict, invitation, letter, now))


def _known(session: Session, mail: Received) -> bool:
    return session.scalar(select(Reply.id).where(Reply.key == hashed(mail.key))) is not None


def _judged(session: Session, mail: Received, now: datetime, settings: Settings) -> Verdict:
    told: dict[str, Any] = {"authserv": settings.inbox.authserv, "now": now, "size": mail.size}
    verdict = judge(mail.raw, mail.rcpt, mail.mail_from, Register(session), MailLimits(), **told)
    return _as_it_is(verdict, mail) if verdict.reason == BROKEN and not verdict.words else verdict


def _as_it_is(verdict: Verdict, mail: Received) -> Verdict:
    """A mail that nothing can be made of, for a person as it came: the mail itself is erased."""
    return replace(verdict, words=plain.clean(plain.decoded(mail.raw[: plain.LONGEST]), SOURCE))


def _about(session: Session, verdict: Verdict) -> tuple[Invitation | None, DueLetter | None]:
    if not verdict.token:
        return None, None
    if verdict.via == "bounce":
        letter = bounces.letter_of(session, verdict.token)
        return (letter.invitation if letter else None), letter
    return session.scalars(select(Invitation).where(Invitation.token_hash == hashed(verdict.token))).one_or_none(), None


def _apply(session: Session, invitation: Invitation, verdict: Verdict, now: datetime, settings: Settings) -> Verdict:
    version = (verdict.sequence if verdict.sequence is not None else invitation.sequence, verdict.stamp)
    try:
        answer.answer(
            session,
            invitation,
            verdict.partstat,
            by="mail",
            now=now,
            settings=settings,
            version=version,
            comment=verdict.comment,
        )
    except answer.PlaceGone:
        # A yes after a no, and somebody else has the place: a person has to say so.
        return _for_a_person(verdict, "place_gone")
    except answer.NoLonger:
        return _for_a_person(verdict, "cancelled")
    return verdict


def _for_a_person(verdict: Verdict, reason: str) -> Verdict:
    return Verdict(
        "review",
        reason,
        token=verdict.token,
        via=verdict.via,
        partstat=verdict.partstat,
        sender=verdict.sender,
        subject=verdict.subject,
        words=verdict.comment,
    )


def _returned(session: Session, letter: DueLetter | None, verdict: Verdict, now: datetime) -> Verdict:
    """A mail of ours came back: read as what a server says at once. What was known already changes nothing."""
    signup = session.get(Signup, letter.signup_id) if letter and letter.signup_id else None
    if letter is None:
        return verdict
    went = verdict.token if verdict.via == "bounce" else letter.bounce or ""
    if signup and bounces.is_former(went, signup):
        return Verdict("ignored", "former_address", token=verdict.token, via=verdict.via)
    if verdict.outcome != "bounce" or verdict.reason == Bounced.SOFT:
        return verdict
    fault = f"{'unknown' if verdict.reason == Bounced.HARD else verdict.reason} {verdict.code}".strip()
    known = not retries.mail_not_delivered(session, letter, fault, now)
    if known and verdict.reason == Bounced.HARD and signup and not letter.returned:
        retries.to_the_call_list(session, signup.id, now)
    return verdict


def _last_mail(session: Session, invitation: Invitation | None, *, named: bool) -> DueLetter | None:
    """What a report at the address for answers is about: the mail that went last.

    One that does not name the present address (`named`) may be about a former one, if there is any.
    """
    if invitation is None:
        return None
    mailed = DueLetter.invitation_id == invitation.id, DueLetter.channel == "email", DueLetter.sent_at.is_not(None)
    found = session.scalars(select(DueLetter).where(*mailed).order_by(DueLetter.id.desc())).all()
    addresses = {bounces.went(letter) for letter in found}
    return found[0] if found and (named or len(addresses) == 1) else None


def _reply(key: str, verdict: Verdict, invitation: Invitation | None, letter: DueLetter | None, now: datetime) -> Reply:
    """What came of it. Somebody's words are kept only while they wait for a person."""
    whose = invitation or letter
    words = {name: getattr(verdict, name) for name in ("sender", "subject", "words", "quoted")}
    return Reply(
        key=key,
        organisation_id=whose.organisation_id if whose else None,
        project_id=whose.project_id if whose else None,
        signup_id=whose.signup_id if whose else None,
        invitation_id=invitation.id if invitation else None,
        letter_id=letter.id if letter else None,
        at=now,
        outcome=verdict.outcome,
        reason=" ".join(part for part in (verdict.reason, verdict.code) if part),
        partstat=verdict.partstat,
        content=words if verdict.outcome == "review" else None,
    )
