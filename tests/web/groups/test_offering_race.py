"""Many who say yes at the same moment, to a real database: as many come as there are places, the others hear so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask

from tests.web import places
from tests.web.cast import NOW, Cast
from web import world
from web.rows import DueLetter, Offer, Seat, Signup, db
from web.rows.invitations import OPEN, TAKEN
from web.services import signups
from web.services.groups import offers as offers_service
from web.services.text.tokens import new_token
from web.transaction import transaction

pytestmark = pytest.mark.slow

PEOPLE, FREE = 50, 3


@pytest.fixture
def offers(app: Flask, cast: Cast) -> list[int]:
    """Three places at a table of eight, and, whatever the worker would never do, an offer of it to fifty people."""
    with app.app_context():
        table = places.laid(app, cast, "Ada Bea Cas Dik Eef")
        for number in range(PEOPLE):
            signup, token = table.waits(f"W{number}"), new_token()
            owner = {"organisation_id": cast.organisation, "project_id": cast.project, "series_id": cast.series}
            offer = Offer(session_id=cast.sessions[0], number=1, signup_id=signup.id, party=token, **owner)
            offer.token, offer.token_hash, offer.made_at = token, token, NOW
            offer.until = NOW.replace(day=21)
            db.session.add(offer)
        db.session.commit()
        return [offer.id for offer in db.session.query(Offer)]


def at_once(app: Flask, act: Callable[[int], str], told: list[int]) -> Counter[str]:
    """Everybody in a thread and a session of their own, all let go at the same moment."""
    gate = Barrier(len(told))

    def one(id: int) -> str:
        with app.app_context():
            gate.wait()
            return act(id)

    with ThreadPoolExecutor(len(told)) as threads:
        return Counter(threads.map(one, told))


def yes(id: int) -> str:
    offer = db.session.get_one(Offer, id)
    try:
        with transaction(db.session):
            offers_service.accept(db.session, offer, now=NOW, settings=world.settings())
    except offers_service.OfferOver as refused:
        return f"{refused.status}"
    return "yes"


def test_fifty_say_yes_to_three_places_and_three_come(app: Flask, offers: list[int]) -> None:
    assert at_once(app, yes, offers) == {"yes": FREE, "409": PEOPLE - FREE}
    with app.app_context():
        assert db.session.query(Seat).count() == 5 + FREE
        taken = db.session.query(Offer).filter_by(state=TAKEN).all()
        assert len(taken) == FREE
        assert db.session.query(Offer).filter_by(state=OPEN).count() == PEOPLE - FREE, "nothing else changed"
        placed = {letter.signup_id for letter in db.session.query(DueLetter).filter_by(kind="placed")}
        assert placed >= {offer.signup_id for offer in taken}
        assert len(placed) == 5 + FREE


def test_who_presses_the_button_many_times_gets_one_chair(app: Flask, offers: list[int]) -> None:
    assert at_once(app, yes, offers[:1] * 20) == {"yes": 20}
    with app.app_context():
        assert db.session.query(Seat).count() == 5 + 1


def test_who_says_yes_and_leaves_at_once_did_leave(app: Flask, offers: list[int]) -> None:
    def either(id: int) -> str:
        signup = db.session.get_one(Offer, abs(id)).signup
        if id > 0:
            return yes(id)
        with transaction(db.session):
            signups.leave(db.session, signup, now=NOW)
        return "left"

    mine = offers[0]
    assert at_once(app, either, [mine, -mine])["left"] == 1
    with app.app_context():
        assert db.session.get_one(Signup, db.session.get_one(Offer, mine).signup_id).state == "left"


def test_two_workers_do_not_offer_a_place_twice(app: Flask, cast: Cast) -> None:
    with app.app_context():
        table = places.laid(app, cast, "Ada Bea Cas Dik Eef")
        for number in range(10):
            table.waits(f"W{number}")

    def run(_id: int) -> str:
        return str(offers_service.run(db.session, NOW, settings=world.settings(), vault=world.vault()))

    made = at_once(app, run, [1, 2, 3, 4])
    with app.app_context():
        assert sum(int(count) * times for count, times in made.items()) == db.session.query(Offer).count() <= FREE
        offers_service.run(db.session, NOW, settings=world.settings(), vault=world.vault())
        assert db.session.query(Offer).filter_by(state=OPEN).count() == FREE
        assert len({offer.signup_id for offer in db.session.query(Offer)}) == FREE
