"""The audit log: one line for every read of personal data by staff, every export, publish, move by hand and consent."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session as DbSession

from web.rows import AuditLine, Facilitator, Staff


def note(
    session: DbSession,
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
    """A row as 'kind:id'."""
    return row if isinstance(row, str) else f"{type(row).__name__.lower()}:{row.id}"  # type: ignore[attr-defined]
