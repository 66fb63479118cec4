"""Remembering who met: keyed hashes of pairs, written the day after a session, read by the matcher only (promise 7).

Where it was written down who was there only they met; elsewhere who was expected, and did not say no, counts as having
been there.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from itertools import combinations

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session, load_only

from web import rows
from web.crypto import Vault
from web.rows import Attendance, AuditLine, Gathering, Invitation, Met, Plan, PlanGroup, Seat, Series, Signup
from web.rows.invitations import InvitationState, Partstat
from web.rows.people import SignupState
from web.services import audit
from web.services.attendance import records
from web.services.plans.problem import person_hash
from web.world import local

DONE = "remember"


def run(session: Session, now: datetime, vault: Vault) -> int:
    """Write the pairs of every session that was over before today, each committed by itself; how many sessions.

    A session of which more was written down since then is done again: its pairs of then go, those of now come.
    """
    evenings = _over(session, now)
    for evening, before in evenings:
        old = _pairs(session, evening, vault, before) if before else set()
        new = _pairs(session, evening, vault)
        for a, b in sorted(old - new):
            _unmeet(session, evening.round.series, a, b)
        for a, b in sorted(new - old):
            _meet(session, evening.round.series, a, b)
        # The line says that it is done, in the same transaction: a second night finds it and passes by.
        audit.note(session, evening, DONE, by="nightly", now=now)
        session.commit()
    return len(evenings)


def _over(session: Session, now: datetime) -> list[tuple[rows.TimeSlot, datetime | None]]:
    """Sessions of a current plan whose last gathering was on an earlier day, and which are not written as they are now.

    With each when it was written, if it was. Where a gathering was called off nobody met.
    """
    lines = session.execute(
        select(AuditLine.about, func.max(AuditLine.at)).where(AuditLine.what == DONE).group_by(AuditLine.about)
    )
    done = {str(about): at for about, at in lines}
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
    marked = _last_marks(session)
    found = [(row, done.get(audit.opaque(row))) for row, end in ended if local(end).date() < local(now).date()]
    return [(row, at) for row, at in found if at is None or marked.get(row.id, at) > at]


def _last_marks(session: Session) -> dict[int, datetime]:
    """When the last mark of who was there came in, by session."""
    found = (
        select(Gathering.session_id, func.max(Attendance.received_at))
        .join(Gathering, Gathering.id == Attendance.gathering_id)
        .group_by(Gathering.session_id)
    )
    return {int(id): at for id, at in session.execute(found)}


def _pairs(
    session: Session, evening: rows.TimeSlot, vault: Vault, until: datetime | None = None
) -> set[tuple[str, str]]:
    """Who met: two who were both at a table on one of its dates, as far as was known at `until`.

    Of a table of which somebody wrote who was there only they were; of another who had a seat and did not say no.
    """
    seats: dict[int, set[int]] = {}
    for number, id in session.execute(
        select(PlanGroup.number, Seat.signup_id)
        .join(Plan, Plan.id == PlanGroup.plan_id)
        .join(Seat, Seat.group_id == PlanGroup.id)
        .where(Plan.current, PlanGroup.session_id == evening.id)
    ):
        seats.setdefault(number, set()).add(id)
    known = records.of_all(session, [date.id for date in evening.dates], until)
    people = {id for table in (*seats.values(), *(r.people for r in known.values())) for id in table}
    hashes, absent = _hashes(session, people, vault), _absent(session, evening, people)
    found: set[tuple[str, str]] = set()
    for date in evening.dates:
        record = known[date.id]
        expected = [
            {id for id in table if (id, date.id) not in absent and id not in record.people}
            for number, table in seats.items()
            if number not in record.tables
        ]
        for there in (*record.met.values(), *expected):
            found.update(combinations(sorted({hashes[id] for id in there}), 2))
    return found


def _hashes(session: Session, people: Collection[int], vault: Vault) -> dict[int, str]:
    """By sign-up what the matcher knows somebody by."""
    signups = session.scalars(select(Signup).where(Signup.id.in_(people)))
    return {signup.id: person_hash(signup, vault) for signup in signups}


def _absent(session: Session, evening: rows.TimeSlot, people: Collection[int]) -> set[tuple[int, int]]:
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


def _unmeet(session: Session, series: Series, a: str, b: str) -> None:
    """One meeting less: it was written down later that one of the two was not there."""
    met = _met(session, series, a, b)
    if met is not None:
        met.times -= 1
        if not met.times:
            session.delete(met)


def _met(session: Session, series: Series, a: str, b: str) -> Met | None:
    pair = Met.project_id == series.project_id, Met.a_hash == a, Met.b_hash == b
    return session.scalars(select(Met).where(*pair)).one_or_none()


def _meet(session: Session, series: Series, a: str, b: str) -> None:
    """One meeting more; it is purged with the last series in which they met."""
    met = _met(session, series, a, b)
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
