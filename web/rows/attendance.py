"""Who was there: every mark that was made of somebody on a date, with when and by whom; and how a table ended."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from web.rows.base import Base, OfProject, Sealed
from web.rows.meetings import Gathering


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


class TableEnd(OfProject, Base):
    """How a table ended on a date, as who led it said: how many there were, one face, and whether to call them.

    Nothing that anybody said is in it. `called_at` is when somebody called.
    """

    __tablename__ = "table_end"
    __table_args__ = (UniqueConstraint("gathering_id", "number"),)

    series_id: Mapped[int] = mapped_column(ForeignKey("series.id", ondelete="CASCADE"), index=True)
    gathering_id: Mapped[int] = mapped_column(ForeignKey("gathering.id", ondelete="CASCADE"), index=True)
    number: Mapped[int]
    heads: Mapped[int | None]
    mood: Mapped[str]  # one of MOODS, or empty
    call_me: Mapped[bool]
    called_at: Mapped[datetime | None]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str]

    gathering: Mapped[Gathering] = relationship()
