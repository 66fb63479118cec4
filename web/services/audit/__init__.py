"""The audit log: one line for every read of personal data by staff, every export, publish, move by hand and consent."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from web.rows import AuditLine, Facilitator, Project, Reply, Staff, rowcount
from web.rows.base import OfOrganisation

NIGHTLY = "nightly"
"""Who does the work of a night."""


def note(
    session: Session,
    row: OfOrganisation | Reply,
    what: str,
    *,
    by: Staff | Facilitator | str,
    now: datetime,
    about: object | None = None,
) -> None:
    """Add a line on a row, in the log of its organisation and, where it has one, of its project.

    `about` is another row or an opaque text that the line names instead, '' for none; names and answers never enter
    the log (promise 13).
    """
    session.add(
        AuditLine(
            at=now,
            who=opaque(by),
            what=what,
            about=opaque(row if about is None else about),
            organisation_id=row.organisation_id,
            project_id=row.id if isinstance(row, Project) else getattr(row, "project_id", None),
        )
    )


def forget(session: Session, before: datetime) -> int:
    """Erase what people did before; how many lines. What the night did names nobody, and says what is done."""
    old = AuditLine.at < before, AuditLine.who != NIGHTLY
    return rowcount(session.execute(delete(AuditLine).where(*old)))


def opaque(row: object) -> str:
    """A row as 'kind:id'; kinds are the names of tables, without the underscores."""
    return row if isinstance(row, str) else f"{row.__tablename__.replace('_', '')}:{row.id}"  # type: ignore[attr-defined]
