"""Remembering who met: keyed hashes of pairs, written the day after a session, read by the matcher only (promise 7).

Nobody writes down yet who came. Until then who was expected, and did not say no, counts as having been there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import combinations

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session, load_only

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


def follow(session: Session, signup: Signup, before: str, vault: Vault) -> None:
    """Somebody is reached in another way: whom they met is still known, and found when they are erased.

    `before` is their hash until now. Who shares it in this project, as a household does, keeps it.
    """
    after = person_hash(signup, vault)
    if after != before and not any(person_hash(other, vault) == before for other in _others(session, signup)):
        carry_over(session, signup.project_id, before, after)


def forget(session: Session, signup: Signup, vault: Vault) -> None:
    """Whom somebody met; the same person in another series of this project keeps having met who they met."""
    mine = person_hash(signup, vault)
    if not any(person_hash(other, vault) == mine for other in _others(session, signup)):
        pairs = (Met.a_hash == mine) | (Met.b_hash == mine)
        session.execute(delete(Met).where(Met.project_id == signup.project_id, pairs))


def _others(session: Session, signup: Signup) -> Sequence[Signup]:
    """Everybody else in the project, with nothing of what is sealed."""
    others = select(Signup).where(Signup.project_id == signup.project_id, Signup.id != signup.id)
    return session.scalars(others.options(load_only(Signup.email_hash, Signup.phone_hash, Signup.name_hash))).all()


def carry_over(session: Session, project: int, before: str, after: str) -> None:
    """From one hash to another; who is in there by both met the others as often as both say together."""
    pairs = select(Met).where(Met.project_id == project, (Met.a_hash == before) | (Met.b_hash == before))
    for met in session.scalars(pairs).all():
        a, b = sorted(after if one == before else one for one in (met.a_hash, met.b_hash))
        same = select(Met).where(Met.project_id == project, Met.a_hash == a, Met.b_hash == b)
        known = session.scalars(same).one_or_none()
        if a == b or known is not None:
            session.delete(met)
        if known is not None:
            known.times += met.times
        elif a != b:
            met.a_hash, met.b_hash = a, b
        session.flush()
