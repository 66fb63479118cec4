"""Thanks: the morning after, to who had a place; the question how it was leads to no person."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.web import cast as casting
from tests.web.cast import NOW, Cast
from web import world
from web.jobs import worldly
from web.rows import DueLetter, Invitation, Signup, TimeSlot, db
from web.rows.invitations import DECLINED
from web.rows.messages import DUE, SENT
from web.rows.people import LEFT
from web.services.invitations import reconciling
from web.services.invitations.rsvp import feedback
from web.services.messages.scheduled import thanking
from web.services.outbox.packing import pack
from web.transaction import transaction

pytestmark = pytest.mark.slow

END = datetime(2027, 1, 12, 19, 30, tzinfo=UTC)
MORNING = datetime(2027, 1, 13, 8, tzinfo=UTC)
"""Nine o'clock in Amsterdam."""
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def context(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


def invited(app: Flask, cast: Cast, *names: str, evenings: int = 1, **more: object) -> list[Signup]:
    people = [casting.sign_up(app, cast, name, **more).signup for name in names]
    ids = [person.id for person in people]
    casting.plan_of(cast, {(evening, 1): ids for evening in cast.sessions[:evenings]})
    reconciling.reconcile(db.session, people[0].series, NOW)
    db.session.query(DueLetter).update({"state": SENT, "sent_at": NOW})
    db.session.commit()
    return people


def run(at: datetime) -> int:
    with transaction(db.session):
        return thanking.run(db.session, at, world.settings(), world.vault())


def thanks() -> list[DueLetter]:
    return db.session.query(DueLetter).filter_by(kind="thanks").order_by(DueLetter.id).all()


def test_the_morning_after_once(app: Flask, cast: Cast) -> None:
    (bart,) = invited(app, cast, "Bart")
    found = [run(at) for at in (END, END + MINUTE, MORNING - MINUTE, MORNING, MORNING + MINUTE)]
    assert found == [0, 0, 0, 1, 0]
    (letter,) = thanks()
    assert (letter.signup_id, letter.channel, letter.state, letter.due_at) == (bart.id, "email", DUE, MORNING)


@pytest.mark.parametrize(("later", "many"), [(timedelta(days=2), 1), (timedelta(days=3), 0)])
def test_a_worker_that_was_down_thanks_within_three_days(app: Flask, cast: Cast, later: timedelta, many: int) -> None:
    invited(app, cast, "Bart")
    assert run(MORNING + later) == many


def test_at_night_nobody_is_thanked(app: Flask, cast: Cast) -> None:
    invited(app, cast, "Bart")
    assert run(datetime(2027, 1, 13, 22, tzinfo=UTC)) == 0


def test_only_who_had_a_place_and_did_not_say_no(app: Flask, cast: Cast) -> None:
    bart, declined, left, lost = invited(app, cast, "Bart", "Els", "Gijs", "Noor")
    of = {row.signup_id: row for row in db.session.query(Invitation)}
    of[declined.id].partstat = DECLINED
    left.state = LEFT
    of[lost.id].state = "off"
    casting.sign_up(app, cast, "Wacht")
    db.session.commit()
    assert run(MORNING) == 1
    assert thanks()[0].signup_id == bart.id


def test_nobody_is_thanked_for_what_was_called_off(app: Flask, cast: Cast) -> None:
    invited(app, cast, "Bart")
    db.session.get_one(TimeSlot, cast.sessions[0]).gatherings[0].called_off_at = NOW
    db.session.commit()
    assert run(MORNING) == 0


def test_who_wants_no_reminders_is_thanked_all_the_same(app: Flask, cast: Cast) -> None:
    (bart,) = invited(app, cast, "Bart")
    bart.quiet = True
    db.session.commit()
    assert run(MORNING) == 1


@pytest.mark.parametrize("reach", ["call", "via", "letter", "text"])
def test_who_is_reached_by_people_is_thanked_after_their_last_date_only(app: Flask, cast: Cast, reach: str) -> None:
    invited(app, cast, "Els", evenings=2, reach=reach, email=None, phone="+31612345678", via="de balie")
    assert run(MORNING) == 0
    assert run(MORNING + timedelta(days=2)) == 1
    (letter,) = thanks()
    assert letter.channel == reach
    assert (letter.content is None) == (reach != "text"), "a link is nothing to say aloud or to copy from paper"
    assert pack(db.session, letter, MORNING + timedelta(days=2), worldly(app)).text


def test_by_mail_every_date_is_thanked_for(app: Flask, cast: Cast) -> None:
    invited(app, cast, "Bart", evenings=2)
    assert [run(MORNING), run(MORNING + timedelta(days=2))] == [1, 1]


def test_the_link_is_the_same_for_everybody_and_opens_the_faces(app: Flask, cast: Cast, client: FlaskClient) -> None:
    invited(app, cast, "Bart", "Els")
    run(MORNING)
    gathering = db.session.get_one(TimeSlot, cast.sessions[0]).gatherings[0]
    key = feedback.key_of(gathering, world.vault())
    parcels = [pack(db.session, letter, MORNING, worldly(app)) for letter in thanks()]
    assert all(key in parcel.text and key in parcel.html for parcel in parcels)
    app.extensions["clock"].now = MORNING
    assert client.get(f"/hoe-was-het/{key}").status_code == 200
