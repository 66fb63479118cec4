"""Who was there: every mark that was made of somebody on a date, with when and by whom."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from web.rows.base import Base, OfProject, Sealed


class Presence(StrEnum):
    """What a mark says of somebody on a date. OPEN takes back what was said before."""

    PRESENT = "present"
    LATE = "late"
    ABSENT = "absent"
    OPEN = "open"


CAME = (Presence.PRESENT, Presence.LATE)


class Attendance(OfProject, Base):
    """One mark of one person on one date; of several the last by `recorded_at` holds, so marks may come in any order.

    Who did not sign up is known by `walk_in`, the id of the mark that brought them, and by a first name. `number` is
    the table where they were. `device_entry` is made where the mark was made: sent twice, it is one mark. `recorded_at`
    is when that was, by our clock.
    """

    __tablename__ = "attendance"

    series_id: Mapped[int] = mapped_column(ForeignKey("series.id", ondelete="CASCADE"), index=True)
    gathering_id: Mapped[int] = mapped_column(ForeignKey("gathering.id", ondelete="CASCADE"), index=True)
    signup_id: Mapped[int | None] = mapped_column(ForeignKey("signup.id", ondelete="CASCADE"), index=True)
    walk_in: Mapped[str | None]
    walk_in_name: Mapped[str | None] = mapped_column(Sealed)
    number: Mapped[int]
    presence: Mapped[str]  # one of Presence
    device_entry: Mapped[str] = mapped_column(unique=True)
    recorded_at: Mapped[datetime]
    received_at: Mapped[datetime]
    recorded_by: Mapped[str]  # staff:3 or facilitator:5, as in the log
