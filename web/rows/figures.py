"""Figures as the night took them: what may be shown and, sealed, what the next night goes on from."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from web.rows.base import Base, OfProject, Sealed


class Figures(OfProject, Base):
    """One subject of one series, or of a whole project: a dimension, who can come when, who invited, how it was.

    `shown` is [[key, text, value or None], ...]: pages read it and nothing else. `people` is how many it is about,
    `batch` how often it was made anew, `small` and `step` the rules that it was made by. A page never counts people
    itself: what follows a single sign-up gives away what that person told (promise 11).
    """

    __tablename__ = "figures"
    __table_args__ = (UniqueConstraint("project_id", "series_id", "subject"),)

    series_id: Mapped[int | None] = mapped_column(ForeignKey("series.id", ondelete="CASCADE"), index=True)
    subject: Mapped[str]  # dimension:age | times | contacts | faces
    taken_at: Mapped[datetime]
    people: Mapped[int] = mapped_column(default=0)
    batch: Mapped[int] = mapped_column(default=0)
    small: Mapped[int]
    step: Mapped[int]
    shown: Mapped[list[Any]] = mapped_column(default=list)
    state: Mapped[Any] = mapped_column(Sealed)  # exact counts, and who was counted up to now
