"""How many more people may take part in a series: its capacity, less who holds a place or was offered one."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from web.rows import Offer, Series, Signup
from web.rows.invitations import OfferState
from web.rows.people import SignupState
from web.services.plans.current import given_up, groups_of


def left(session: Session, series: Series) -> int | None:
    """How many more may take part; None without a limit, below 0 where more were offered a place than there are.

    A place that is offered to somebody on the waiting list is kept for them.
    """
    if series.capacity is None:
        return None
    return series.capacity - taking(session, series) - _offered(session, series)


def taking(session: Session, series: Series) -> int:
    """How many people hold a place: who takes part, without who gave theirs back."""
    here = select(func.count(Signup.id)).where(Signup.series_id == series.id, Signup.state == SignupState.IN)
    return session.scalar(here.where(Signup.id.not_in(gave_back(session, series.id)))) or 0


def gave_back(session: Session, series_id: int) -> frozenset[int]:
    """Who gave back every seat that they had: they take no chair, and wait for none until they say so."""
    up = given_up(session, series_id)
    if not up:
        return frozenset()
    seats = ((seat.signup_id, group.session_id) for group in groups_of(session, series_id) for seat in group.seats)
    return frozenset({signup for signup, _ in up} - {seat[0] for seat in seats if seat not in up})


def _offered(session: Session, series: Series) -> int:
    """How many people on the waiting list think about a place."""
    asked = (
        select(func.count(func.distinct(Offer.signup_id)))
        .join(Signup, Signup.id == Offer.signup_id)
        .where(Offer.series_id == series.id, Offer.state == OfferState.OPEN, Signup.state == SignupState.WAITING)
    )
    return session.scalar(asked) or 0
