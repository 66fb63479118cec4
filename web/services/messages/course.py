"""How far a series is, from a draft to the last evening, in figures that were counted; and its tables, seat by seat."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from config import Settings
from web.rows import Gathering, Invitation, Proposal, Series, Signup, TimeSlot
from web.rows.groups import ProposalState
from web.rows.invitations import InvitationState, Partstat
from web.rows.meetings import SeriesState
from web.rows.people import SignupState
from web.services.plans import current
from web.services.plans.current import Table
from web.services.schedule import manage
from web.world import local


class Stage(StrEnum):
    """The stages of a series, in their order."""

    DRAFT = "draft"
    OPEN = "open"
    COMPOSED = "composed"
    PUBLISHED = "published"
    EVENING = "evening"
    FINISHED = "finished"


@dataclass(frozen=True, slots=True)
class Ring:
    """The seats of one table at one date: who said yes, who said nothing (or perhaps), who said no."""

    number: int
    yes: int
    open: int
    no: int


@dataclass(frozen=True, slots=True)
class Course:
    """How far a series is. `accepted` people said yes to a date to come; None before there are tables.

    `rings` are the tables of each session that is to come, at its first date to come.
    """

    stage: Stage
    places: int
    accepted: int | None
    next: datetime | None
    days: int | None
    rings: dict[int, list[Ring]]


def course(session: Session, series: Series, settings: Settings, now: datetime) -> Course:
    """How far a series is now."""
    planned = current.plan_of(session, series) is not None
    dates = sorted((date for row in series.sessions for date in row.dates if date.ends > now), key=lambda d: d.starts)
    next = dates[0].starts if dates else None
    return Course(
        stage=_stage(session, series, planned, now),
        places=places(series, settings),
        accepted=_accepted(session, series, now) if planned else None,
        next=next,
        days=(local(next).date() - local(now).date()).days if next else None,
        rings=_rings(session, series, now) if planned else {},
    )


def places(series: Series, settings: Settings) -> int:
    """How many people the series takes: its own limit, or what fits at the tables of the smallest round."""
    if series.capacity is not None:
        return series.capacity
    fits = [sum(current.most(row, series, settings) for row in round.sessions) for round in series.rounds]
    return min(fits, default=0)


def _stage(session: Session, series: Series, planned: bool, now: datetime) -> Stage:
    if series.state in (SeriesState.FINISHED, SeriesState.DRAFT):
        return Stage(series.state)
    if series.sessions and manage.is_over(series, now):
        return Stage.EVENING
    if planned:
        begun = any(date.starts <= now for row in series.sessions for date in row.dates)
        return Stage.EVENING if begun else Stage.PUBLISHED
    made = select(func.count(Proposal.id)).where(
        Proposal.series_id == series.id, Proposal.status.in_((ProposalState.DONE, ProposalState.STOPPED))
    )
    return Stage.COMPOSED if session.scalar(made) else Stage.OPEN


def _accepted(session: Session, series: Series, now: datetime) -> int:
    said_yes = (
        select(func.count(func.distinct(Invitation.signup_id)))
        .join(Gathering, Gathering.id == Invitation.gathering_id)
        .where(Invitation.series_id == series.id, Invitation.state == InvitationState.ON, Gathering.ends > now)
        .where(Invitation.partstat == Partstat.ACCEPTED, Gathering.called_off_at.is_(None))
    )
    return session.scalar(said_yes) or 0


def _rings(session: Session, series: Series, now: datetime) -> dict[int, list[Ring]]:
    firsts = {row.id: found[0].id for row in series.sessions if (found := _ahead(row, now))}
    answers: dict[tuple[int, int], str] = {
        (signup, gathering): said
        for signup, gathering, said in session.execute(
            select(Invitation.signup_id, Invitation.gathering_id, Invitation.partstat).where(
                Invitation.gathering_id.in_(firsts.values()), Invitation.state == InvitationState.ON
            )
        )
    }
    seats = current.seats_of(series.id).join(Signup).where(Signup.state != SignupState.LEFT)
    said: dict[Table, list[str]] = defaultdict(list)
    for signup, evening, number in session.execute(seats):
        if evening in firsts:
            said[evening, number].append(answers.get((signup, firsts[evening]), Partstat.NEEDS_ACTION))
    rings: dict[int, list[Ring]] = defaultdict(list)
    for (evening, number), heard in sorted(said.items()):
        yes, no = heard.count(Partstat.ACCEPTED), heard.count(Partstat.DECLINED)
        rings[evening].append(Ring(number, yes, len(heard) - yes - no, no))
    return dict(rings)


def _ahead(row: TimeSlot, now: datetime) -> Sequence[Gathering]:
    return [date for date in row.dates if date.ends > now]
