"""Proposals for groups, every change made to them by hand, and the plan that was published."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from web.rows.base import Base, OfProject, Sealed
from web.rows.meetings import Series


class ProposalState(StrEnum):
    """How far a proposal is."""

    ASKED = "asked"
    WORKING = "working"
    DONE = "done"
    STOPPED = "stopped"
    FAILED = "failed"


class Proposal(OfProject, Base):
    """One question to the optimiser and its answer.

    `position` points at the step that is shown; `version` counts changes. `base_id` is the proposal whose locks and
    seats are kept ('solve the rest again'). `beat` is when the worker was last heard of: a proposal that works without
    a heartbeat is taken up again.
    """

    __tablename__ = "proposal"

    series_id: Mapped[int] = mapped_column(ForeignKey("series.id", ondelete="CASCADE"), index=True)
    base_id: Mapped[int | None] = mapped_column(ForeignKey("proposal.id", ondelete="SET NULL"))
    status: Mapped[str] = mapped_column(default=ProposalState.ASKED)
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id", ondelete="SET NULL"))
    asked_at: Mapped[datetime]
    seed: Mapped[int]
    seconds: Mapped[float]
    config_hash: Mapped[str]
    input_hash: Mapped[str] = mapped_column(default="")
    attempts: Mapped[int] = mapped_column(default=0)
    beat: Mapped[datetime | None]
    stop: Mapped[bool] = mapped_column(default=False)
    progress: Mapped[dict[str, Any]] = mapped_column(default=dict)
    found: Mapped[Any | None] = mapped_column(Sealed)  # figures, bounds, reasons, relaxations, warnings
    position: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=0)

    series: Mapped[Series] = relationship()
    steps: Mapped[list[Step]] = relationship(
        back_populates="proposal", order_by="Step.position", cascade="all, delete-orphan"
    )


class Step(Base):
    """The board after one change: step 0 is what the optimiser found, every further one a change by hand.

    `board` is {"groups": [{"session", "number", "people", "language", "facilitator"}], "locks": [{"person", "session",
    "group"}]} with opaque ids of sign-ups, sessions and facilitators.
    """

    __tablename__ = "step"
    __table_args__ = (UniqueConstraint("proposal_id", "position"),)

    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    kind: Mapped[str]  # found | move | lock | unlock | swap
    board: Mapped[dict[str, Any]]
    at: Mapped[datetime]
    by: Mapped[int | None] = mapped_column(ForeignKey("staff.id", ondelete="SET NULL"))

    proposal: Mapped[Proposal] = relationship(back_populates="steps")


class Plan(OfProject, Base):
    """What was published, with everything needed to account for it (promise 15). A series has one current plan."""

    __tablename__ = "plan"

    series_id: Mapped[int] = mapped_column(ForeignKey("series.id", ondelete="CASCADE"), index=True)
    proposal_id: Mapped[int | None] = mapped_column(ForeignKey("proposal.id", ondelete="SET NULL"))
    current: Mapped[bool] = mapped_column(default=True)
    published_at: Mapped[datetime]
    published_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id", ondelete="SET NULL"))
    reason: Mapped[str] = mapped_column(default="")  # why firm rules were broken all the same
    seed: Mapped[int]
    input_hash: Mapped[str]
    config_hash: Mapped[str]
    moves: Mapped[int] = mapped_column(default=0)
    figures: Mapped[dict[str, Any]] = mapped_column(default=dict)
    breaches: Mapped[Any] = mapped_column(Sealed, default=list)

    series: Mapped[Series] = relationship()
    groups: Mapped[list[PlanGroup]] = relationship(back_populates="plan", cascade="all, delete-orphan")


class PlanGroup(Base):
    """One table during one session."""

    __tablename__ = "plan_group"
    __table_args__ = (UniqueConstraint("plan_id", "session_id", "number"),)

    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id", ondelete="CASCADE"), index=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("session.id", ondelete="CASCADE"), index=True)
    number: Mapped[int]
    language: Mapped[str] = mapped_column(default="")
    facilitator_id: Mapped[int | None] = mapped_column(ForeignKey("facilitator.id", ondelete="SET NULL"))

    plan: Mapped[Plan] = relationship(back_populates="groups")
    seats: Mapped[list[Seat]] = relationship(back_populates="group", cascade="all, delete-orphan")


class Seat(Base):
    """One person at one table."""

    __tablename__ = "seat"
    __table_args__ = (UniqueConstraint("group_id", "signup_id"),)

    group_id: Mapped[int] = mapped_column(ForeignKey("plan_group.id", ondelete="CASCADE"), index=True)
    signup_id: Mapped[int] = mapped_column(ForeignKey("signup.id", ondelete="CASCADE"), index=True)

    group: Mapped[PlanGroup] = relationship(back_populates="seats")
