"""Letters that are due: written in the same transaction as the change they tell of, sent by the worker."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from web.rows.base import Base, OfProject, Sealed


class DueLetter(OfProject, Base):
    """One letter to one person; `key` makes it idempotent (what it is about and which version of that)."""

    __tablename__ = "due_letter"
    __table_args__ = (UniqueConstraint("key"),)

    key: Mapped[str]
    kind: Mapped[str]  # confirmation | placed | changed | waiting | list_ready
    series_id: Mapped[int] = mapped_column(ForeignKey("series.id", ondelete="CASCADE"), index=True)
    signup_id: Mapped[int | None] = mapped_column(ForeignKey("signup.id", ondelete="CASCADE"), index=True)
    facilitator_id: Mapped[int | None] = mapped_column(ForeignKey("facilitator.id", ondelete="CASCADE"), index=True)
    channel: Mapped[str]  # email | text | call | letter | via
    content: Mapped[Any | None] = mapped_column(Sealed)  # what cannot be looked up later, such as a secret link
    due_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    fault: Mapped[str] = mapped_column(default="")
