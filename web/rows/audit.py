"""The audit log: who did what, when, in which project; no personal data in the line itself (promise 13)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from web.rows.base import Base, OfOrganisation


class AuditLine(OfOrganisation, Base):
    """One line; `who` is 'staff:3', 'facilitator:5', 'resident' or 'nightly', `about` an opaque 'signup:12'."""

    __tablename__ = "audit_line"

    at: Mapped[datetime]
    who: Mapped[str]
    what: Mapped[str]
    about: Mapped[str] = mapped_column(default="")
    project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id", ondelete="SET NULL"), index=True)
