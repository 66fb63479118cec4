"""Remembering who met: keyed hashes of pairs, written the day after a session, read by the matcher only (promise 7)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import combinations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from web import rows
from web.crypto import Vault
from web.rows import AuditLine, Gathering, Met, Plan, PlanGroup, Seat, Series, Signup
from web.services import audit
from web.services.plans.problem import person_hash
from web.world import local

DONE = "remember"


def run(session: Session, now: datetime, vault: Vault) -> int:
    """Write the pairs of every session that was over before today, each committed by itself; how many sessions."""
    evenings = _over(session, now)
    for evening in evenings:
        for group in _groups(session, evening):
            for a, b in combinations(sorted(_hashes(session, group, vault)), 2):
                _meet(session, evening.round.series, a, b)
        # The line says that it is done, in the same transaction: a second night finds it and passes by.
        audit.note(session, evening, DONE, by="nightly", now=now)
        session.commit()
    return len(evenings)


def _over(session: Session, now: datetime) -> Sequence[rows.TimeSlot]:
    """Sessions of a current plan whose last gathering was on an earlier day, and which are not written yet.

    Where a gathering was called off nobody met.
    """
    done = set(session.scalars(select(AuditLine.about).where(AuditLine.what == DONE)))
    ended = session.execute(
        select(rows.TimeSlot, func.max(Gathering.ends))
        .join(Gathering)
        .where(
            rows.TimeSlot.id.in_(select(PlanGroup.session_id).join(Plan).where(Plan.current)),
            Gathering.called_off_at.is_(None),
        )
        .group_by(rows.TimeSlot.id)
        .having(func.max(Gathering.ends) < now)
        .order_by(rows.TimeSlot.id)
    ).all()
    today = local(now).date()
    return [row for row, end in ended if audit.opaque(row) not in done and local(end).date() < today]


def _groups(session: Session, evening: rows.TimeSlot) -> Iterable[PlanGroup]:
    return session.scalars(
        select(PlanGroup).join(Plan).where(Plan.current, PlanGroup.session_id == evening.id).order_by(PlanGroup.id)
    ).all()


def _hashes(session: Session, group: PlanGroup, vault: Vault) -> set[str]:
    people = session.scalars(select(Signup).join(Seat, Seat.signup_id == Signup.id).where(Seat.group_id == group.id))
    return {person_hash(person, vault) for person in people}


def _meet(session: Session, series: Series, a: str, b: str) -> None:
    """One meeting more; it is purged with the last series in which they met."""
    met = session.scalars(
        select(Met).where(Met.project_id == series.project_id, Met.a_hash == a, Met.b_hash == b)
    ).one_or_none()
    if met is None:
        met = Met(organisation_id=series.organisation_id, project_id=series.project_id, a_hash=a, b_hash=b, times=0)
        session.add(met)
    met.series_id, met.times = series.id, met.times + 1
