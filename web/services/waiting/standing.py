"""How somebody stands in a series, in one word for every page, list and filter."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from web.rows import Offer, Seat, Series, Signup, TimeSlot
from web.rows.invitations import OfferState
from web.rows.people import SignupState
from web.services.plans import capacity, current, queue


class StandingKind(StrEnum):
    """The five states of the table in docs/web.md."""

    WAITS = "waits"
    TAKES_PART = "takes part"
    HAS_PLACE = "has a place"
    GAVE_BACK = "gave back"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where somebody is: `place` on the waiting list, from 1, or the `tables` they come to, session and number.

    `asked_until` is until when they may say yes to a place that came free.
    """

    kind: StandingKind
    place: int = 0
    tables: tuple[tuple[TimeSlot, int], ...] = ()
    asked_until: datetime | None = None


def standing_of(session: Session, signup: Signup) -> Standing:
    """How one person stands."""
    return standings(session, signup.series, (signup,))[signup.id]


def own_standing(session: Session, signup: Signup) -> Standing:
    """How somebody stands, as their own page says it: on the waiting list their place in the order of arrival.

    Anybody can sign up under another's name and address. A place before others who came earlier would tell them that
    this person was left out before (promise 21).
    """
    standing = standing_of(session, signup)
    if standing.kind != StandingKind.WAITS:
        return standing
    waits = Signup.series_id == signup.series_id, Signup.state == SignupState.WAITING
    before = session.scalar(select(func.count(Signup.id)).where(*waits, Signup.number < signup.number)) or 0
    return replace(standing, place=before + 1)


def standings(session: Session, series: Series, signups: Sequence[Signup]) -> Mapping[int, Standing]:
    """How these people of a series stand, by id."""
    tables = _tables(session, series, [signup.id for signup in signups])
    waits = any(signup.state == SignupState.WAITING for signup in signups)
    places = {id: place for place, id in enumerate(queue.in_order(session, series), 1)} if waits else {}
    back, asked = capacity.gave_back(session, series.id), _asked(session, series)
    found = {one.id: _standing(one, tables.get(one.id, ()), places.get(one.id, 0), back) for one in signups}
    return {id: replace(standing, asked_until=asked.get(id)) for id, standing in found.items()}


def _asked(session: Session, series: Series) -> Mapping[int, datetime]:
    """Until when whoever thinks about a place may answer."""
    open_ = Offer.series_id == series.id, Offer.state == OfferState.OPEN
    return dict(session.execute(select(Offer.signup_id, Offer.until).where(*open_).order_by(Offer.until)).all())


def _standing(
    signup: Signup, tables: Sequence[tuple[TimeSlot, int]], place: int, gave_back: frozenset[int]
) -> Standing:
    if signup.state == SignupState.LEFT:
        return Standing(StandingKind.LEFT)
    if signup.state == SignupState.WAITING:
        return Standing(StandingKind.WAITS, place)
    if signup.id in gave_back:
        return Standing(StandingKind.GAVE_BACK)
    return Standing(StandingKind.HAS_PLACE, 0, tuple(tables)) if tables else Standing(StandingKind.TAKES_PART)


def _tables(session: Session, series: Series, who: Sequence[int]) -> Mapping[int, Sequence[tuple[TimeSlot, int]]]:
    """Where these people sit, without the chairs that they gave up; in order of time."""
    mine = session.execute(current.seats_of(series.id).where(Seat.signup_id.in_(who))).all()
    up = current.given_up(session, series.id) if mine else frozenset()
    ids = {evening for _signup, evening, _number in mine}
    sessions = {row.id: row for row in session.scalars(select(TimeSlot).where(TimeSlot.id.in_(ids)))} if ids else {}
    found: dict[int, list[tuple[TimeSlot, int]]] = defaultdict(list)
    for signup, evening, number in sorted(mine, key=lambda seat: (sessions[seat[1]].starts, seat[1], seat[2])):
        if (signup, evening) not in up:
            found[signup].append((sessions[evening], number))
    return found
