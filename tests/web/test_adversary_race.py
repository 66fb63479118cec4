"""Everybody who may want the last chairs at once, to a real database: there are never more people than chairs."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from flask import Flask

from tests.web import places
from tests.web.cast import NOW, Cast
from web import world
from web.errors import Mishap
from web.rows import Invitation, Offer, Series, Signup, TimeSlot, db
from web.rows.invitations import ACCEPTED, DECLINED, ON
from web.rows.people import LEFT
from web.services import signups
from web.services.groups import offers
from web.services.invitations.rsvp import answer
from web.services.plans import current
from web.services.text.tokens import new_token
from web.transaction import transaction

NAMES = "Ada Bea Cas Dik Eef Fie Gea Hes"


@pytest.fixture(params=[None, 6], ids=["a full table", "a small room"])
def acts(request: pytest.FixtureRequest, app: Flask, cast: Cast) -> list[Callable[[], None]]:
    """Three said no and two left; five others were asked, and now all of them want to come."""
    with app.app_context():
        tables = places.laid(app, cast, NAMES)
        db.session.get_one(TimeSlot, cast.sessions[0]).seats = request.param
        said_no = []
        for name in ("Ada", "Bea", "Cas"):
            (mine,) = db.session.query(Invitation).filter_by(signup_id=tables.people[name].id, state=ON)
            answer.answer(db.session, mine, DECLINED, by="page", now=NOW, settings=world.settings())
            said_no.append(mine.id)
        db.session.commit()
        for name in ("Dik", "Eef"):
            tables.leaves(name)
        gone = [tables.people[name].id for name in ("Dik", "Eef")]
        asked = [_asked(tables, cast, f"W{number}") for number in range(5)]
    return [
        *(lambda id=id: _yes(app, id) for id in said_no),
        *(lambda id=id: _come_back(app, id) for id in gone),
        *(lambda id=id: _accept(app, id) for id in asked),
        lambda: _offer(app),
    ]


def _asked(tables: places.Tables, cast: Cast, name: str) -> int:
    signup, token = tables.waits(name), new_token()
    owner = {"organisation_id": cast.organisation, "project_id": cast.project, "series_id": cast.series}
    offer = Offer(session_id=cast.sessions[0], number=1, signup_id=signup.id, party=token, **owner)
    offer.token, offer.token_hash, offer.made_at, offer.until = token, token, NOW, NOW + timedelta(days=1)
    db.session.add(offer)
    db.session.commit()
    return offer.id


def _yes(app: Flask, id: int) -> None:
    mine = db.session.get_one(Invitation, id)
    answer.answer(db.session, mine, ACCEPTED, by="page", now=NOW, settings=world.settings())
    db.session.commit()


def _come_back(app: Flask, id: int) -> None:
    with transaction(db.session):
        signups.come_back(db.session, db.session.get_one(Signup, id), now=NOW, settings=world.settings())


def _accept(app: Flask, id: int) -> None:
    with transaction(db.session):
        offers.accept(db.session, db.session.get_one(Offer, id), now=NOW, settings=world.settings())


def _offer(app: Flask) -> None:
    offers.run(db.session, NOW, settings=world.settings(), vault=world.vault())


def test_there_are_never_more_people_than_chairs(app: Flask, cast: Cast, acts: list[Callable[[], None]]) -> None:
    gate = Barrier(len(acts))

    def one(act: Callable[[], None]) -> None:
        with app.app_context():
            gate.wait()
            try:
                act()
            except Mishap:
                db.session.rollback()

    with ThreadPoolExecutor(len(acts)) as threads:
        list(threads.map(one, acts))
    with app.app_context():
        most = current.most(
            db.session.get_one(TimeSlot, cast.sessions[0]), db.session.get_one(Series, cast.series), world.settings()
        )
        assert current.taken(db.session, cast.series)[cast.sessions[0], 1] == min(8, most)
        here = {seat.signup_id for group in current.groups_of(db.session, cast.series) for seat in group.seats}
        told = {row.signup_id for row in db.session.query(Invitation).filter_by(state=ON)}
        left = {row.id for row in db.session.query(Signup).filter_by(state=LEFT)}
        assert told == here - left, "who has a chair is invited, and nobody else"
