"""Telling people: whatever changes, exactly those whom it concerns hear of it, once, and calendars stay right."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from tests.web import cast as casting
from tests.web.cast import NOW, Cast
from web import world
from web.rows import DueLetter, Gathering, Invitation, PlanGroup, Seat, Series, Signup, Staff, TimeSlot, Venue, db
from web.rows.invitations import ACCEPTED, DECLINED, NEEDS_ACTION, OFF, ON
from web.rows.messages import DUE, OVERTAKEN, SENT
from web.services import signups
from web.services.groups import publishing
from web.services.invitations import reconciling
from web.services.organisations import directory
from web.services.plans import current
from web.services.signups import Answers
from web.transaction import transaction

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def context(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


@pytest.fixture
def series(app: Flask, cast: Cast) -> Series:
    """Eighteen people with a place; the letters are still here."""
    casting.neighbourhood(app, cast, 18)
    proposal = casting.propose(app, cast)
    with transaction(db.session):
        publishing.publish(
            db.session,
            proposal,
            by=db.session.get_one(Staff, cast.amina),
            now=NOW,
            version=proposal.version,
            reason="",
            settings=world.settings(),
            vault=world.vault(),
        )
    return proposal.series


def post() -> None:
    db.session.query(DueLetter).update({DueLetter.state: SENT})
    db.session.commit()


def due(signup: Signup) -> list[DueLetter]:
    letters = db.session.query(DueLetter).filter_by(signup_id=signup.id, state=DUE).order_by(DueLetter.id)
    return [letter for letter in letters if letter.kind != "confirmation"]


def kinds(signup: Signup) -> list[str]:
    return [letter.kind for letter in due(signup)]


def somebody() -> Signup:
    return db.session.query(Signup).join(Seat, Seat.signup_id == Signup.id).order_by(Signup.id).first()


def invitation(signup: Signup) -> Invitation:
    return db.session.query(Invitation).filter_by(signup_id=signup.id, state=ON).one()


def shift(gathering: Gathering, hours: int = 1) -> None:
    gathering.starts += timedelta(hours=hours)
    gathering.ends += timedelta(hours=hours)


def everything() -> list[tuple[Any, ...]]:
    """All that reconcile may write."""
    rows = db.session.query(Invitation).order_by(Invitation.id)
    letters = db.session.query(DueLetter).order_by(DueLetter.id)
    return [(i.id, i.state, i.sequence, i.stamp, i.told) for i in rows] + [(x.id, x.kind, x.state) for x in letters]


def test_everybody_with_a_seat_has_one_invitation_and_one_letter_for_every_date(series: Series) -> None:
    seats = {(seat.signup_id, g.session_id) for g in current.groups_of(db.session, series.id) for seat in g.seats}
    rows = db.session.query(Invitation).all()
    assert {(row.signup_id, row.gathering.session_id) for row in rows} == seats
    assert {(row.state, row.sequence, row.partstat) for row in rows} == {(ON, 0, NEEDS_ACTION)}
    assert all(row.uid == row.gathering.uid for row in rows), "one event, one identity for everybody (rule 16)"
    assert len({row.token for row in rows}) == len(rows)
    assert all(re.fullmatch("[a-z2-7]{26}", row.token) for row in rows), "128 bits, no plus and no capitals (rule 6)"
    letters = db.session.query(DueLetter).filter_by(kind="placed").all()
    assert sorted(letter.invitation_id for letter in letters) == sorted(row.id for row in rows)


def test_nothing_changed_is_nothing_told(series: Series) -> None:
    before = everything()
    for _ in range(3):
        assert reconciling.reconcile(db.session, series, NOW + timedelta(hours=1)) == set()
    assert everything() == before


def test_a_time_that_moves_reaches_everybody_there_and_nobody_else(series: Series) -> None:
    post()
    person = somebody()
    mine = invitation(person)
    mine.partstat = ACCEPTED
    shift(mine.gathering)
    heard = reconciling.reconcile(db.session, series, NOW + timedelta(hours=1))
    there = db.session.query(Invitation).filter_by(gathering_id=mine.gathering_id).all()
    assert heard == {row.signup_id for row in there}
    assert {(row.sequence, row.changed_sequence, row.partstat) for row in there} == {(1, 1, NEEDS_ACTION)}
    assert all(row.stamp == NOW + timedelta(hours=1) for row in there)
    assert kinds(person) == ["changed"]
    assert due(person)[0].content["before"][0]["starts"] == (mine.gathering.starts - timedelta(hours=1)).isoformat()


def test_another_table_at_the_same_time_asks_for_no_new_answer(series: Series) -> None:
    post()
    person = somebody()
    mine = invitation(person)
    mine.partstat = ACCEPTED
    seat = db.session.query(Seat).filter_by(signup_id=person.id).one()
    seat.group.number = 7
    reconciling.reconcile(db.session, series, NOW)
    assert (mine.sequence, mine.changed_sequence, mine.partstat) == (1, 0, ACCEPTED)


def test_two_moves_before_the_letter_goes_out_are_one_letter(series: Series) -> None:
    post()
    person = somebody()
    mine = invitation(person)
    stamps = [mine.stamp]
    for _ in range(3):
        shift(mine.gathering)
        reconciling.reconcile(db.session, series, NOW)
        stamps.append(mine.stamp)
    assert kinds(person) == ["changed"]
    assert due(person)[0].sequence == mine.sequence == 1
    assert stamps == sorted(set(stamps)), "every version has a later stamp (rule 18), also within one second"


def test_who_did_not_hear_of_a_place_yet_hears_of_the_right_one(series: Series) -> None:
    person = somebody()
    mine = invitation(person)
    shift(mine.gathering)
    reconciling.reconcile(db.session, series, NOW)
    assert kinds(person) == ["placed"]
    assert (mine.sequence, due(person)[0].sequence) == (0, 0)
    mine.gathering.called_off_at = NOW
    reconciling.reconcile(db.session, series, NOW)
    assert kinds(person) == [], "nobody is told that a date is off of which they never heard"
    assert db.session.query(DueLetter).filter_by(signup_id=person.id, state=OVERTAKEN).count() == 1


def test_a_date_that_is_called_off_is_struck_through_once(series: Series) -> None:
    post()
    person = somebody()
    mine = invitation(person)
    mine.gathering.called_off_at = NOW
    for _ in range(2):
        reconciling.reconcile(db.session, series, NOW)
    assert kinds(person) == ["cancelled"]
    assert (mine.state, mine.sequence, due(person)[0].sequence) == (OFF, 1, 1)
    assert due(person)[0].content["reason"] == "called_off"


def test_who_said_no_hears_nothing_more_of_it(series: Series) -> None:
    post()
    person = somebody()
    mine = invitation(person)
    mine.partstat = DECLINED
    mine.gathering.called_off_at = NOW
    reconciling.reconcile(db.session, series, NOW)
    assert (kinds(person), mine.state) == ([], OFF)


def test_who_leaves_gets_it_out_of_the_calendar_and_comes_back_as_a_new_event(series: Series) -> None:
    post()
    person = somebody()
    old = invitation(person)
    with transaction(db.session):
        signups.leave(db.session, person, now=NOW)
    assert (kinds(person), due(person)[0].content["reason"]) == (["cancelled"], "left")
    post()
    with transaction(db.session):
        signups.come_back(db.session, person, now=NOW, settings=world.settings())
    new = invitation(person)
    assert kinds(person) == ["placed"]
    assert new.uid != old.uid, "what was cancelled does not come back (rule 32)"
    assert new.uid.startswith(old.uid)


def test_who_comes_back_too_late_has_no_table_any_more(app: Flask, cast: Cast, series: Series) -> None:
    post()
    person = somebody()
    seat = db.session.query(Seat).filter_by(signup_id=person.id).one()
    group = seat.group
    with transaction(db.session):
        signups.leave(db.session, person, now=NOW)
    room = current.free(db.session, series, world.settings())[group.session_id, group.number]
    for k in range(room):
        other = casting.sign_up(app, cast, f"Nieuw{k}").signup
        group.seats.append(Seat(signup_id=other.id))
    post()
    with transaction(db.session):
        signups.come_back(db.session, person, now=NOW, settings=world.settings())
    assert kinds(person) == []
    assert not db.session.query(Seat).filter_by(signup_id=person.id).count()


def test_another_table_on_another_day_is_one_story(cast: Cast, series: Series) -> None:
    post()
    person = somebody()
    old = invitation(person)
    seat = db.session.query(Seat).filter_by(signup_id=person.id).one()
    other = next(g for g in current.groups_of(db.session, series.id) if g.session_id != old.gathering.session_id)
    seat.group = other
    reconciling.reconcile(db.session, series, NOW)
    assert kinds(person) == ["cancelled", "changed"]
    assert due(person)[0].content["reason"] == "moved"
    assert due(person)[1].content["before"] == [{**old.told, "gathering": old.gathering_id}]
    new = invitation(person)
    assert (new.uid, new.sequence) == (other_date(other).uid, 0)


def other_date(group: PlanGroup) -> Gathering:
    return db.session.get_one(TimeSlot, group.session_id).gatherings[0]


def test_who_is_called_gets_one_letter_with_everything(app: Flask, cast: Cast, series: Series) -> None:
    person = casting.sign_up(app, cast, "Bel", reach="call", phone="+31612345678", email=None).signup
    group = current.groups_of(db.session, series.id)[0]
    group.seats.append(Seat(signup_id=person.id))
    session = db.session.get_one(TimeSlot, group.session_id)
    first = session.gatherings[0]
    session.gatherings.append(Gathering(starts=first.starts + timedelta(7), ends=first.ends + timedelta(7)))
    db.session.flush()
    reconciling.reconcile(db.session, series, NOW)
    assert kinds(person) == ["placed"]
    assert due(person)[0].invitation_id is None
    post()
    shift(first)
    shift(session.gatherings[1])
    reconciling.reconcile(db.session, series, NOW)
    assert kinds(person) == ["changed"]
    assert len(due(person)[0].content["before"]) == 2
    with transaction(db.session):
        signups.leave(db.session, person, now=NOW)
    assert kinds(person) == [], "who says by phone that they leave need not be called about it"


def test_a_new_address_is_invited_anew_and_the_old_one_counts_no_more(series: Series) -> None:
    post()
    person = somebody()
    old = invitation(person)
    told = Answers(name=person.name, reach="email", sessions=frozenset({old.gathering.session_id}), email="n@x.example")
    with transaction(db.session):
        signups.change(db.session, person, told, now=NOW, channel="web", vault=world.vault())
    new = invitation(person)
    assert (old.state, new.mailbox, kinds(person)) == (OFF, "n@x.example", ["placed"])
    assert (old.token != new.token, old.uid != new.uid) == (True, True)


def test_from_the_phone_to_mail_the_calendar_follows(app: Flask, cast: Cast, series: Series) -> None:
    person = casting.sign_up(app, cast, "Bel", reach="call", phone="+31612345678", email=None).signup
    group = current.groups_of(db.session, series.id)[0]
    group.seats.append(Seat(signup_id=person.id))
    reconciling.reconcile(db.session, series, NOW)
    post()
    told = Answers(name="Bel", reach="email", sessions=frozenset({group.session_id}), email="bel@x.example")
    with transaction(db.session):
        signups.change(db.session, person, told, now=NOW, channel="web", vault=world.vault())
    assert (kinds(person), due(person)[0].invitation.mailbox) == (["placed"], "bel@x.example")


def test_two_who_share_a_mailbox_have_events_of_their_own(app: Flask, cast: Cast, series: Series) -> None:
    group = current.groups_of(db.session, series.id)[0]
    both = [casting.sign_up(app, cast, name, email="thuis@x.example").signup for name in ("Jan", "Truus")]
    group.seats.extend(Seat(signup_id=one.id) for one in both)
    reconciling.reconcile(db.session, series, NOW)
    assert invitation(both[0]).uid != invitation(both[1]).uid


def test_what_is_past_is_not_told_any_more(series: Series) -> None:
    post()
    person = somebody()
    mine = invitation(person)
    later = mine.gathering.ends + timedelta(minutes=1)
    shift(mine.gathering, hours=-1)
    assert person.id not in reconciling.reconcile(db.session, series, later)


def test_a_declined_place_is_free_until_they_say_otherwise(series: Series) -> None:
    person = somebody()
    mine = invitation(person)
    table = (mine.gathering.session_id, mine.told["group"])
    before = current.taken(db.session, series.id)[table]
    mine.partstat = DECLINED
    assert current.taken(db.session, series.id)[table] == before - 1
    assert (person.id, table[0]) in current.given_up(db.session, series.id)
    mine.partstat = ACCEPTED
    assert current.taken(db.session, series.id)[table] == before


def test_a_venue_that_gets_another_name_is_told_to_who_comes_there(cast: Cast, series: Series) -> None:
    post()
    person = somebody()
    venue = db.session.get_one(Venue, cast.venue)
    amina = db.session.get_one(Staff, cast.amina)
    with transaction(db.session):
        directory.save(db.session, venue, {"name": "De Nieuwe Zaal"}, by=amina, now=NOW)
    assert kinds(person) == ["changed"]
    assert invitation(person).told["place"].startswith("De Nieuwe Zaal")
    post()
    with transaction(db.session):
        directory.save(db.session, venue, {"note": "Bel aan."}, by=amina, now=NOW)
    assert kinds(person) == []
