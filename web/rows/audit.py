"""The audit log: who did what, when, in which project; no personal data in the line itself (promise 13)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from web.rows.base import Base, OfOrganisation


class AuditLine(OfOrganisation, Base):
    """One line; `who` is 'staff:3', 'facilitator:5', 'resident' or 'nightly', `about` an opaque 'signup:12'.

    Lines of an organisation are numbered without gaps, and `mac` is a keyed hash over the line and the `mac` of the one
    before. Both are written when the transaction ends (web.services.audit.chain); a line without is nobody's of ours.
    """

    __tablename__ = "audit_line"
    __table_args__ = (UniqueConstraint("organisation_id", "number"),)

    at: Mapped[datetime]
    who: Mapped[str]
    what: Mapped[str]
    about: Mapped[str] = mapped_column(default="")
    project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id", ondelete="SET NULL"), index=True)
    number: Mapped[int | None]
    mac: Mapped[str | None]


class AuditChain(Base):
    """The two ends of the log of an organisation: the line written last, and the line forgotten last.

    `seal` is a keyed hash over the other columns: who only has the database cannot move an end.
    """

    __tablename__ = "audit_chain"

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), unique=True)
    lines: Mapped[int] = mapped_column(default=0)
    mac: Mapped[str] = mapped_column(default="")
    forgotten: Mapped[int] = mapped_column(default=0)
    anchor: Mapped[str] = mapped_column(default="")
    seal: Mapped[str] = mapped_column(default="")
