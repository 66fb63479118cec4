"""The audit log: one line for every read of personal data by staff, every export, publish, move by hand and consent."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from web.rows import AuditLine, Facilitator, Staff


def note(
    session: Session,
    now: datetime,
    who: Staff | Facilitator | str,
    what: str,
    *,
    organisation_id: int,
    project_id: int | None = None,
    about: object = "",
) -> None:
    """Add a line. `about` is a row or an opaque text; names and answers never enter the log (promise 13)."""
    session.add(
        AuditLine(
            at=now,
            who=opaque(who),
            what=what,
            about=opaque(about),
            organisation_id=organisation_id,
            project_id=project_id,
        )
    )


def opaque(row: object) -> str:
    """A row as 'kind:id'; kinds are the names of tables, without the underscores."""
    return row if isinstance(row, str) else f"{row.__tablename__.replace('_', '')}:{row.id}"  # type: ignore[attr-defined]
