"""Taking back places that were offered: the table changed, or the person left."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from web.letters.places import taken_back
from web.rows import DueLetter, Offer
from web.rows.invitations import OfferState
from web.rows.messages import LetterState
from web.services import outbox


def withdraw_offers(session: Session, now: datetime, *which: ColumnElement[bool]) -> Sequence[Offer]:
    """Open offers are no longer so; which. A letter that did not go out yet is dropped when packed."""
    found = session.scalars(select(Offer).where(Offer.state == OfferState.OPEN, *which).order_by(Offer.id)).all()
    for offer in found:
        offer.state, offer.ended_at = OfferState.WITHDRAWN, now
    session.flush()
    return found


def asked(session: Session, offers: Iterable[Offer]) -> list[Offer]:
    """Those of which somebody heard: their letter went out."""
    ids = [offer.id for offer in offers]
    sent = set(
        session.scalars(
            select(DueLetter.offer_id).where(DueLetter.offer_id.in_(ids), DueLetter.state == LetterState.SENT)
        )
    )
    return [offer for offer in offers if offer.id in sent]


def say_withdrawn(session: Session, offers: Iterable[Offer], now: datetime) -> None:
    """A letter to who was asked for a place that is no more: nobody waits for an answer that counts for nothing."""
    for offer in asked(session, list(offers)):
        about, key = offer.signup.series, f"taken back:{offer.token_hash}"
        outbox.put(session, taken_back, offer.signup, about, key=key, now=now)
