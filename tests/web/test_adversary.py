"""What once went wrong between people, mailboxes and dates, each as short as it can be told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.web import cast as casting
from tests.web import moving, places, post
from tests.web.cast import NOW, Cast
from tests.web.import_table import Table
from tests.web.messages.test_receiving import BOUNCE, Box, Post
from web import world
from web.channels.faults import Later
from web.rows import DueLetter, Gathering, Invitation, Outage, Plan, Reply, Seat, Series, Signup, TimeSlot, db
from web.rows.invitations import InvitationState, Partstat
from web.rows.messages import LetterState
from web.rows.people import SignupState
from web.services import signups
from web.services.groups.offers import making
from web.services.invitations import reconciling
from web.services.invitations.rsvp import answer
from web.services.messages import receive
from web.services.outbox.packing import LetterOvertaken, pack
from web.services.plans import current
from web.services.signups import Answers
from web.transaction import transaction

CALLED = {"reach": "call", "email": None, "phone": "+31622222222"}


@pytest.fixture(autouse=True)
def context(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


def seated(app: Flask, cast: Cast, *names: str, evenings: int = 2, **more: object) -> list[Signup]:
    """They have a place at table 1 of the first evenings; the letters about it wait."""
    people = [casting.sign_up(app, cast, name, **more).signup for name in names]
    casting.plan_of(cast, {(evening, 1): [p.id for p in people] for evening in cast.sessions[:evenings]})
    post.told(app, cast)
    return people


def told(cast: Cast) -> None:
    reconciling.reconcile(db.session, db.session.get_one(Series, cast.series), world.now())
    db.session.commit()


def due(signup: Signup) -> list[DueLetter]:
    return [row for row in post.letters_of(signup.id, state=LetterState.DUE) if row.kind != "confirmation"]


def kinds(signup: Signup) -> list[tuple[str, str]]:
    return [(letter.kind, letter.channel) for letter in due(signup)]


def texts(app: Flask, signup: Signup) -> str:
    """Everything that waits for somebody, as it would be said now."""
    return "\n".join(pack(db.session, letter, world.now(), post.world_of(app)).text for letter in due(signup))


def date_of(cast: Cast, evening: int) -> Gathering:
    return db.session.get_one(TimeSlot, cast.sessions[evening]).gatherings[0]


def call_off(cast: Cast, evening: int) -> None:
    moving.call_off(cast, db.session.get_one(TimeSlot, cast.sessions[evening]))


def reach(signup: Signup, **more: object) -> None:
    """They say how they want to be reached now."""
    answers = Answers(name=signup.name, sessions=frozenset(a.session_id for a in signup.availability), **more)
    with transaction(db.session):
        signups.change(db.session, signup, answers, now=world.now(), channel="web", vault=world.vault())


def mine(signup: Signup, state: str = InvitationState.ON) -> Invitation:
    return db.session.scalars(select(Invitation).filter_by(signup_id=signup.id, state=state)).one()


def test_a_date_that_is_off_before_the_call_takes_no_other_date_along(app: Flask, cast: Cast) -> None:
    (els,) = seated(app, cast, "Els", **CALLED)
    call_off(cast, 0)
    assert kinds(els) == [("placed", "call")]
    assert "donderdag 14 januari" in texts(app, els)
    assert "dinsdag 12 januari" not in texts(app, els), "they never heard of it"


def test_two_dates_that_go_off_before_the_call_are_both_told(app: Flask, cast: Cast) -> None:
    (els,) = seated(app, cast, "Els", **CALLED)
    moving.post()
    call_off(cast, 0)
    call_off(cast, 1)
    assert kinds(els) == [("cancelled", "call")]
    assert "dinsdag 12 januari" in texts(app, els)
    assert "donderdag 14 januari" in texts(app, els)


def test_a_date_that_is_off_is_told_with_the_one_that_comes_for_it(app: Flask, cast: Cast) -> None:
    (els,) = seated(app, cast, "Els", evenings=1, **CALLED)
    moving.post()
    call_off(cast, 0)
    db.session.query(Plan).update({Plan.current: False})
    casting.plan_of(cast, {(cast.sessions[1], 1): [els.id]})
    told(cast)
    assert kinds(els) == [("changed", "call")]
    assert all(day in texts(app, els) for day in ("dinsdag 12 januari", "donderdag 14 januari"))


def test_a_date_that_goes_and_comes_back_before_the_call_is_nothing_to_tell(app: Flask, cast: Cast) -> None:
    (els,) = seated(app, cast, "Els", evenings=1, **CALLED)
    moving.post()
    row = db.session.get_one(TimeSlot, cast.sessions[0])
    moving.move(cast, row, moving.later(row))
    assert kinds(els) == [("changed", "call")]
    moving.move(cast, row, moving.later(row, -moving.HOUR))
    assert kinds(els) == []


def test_what_lies_here_goes_the_way_somebody_chooses(app: Flask, cast: Cast) -> None:
    (bart,) = seated(app, cast, "Bart", evenings=1)
    reach(bart, reach="call", phone="+31622222222")
    assert kinds(bart) == [("placed", "call")]
    assert [letter.channel for letter in post.letters_of(bart.id, "confirmation")] == ["call"]
    assert "dinsdag 12 januari" in texts(app, bart)


def test_who_wants_mail_before_the_call_is_not_called_too(app: Flask, cast: Cast) -> None:
    (els,) = seated(app, cast, "Els", evenings=1, **CALLED)
    reach(els, reach="email", email="els@x.example")
    assert kinds(els) == [("placed", "email")]
    assert due(els)[0].invitation is not None


def test_a_calendar_is_brought_up_to_date_for_who_was_called_for_a_while(app: Flask, cast: Cast) -> None:
    (bart,) = seated(app, cast, "Bart", evenings=1)
    moving.post()
    reach(bart, reach="call", phone="+31622222222")
    row = db.session.get_one(TimeSlot, cast.sessions[0])
    moving.move(cast, row, moving.later(row))
    moving.post()
    reach(bart, reach="email", email="bart@voorbeeld.example")
    assert kinds(bart) == [("placed", "email")]
    assert (due(bart)[0].invitation.uid, due(bart)[0].sequence) == (row.gatherings[0].uid, 1)


def test_an_address_that_was_left_and_taken_again_shows_one_event(app: Flask, cast: Cast) -> None:
    (bart,) = seated(app, cast, "Bart", evenings=1)
    moving.post()
    first = mine(bart)
    reach(bart, reach="email", email="b@x.example")
    reach(bart, reach="email", email="bart@voorbeeld.example")
    assert (mine(bart).id, kinds(bart)) == (first.id, [("placed", "email")])
    assert due(bart)[0].sequence == first.sequence > 0


def test_from_the_phone_to_the_mailbox_of_another_is_an_event_of_their_own(app: Flask, cast: Cast) -> None:
    els = casting.sign_up(app, cast, "Els", **CALLED).signup
    bart = casting.sign_up(app, cast, "Bart").signup
    casting.plan_of(cast, {(cast.sessions[0], 1): [els.id, bart.id]})
    told(cast)
    reach(els, reach="email", email="bart@voorbeeld.example")
    assert mine(els).uid != mine(bart).uid


def test_a_mailbox_that_somebody_left_still_knows_their_event(app: Flask, cast: Cast) -> None:
    """Two share it; one leaves it, the other then gets a place on the same date."""
    home = {"email": "thuis@x.example"}
    jan, truus = (casting.sign_up(app, cast, name, **home).signup for name in ("Jan", "Truus"))
    plan = casting.plan_of(cast, {(cast.sessions[0], 1): [jan.id]})
    told(cast)
    moving.post()
    reach(jan, reach="email", email="jan@x.example")
    plan.groups[0].seats.append(Seat(signup_id=truus.id))
    told(cast)
    assert mine(truus).uid != mine(jan, InvitationState.OFF).uid


def test_who_said_no_and_has_a_new_address_still_said_no(app: Flask, cast: Cast, settings) -> None:
    (bart,) = seated(app, cast, "Bart", evenings=1)
    moving.post()
    answer.answer(db.session, mine(bart), Partstat.DECLINED, by="page", now=NOW, settings=settings)
    reach(bart, reach="email", email="b@x.example")
    assert (mine(bart).partstat, mine(bart).mailbox, kinds(bart)) == (Partstat.DECLINED, "b@x.example", [])
    assert current.taken(db.session, cast.series)[cast.sessions[0], 1] == 0


def test_the_chair_of_who_said_no_is_given_once_whatever_limits_the_room(app: Flask, cast: Cast, settings) -> None:
    tables = places.laid(app, cast, "Ada Bea", "Cas Dik")
    evening = db.session.get_one(TimeSlot, cast.sessions[0])
    evening.seats = 4
    answer.answer(db.session, mine(tables.people["Dik"]), Partstat.DECLINED, by="page", now=NOW, settings=settings)
    tables.waits("Eef")
    tables.run()
    (offer,) = tables.open()
    tables.yes(offer)
    moving.post()
    moving.move(cast, evening, moving.later(evening))  # Answers to another time are worth nothing.
    assert sum(current.taken(db.session, cast.series).values()) == 4


def test_a_double_click_on_coming_back_does_not_cost_the_chair(app: Flask, cast: Cast, settings) -> None:
    tables = places.laid(app, cast, "Ada Bea Cas Dik Eef Fie Gea Hes")
    tables.leaves("Hes")
    hes = tables.people["Hes"]
    assert hes.state == SignupState.LEFT, "as the second click reads it"
    with Session(db.engine) as first, transaction(first):
        signups.come_back(first, first.get_one(Signup, hes.id), now=NOW, settings=settings)
    with transaction(db.session):
        signups.come_back(db.session, hes, now=NOW, settings=settings)
    assert "Hes" in tables.seated()[cast.sessions[0], 1]


def test_a_place_that_is_not_known_yet_is_not_online(app: Flask, cast: Cast) -> None:
    db.session.get_one(TimeSlot, cast.sessions[0]).venue_id = None
    (bart,) = seated(app, cast, "Bart", evenings=1)
    assert "online" not in texts(app, bart)


def test_a_place_on_a_date_that_is_over_is_not_told(app: Flask, cast: Cast, clock) -> None:
    (bart,) = seated(app, cast, "Bart", evenings=1)
    clock.now = date_of(cast, 0).ends + timedelta(minutes=1)
    with pytest.raises(LetterOvertaken):
        pack(db.session, due(bart)[0], clock.now, post.world_of(app))


def test_a_date_that_moved_and_went_off_unheard_is_told_as_it_was_known(app: Flask, cast: Cast) -> None:
    (bart,) = seated(app, cast, "Bart", evenings=1)
    moving.post()
    row = db.session.get_one(TimeSlot, cast.sessions[0])
    moving.move(cast, row, moving.later(row))
    call_off(cast, 0)
    assert kinds(bart) == [("cancelled", "email")]
    assert "18.00 – 20.30" in texts(app, bart)


def test_who_keeps_another_date_is_not_told_that_there_is_no_place(app: Flask, cast: Cast) -> None:
    bart, els = seated(app, cast, "Bart"), seated(app, cast, "Els", **CALLED)
    db.session.query(Plan).update({Plan.current: False})
    both = [*bart, *els]
    casting.plan_of(cast, {(evening, 1): [one.id for one in both] for evening in cast.sessions[:2]})
    told(cast)
    moving.post()
    db.session.query(Plan).update({Plan.current: False})
    casting.plan_of(cast, {(cast.sessions[0], 1): [one.id for one in both]})
    told(cast)
    for one in both:
        assert [kind for kind, _ in kinds(one)] == ["cancelled"]
        assert "wachtlijst" not in texts(app, one)
        assert "donderdag 14 januari" in texts(app, one)


def test_a_new_address_is_told_that_the_time_is_another_one(app: Flask, cast: Cast) -> None:
    (bart,) = seated(app, cast, "Bart", evenings=1)
    moving.post()
    reach(bart, reach="email", email="b@x.example")
    row = db.session.get_one(TimeSlot, cast.sessions[0])
    moving.move(cast, row, moving.later(row))
    assert kinds(bart) == [("changed", "email")]
    assert "18.00 – 20.30" in texts(app, bart)


def test_a_cancellation_names_no_earlier_address_to_the_new_one(app: Flask, cast: Cast) -> None:
    (bart,) = seated(app, cast, "Bart", evenings=1)
    moving.post()
    call_off(cast, 0)
    reach(bart, reach="email", email="b@x.example")
    (letter,) = due(bart)
    parcel = pack(db.session, letter, NOW, post.world_of(app))
    assert (letter.kind, parcel.address, parcel.calendars) == ("cancelled", "b@x.example", ())


def test_an_import_with_another_address_invites_there(app: Flask, cast: Cast, settings) -> None:
    (bart,) = seated(app, cast, "Bart", evenings=1)
    moving.post()
    desk = Table(app, cast, settings)
    header = ["code", "voornaam", "bereik", "e-mail"]
    desk.add(desk.keep([bart.code, "Bart", "email", "b@x.example"], header=header))
    assert (mine(bart).mailbox, kinds(bart)) == ("b@x.example", [("placed", "email")])


def test_a_text_message_that_bounces_is_told_by_phone(app: Flask, cast: Cast, settings) -> None:
    (els,) = seated(app, cast, "Els", evenings=1, reach="text", email=None, phone="+31611111111")
    (letter,) = due(els)
    letter.state, letter.bounce = LetterState.SENT, "a" * 26
    db.session.commit()
    raw = BOUNCE.format(to="x", address="31611111111@sms.example", action="failed", status="5.1.1")
    mail = Post("1", raw.replace("\n", "\r\n").encode(), f"bounce-{letter.bounce}@voorbeeld.example")
    receive.receive(db.session, Box(mail), NOW, settings)
    assert kinds(els) == [("placed", "call")]


def test_one_mail_that_cannot_be_handled_holds_up_no_other(
    app: Flask, cast: Cast, settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = receive.judge

    def judge(raw: bytes, *told: object, **more: object) -> object:
        if raw == b"poison":
            raise ZeroDivisionError("bart@voorbeeld.example")
        return real(raw, *told, **more)

    monkeypatch.setattr(receive, "judge", judge)
    box = Box(Post("1", b"poison", ""), Post("2", b"Subject: a\r\n\r\nHoi", "", "a@x.example"))
    assert receive.receive(db.session, box, NOW, settings) == 2
    assert [(row.outcome, row.reason) for row in db.session.query(Reply)] == [("review", "broken"), ("review", "words")]
    assert list(box.messages()) == []


def test_a_mail_that_the_server_keeps_holds_up_no_other(app: Flask, cast: Cast, settings) -> None:
    class Stuck(Box):
        def done(self, mail: Post) -> None:
            if mail.key == "1":
                raise Later("refused")
            super().done(mail)

    box = Stuck(Post("1", b"Subject: a\r\n\r\nHoi", ""), Post("2", b"Subject: b\r\n\r\nHallo", ""))
    receive.receive(db.session, box, NOW, settings)
    receive.receive(db.session, box, NOW, settings)
    assert [post.key for post in box.messages()] == ["1"]
    assert db.session.query(Reply).count() == 2
    assert [(outage.what, outage.fault) for outage in db.session.query(Outage)] == [("inbox", "refused")]


def test_one_series_that_cannot_be_looked_at_holds_up_no_other(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    tables = places.laid(app, cast, "Ada Bea Cas Dik Eef")
    tables.waits("Fie")
    real = making._running

    def running(*told: object) -> list[Series]:
        broken = Series(id=10_000)
        return [broken, *real(*told)]

    monkeypatch.setattr(making, "_running", running)
    assert tables.run() == 1
    assert tables.asked() == ["Fie"]


def test_capitals_in_an_address_are_no_other_mailbox(app: Flask, cast: Cast) -> None:
    (bart,) = seated(app, cast, "Bart", evenings=1)
    moving.post()
    known = mine(bart).uid
    reach(bart, reach="email", email="BART@voorbeeld.example")
    assert (mine(bart).uid, kinds(bart)) == (known, []), "the event stands there once"
    row = db.session.get_one(TimeSlot, cast.sessions[0])
    moving.move(cast, row, moving.later(row))
    parcel = pack(db.session, due(bart)[0], NOW, post.world_of(app))
    assert known.encode() in parcel.calendars[0].content
