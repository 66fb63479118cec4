"""Residents who signed up: sealed where it is about a person, hashed where we only have to find them again."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import InstrumentedAttribute, Mapped, mapped_column, relationship

from web.rows.base import Base, OfProject, Sealed
from web.rows.meetings import Series, TimeSlot


class SignupState(StrEnum):
    """Where a sign-up is: taking part, on the waiting list, or gone."""

    IN = "in"
    WAITING = "waiting"
    LEFT = "left"


REACH = ("email", "text", "call", "letter", "via")
CHANNELS = ("web", "paper", "phone", "contact", "import")


class KeyContact(OfProject, Base):
    """Somebody who invites people they know; counted in aggregate only (P9). `used_at` as of a facilitator."""

    __tablename__ = "key_contact"
    __table_args__ = (UniqueConstraint("project_id", "code"),)

    name: Mapped[str] = mapped_column(Sealed)
    code: Mapped[str]
    used_at: Mapped[datetime | None]


class Signup(OfProject, Base):
    """One person in one series. `number` is the order of arrival; `once` makes a double submit one sign-up."""

    __tablename__ = "signup"
    __table_args__ = (UniqueConstraint("series_id", "once"), UniqueConstraint("series_id", "code"))

    series_id: Mapped[int] = mapped_column(ForeignKey("series.id", ondelete="CASCADE"), index=True)
    number: Mapped[int]
    once: Mapped[str]
    code: Mapped[str]  # six characters to write down; opens nothing by itself
    secret_hash: Mapped[str] = mapped_column(unique=True)
    next_secret_hash: Mapped[str | None] = mapped_column(unique=True)  # of a link that was asked for and never used
    state: Mapped[str] = mapped_column(default=SignupState.IN)
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]

    name: Mapped[str] = mapped_column(Sealed)
    reach: Mapped[str]  # one of REACH
    contact: Mapped[Any | None] = mapped_column(Sealed)  # {"email", "phone", "via"}: what was given; never an address
    email_hash: Mapped[str | None] = mapped_column(index=True)
    phone_hash: Mapped[str | None] = mapped_column(index=True)
    name_hash: Mapped[str] = mapped_column(index=True)
    hashed_as: Mapped[int] = mapped_column(default=0, server_default="1")  # web.identity.hashes.FORM of these three
    channel: Mapped[str] = mapped_column(default="web")
    key_contact_id: Mapped[int | None] = mapped_column(ForeignKey("key_contact.id", ondelete="SET NULL"))

    language: Mapped[str] = mapped_column(default="nl")  # of pages and letters
    languages: Mapped[Any] = mapped_column(Sealed)  # spoken at the table: list of codes
    needs: Mapped[Any] = mapped_column(Sealed)  # list of keys of settings.needs
    diet: Mapped[Any | None] = mapped_column(Sealed)  # list of keys of settings.diets; only with consent
    allergies: Mapped[str | None] = mapped_column(Sealed)  # in the person's words; only with consent
    note: Mapped[str | None] = mapped_column(Sealed)  # what else is needed, in the person's words
    interests: Mapped[Any] = mapped_column(Sealed)
    bubbles: Mapped[Any] = mapped_column(Sealed)  # {dimension: [bubble, ...]}; what was not told is absent
    buddy: Mapped[str | None] = mapped_column(Sealed)  # as typed: a code, or a first name
    # Whom they named; binds nobody before the other says yes.
    buddy_id: Mapped[int | None] = mapped_column(ForeignKey("signup.id", ondelete="SET NULL"), index=True)
    priority: Mapped[int] = mapped_column(default=0)  # how often left out before (P29)
    other_wish: Mapped[bool] = mapped_column(default=False)  # asked for another table; needs no reason
    bounced_at: Mapped[datetime | None]  # mail came back for good: from then on somebody calls
    quiet: Mapped[bool] = mapped_column(default=False)  # wants no reminders

    series: Mapped[Series] = relationship()
    availability: Mapped[list[Availability]] = relationship(back_populates="signup", cascade="all, delete-orphan")
    consents: Mapped[list[Consent]] = relationship(back_populates="signup", cascade="all, delete-orphan")

    @property
    def usable_bubbles(self) -> dict[str, list[str]]:
        """What somebody told and lets us use; without consent that is nothing."""
        said = [consent for consent in self.consents if consent.kind == "bubbles"]
        latest = max(said, key=lambda consent: (consent.at, consent.id), default=None)
        return {k: v for k, v in (self.bubbles or {}).items() if v} if latest is not None and latest.given else {}

    @property
    def reached_by(self) -> str:
        """How a letter goes: as was asked, unless mail to that address comes back."""
        return "call" if self.reach == "email" and self.bounced_at else self.reach


def sealed_except(*needed: str) -> tuple[InstrumentedAttribute[Any], ...]:
    """The sealed columns of a sign-up that a query may leave closed: all but those that are needed."""
    sealed = (column.key for column in Signup.__table__.columns if isinstance(column.type, Sealed))
    return tuple(getattr(Signup, key) for key in sealed if key not in needed)


class Regard(StrEnum):
    """What somebody says about sitting with one other: yes or no to who named them as buddy, or rather not at all."""

    YES = "yes"
    NO = "no"
    APART = "apart"


class PairWish(Base):
    """What one person said about sitting with another in a series; for nobody but themselves and the matcher.

    What was said is sealed: a copy of the database does not tell who wants to see whom, and who does not.
    """

    __tablename__ = "pair_wish"
    __table_args__ = (UniqueConstraint("signup_id", "other_id"),)

    series_id: Mapped[int] = mapped_column(ForeignKey("series.id", ondelete="CASCADE"), index=True)
    signup_id: Mapped[int] = mapped_column(ForeignKey("signup.id", ondelete="CASCADE"))
    other_id: Mapped[int] = mapped_column(ForeignKey("signup.id", ondelete="CASCADE"), index=True)
    said: Mapped[Any] = mapped_column(Sealed)  # one of Regard


class Availability(Base):
    """That somebody can come to a session, and whether gladly."""

    __tablename__ = "availability"
    __table_args__ = (UniqueConstraint("signup_id", "session_id"),)

    signup_id: Mapped[int] = mapped_column(ForeignKey("signup.id", ondelete="CASCADE"))
    session_id: Mapped[int] = mapped_column(ForeignKey("session.id", ondelete="CASCADE"), index=True)
    prefers: Mapped[bool] = mapped_column(default=False)

    signup: Mapped[Signup] = relationship(back_populates="availability")
    session: Mapped[TimeSlot] = relationship()


class Consent(Base):
    """One answer to one question for consent: off by default, with the version of its text (promise 5)."""

    __tablename__ = "consent"

    signup_id: Mapped[int] = mapped_column(ForeignKey("signup.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str]  # bubbles | needs | food | next_time
    given: Mapped[bool]
    version: Mapped[str]
    at: Mapped[datetime]
    channel: Mapped[str]

    signup: Mapped[Signup] = relationship(back_populates="consents")


class Met(OfProject, Base):
    """That two people met before: keyed hashes, read by the matcher only, no screen, no export (promise 7)."""

    __tablename__ = "met"
    __table_args__ = (UniqueConstraint("project_id", "a_hash", "b_hash"),)

    series_id: Mapped[int] = mapped_column(ForeignKey("series.id", ondelete="CASCADE"), index=True)
    a_hash: Mapped[str]
    b_hash: Mapped[str]
    times: Mapped[int] = mapped_column(default=1)
