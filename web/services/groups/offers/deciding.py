"""Yes or no to a place that was offered. Of many who say yes at once only as many come as there are chairs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from config import Settings
from web.errors import N_, Mishap
from web.rows import Offer, PlanGroup, Seat, Series, Signup, Staff, TimeSlot
from web.rows.invitations import OfferState, Partstat
from web.rows.people import SignupState
from web.services import audit
from web.services.invitations import reconciling
from web.services.invitations.rsvp import answer, queries
from web.services.locks import lock_series
from web.services.plans import capacity, company, current
from web.services.waiting import settle


class OfferOver(Mishap):
    """Too late, or the table changed: there is no place to say yes to."""

    status = 409
    sentence = N_("Deze plek is net weg. Je blijft op de wachtlijst.")


def standing(offer: Offer, now: datetime) -> str:
    """The state of an offer; one whose time is over has expired, also before the worker wrote that down."""
    return OfferState.EXPIRED if offer.state == OfferState.OPEN and offer.until < now else offer.state


def open_to(session: Session, signup: Signup, now: datetime) -> Sequence[Offer]:
    """What somebody may say yes to now."""
    mine = Offer.signup_id == signup.id, Offer.state == OfferState.OPEN, Offer.until >= now
    return session.scalars(select(Offer).where(*mine).order_by(Offer.id)).all()


def accept(session: Session, offer: Offer, *, by: Staff | None = None, now: datetime, settings: Settings) -> None:
    """Somebody comes; `by` is who says so for them. A second yes changes nothing.

    Raises OfferOver, and then nothing is changed.
    """
    lock_series(session, offer.series_id)
    if offer.state == OfferState.ACCEPTED:
        return
    series = session.get_one(Series, offer.series_id)
    group = _group(session, offer, series, now, settings)
    if group is None:
        raise OfferOver
    gone = _clear(session, offer, group, series, settings)
    group.seats.append(Seat(signup_id=offer.signup_id))
    offer.signup.state, offer.signup.changed_at = SignupState.IN, now
    offer.state, offer.ended_at = OfferState.ACCEPTED, now
    settle(session, series, now)
    reconciling.reconcile(session, series, now, who=[offer.signup_id, *gone])
    _said_yes(session, offer, "staff" if by else "page", now, settings)
    _log(session, offer, by, "offer_yes", now)


def decline(session: Session, offer: Offer, *, by: Staff | None = None, now: datetime, settings: Settings) -> None:
    """Somebody does not come and stays on the list; the place goes on. An offer that is over stays as it is.

    It takes what `accept` takes: whoever asks calls one or the other.
    """
    lock_series(session, offer.series_id)
    if standing(offer, now) == OfferState.OPEN:
        offer.state, offer.ended_at = OfferState.DECLINED, now
        _log(session, offer, by, "offer_no", now)


def _group(session: Session, offer: Offer, series: Series, now: datetime, settings: Settings) -> PlanGroup | None:
    """The table as it is now, if there is still a place at it for this person."""
    if standing(offer, now) != OfferState.OPEN or offer.signup.state == SignupState.LEFT:
        return None
    table = offer.session_id, offer.number
    left = capacity.left(session, series)
    # The offer of who holds no place yet is counted in what is left.
    full = left is not None and left < 0 and not capacity.holds(session, offer.signup)
    if full or not current.room(session, series, settings).left(table, Counter()):
        return None
    groups, up = current.groups_of(session, series.id), current.given_up(session, series.id)
    found = next((group for group in groups if (group.session_id, group.number) == table), None)
    away = found is not None and company.keeps_away(session, offer.signup, found, up)
    return None if away else found


def _clear(session: Session, offer: Offer, group: PlanGroup, series: Series, settings: Settings) -> list[int]:
    """Give away chairs of who gave theirs up, as long as somebody more would be too many; whose those were."""
    gone: list[int] = []
    while free := _in_the_way(session, offer, group, series, settings):
        place, seat = free[0]
        place.seats.remove(seat)
        gone.append(seat.signup_id)
    return gone


def _in_the_way(
    session: Session, offer: Offer, group: PlanGroup, series: Series, settings: Settings
) -> list[tuple[PlanGroup, Seat]]:
    """Chairs of which one has to go first, if there is no room: at the table, in its session, or in the series.

    In the series, as once a new date asks everybody anew both would hold the place.
    """
    if len(group.seats) >= settings.formats[series.format].format.size.max:
        return _free_seats(session, [group], series)
    groups, evening = current.groups_of(session, series.id), session.get_one(TimeSlot, group.session_id)
    around = [one for one in groups if one.session_id == evening.id]
    if sum(len(one.seats) for one in around) >= current.most(evening, series, settings):
        return _free_seats(session, around, series)
    people = {seat.signup_id for one in groups for seat in one.seats} - {offer.signup_id}
    stay = select(func.count(Signup.id)).where(Signup.id.in_(people), Signup.state != SignupState.LEFT)
    if series.capacity is None or (session.scalar(stay) or 0) < series.capacity:
        return []
    back = capacity.gave_back(session, series.id)
    return [(place, seat) for place, seat in _free_seats(session, groups, series) if seat.signup_id in back]


def _free_seats(session: Session, groups: Sequence[PlanGroup], series: Series) -> list[tuple[PlanGroup, Seat]]:
    """Seats of who left or said no, in order."""
    up = current.given_up(session, series.id)
    return [
        (group, seat)
        for group in groups
        for seat in sorted(group.seats, key=lambda seat: seat.id)
        if (seat.signup_id, group.session_id) in up or session.get_one(Signup, seat.signup_id).state == SignupState.LEFT
    ]


def _said_yes(session: Session, offer: Offer, by: str, now: datetime, settings: Settings) -> None:
    """Who takes a place comes to its dates: nobody has to ask them again."""
    for invitation in queries.to_come(session, offer.signup, now):
        if invitation.gathering.session_id == offer.session_id:
            answer.answer(session, invitation, Partstat.ACCEPTED, by=by, now=now, settings=settings)


def _log(session: Session, offer: Offer, by: Staff | None, what: str, now: datetime) -> None:
    """What somebody said for another is in the log; what people decide for themselves is nobody's business."""
    if by is not None:
        audit.note(session, offer, what, by=by, now=now, about=f"signup:{offer.signup_id}")
