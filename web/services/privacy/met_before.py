"""Remembering who met: keyed hashes of pairs, written the day after a session, read by the matcher only (promise 7).

Nobody writes down yet who came. Until then who was expected, and did not say no, counts as having been there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import combinations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from web import rows
from web.crypto import Vault
from web.rows import AuditLine, Gathering, Invitation, Met, Plan, PlanGroup, Seat, Series, Signup
from web.rows.invitations import InvitationState, Partstat
from web.rows.people import SignupState
from web.services import audit
from web.services.plans.problem import person_hash
from web.world import local

DONE = "remember"


def run(session: Session, now: datetime, vault: Vault) -> int:
    """Write the pairs of every session that was over before today, each committed by itself; how many sessions."""
    evenings = _over(session, now)
    for evening in evenings:
        for group in _groups(session, evening):
            for a, b in sorted(_pairs(session, evening, group, vault)):
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


def _pairs(session: Session, evening: rows.TimeSlot, group: PlanGroup, vault: Vault) -> set[tuple[str, str]]:
    """Who met at this table: two who were both expected on one of its dates."""
    hashes = _hashes(session, group, vault)
    absent = _absent(session, evening, hashes)
    found: set[tuple[str, str]] = set()
    for gathering in evening.dates:
        there = {hash for id, hash in hashes.items() if (id, gathering.id) not in absent}
        found.update(combinations(sorted(there), 2))
    return found


def _hashes(session: Session, group: PlanGroup, vault: Vault) -> dict[int, str]:
    """Who has a seat at a table, by sign-up."""
    people = session.scalars(select(Signup).join(Seat, Seat.signup_id == Signup.id).where(Seat.group_id == group.id))
    return {person.id: person_hash(person, vault) for person in people}


def _absent(session: Session, evening: rows.TimeSlot, people: Iterable[int]) -> set[tuple[int, int]]:
    """(sign-up, date) of who was not expected: they said no, left, or their invitation did not stand any more."""
    dates = {gathering.id for gathering in evening.dates}
    known = session.execute(
        select(Invitation.signup_id, Invitation.gathering_id, Invitation.state, Invitation.partstat)
        .where(Invitation.gathering_id.in_(dates), Invitation.signup_id.in_(people))
        # Of two invitations to one date the last counts: an address changed in between.
        .order_by(Invitation.id)
    ).all()
    stands = {
        (signup, date): state == InvitationState.ON and partstat != Partstat.DECLINED
        for signup, date, state, partstat in known
    }
    left = session.scalars(select(Signup.id).where(Signup.id.in_(people), Signup.state == SignupState.LEFT)).all()
    uninvited = {(signup, date) for signup in left for date in dates} - stands.keys()
    return {key for key, stand in stands.items() if not stand} | uninvited


def _meet(session: Session, series: Series, a: str, b: str) -> None:
    """One meeting more; it is purged with the last series in which they met."""
    met = session.scalars(
        select(Met).where(Met.project_id == series.project_id, Met.a_hash == a, Met.b_hash == b)
    ).one_or_none()
    if met is None:
        met = Met(organisation_id=series.organisation_id, project_id=series.project_id, a_hash=a, b_hash=b, times=0)
        session.add(met)
    met.series_id, met.times = series.id, met.times + 1
