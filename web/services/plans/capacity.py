"""How many more people may take part in a series: its capacity, less who holds a place or was offered one."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from web.rows import Invitation, Offer, Seat, Series, Signup
from web.rows.invitations import InvitationState, OfferState, Partstat
from web.rows.people import SignupState
from web.services.plans.current import given_up, seats_of


def left(session: Session, series: Series) -> int | None:
    """How many more may take part; None without a limit, below 0 where more were offered a place than there are.

    A place that is offered to somebody who holds none is kept for them.
    """
    if series.capacity is None:
        return None
    return series.capacity - taking(session, series) - _offered(session, series)


def taking(session: Session, series: Series) -> int:
    """How many people hold a place: who takes part, without who gave theirs back."""
    here = select(func.count(Signup.id)).where(Signup.series_id == series.id, Signup.state == SignupState.IN)
    return session.scalar(here.where(Signup.id.not_in(gave_back(session, series.id)))) or 0


def holds(session: Session, signup: Signup) -> bool:
    """Whether somebody holds a place; an offer to them, for another round, takes none."""
    return signup.state == SignupState.IN and signup.id not in gave_back(session, signup.series_id)


def gave_back(session: Session, series_id: int) -> frozenset[int]:
    """Who gave back every seat that they had: they take no chair, and wait for none until they say so.

    Who lost another seat after that, through no act of theirs, did not: they wait.
    """
    up = given_up(session, series_id)
    if not up:
        return frozenset()
    said_no = select(Invitation.signup_id).where(
        Invitation.series_id == series_id, Invitation.partstat == Partstat.DECLINED
    )
    theirs = session.execute(seats_of(series_id).where(Seat.signup_id.in_(said_no)))
    kept = {signup for signup, evening, _table in theirs if (signup, evening) not in up}
    return frozenset({signup for signup, _ in up} - kept) - _lost_later(session, series_id)


def _lost_later(session: Session, series_id: int) -> set[int]:
    """Who has or had an invitation that they did not decline, and that ended after their last no, if it did."""
    said = session.execute(
        select(Invitation.signup_id, func.max(Invitation.answered_at))
        .where(Invitation.series_id == series_id, Invitation.partstat == Partstat.DECLINED)
        .group_by(Invitation.signup_id)
    ).all()
    no: dict[int, datetime | None] = dict(said)
    others = session.execute(
        select(Invitation.signup_id, Invitation.state, Invitation.off_at).where(
            Invitation.signup_id.in_(no), Invitation.partstat != Partstat.DECLINED
        )
    )
    return {
        signup
        for signup, state, off_at in others
        if state == InvitationState.ON or (off_at and (at := no[signup]) and off_at > at)
    }


def _offered(session: Session, series: Series) -> int:
    """How many people think about a place who hold none."""
    asked = select(Offer.signup_id).where(Offer.series_id == series.id, Offer.state == OfferState.OPEN).distinct()
    ids = set(session.scalars(asked))
    if not ids:
        return 0
    holding = select(Signup.id).where(Signup.id.in_(ids), Signup.state == SignupState.IN)
    return len(ids - (set(session.scalars(holding)) - gave_back(session, series.id)))
