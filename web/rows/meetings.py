"""Series, rounds and sessions, and the facilitators who lead the groups."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import uuid4

from sqlalchemy import Column, ForeignKey, Table, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from web.rows.base import Base, OfOrganisation, OfProject, Sealed
from web.rows.organisation import Project, Venue

facilitator_session = Table(
    "facilitator_session",
    Base.metadata,
    Column("facilitator_id", ForeignKey("facilitator.id", ondelete="CASCADE"), primary_key=True),
    Column("session_id", ForeignKey("session.id", ondelete="CASCADE"), primary_key=True),
)


class SeriesState(StrEnum):
    """How far a series is."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"
    FINISHED = "finished"


class Series(OfProject, Base):
    """What residents sign up for: one meeting, the same group several times, or rounds with new people.

    `capacity` is how many sign-ups may wait for a group; who comes later stands on the waiting list. `counted` numbers
    the sign-ups: adding to it is the first change of every sign-up, so that two at once queue up behind each other.
    """

    __tablename__ = "series"
    __table_args__ = (UniqueConstraint("organisation_id", "slug"),)

    title: Mapped[str]
    slug: Mapped[str]
    intro: Mapped[str] = mapped_column(default="")
    format: Mapped[str]  # key of config/formats
    state: Mapped[str] = mapped_column(default=SeriesState.DRAFT)
    capacity: Mapped[int | None]
    counted: Mapped[int] = mapped_column(default=0)
    reviewed: Mapped[bool] = mapped_column(default=True)  # a copy asks for a review first (P12)
    closes_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    story: Mapped[str] = mapped_column(default="")  # what was done with it, told when the series is finished (P24)

    project: Mapped[Project] = relationship()
    rounds: Mapped[list[Round]] = relationship(
        back_populates="series", order_by="Round.number", cascade="all, delete-orphan"
    )

    @property
    def sessions(self) -> list[TimeSlot]:
        """Every session of every round, in order of time."""
        return sorted((s for r in self.rounds for s in r.sessions), key=lambda s: (s.starts, s.id))

    def ahead(self, now: datetime) -> list[TimeSlot]:
        """The sessions that somebody can still come to: a date is to come, and stands."""
        return [session for session in self.sessions if session.coming(now)]


class Round(OfProject, Base):
    """One round of a series; most series have one."""

    __tablename__ = "round"
    __table_args__ = (UniqueConstraint("series_id", "number"),)

    series_id: Mapped[int] = mapped_column(ForeignKey("series.id", ondelete="CASCADE"), index=True)
    number: Mapped[int] = mapped_column(default=1)

    series: Mapped[Series] = relationship(back_populates="rounds")
    sessions: Mapped[list[TimeSlot]] = relationship(back_populates="round", cascade="all, delete-orphan")


class TimeSlot(OfProject, Base):
    """A place at a time, with room for `groups` groups. Several gatherings are the dates of one and the same group."""

    __tablename__ = "session"

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"), index=True)
    venue_id: Mapped[int | None] = mapped_column(ForeignKey("venue.id"))
    groups: Mapped[int] = mapped_column(default=2)
    seats: Mapped[int | None]
    mode: Mapped[str] = mapped_column(default="here")  # here | online
    link: Mapped[str | None] = mapped_column(Sealed)

    round: Mapped[Round] = relationship(back_populates="sessions")
    venue: Mapped[Venue | None] = relationship()
    # Whoever asks for a session asks when it is: one question for all sessions at once, and not one for each.
    gatherings: Mapped[list[Gathering]] = relationship(
        back_populates="session", order_by="Gathering.starts", cascade="all, delete-orphan", lazy="selectin"
    )
    facilitators: Mapped[list[Facilitator]] = relationship(secondary=facilitator_session, back_populates="sessions")

    @property
    def dates(self) -> list[Gathering]:
        """The dates that stand."""
        return [gathering for gathering in self.gatherings if gathering.called_off_at is None]

    def coming(self, now: datetime) -> list[Gathering]:
        """The dates that stand and did not begin: somebody can still choose them, and they can still be moved."""
        return [gathering for gathering in self.dates if gathering.starts > now]

    @property
    def called_off(self) -> bool:
        """Whether it does not take place at all."""
        return not self.dates

    @property
    def starts(self) -> datetime:
        """When it begins for the first time; of what does not take place, when it would have."""
        return (self.dates or self.gatherings)[0].starts


class Gathering(Base):
    """One date of a session, in UTC. `uid` is what every calendar knows it by, from whoever it came.

    A date that was called off stays, so that calendars can strike it through; `changed_at` is of the last change.
    """

    __tablename__ = "gathering"

    session_id: Mapped[int] = mapped_column(ForeignKey("session.id", ondelete="CASCADE"), index=True)
    uid: Mapped[str] = mapped_column(default=lambda: str(uuid4()), unique=True)
    # The version of the date as the calendars of facilitators know it.
    sequence: Mapped[int] = mapped_column(default=0)
    starts: Mapped[datetime]
    ends: Mapped[datetime]
    changed_at: Mapped[datetime | None]
    called_off_at: Mapped[datetime | None]

    session: Mapped[TimeSlot] = relationship(back_populates="gatherings")


class Facilitator(OfOrganisation, Base):
    """Somebody who leads groups, mostly a volunteer; no staff account.

    `used_at` is the last night on which they were still needed; empty until a night saw them. Their term begins there.
    """

    __tablename__ = "facilitator"

    name: Mapped[str] = mapped_column(Sealed)
    contact: Mapped[Any | None] = mapped_column(Sealed)  # {"email": ..., "phone": ...}
    languages: Mapped[list[Any]] = mapped_column(default=lambda: ["nl"])
    skills: Mapped[list[Any]] = mapped_column(default=list)
    max_groups: Mapped[int] = mapped_column(default=1)
    active: Mapped[bool] = mapped_column(default=True)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id", ondelete="SET NULL"), index=True)
    used_at: Mapped[datetime | None]

    sessions: Mapped[list[TimeSlot]] = relationship(secondary=facilitator_session, back_populates="facilitators")


class FacilitatorLink(OfOrganisation, Base):
    """The door of one facilitator to one session: a secret link, a PIN, and an end."""

    __tablename__ = "facilitator_link"

    facilitator_id: Mapped[int] = mapped_column(ForeignKey("facilitator.id", ondelete="CASCADE"), index=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("session.id", ondelete="CASCADE"), index=True)
    secret_hash: Mapped[str] = mapped_column(unique=True)
    pin_hash: Mapped[str]
    tries: Mapped[int] = mapped_column(default=0)
    opens_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked: Mapped[bool] = mapped_column(default=False)

    facilitator: Mapped[Facilitator] = relationship()
    session: Mapped[TimeSlot] = relationship()
