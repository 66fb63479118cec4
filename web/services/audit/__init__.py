"""The audit log: one line for every read of personal data by staff, every export, publish, move by hand and consent."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from web.rows import AuditLine, Facilitator, Organisation, Project, Reply, Staff
from web.rows.base import OfOrganisation
from web.services.audit import chain

YEARS = 2
"""How long a line is kept: long enough to look back after a complaint, and no longer."""
RESIDENT = "resident"
"""Who stands in a line about what somebody did with their own link."""

NIGHTLY = "nightly"
"""Who does the work of a night."""


def note(
    session: Session,
    row: OfOrganisation | Organisation | Reply,
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
    line = AuditLine(
        at=now,
        who=opaque(by),
        what=what,
        about=opaque(row if about is None else about),
        organisation_id=row.id if isinstance(row, Organisation) else row.organisation_id,
        project_id=row.id if isinstance(row, Project) else getattr(row, "project_id", None),
    )
    chain.add(session, line)


def forget(session: Session, now: datetime) -> int:
    """Forget what is older than the log is kept; that it was done is a line. How many lines."""
    gone = chain.forget(session, now - timedelta(days=365 * YEARS))
    for organisation, many in gone.items():
        note(
            session,
            session.get_one(Organisation, organisation),
            "log_forgotten",
            by=NIGHTLY,
            now=now,
            about=f"{many}",
        )
    return sum(gone.values())


def opaque(row: object) -> str:
    """A row as 'kind:id'; kinds are the names of tables, without the underscores."""
    return row if isinstance(row, str) else f"{row.__tablename__.replace('_', '')}:{row.id}"  # type: ignore[attr-defined]
