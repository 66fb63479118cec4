"""The times of a series: added, changed, taken away, but never behind the back of who chose them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session as DbSession

from web.errors import Mishap
from web.rows import Availability, Facilitator, Gathering, Plan, PlanGroup, Round, Series, Session, Signup, Staff
from web.rows.meetings import DRAFT, OPEN
from web.rows.people import LEFT
from web.services import auditing


class Fixed(Mishap):
    """The times of this series do not change any more."""

    status = 409
    sentence = "Deze reeks is dicht. Open eerst de aanmelding weer. Dan kun je de tijden veranderen."


class InPlan(Mishap):
    """There are groups at this time."""

    status = 409
    sentence = "Voor deze tijd zijn al groepen gepubliceerd. Maak eerst een nieuwe indeling zonder deze tijd."


class WouldAffect(Mishap):
    """People chose this time, and nobody said that they know."""

    status = 409
    sentence = "Mensen hebben deze tijd gekozen. Bekijk eerst wie dat zijn."


@dataclass(frozen=True, slots=True)
class Times:
    """What an organiser says about a session; several gatherings are the dates of one and the same group."""

    gatherings: tuple[tuple[datetime, datetime], ...]
    venue_id: int | None = None
    groups: int = 2
    seats: int | None = None
    mode: str = "here"
    link: str = ""
    round: int = 1
    facilitators: tuple[Facilitator, ...] = ()


@dataclass(frozen=True, slots=True)
class Affected:
    """Somebody who chose a session; `only`: and no other one."""

    signup: Signup
    only: bool


def add(session: DbSession, series: Series, times: Times, *, by: Staff, now: datetime) -> Session:
    """A further session."""
    _can_change(series)
    row = Session(organisation_id=series.organisation_id, project_id=series.project_id)
    _fill(row, series, times)
    session.add(row)
    session.flush()
    _note(session, row, "add session", by, now)
    session.commit()
    return row


def change(session: DbSession, row: Session, times: Times, *, by: Staff, now: datetime, sure: bool = False) -> None:
    """Another time, place or size. Raises WouldAffect when people chose the old time, unless somebody is `sure`."""
    series = row.round.series
    _can_change(series)
    if moves(row, times):
        _free_to_move(session, row, sure)
    left = row.round
    _fill(row, series, times)
    _tidy(session, series, left)
    _note(session, row, "change session", by, now)
    session.commit()


def drop(session: DbSession, row: Session, *, by: Staff, now: datetime, sure: bool = False) -> None:
    """No session any more. Raises WouldAffect when people chose it, unless somebody is `sure`."""
    series, left = row.round.series, row.round
    _can_change(series)
    _free_to_move(session, row, sure)
    _note(session, row, "drop session", by, now)
    left.sessions.remove(row)
    _tidy(session, series, left)
    session.commit()


def moves(row: Session, times: Times) -> bool:
    """Whether other times or another way of meeting would make somebody's choice worthless."""
    return times.mode != row.mode or tuple((g.starts, g.ends) for g in row.gatherings) != times.gatherings


def affected(session: DbSession, row: Session) -> Sequence[Affected]:
    """Who chose a session; first those who can come at no other time."""
    chose = session.scalars(
        select(Signup).join(Availability).where(Availability.session_id == row.id, Signup.state != LEFT)
    ).all()
    found = (Affected(signup, len(signup.availability) == 1) for signup in chose)
    return sorted(found, key=lambda one: (not one.only, one.signup.number))


def _can_change(series: Series) -> None:
    if series.state not in (DRAFT, OPEN):
        raise Fixed


def _free_to_move(session: DbSession, row: Session, sure: bool) -> None:
    if session.scalar(select(PlanGroup.id).join(Plan).where(PlanGroup.session_id == row.id, Plan.current).limit(1)):
        raise InPlan
    if not sure and affected(session, row):
        raise WouldAffect


def _fill(row: Session, series: Series, times: Times) -> None:
    here = times.mode != "online"
    row.round = _round(series, times.round)
    row.venue_id, row.link = (times.venue_id, None) if here else (None, times.link or None)
    row.groups, row.seats, row.mode = times.groups, times.seats, times.mode
    row.facilitators = list(times.facilitators)
    if tuple((g.starts, g.ends) for g in row.gatherings) != times.gatherings:
        row.gatherings = [Gathering(starts=starts, ends=ends) for starts, ends in times.gatherings]


def _round(series: Series, number: int) -> Round:
    for found in series.rounds:
        if found.number == number:
            return found
    made = Round(organisation_id=series.organisation_id, project_id=series.project_id, number=len(series.rounds) + 1)
    series.rounds.append(made)
    return made


def _tidy(session: DbSession, series: Series, left: Round) -> None:
    """A round without sessions is no round; those after it move up."""
    if left.sessions:
        return
    series.rounds.remove(left)
    session.flush()
    for number, round_ in enumerate(series.rounds, 1):
        round_.number = number
        session.flush()


def _note(session: DbSession, row: Session, what: str, by: Staff, now: datetime) -> None:
    auditing.note(session, now, by, what, organisation_id=row.organisation_id, project_id=row.project_id, about=row)
