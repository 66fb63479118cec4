"""Coming back after leaving by mistake: one press, to the own place while it is free, whatever sign-up says."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.web import cast as casting
from tests.web.cast import NOW, Cast, Clock
from web import world
from web.rows import PlanGroup, Seat, Series, Signup, db
from web.rows.meetings import SeriesState
from web.rows.people import SignupState
from web.services import signups
from web.services.plans import current
from web.transaction import transaction

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def context(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


def closed(cast: Cast, **more: object) -> Series:
    series = db.session.get_one(Series, cast.series)
    for name, value in {"state": SeriesState.CLOSED, **more}.items():
        setattr(series, name, value)
    db.session.commit()
    return series


def seated(cast: Cast, *people: Signup) -> None:
    casting.plan_of(cast, {(cast.sessions[0], 1): [one.id for one in people]})


def left_and_back(client: FlaskClient, secret: str) -> str:
    own = f"/mijn/{secret}/"
    client.post(own + "afmelden")
    assert "terugkomen" in client.get(own).text, "one press, on the same page"
    return client.post(own + "terugkomen", follow_redirects=True).text


def test_the_own_place_is_there_again_although_sign_up_is_closed(app: Flask, cast: Cast, client: FlaskClient) -> None:
    bart, els = casting.sign_up(app, cast), casting.sign_up(app, cast, "Els")
    seated(cast, bart.signup, els.signup)
    closed(cast, capacity=2)
    page = left_and_back(client, bart.secret)
    assert "Je plek is weer van jou." in page and "wachtlijst" not in page
    db.session.expire_all()
    assert bart.signup.state == SignupState.IN
    assert current.taken(db.session, cast.series)[cast.sessions[0], 1] == 2


def test_before_the_groups_are_made_somebody_is_simply_back(app: Flask, cast: Cast, client: FlaskClient) -> None:
    bart = casting.sign_up(app, cast)
    closed(cast)
    assert "Fijn, je bent weer aangemeld." in left_and_back(client, bart.secret)
    db.session.expire_all()
    assert bart.signup.state == SignupState.IN


def test_who_finds_it_full_waits_at_the_end_and_reads_so(app: Flask, cast: Cast, client: FlaskClient) -> None:
    bart = casting.sign_up(app, cast)
    closed(cast, capacity=0)
    page = left_and_back(client, bart.secret)
    assert "Je staat nu op de wachtlijst." in page and "plek 1 van de wachtlijst" in page


def test_a_place_that_somebody_has_by_now_is_not_given_twice_and_the_page_says_so(
    app: Flask, cast: Cast, client: FlaskClient
) -> None:
    people = [casting.sign_up(app, cast, f"Mens{n}") for n in range(9)]
    seated(cast, *(one.signup for one in people[:8]))
    closed(cast)
    client.post(f"/mijn/{people[0].secret}/afmelden")
    group = db.session.query(PlanGroup).one()
    group.seats.append(Seat(signup_id=people[8].signup.id))
    db.session.commit()
    page = client.post(f"/mijn/{people[0].secret}/terugkomen", follow_redirects=True).text
    assert "Je plek is intussen voor iemand anders." in page
    assert current.taken(db.session, cast.series)[cast.sessions[0], 1] == 8


@pytest.mark.parametrize("how", ["over", "called_off", "finished"])
def test_when_nothing_is_left_to_come_to_a_true_sentence_says_so(
    app: Flask, cast: Cast, client: FlaskClient, clock: Clock, how: str
) -> None:
    bart = casting.sign_up(app, cast)
    client.post(f"/mijn/{bart.secret}/afmelden")
    if how == "over":
        clock.forward(days=70)
    elif how == "finished":
        closed(cast, state=SeriesState.FINISHED)
    else:
        for row in closed(cast).sessions[:2]:
            for gathering in row.gatherings:
                gathering.called_off_at = NOW
        db.session.commit()
    assert "terugkomen" not in client.get(f"/mijn/{bart.secret}/").text
    refused = client.post(f"/mijn/{bart.secret}/terugkomen")
    assert refused.status_code == 409
    assert "Terugkomen kan niet meer: de tijden die je koos, zijn voorbij of gaan niet door." in refused.text
    db.session.expire_all()
    assert bart.signup.state == SignupState.LEFT


def test_an_organiser_puts_somebody_back_as_well(app: Flask, cast: Cast, amina: FlaskClient) -> None:
    bart = casting.sign_up(app, cast).signup
    closed(cast)
    with transaction(db.session):
        signups.leave(db.session, bart, now=world.now())
    page = amina.post(f"/werk/{cast.series}/aanmeldingen/{bart.id}/terug", follow_redirects=True)
    assert "Weer aangemeld." in page.text


def test_the_page_before_leaving_promises_what_is_kept(app: Flask, cast: Cast, client: FlaskClient) -> None:
    bart = casting.sign_up(app, cast)
    seated(cast, bart.signup)
    closed(cast)
    page = " ".join(client.get(f"/mijn/{bart.secret}/afmelden").text.split())
    assert "Op je eigen pagina kun je terugkomen. Je krijgt je plek terug als hij dan nog vrij is." in page
    assert "Je plek is weer van jou." in left_and_back(client, bart.secret)
