"""Whether the audit log is as it was written: which line is the first that does not fit, and marks to hold on to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from web.crypto import Vault
from web.rows import AuditChain, AuditLine, Organisation
from web.services.audit import chain as chains

LAST = 2**31 - 1
"""Where a log ends of which nobody knows the end: the highest number there can be."""
SHORT = 16
"""Letters of a hash that stand in a mark."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """One log: how many lines fit from the beginning, the first thing that does not, and the mark of its last line.

    A mark is 'zuid:120:4f0c…': the number of a line and the beginning of its hash. Whoever wrote one down elsewhere can
    ask later whether that line is still there (`missed`); it shows when somebody put back an older log as a whole.
    """

    organisation: str
    lines: int
    fault: str
    mark: str
    missed: tuple[str, ...] = ()


def verify(session: Session, vault: Vault, marks: tuple[str, ...] = ()) -> list[Verdict]:
    """Go over every log, organisation by organisation."""
    return [_verdict(session, vault, one, marks) for one in session.scalars(select(Organisation).order_by("slug"))]


def mark_of(slug: str, number: int, mac: str) -> str:
    """What to write down of a line."""
    return f"{slug}:{number}:{mac[:SHORT]}"


def _verdict(session: Session, vault: Vault, organisation: Organisation, marks: tuple[str, ...]) -> Verdict:
    slug, wanted = organisation.slug, {mark for mark in marks if mark.partition(":")[0] == organisation.slug}
    ends = session.scalar(select(AuditChain).where(AuditChain.organisation_id == organisation.id))
    at, before, fit = (ends.forgotten, ends.anchor, 0) if ends else (0, "", 0)
    fault = "" if ends is None or ends.seal == chains.seal_of(vault, ends) else "the ends of the log were changed"
    wanted.discard(mark_of(slug, at, before))
    for line in _lines(session, organisation.id, ends.lines if ends else LAST):
        if fault := fault or _fault(vault, line, at, before):
            break
        at, before, fit = at + 1, line.mac or "", fit + 1
        wanted.discard(mark_of(slug, at, before))
    fault = fault or _end(ends, at, before) or _beyond(session, organisation.id)
    return Verdict(slug, fit, fault, mark_of(slug, at, before), tuple(sorted(wanted)))


def _lines(session: Session, organisation: int, end: int) -> Iterator[AuditLine]:
    """From the oldest that is kept to number `end`, then those without a number; people go on writing meanwhile."""
    mine = select(AuditLine).where(AuditLine.organisation_id == organisation)
    known = mine.where(or_(AuditLine.number <= end, AuditLine.number.is_(None)))
    ordered = known.order_by(AuditLine.number.is_(None), AuditLine.number, AuditLine.id)
    yield from session.scalars(ordered.execution_options(yield_per=1000))


def _beyond(session: Session, organisation: int) -> str:
    """Whether there is a line after the end, as it is now: looked for before the end is looked at."""
    last = session.scalar(select(func.max(AuditLine.number)).where(AuditLine.organisation_id == organisation)) or 0
    end = session.scalar(select(AuditChain.lines).where(AuditChain.organisation_id == organisation)) or 0
    return f"line {last} was put in from outside: {end} were written" if last > end else ""


def _fault(vault: Vault, line: AuditLine, at: int, before: str) -> str:
    """What is wrong with the line that comes after number `at`."""
    if line.number is None:
        return f"line id {line.id} ({line.at:%Y-%m-%d %H:%M}) was put in from outside"
    if line.number != at + 1:
        return f"line {at + 1} is missing: after {at} comes {line.number}"
    if line.mac != chains.mac_of(vault, before, line):
        return f"line {line.number} ({line.at:%Y-%m-%d %H:%M}) is not as it was written"
    return ""


def _end(ends: AuditChain | None, at: int, before: str) -> str:
    """What is wrong with where the log ends."""
    if ends is None:
        return "the ends of the log are gone" if at else ""
    if (ends.lines, ends.mac) != (at, before):
        return f"lines after {at} are missing: {ends.lines} were written"
    return ""
