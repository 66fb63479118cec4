"""Tables where places come free: who sits there, who waits, and what the worker does about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Flask

from tests.web import cast as casting
from tests.web.cast import Cast
from web import world
from web.rows import Offer, Series, Signup, db
from web.rows.invitations import OfferState
from web.rows.people import SignupState
from web.services.groups import offers
from web.services.invitations import reconciling
from web.services.plans import current
from web.transaction import transaction


@dataclass
class Tables:
    """A series with a plan; people by name, and by id who sits at which table."""

    app: Flask
    cast: Cast
    people: dict[str, Signup]

    @property
    def series(self) -> Series:
        """As the database knows it."""
        return db.session.get_one(Series, self.cast.series)

    def waits(self, name: str, *, priority: int = 0, **told: object) -> Signup:
        """Somebody comes on the list now."""
        told = {"bubbles": {}, **told}
        signup = casting.sign_up(self.app, self.cast, name, **told).signup
        signup.priority = priority
        db.session.commit()
        self.people[name] = signup
        return signup

    def leaves(self, name: str) -> None:
        """Somebody leaves by their own page."""
        with transaction(db.session):
            casting.signups.leave(db.session, self.people[name], now=world.now())

    def run(self, **vain: object) -> int:
        """What the worker does every minute."""
        return offers.run(db.session, world.now(), settings=world.settings(), vault=world.vault(), **vain)

    def open(self) -> list[Offer]:
        """The offers that stand."""
        return db.session.query(Offer).filter_by(state=OfferState.OPEN).order_by(Offer.id).all()

    def asked(self) -> list[str]:
        """Who thinks about a place, by name."""
        return [offer.signup.name for offer in self.open()]

    def yes(self, offer: Offer) -> None:
        """Somebody says yes."""
        with transaction(db.session):
            offers.accept(db.session, offer, now=world.now(), settings=world.settings())

    def no(self, offer: Offer) -> None:
        """Somebody says no."""
        with transaction(db.session):
            offers.decline(db.session, offer, now=world.now(), settings=world.settings())

    def seated(self) -> dict[current.Table, set[str]]:
        """Who comes, by table: without who left or gave their chair up."""
        up = current.given_up(db.session, self.cast.series)
        # Two columns: all that is sealed in a row takes far longer to open than the rest of this.
        names = dict(db.session.query(Signup.id, Signup.name).filter(Signup.state != SignupState.LEFT))
        return {
            (g.session_id, g.number): {
                names[seat.signup_id]
                for seat in g.seats
                if seat.signup_id in names and (seat.signup_id, g.session_id) not in up
            }
            for g in current.groups_of(db.session, self.cast.series)
        }


def laid(app: Flask, cast: Cast, *tables: str, bubbles: Mapping[str, dict[str, list[str]]] | None = None) -> Tables:
    """Tables 1, 2, ... of the first evening with people by name, all invited; `bubbles` is what some of them told.

    Needs an application context.
    """
    people = {
        name: casting.sign_up(app, cast, name, bubbles=(bubbles or {}).get(name, {})).signup
        for names in tables
        for name in names.split()
    }
    where = {(cast.sessions[0], n): [people[x].id for x in names.split()] for n, names in enumerate(tables, 1)}
    casting.plan_of(cast, where)
    reconciling.reconcile(db.session, db.session.get_one(Series, cast.series), world.now())
    db.session.commit()
    return Tables(app, cast, people)


def soon(app: Flask, cast: Cast, **before: float) -> datetime:
    """Let it be so long before the first evening."""
    starts: datetime = db.session.get_one(casting.TimeSlot, cast.sessions[0]).starts
    app.extensions["clock"].now = starts - timedelta(**before)
    return starts
