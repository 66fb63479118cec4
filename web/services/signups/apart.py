"""Who would rather not sit with somebody: said to a worker, without a reason, and shown to nobody else (promise 23).

It holds both ways, for one series, and wins over buddies, offers and moves by hand. The log says that a sign-up was
changed, as for any other answer: a line of its own kind would tell that there is such a wish.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from web.errors import N_, Mishap, Missing
from web.identity import codes
from web.rows import Offer, PairWish, Series, Signup, Staff
from web.rows.invitations import OfferState
from web.rows.people import Regard
from web.services import audit, waiting
from web.services.locks import lock_series
from web.services.plans import current
from web.services.signups import buddies
from web.services.waiting.withdraw_offers import say_withdrawn, withdraw_offers


class NobodyThere(Mishap):
    """Nobody else in this series has this code."""

    sentence = N_("Niemand anders bij deze ontmoeting heeft deze code. Kijk de code na. Er is niets veranderd.")


def wished(session: Session, signup: Signup) -> list[Signup]:
    """Whom this person would rather not sit with, as they said it themselves; never who said so about them."""
    mine = session.scalars(select(PairWish).where(PairWish.signup_id == signup.id).order_by(PairWish.id))
    return [session.get_one(Signup, wish.other_id) for wish in mine if wish.said == Regard.APART]


def keep_apart(session: Session, signup: Signup, typed: str, *, by: Staff, now: datetime) -> bool:
    """Keep two people apart, because one of them asked for it; whether they sit together as things are now.

    Raises NobodyThere.
    """
    lock_series(session, signup.series_id)
    here = Signup.series_id == signup.series_id, Signup.code == codes.canonical(typed), Signup.id != signup.id
    other = session.scalars(select(Signup).where(*here)).one_or_none()
    if other is None:
        raise NobodyThere
    buddies.say(session, signup, other, Regard.APART)
    _take_back_offers(session, signup, other, now)
    _changed(session, signup, by, now)
    return _sit_together(session, signup, other)


def let_be(session: Session, signup: Signup, code: str, *, by: Staff, now: datetime) -> None:
    """It is no longer so. Raises Missing for what was not said."""
    lock_series(session, signup.series_id)
    mine = session.scalars(select(PairWish).where(PairWish.signup_id == signup.id)).all()
    known = {session.get_one(Signup, wish.other_id).code: wish for wish in mine if wish.said == Regard.APART}
    if code not in known:
        raise Missing
    session.delete(known[code])
    _changed(session, signup, by, now)


def _changed(session: Session, signup: Signup, by: Staff, now: datetime) -> None:
    audit.note(session, signup, "change signup", by=by, now=now)
    waiting.settle(session, session.get_one(Series, signup.series_id), now)


def _take_back_offers(session: Session, signup: Signup, other: Signup, now: datetime) -> None:
    """Whoever thinks about a place where the other sits, or thinks about a place too, is not asked for it any more."""
    both = {signup.id, other.id}
    asked = select(Offer).where(Offer.signup_id.in_(both), Offer.state == OfferState.OPEN)
    offers = session.scalars(asked.order_by(Offer.id)).all()
    places = {(offer.session_id, offer.number) for offer in offers}
    seats = {
        (table.session_id, table.number): {seat.signup_id for seat in table.seats}
        for table in current.groups_of(session, signup.series_id)
        if (table.session_id, table.number) in places
    }
    twice = {place for place in places if {o.signup_id for o in offers if (o.session_id, o.number) == place} == both}
    gone = [
        offer.id
        for offer in offers
        if (place := (offer.session_id, offer.number)) in twice or seats.get(place, set()) & (both - {offer.signup_id})
    ]
    if gone:
        say_withdrawn(session, withdraw_offers(session, now, Offer.id.in_(gone)), now)


def _sit_together(session: Session, signup: Signup, other: Signup) -> bool:
    up, both = current.given_up(session, signup.series_id), {signup.id, other.id}
    tables = current.groups_of(session, signup.series_id)
    return any(both <= {s.signup_id for s in one.seats if (s.signup_id, one.session_id) not in up} for one in tables)
