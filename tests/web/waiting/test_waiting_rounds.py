"""Where somebody sits in several rounds, dates move or go on after all, and people are on the list twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.web import cast as casting
from tests.web.cast import Cast
from tests.web.waiting.test_waiting_list import List
from tests.web.waiting_story import publish_tables
from web import world
from web.rows import DueLetter, Invitation, Round, Series, Signup, Staff, TimeSlot, Venue, db
from web.rows.invitations import InvitationState, Partstat
from web.services import signups, waiting
from web.services.groups import offers, releasing
from web.services.invitations import reconciling
from web.services.invitations.rsvp import answer
from web.services.plans import capacity, current
from web.services.privacy import erase
from web.services.schedule import rescheduling
from web.services.schedule.sessions import Times
from web.services.signups import doubles
from web.services.waiting import StandingKind
from web.transaction import transaction

pytestmark = pytest.mark.slow

AFTER = datetime(2027, 1, 13, 9, tzinfo=UTC)
"""When the first evening is over, and the second is not."""


@pytest.fixture(autouse=True)
def context(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


@pytest.fixture
def rounds(cast: Cast) -> tuple[int, int]:
    """The first evening is round 1, the second is round 2."""
    series = db.session.get_one(Series, cast.series)
    series.format = "rondes"
    more = Round(number=2, organisation_id=series.organisation_id, project_id=series.project_id)
    series.rounds.append(more)
    db.session.flush()
    db.session.get_one(TimeSlot, cast.sessions[1]).round_id = more.id
    db.session.commit()
    db.session.expire_all()
    return cast.sessions[0], cast.sessions[1]


def amina(cast: Cast) -> Staff:
    return db.session.get_one(Staff, cast.amina)


def run() -> int:
    return offers.run(db.session, world.now(), settings=world.settings(), vault=world.vault())


def says(signup: Signup, session: int, partstat: str) -> None:
    found = db.session.query(Invitation).filter_by(signup_id=signup.id, state=InvitationState.ON)
    for invitation in [one for one in found if one.gathering.session_id == session]:
        with transaction(db.session):
            told = {"by": "page", "now": world.now(), "settings": world.settings()}
            answer.answer(db.session, invitation, partstat, **told)


def yes(signup: Signup) -> None:
    (offer,) = offers.open_to(db.session, signup, world.now())
    with transaction(db.session):
        offers.accept(db.session, offer, now=world.now(), settings=world.settings())


def off(cast: Cast, session: int) -> None:
    row = db.session.get_one(TimeSlot, session)
    told = {"by": amina(cast), "now": world.now(), "version": rescheduling.version_of(row)}
    with transaction(db.session):
        rescheduling.call_off(db.session, row, settings=world.settings(), **told)


def move(cast: Cast, session: int) -> None:
    row = db.session.get_one(TimeSlot, session)
    hour = timedelta(hours=1)
    spans = tuple((gathering.starts + hour, gathering.ends + hour) for gathering in row.gatherings)
    told = {"by": amina(cast), "now": world.now(), "version": rescheduling.version_of(row)}
    with transaction(db.session):
        times = Times(gatherings=spans, venue_id=row.venue_id)
        rescheduling.move(db.session, row, times, settings=world.settings(), sure=True, **told)


def taking(cast: Cast) -> int:
    db.session.expire_all()
    return capacity.taking(db.session, db.session.get_one(Series, cast.series))


def kind(signup: Signup) -> str:
    db.session.expire_all()
    return waiting.standing_of(db.session, signup).kind


def given_away(app: Flask, cast: Cast) -> List:
    """Four of four sit; Ada said no, and Eef took her place in the series."""
    evening = cast.sessions[0]
    listed = List(app, cast, "Ada Bea Cas Dik", capacity=4)
    publish_tables(app, cast, {(evening, 1): [one.id for one in listed.people.values()]})
    listed.signs_up("Eef")
    listed.sent()
    says(listed.people["Ada"], evening, Partstat.DECLINED)
    run()
    listed.sent()
    yes(listed.people["Eef"])
    return listed


@pytest.mark.parametrize("first_off", [False, True])
def test_a_date_that_moves_gives_no_place_back_that_is_taken(app: Flask, cast: Cast, first_off: bool) -> None:
    given_away(app, cast)
    if first_off:
        off(cast, cast.sessions[0])
    move(cast, cast.sessions[0])
    run()
    assert taking(cast) == 4


def test_a_venue_that_moves_gives_no_place_back_that_is_taken(app: Flask, cast: Cast) -> None:
    listed = given_away(app, cast)
    db.session.get_one(Venue, cast.venue).address = "Brink 99"
    with transaction(db.session):
        reconciling.reconcile(db.session, listed.series, world.now())
    assert taking(cast) == 4


@pytest.mark.parametrize("places", [8, None])
def test_who_sat_there_sits_there_again_and_is_asked_for_no_other_seat(
    app: Flask, cast: Cast, places: int | None
) -> None:
    first, second = cast.sessions[:2]
    listed = List(app, cast, "A B C D E F G H", capacity=places)
    ids = [one.id for one in listed.people.values()]
    publish_tables(app, cast, {(first, 1): ids[:4], (second, 1): ids[4:]})
    listed.sent()
    off(cast, first)
    assert run() == 4
    listed.sent()
    move(cast, first)
    assert kind(listed.people["A"]) == StandingKind.HAS_PLACE
    assert not offers.open_to(db.session, listed.people["A"], world.now())
    run()
    assert len(waiting.standing_of(db.session, listed.people["A"]).tables) == 1


def test_an_offer_in_another_round_keeps_the_place_of_who_gives_back_the_first(
    app: Flask, cast: Cast, rounds: tuple[int, int]
) -> None:
    one, two = rounds
    listed = List(app, cast, "Q0 Q1 Q2 Q3 Q4", capacity=5)
    ids = [signup.id for signup in listed.people.values()]
    publish_tables(app, cast, {(one, 1): ids, (two, 1): ids[1:]})
    listed.sent()
    assert run() == 1
    listed.signs_up("W")
    says(listed.people["Q0"], one, Partstat.DECLINED)
    assert run() == 0, "the fifth place is that of Q0 as long as they think"
    yes(listed.people["Q0"])
    run()
    assert taking(cast) == 5


def test_who_gave_back_all_that_they_had_is_asked_for_no_other_round(
    app: Flask, cast: Cast, rounds: tuple[int, int]
) -> None:
    one, two = rounds
    listed = List(app, cast, "Q0 Q1 Q2 Q3 Q4", capacity=None)
    ids = [signup.id for signup in listed.people.values()]
    publish_tables(app, cast, {(one, 1): ids, (two, 1): ids[1:]})
    says(listed.people["Q0"], one, Partstat.DECLINED)
    assert kind(listed.people["Q0"]) == StandingKind.GAVE_BACK
    assert run() == 0


@pytest.mark.parametrize("loses", ["published", "released", "called off"])
def test_who_says_no_to_one_round_and_loses_the_other_waits(
    app: Flask, cast: Cast, rounds: tuple[int, int], loses: str
) -> None:
    one, two = rounds
    listed = List(app, cast, "Q0 Q1 Q2 Q3 Q4", capacity=None)
    ids = [signup.id for signup in listed.people.values()]
    publish_tables(app, cast, {(one, 1): ids, (two, 1): ids})
    listed.sent()
    says(listed.people["Q0"], one, Partstat.DECLINED)
    app.extensions["clock"].forward(minutes=1)
    if loses == "published":
        publish_tables(app, cast, {(one, 1): ids[1:], (two, 1): ids[1:]})
    elif loses == "released":
        with transaction(db.session):
            releasing.release(db.session, listed.people["Q0"], (two, 1), by=amina(cast), now=world.now())
    else:
        off(cast, two)
    assert kind(listed.people["Q0"]) == StandingKind.WAITS


def test_of_a_double_that_gave_a_place_back_and_signed_up_anew_the_new_one_waits(app: Flask, cast: Cast) -> None:
    listed = List(app, cast, "Q0 Q1 Q2 Q3 Q4", capacity=None)
    publish_tables(app, cast, {(cast.sessions[0], 1): [one.id for one in listed.people.values()]})
    says(listed.people["Q0"], cast.sessions[0], Partstat.DECLINED)
    new = casting.sign_up(app, cast, "Q0", bubbles={}, channel="phone").signup
    with transaction(db.session):
        kept = doubles.keep_last(db.session, new, by=amina(cast), now=world.now(), vault=world.vault())
    assert kind(kept) in (StandingKind.WAITS, StandingKind.HAS_PLACE)


def test_a_double_that_sits_in_two_rounds_keeps_both_seats(app: Flask, cast: Cast, rounds: tuple[int, int]) -> None:
    one, two = rounds
    listed = List(app, cast, "A Q1 Q2", capacity=None)
    again = casting.sign_up(app, cast, "A", bubbles={}, channel="phone").signup
    others = [listed.people[name].id for name in ("Q1", "Q2")]
    tables = {(one, 1): [listed.people["A"].id, *others], (two, 1): [again.id, *others]}
    publish_tables(app, cast, tables)
    with transaction(db.session):
        kept = doubles.keep_last(db.session, again, by=amina(cast), now=world.now(), vault=world.vault())
    db.session.expire_all()
    assert len(waiting.standing_of(db.session, kept).tables) == 2


def test_nobody_moves_up_for_a_time_that_is_over(app: Flask, cast: Cast) -> None:
    listed = List(app, cast, "A", capacity=1)
    listed.signs_up("W", sessions=frozenset(cast.sessions[:1]))
    listed.signs_up("V", sessions=frozenset(cast.sessions[1:2]))
    app.extensions["clock"].now = AFTER
    with transaction(db.session):
        signups.leave(db.session, listed.people["A"], now=world.now())
    assert listed.inside() == "V"


def test_nobody_moves_up_in_a_series_that_is_over(app: Flask, cast: Cast) -> None:
    listed = List(app, cast, "A W", capacity=1)
    app.extensions["clock"].now = AFTER + timedelta(days=30)
    with transaction(db.session):
        erase.erase(db.session, listed.people["A"], world.vault(), now=world.now())
    assert not db.session.query(DueLetter).filter_by(kind="moved_up").count()


def test_who_leaves_and_returns_keeps_the_seats_where_they_sat(app: Flask, cast: Cast, rounds: tuple[int, int]) -> None:
    one, two = rounds
    listed = List(app, cast, "Q0 Q1 Q2", capacity=None)
    ids = [signup.id for signup in listed.people.values()]
    publish_tables(app, cast, {(one, 1): ids, (two, 1): ids[1:]})
    app.extensions["clock"].now = AFTER
    with transaction(db.session):
        signups.leave(db.session, listed.people["Q0"], now=world.now())
    with transaction(db.session):
        signups.come_back(db.session, listed.people["Q0"], now=world.now(), settings=world.settings())
    groups = current.groups_of(db.session, cast.series)
    assert ids[0] in {seat.signup_id for group in groups if group.session_id == one for seat in group.seats}


def test_no_seat_of_an_evening_that_is_over_is_given_free(app: Flask, cast: Cast) -> None:
    listed = List(app, cast, "A B", capacity=None)
    publish_tables(app, cast, {(cast.sessions[0], 1): [one.id for one in listed.people.values()]})
    app.extensions["clock"].now = AFTER
    with pytest.raises(releasing.NoSeat):
        releasing.release(db.session, listed.people["A"], (cast.sessions[0], 1), by=amina(cast), now=world.now())


def test_a_letter_that_somebody_moved_up_lies_here_once(app: Flask, cast: Cast) -> None:
    listed = List(app, cast, "A W", capacity=1)
    listed.sent()
    for _ in range(3):
        listed.leaves("A")
        listed.returns("A")
        listed.leaves("W")
        listed.returns("W")
    assert listed.heard("W").count("moved_up") <= 1 and listed.heard("A").count("moved_up") <= 1


def test_an_origin_that_is_no_address_is_another_site(client: FlaskClient) -> None:
    client.application.config["WTF_CSRF_ENABLED"] = True
    sent = client.post("/doe-mee/zuid/samen-koken/aanmelden/1", data={"a": "b"}, headers={"Origin": "http://["})
    assert sent.status_code == 400
