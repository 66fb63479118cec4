"""The plan that counts: its groups and seats, who gave a place up, and how many places are free."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, selectinload

from config import Settings
from web.rows import Gathering, Invitation, Offer, Plan, PlanGroup, Seat, Series, Signup, TimeSlot
from web.rows.invitations import InvitationState, OfferState, Partstat
from web.rows.organisation import ProjectState
from web.rows.people import SignupState

Table = tuple[int, int]
"""A table of the current plan: session and number."""


def plan_of(session: Session, series: Series) -> Plan | None:
    """The plan that counts now."""
    return session.scalars(select(Plan).where(Plan.series_id == series.id, Plan.current)).one_or_none()


def groups_of(session: Session, series_id: int, *, off: bool = False) -> Sequence[PlanGroup]:
    """The tables of the plan that counts now, with their seats; none before the first.

    Those of sessions that were called off altogether only if `off` is asked for: nobody sits there any more.
    """
    tables = (
        select(PlanGroup)
        .join(Plan, Plan.id == PlanGroup.plan_id)
        .where(Plan.current, Plan.series_id == series_id)
        .options(selectinload(PlanGroup.seats))
        .order_by(PlanGroup.session_id, PlanGroup.number)
    )
    return session.scalars(tables if off else tables.where(PlanGroup.session_id.in_(taking_place()))).all()


def taking_place() -> Select[int]:
    """Sessions that have a date that was not called off."""
    return select(Gathering.session_id).where(Gathering.called_off_at.is_(None))


def given_up(session: Session, series_id: int) -> frozenset[tuple[int, int]]:
    """(sign-up, session) of who will come to none of its dates: the chair is free, until they say otherwise."""
    mine = Invitation.series_id == series_id
    answers = select(Invitation.signup_id, Gathering.session_id).join(Gathering).where(mine)
    no = {(signup, evening) for signup, evening in session.execute(answers.where(*_NO))}
    if not no:
        return frozenset()
    # Of the many who said no to nothing, nothing needs to be fetched.
    said_no = select(Invitation.signup_id).where(mine, *_NO)
    coming = answers.where(*_COMES, Invitation.signup_id.in_(said_no))
    return frozenset(no - {(signup, evening) for signup, evening in session.execute(coming)})


_NO = (Invitation.partstat == Partstat.DECLINED,)
_COMES = Invitation.state == InvitationState.ON, Invitation.partstat != Partstat.DECLINED


def seats_of(series_id: int) -> Select[int, int, int]:
    """(sign-up, session, number of the table) of every seat in the plan that counts, of sessions that take place."""
    return (
        select(Seat.signup_id, PlanGroup.session_id, PlanGroup.number)
        .join(PlanGroup, PlanGroup.id == Seat.group_id)
        .join(Plan, Plan.id == PlanGroup.plan_id)
        .where(Plan.current, Plan.series_id == series_id, PlanGroup.session_id.in_(taking_place()))
    )


def has_seat(series_id: int, *, kept: bool = False) -> ColumnElement[bool]:
    """Of a sign-up in the query around it: whether it has a seat; `kept`: one that was not given up."""
    seat = seats_of(series_id).where(Seat.signup_id == Signup.id)
    if kept:
        here = (
            select(Invitation.id)
            .join(Gathering)
            .where(Invitation.signup_id == Signup.id, Gathering.session_id == PlanGroup.session_id)
            .correlate(Signup, PlanGroup)
        )
        seat = seat.where(~here.where(*_NO).exists() | here.where(*_COMES).exists())
    return seat.correlate(Signup).exists()


def taken(session: Session, series_id: int) -> Counter[Table]:
    """How many chairs are taken: seats of people who did not leave and did not give them up."""
    tables = select(PlanGroup.session_id, PlanGroup.number).join(Plan, Plan.id == PlanGroup.plan_id)
    here = Plan.current, Plan.series_id == series_id, PlanGroup.session_id.in_(taking_place())
    count: Counter[Table] = Counter()
    for evening, table in session.execute(tables.where(*here)):
        count[evening, table] = 0
    up = given_up(session, series_id)
    stays = seats_of(series_id).join(Signup, Signup.id == Seat.signup_id).where(Signup.state != SignupState.LEFT)
    for signup, evening, table in session.execute(stays):
        count[evening, table] += (signup, evening) not in up
    return count


@dataclass(frozen=True, slots=True)
class FreeSeats:
    """How many more people may come: to each table, and to each session in all; below 0 where too many do."""

    tables: Mapping[Table, int]
    evenings: Mapping[int, int]

    def left(self, table: Table, gone: Counter[Table]) -> int:
        """How many may come to one table when places at some are gone; 0 for a table that is no more."""
        inside = sum(count for (evening, _number), count in gone.items() if evening == table[0])
        limits = self.tables.get(table, 0) - gone[table], self.evenings.get(table[0], 0) - inside
        return max(0, min(limits))


def room(session: Session, series: Series, settings: Settings) -> FreeSeats:
    """The chairs of the current plan that nobody sits on, whether they are offered to somebody or not.

    What limits a table: the format's size, the seats of its session, and how small a project begins (P10). There is
    no room on a date that was called off.
    """
    count = taken(session, series.id)
    evenings = {evening.id: most(evening, series, settings) for evening in series.sessions}
    for (evening, _number), people in count.items():
        evenings[evening] = evenings.get(evening, 0) - people
    largest = settings.formats[series.format].format.size.max
    return FreeSeats({table: largest - people for table, people in count.items()}, evenings)


def free(session: Session, series: Series, settings: Settings) -> dict[Table, int]:
    """How many more people may come to each table of the current plan; places that are offered are not free."""
    found, gone = room(session, series, settings), offered(session, series.id)
    return {table: found.left(table, gone) for table in found.tables}


def most(evening: TimeSlot, series: Series, settings: Settings) -> int:
    """How many people fit in a session, at all of its tables together."""
    if all(gathering.called_off_at for gathering in evening.gatherings):
        return 0
    limits = [evening.groups * settings.formats[series.format].format.size.max]
    limits += [] if evening.seats is None else [evening.seats]
    limits += [settings.orientation.people] if series.project.state == ProjectState.ORIENTATION else []
    return min(limits)


def offered(session: Session, series_id: int) -> Counter[Table]:
    """How many places are offered at each table now."""
    found = session.execute(
        select(Offer.session_id, Offer.number, func.count())
        .where(Offer.series_id == series_id, Offer.state == OfferState.OPEN)
        .group_by(Offer.session_id, Offer.number)
    ).all()
    return Counter({(evening, number): count for evening, number, count in found})
