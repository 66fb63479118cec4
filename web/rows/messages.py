"""What goes out and comes in: letters that are due, answers and bounces that came, and what is out of order."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from web.rows.base import Base, OfProject, Sealed
from web.rows.invitations import Invitation, Offer


class LetterState(StrEnum):
    """How far a letter is. `sending`: handed over at this moment; `unsure`: the line broke then, nobody can know."""

    DUE = "due"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    OVERTAKEN = "overtaken"
    UNSURE = "unsure"


class DueLetter(OfProject, Base):
    """One letter to one person; `key` makes it idempotent (what it is about and which version of that).

    Written in the same transaction as the change it tells of, and sent by the worker, or by a person when `channel`
    is one that only people have. `due_at` is when it is sent at the earliest; `sequence` is that of the calendar
    (rule 17); `bounce` is how a returned mail finds its letter (rule 45). `fault` is what is the matter now; `returned`
    is why a mail or text message did not arrive and stays when it goes another way.
    """

    __tablename__ = "due_letter"
    __table_args__ = (UniqueConstraint("key"), UniqueConstraint("bounce"), Index("ix_due_letter_state", "state"))

    key: Mapped[str]
    kind: Mapped[str]  # one of web.letters.LETTERS
    state: Mapped[str] = mapped_column(default=LetterState.DUE)
    series_id: Mapped[int | None] = mapped_column(ForeignKey("series.id", ondelete="CASCADE"), index=True)
    signup_id: Mapped[int | None] = mapped_column(ForeignKey("signup.id", ondelete="CASCADE"), index=True)
    facilitator_id: Mapped[int | None] = mapped_column(ForeignKey("facilitator.id", ondelete="CASCADE"), index=True)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), index=True)
    invitation_id: Mapped[int | None] = mapped_column(ForeignKey("invitation.id", ondelete="CASCADE"), index=True)
    offer_id: Mapped[int | None] = mapped_column(ForeignKey("offer.id", ondelete="CASCADE"), index=True)
    channel: Mapped[str]  # email | text | call | letter | via
    sequence: Mapped[int | None]
    content: Mapped[Any | None] = mapped_column(Sealed)  # what cannot be looked up later, such as a secret link
    due_at: Mapped[datetime]
    claimed_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    fault: Mapped[str] = mapped_column(default="")  # a word of web.channels.faults and the server's digits
    bounce: Mapped[str | None]
    returned: Mapped[str] = mapped_column(default="")  # as `fault`
    returned_at: Mapped[datetime | None]

    invitation: Mapped[Invitation | None] = relationship()
    offer: Mapped[Offer | None] = relationship()


class Reply(Base):
    """A mail that came back: what it did, or what a person has to decide. `key` makes reading it twice harmless.

    Whose it is is known only when its token is; the others are for an administrator. `letter` is which of ours it sends
    back.
    """

    __tablename__ = "reply"
    __table_args__ = (UniqueConstraint("key"),)

    key: Mapped[str]
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)
    project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id", ondelete="CASCADE"), index=True)
    signup_id: Mapped[int | None] = mapped_column(ForeignKey("signup.id", ondelete="CASCADE"), index=True)
    invitation_id: Mapped[int | None] = mapped_column(ForeignKey("invitation.id", ondelete="CASCADE"), index=True)
    letter_id: Mapped[int | None] = mapped_column(ForeignKey("due_letter.id", ondelete="SET NULL"), index=True)
    at: Mapped[datetime]
    outcome: Mapped[str]  # applied | ignored | review | rejected | bounce
    reason: Mapped[str] = mapped_column(default="")
    partstat: Mapped[str] = mapped_column(default="")
    content: Mapped[Any | None] = mapped_column(Sealed)  # {"sender", "subject", "words", "quoted"}: only while it waits
    handled_at: Mapped[datetime | None]
    handled_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id", ondelete="SET NULL"))

    invitation: Mapped[Invitation | None] = relationship()
    letter: Mapped[DueLetter | None] = relationship()


class LetterCount(Base):
    """How many letters people outside caused to one address on one day; `reached_hash` is another every day.

    It stays when somebody is erased, or else erasing would begin a new count; the night after the day erases it.
    """

    __tablename__ = "letter_count"
    __table_args__ = (UniqueConstraint("reached_hash", "about"),)

    reached_hash: Mapped[str]
    about: Mapped[str]  # one of web.services.outbox.allowance.MOST
    day: Mapped[date] = mapped_column(index=True)
    count: Mapped[int]


class Outage(Base):
    """What does not work now: e-mail, text messages, the mailbox, mail that others refuse. Gone when it works again."""

    __tablename__ = "outage"

    what: Mapped[str] = mapped_column(unique=True)  # email | text | inbox | refused
    fault: Mapped[str]
    since: Mapped[datetime]
    last_at: Mapped[datetime]
    times: Mapped[int] = mapped_column(default=1)


class Pulse(Base):
    """When something that runs by itself last did: the look into the mailbox."""

    __tablename__ = "pulse"

    what: Mapped[str] = mapped_column(unique=True)  # inbox
    at: Mapped[datetime]


class KnownTime(Base):
    """What time it was when the worker was last at work, in one row: what a clock that jumps is held against.

    `doubted_since` and `seen_at` are the first and the last moment of a time that jumped, by that time's own clock.
    """

    __tablename__ = "known_time"

    trusted_at: Mapped[datetime]
    doubted_since: Mapped[datetime | None]
    seen_at: Mapped[datetime | None]
