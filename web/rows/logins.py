"""Who is logged in where: a row for every browser of staff or of a facilitator, and tokens that worked once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from web.rows.base import Base


class StaffLogin(Base):
    """A browser in which an account is logged in; without this row its cookie opens nothing.

    `device` is a browser and a system ('firefox windows'), so that its owner recognises it: no address, no version.
    """

    __tablename__ = "staff_login"

    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), index=True)
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    device: Mapped[str] = mapped_column(String(40))
    started_at: Mapped[datetime]
    used_at: Mapped[datetime]
    ends_at: Mapped[datetime] = mapped_column(index=True)


class FacilitatorLogin(Base):
    """A browser in which somebody typed the PIN of a link."""

    __tablename__ = "facilitator_login"

    link_id: Mapped[int] = mapped_column(ForeignKey("facilitator_link.id", ondelete="CASCADE"), index=True)
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    ends_at: Mapped[datetime] = mapped_column(index=True)


class SpentToken(Base):
    """A signed token that did its work, kept until its signature is too old to be taken."""

    __tablename__ = "spent_token"

    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    ends_at: Mapped[datetime] = mapped_column(index=True)
