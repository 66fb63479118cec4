"""Reading the audit log of one organisation: filtered, a page at a time, or everything for a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from web.rows import AuditLine

PAGE = 50


@dataclass(frozen=True, slots=True)
class Search:
    """Which lines: of one project, one kind, one person (as 'staff:3'), from one moment until another."""

    project_id: int | None = None
    what: str = ""
    who: str = ""
    start: datetime | None = None
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Lines, newest first, with the number of this page and of all pages."""

    lines: Sequence[AuditLine]
    number: int
    pages: int
    total: int


def page(session: Session, organisation_id: int, search: Search, number: int) -> Page:
    """One page; a number that does not exist gives the nearest."""
    found = _found(organisation_id, search)
    total = session.scalar(select(func.count()).select_from(found.subquery())) or 0
    pages = max(1, -(-total // PAGE))
    number = min(max(1, number), pages)
    lines = session.scalars(_sorted(found).offset((number - 1) * PAGE).limit(PAGE)).all()
    return Page(lines, number, pages, total)


def everything(session: Session, organisation_id: int, search: Search) -> Iterator[AuditLine]:
    """All lines that were found, newest first."""
    yield from session.scalars(_sorted(_found(organisation_id, search)).execution_options(yield_per=1000))


def kinds(session: Session, organisation_id: int) -> Sequence[str]:
    """What happened here at least once."""
    mine = select(AuditLine.what).where(AuditLine.organisation_id == organisation_id)
    return session.scalars(mine.distinct().order_by(AuditLine.what)).all()


def _found(organisation_id: int, search: Search) -> Select[AuditLine]:
    found = select(AuditLine).where(AuditLine.organisation_id == organisation_id)
    for column, wanted in (("project_id", search.project_id), ("what", search.what), ("who", search.who)):
        if wanted:
            found = found.where(getattr(AuditLine, column) == wanted)
    if search.start:
        found = found.where(AuditLine.at >= search.start)
    if search.end:
        found = found.where(AuditLine.at < search.end)
    return found


def _sorted(found: Select[AuditLine]) -> Select[AuditLine]:
    return found.order_by(AuditLine.at.desc(), AuditLine.id.desc())
