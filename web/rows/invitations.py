"""What somebody is invited to, what they answered, the places that are offered, and the calendars they follow."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from web.rows.base import Base, OfOrganisation, OfProject, Sealed
from web.rows.meetings import Facilitator, Gathering, TimeSlot
from web.rows.people import Signup


class InvitationState(StrEnum):
    """Whether an invitation stands."""

    ON = "on"
    OFF = "off"


class Partstat(StrEnum):
    """An answer to an invitation, in the words of RFC 5545."""

    NEEDS_ACTION = "NEEDS-ACTION"
    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"
    TENTATIVE = "TENTATIVE"


ANSWERS = (Partstat.ACCEPTED, Partstat.TENTATIVE, Partstat.DECLINED)


class OfferState(StrEnum):
    """What became of the offer of a place."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    RELEASED = "released"
    """Never asked: an organiser gave this very place free for them, so it is not offered to them."""


class Invitation(OfProject, Base):
    """One person at one gathering: what their calendar knows, and what they answered (calendar rules 16-18, 40-42).

    `told` is what they were last told; `sequence` and `stamp` belong to that. `changed_sequence` is the version of the
    last change of time or place: an answer to an older one is none. The token is in the address that answers go to and
    opens the page of this invitation; only its hash can be looked up.
    """

    __tablename__ = "invitation"
    __table_args__ = (UniqueConstraint("signup_id", "uid"),)

    series_id: Mapped[int] = mapped_column(ForeignKey("series.id", ondelete="CASCADE"), index=True)
    signup_id: Mapped[int] = mapped_column(ForeignKey("signup.id", ondelete="CASCADE"), index=True)
    gathering_id: Mapped[int] = mapped_column(ForeignKey("gathering.id", ondelete="CASCADE"), index=True)
    uid: Mapped[str] = mapped_column(index=True)
    token: Mapped[str] = mapped_column(Sealed)
    token_hash: Mapped[str] = mapped_column(unique=True)
    mailbox: Mapped[str | None] = mapped_column(Sealed)  # who was invited, if by e-mail: the ATTENDEE
    state: Mapped[str] = mapped_column(default=InvitationState.ON)
    off_at: Mapped[datetime | None]
    sequence: Mapped[int] = mapped_column(default=0)
    changed_sequence: Mapped[int] = mapped_column(default=0)
    stamp: Mapped[datetime]
    told: Mapped[Any] = mapped_column(Sealed)  # {"starts", "ends", "place", "link", "mode", "group", "language"}

    partstat: Mapped[str] = mapped_column(default=Partstat.NEEDS_ACTION)
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[str] = mapped_column(default="")  # mail | page | staff
    answer_sequence: Mapped[int | None]
    answer_stamp: Mapped[datetime | None]
    comment: Mapped[str | None] = mapped_column(Sealed)

    signup: Mapped[Signup] = relationship()
    gathering: Mapped[Gathering] = relationship()


class Offer(OfProject, Base):
    """A place that came free, offered to somebody who waits; nobody is placed unasked.

    The group is named by session and number, as a new plan has new rows. Those who come together get an offer each,
    with the same `party`.
    """

    __tablename__ = "offer"

    series_id: Mapped[int] = mapped_column(ForeignKey("series.id", ondelete="CASCADE"), index=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("session.id", ondelete="CASCADE"), index=True)
    number: Mapped[int]
    signup_id: Mapped[int] = mapped_column(ForeignKey("signup.id", ondelete="CASCADE"), index=True)
    party: Mapped[str]
    token: Mapped[str] = mapped_column(Sealed)
    token_hash: Mapped[str] = mapped_column(unique=True)
    state: Mapped[str] = mapped_column(default=OfferState.OPEN)
    made_at: Mapped[datetime]
    until: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    signup: Mapped[Signup] = relationship()
    session: Mapped[TimeSlot] = relationship()


class Feed(OfOrganisation, Base):
    """The calendar that somebody follows, behind a secret address that can be taken back (calendar rule 36)."""

    __tablename__ = "feed"

    signup_id: Mapped[int | None] = mapped_column(ForeignKey("signup.id", ondelete="CASCADE"), index=True)
    facilitator_id: Mapped[int | None] = mapped_column(ForeignKey("facilitator.id", ondelete="CASCADE"), index=True)
    secret: Mapped[str] = mapped_column(Sealed)
    secret_hash: Mapped[str] = mapped_column(unique=True)
    made_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]

    signup: Mapped[Signup | None] = relationship()
    facilitator: Mapped[Facilitator | None] = relationship()


MOODS = ("good", "so_so", "bad")


class Impression(Base):
    """How a gathering was, counted without knowing whose answer it is (P23)."""

    __tablename__ = "impression"
    __table_args__ = (UniqueConstraint("gathering_id", "mood"),)

    gathering_id: Mapped[int] = mapped_column(ForeignKey("gathering.id", ondelete="CASCADE"), index=True)
    mood: Mapped[str]  # one of MOODS
    count: Mapped[int] = mapped_column(default=0)
