"""Sending: whatever a mail server says, nothing is lost or doubled, and a person can see what is the matter."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from tests.web import post
from tests.web.cast import NOW, Cast, Clock
from tests.web.postroom import PLACE, WELCOME, Room
from tests.web.smtp_script import Script
from tests.web.smtp_server import CUT, smtp_sink
from web.channels import Maildir
from web.channels import smtp as channel
from web.letters import LETTERS
from web.rows import DueLetter, Outage, Signup, Staff, db
from web.rows.invitations import InvitationState, Partstat
from web.rows.messages import LetterState
from web.rows.people import SignupState
from web.services.messages import queue
from web.services.outbox import delivery, outages
from web.services.outbox.retries import AGAIN, MOST
from web.transaction import transaction

pytestmark = pytest.mark.slow

ALL = ["Bart confirmation", "Els confirmation", "Bart placed", "Els placed"]


@pytest.fixture
def room(app: Flask, cast: Cast, clock: Clock) -> Iterator[Room]:
    with smtp_sink() as sink, app.app_context():
        room = Room(app, cast, clock, sink)
        room.people("Bart", "Els")
        yield room


@pytest.fixture
def closed() -> Iterator[int]:
    """A port at which nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


class TestAllIsWell:
    def test_every_letter_arrives_once_and_in_order(self, room: Room) -> None:
        assert [room.send(), room.send()] == [4, 0]
        assert room.arrived() == ALL
        assert set(room.states().values()) == {LetterState.SENT}
        assert {(row.tries, row.fault, row.sent_at) for row in db.session.query(DueLetter)} == {(1, "", NOW)}

    def test_a_secret_is_kept_no_longer_than_its_letter_waits(self, room: Room) -> None:
        assert room.letter("Bart", WELCOME).content is not None
        room.send()
        assert room.letter("Bart", WELCOME).content is None

    def test_what_else_it_told_is_there_when_it_comes_back(self, room: Room) -> None:
        letter = room.letter("Bart", WELCOME)
        letter.content = {**letter.content, "reason": "called_off"}
        db.session.commit()
        room.send()
        assert room.letter("Bart", WELCOME).content == {"reason": "called_off"}

    def test_what_is_not_due_yet_waits_and_holds_up_nobody(self, room: Room, clock: Clock) -> None:
        room.letter("Bart", WELCOME).due_at = NOW + timedelta(hours=1)
        db.session.commit()
        room.send()
        assert room.arrived() == ["Els confirmation", "Bart placed", "Els placed"]
        clock.forward(hours=1)
        room.send()
        assert room.arrived()[3:] == ["Bart confirmation"]

    def test_what_goes_by_hand_is_left_to_people(self, room: Room) -> None:
        room.letter("Bart").channel = "call"
        db.session.commit()
        room.send()
        assert room.letter("Bart").state == LetterState.DUE

    def test_a_mailed_letter_can_be_found_by_where_its_return_goes(self, room: Room) -> None:
        room.send()
        returns = [mail.sender.partition("@")[0] for mail in room.sink.mails]
        known = [row.bounce for row in db.session.query(DueLetter).order_by(DueLetter.id)]
        assert sorted(returns) == sorted(f"bounce-{bounce}" for bounce in known)
        assert len(set(known)) == 4


class TestTheServerIsDown:
    def test_for_an_hour_nothing_is_lost_and_no_try_is_used_up(self, room: Room, clock: Clock, closed: int) -> None:
        for _ in range(61):
            assert room.send(room.smtp(port=closed)) == 0
            clock.forward(minutes=1)
        outage = db.session.query(Outage).one()
        assert (outage.what, outage.fault, outage.since) == ("email", "connection", NOW)
        assert (outage.times, outage.last_at) == (61, NOW + timedelta(hours=1))
        assert {(row.state, row.tries) for row in db.session.query(DueLetter)} == {(LetterState.DUE, 0)}
        assert room.send() == 4
        assert room.arrived() == ALL
        assert room.outages() == []

    def test_the_organiser_sees_how_many_letters_wait_for_it(self, room: Room, closed: int) -> None:
        room.send(room.smtp(port=closed))
        (held,) = queue.held(db.session, db.session.query(DueLetter).statement, room.app.extensions["settings"])
        assert (held.outage.what, held.letters) == ("email", 4)

    def test_it_goes_down_halfway(self, room: Room) -> None:
        room.sink.say("MAIL", "", "421 4.3.2 Closing")
        assert room.send() == 1
        assert room.arrived() == ALL[:1]
        assert room.outages() == [("email", "busy 421 4.3.2")]
        room.send()
        assert room.arrived() == ALL
        assert room.outages() == []

    def test_it_says_so_only_after_the_dot(self, room: Room) -> None:
        room.sink.say("DATA", "421 4.3.2 Closing")
        assert room.send() == 0
        assert set(room.states().values()) == {LetterState.DUE}
        room.send()
        assert room.arrived() == ALL

    def test_its_name_is_not_known(self, room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
        def unknown(*_: object) -> None:
            raise socket.gaierror(socket.EAI_NONAME, "unknown")

        with monkeypatch.context() as patch:
            patch.setattr(socket, "create_connection", unknown)
            room.send(room.smtp(host="post.buurt.example"))
        assert room.outages() == [("email", "name")]
        assert {row.tries for row in db.session.query(DueLetter)} == {0}
        room.send()
        assert room.arrived() == ALL

    def test_the_password_is_wrong(self, app: Flask, cast: Cast, clock: Clock, tmp_path: Path) -> None:
        with (
            smtp_sink(security="starttls", user="groepen", password="geheim", folder=tmp_path) as sink,
            app.app_context(),
        ):
            room = Room(app, cast, clock, sink)
            room.people("Bart")
            assert room.send(room.smtp("fout", security="starttls", user="groepen")) == 0
            assert room.outages() == [("email", "login 535")]
            assert {(row.state, row.tries) for row in db.session.query(DueLetter)} == {(LetterState.DUE, 0)}
            assert room.send(room.smtp("geheim", security="starttls", user="groepen")) == 2
            assert room.outages() == []

    def test_our_sender_is_not_welcome(self, room: Room) -> None:
        room.sink.say("MAIL", "553 5.7.1 Sender not owned")
        assert room.send() == 0
        assert room.outages() == [("email", "refused 553 5.7.1")]
        room.send()
        assert room.arrived() == ALL

    def test_text_messages_do_not_wait_for_mail(self, room: Room, closed: int, tmp_path: Path) -> None:
        texts = Maildir(tmp_path, room.app.extensions["settings"].sender)
        for kind in (WELCOME, PLACE):
            room.letter("Els", kind).channel = "text"
        els = db.session.get_one(Signup, room.letter("Els").signup_id)
        # What takes text messages here is a folder, which wants an address.
        els.contact = {"phone": "els@gateway.example"}
        db.session.commit()
        ways = {"email": room.smtp(port=closed), "text": texts}
        assert delivery.send_due(db.session, ways, room.clock, post.world_of(room.app)) == 2
        assert len(texts.messages()) == 2
        assert room.outages() == [("email", "connection")]

    def test_it_breaks_in_the_middle_of_every_mail(self, room: Room, clock: Clock) -> None:
        """The first may be to blame itself; after the second it is the server, and the others lose no try."""
        room.sink.say("MAIL", *[CUT] * 3)
        assert room.send() == 0
        assert room.outages() == [("email", "connection")]
        assert [row.tries for row in db.session.query(DueLetter).order_by(DueLetter.id)] == [1, 0, 0, 0]
        clock.forward(minutes=1)
        room.sink.script.clear()
        assert room.send() == 4
        assert (room.arrived(), room.outages()) == (ALL, [])

    def test_a_mail_that_breaks_it_does_not_hold_up_the_others(self, room: Room) -> None:
        room.sink.say("MAIL", CUT)
        assert room.send() == 2
        assert (room.arrived(), room.outages()) == (["Els confirmation", "Els placed"], [])

    @pytest.mark.parametrize("phase", ["hello", "MAIL", "RCPT", "start"])
    def test_what_speaks_there_is_no_mail_server(self, room: Room, phase: str) -> None:
        with Script(phase, b"HTTP/1.1 400 Bad Request\r\n") as script:
            assert room.send(room.smtp(port=script.port, timeout=2)) == 0
        assert room.outages() == [("email", "connection")]
        assert {row.state for row in db.session.query(DueLetter)} == {LetterState.DUE}
        room.clock.forward(minutes=1)
        assert room.send() == 4

    def test_no_try_is_lost_when_it_closes_after_the_dot(self, room: Room) -> None:
        room.sink.say("DATA", "421 4.3.2 Closing")
        room.send()
        assert {row.tries for row in db.session.query(DueLetter)} == {0}


class TestOneReceiver:
    @pytest.mark.parametrize("phase", ["RCPT", "DATA"])
    def test_greylisting_is_tried_again_and_only_this_person_waits(self, room: Room, clock: Clock, phase: str) -> None:
        room.sink.say(phase, "451 4.7.1 Greylisted")
        assert room.send() == 2
        assert room.arrived() == ["Els confirmation", "Els placed"]
        letter = room.letter("Bart", WELCOME)
        assert (letter.state, letter.tries, letter.fault) == (LetterState.DUE, 1, "busy 451 4.7.1")
        assert letter.due_at == NOW + AGAIN[0]
        assert room.send() == 0, "not before its time, and no invitation before the welcome"
        clock.forward(minutes=1)
        assert room.send() == 2
        assert room.arrived()[2:] == ["Bart confirmation", "Bart placed"]
        assert room.letter("Bart", WELCOME).fault == ""

    def test_back_off_grows_and_ends_after_days(self, room: Room, clock: Clock) -> None:
        letter, waits = room.letter("Bart", WELCOME), []
        while letter.state == LetterState.DUE:
            room.sink.say("RCPT", "452 4.2.2 Full")
            room.send()
            waits.append(letter.due_at - clock.now)
            clock.now = letter.due_at
        assert waits == sorted(waits)
        assert timedelta(days=2) < clock.now - NOW < timedelta(days=5)
        assert (letter.state, letter.tries, letter.fault) == (LetterState.FAILED, MOST, "full 452 4.2.2")
        room.send()
        assert room.arrived() == ["Els confirmation", "Els placed", "Bart placed"]

    @pytest.mark.parametrize("phase", ["RCPT", "DATA"])
    def test_a_full_mailbox_is_called_about_that_letter_and_the_next_is_mailed(self, room: Room, phase: str) -> None:
        room.sink.say(phase, "552 5.2.2 Mailbox full")
        assert room.send() == 3
        assert room.arrived() == ["Els confirmation", "Bart placed", "Els placed"]
        letter = room.letter("Bart", WELCOME)
        assert (letter.state, letter.channel, letter.fault) == (LetterState.DUE, "call", "full 552 5.2.2")
        assert db.session.get_one(Signup, letter.signup_id).reached_by == "email"

    @pytest.mark.parametrize(
        ("said", "fault"),
        [("554 5.3.4 Too large", "large 554 5.3.4"), ("554 5.7.1 Spam", "refused 554 5.7.1")],
    )
    @pytest.mark.parametrize("phase", ["RCPT", "DATA"])
    def test_a_final_no_is_final_visible_and_for_a_person(self, room: Room, phase: str, said: str, fault: str) -> None:
        room.sink.say(phase, said)
        assert room.send() == 3
        letter = room.letter("Bart", WELCOME)
        assert (letter.state, letter.fault, letter.tries) == (LetterState.FAILED, fault, 1)
        assert room.send() == 0
        series = letter.signup_id and db.session.get_one(Signup, letter.signup_id).series
        lines = queue.lines(db.session, series, room.app.extensions["settings"], LetterState.FAILED, 1)
        assert [(line.name, line.letter.fault, line.may_again) for line in lines] == [("Bart", fault, True)]
        with transaction(db.session):
            queue.again(db.session, letter, by=db.session.get_one(Staff, room.cast.amina), now=NOW)
        assert room.send() == 1
        assert room.arrived() == ["Els confirmation", "Bart placed", "Els placed", "Bart confirmation"]

    @pytest.mark.parametrize("said", ["550 5.1.1 No such user", "553 5.1.3 Syntax"])
    def test_nobody_lives_there_so_everything_goes_on_the_call_list(self, room: Room, said: str) -> None:
        room.sink.say("RCPT", said)
        assert room.send() == 2
        assert room.arrived() == ["Els confirmation", "Els placed"]
        letters = [room.letter("Bart", kind) for kind in (WELCOME, PLACE)]
        assert [(row.state, row.channel) for row in letters] == [(LetterState.DUE, "call")] * 2
        bart = db.session.get_one(Signup, letters[0].signup_id)
        assert (bart.bounced_at, bart.reached_by) == (NOW, "call")
        assert room.letter("Els").channel == "email"

    def test_an_address_that_cannot_be_one_goes_on_the_call_list(self, room: Room) -> None:
        bart = db.session.get_one(Signup, room.letter("Bart").signup_id)
        bart.contact = {"email": "bärt@voorbeeld.example"}
        db.session.commit()
        room.send()
        assert room.letter("Bart", WELCOME).channel == "call"
        assert room.arrived() == ["Els confirmation", "Els placed"]


class TestNobodyCanKnow:
    def test_a_line_that_breaks_after_the_dot_is_a_doubt_that_a_person_solves(self, room: Room, clock: Clock) -> None:
        room.sink.say("DATA", CUT)
        assert room.send() == 0
        letter = room.letter("Bart", WELCOME)
        assert (letter.state, letter.fault) == (LetterState.UNSURE, "connection")
        clock.forward(minutes=1)
        assert room.send() == 3
        clock.forward(days=1)
        assert room.send() == 0
        assert room.arrived() == ALL, "it had arrived, and is not sent again by itself"
        settings = room.app.extensions["settings"]
        series = db.session.get_one(Signup, letter.signup_id).series
        assert queue.counts(db.session, series, settings)[LetterState.UNSURE] == 1
        with transaction(db.session):
            queue.again(db.session, letter, by=db.session.get_one(Staff, room.cast.amina), now=clock())
        assert room.send() == 1
        assert room.arrived() == [*ALL, "Bart confirmation"]
        assert room.letter("Bart", WELCOME).state == LetterState.SENT

    def test_a_server_that_takes_mails_and_falls_silent_gets_few_of_them(self, room: Room, clock: Clock) -> None:
        """Every try leaves a letter that a person has to ask after; an hour may not make all of them so."""
        room.people(*(f"Mens{number}" for number in range(6)))
        room.sink.say("DATA", *[CUT] * 100)
        for _ in range(60):
            room.send()
            clock.forward(minutes=1)
        doubts = [letter for letter in db.session.query(DueLetter) if letter.state == LetterState.UNSURE]
        assert len(doubts) == 6, "at once, and after 1, 3, 7, 15 and 31 minutes"
        assert {letter.state for letter in db.session.query(DueLetter)} == {LetterState.UNSURE, LetterState.DUE}
        (outage,) = db.session.query(Outage)
        assert (outage.fault, outage.since, outage.times) == (outages.SILENT, NOW, 6)
        room.sink.script.clear()
        clock.forward(hours=1)
        room.send()
        assert room.outages() == []
        assert len(room.arrived()) == len(set(room.arrived())) == db.session.query(DueLetter).count()

    def test_a_server_that_hangs_after_the_dot_is_waited_for_and_then_a_doubt(
        self, room: Room, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(channel, "READING", 0.5)
        with Script("DATA") as script:
            assert room.send(room.smtp(port=script.port, timeout=0.2)) == 0
        assert room.letter("Bart", WELCOME).state == LetterState.UNSURE
        assert room.outages() == [("email", outages.SILENT)]

    def test_the_welcome_can_still_be_sent_again_with_its_link(self, room: Room) -> None:
        room.sink.say("DATA", CUT)
        room.send()
        with transaction(db.session):
            queue.again(
                db.session, room.letter("Bart", WELCOME), by=db.session.get_one(Staff, room.cast.amina), now=NOW
            )
        room.clock.forward(minutes=1)
        room.send()
        first, second = (mail.raw for mail in room.sink.mails if b"Bart" in mail.raw and b"/mijn/" in mail.raw)
        assert first.split(b"\r\n\r\n", 1)[1] == second.split(b"\r\n\r\n", 1)[1]


class TestALetterThatCannotBeWritten:
    @pytest.mark.parametrize(
        ("wrong", "fault"),
        [
            ({"kind": "birthday"}, "unknown kind 'birthday'; known: confirmation"),
            ({"signup_id": None}, "this letter is for nobody"),
            ({"content": {"reason": 1, "before": "x"}}, "TypeError"),
        ],
    )
    def test_it_does_not_hold_up_the_others(
        self, room: Room, clock: Clock, wrong: dict[str, object], fault: str
    ) -> None:
        letter = room.letter("Bart")
        for name, value in wrong.items():
            setattr(letter, name, value)
        db.session.commit()
        assert room.send() == 3
        assert (letter.state, letter.tries, letter.fault.startswith(fault)) == (LetterState.DUE, 1, True)
        for _ in range(MOST):
            clock.forward(hours=5)
            room.send()
        assert (letter.state, len(room.sink.mails)) == (LetterState.FAILED, 3)

    def test_its_error_is_written_down_without_an_address(
        self, room: Room, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def broken(*_: object) -> None:
            raise ValueError("bart@voorbeeld.example")

        monkeypatch.setitem(LETTERS, PLACE, replace(LETTERS[PLACE], write=broken))
        room.send()
        assert room.letter("Bart").fault == "ValueError"
        assert "ValueError" in caplog.text and "bart@" not in caplog.text


def left(room: Room, letter: DueLetter) -> None:
    db.session.get_one(Signup, letter.signup_id).state = SignupState.LEFT


def off(room: Room, letter: DueLetter) -> None:
    letter.invitation.state = InvitationState.OFF


def newer(room: Room, letter: DueLetter) -> None:
    letter.invitation.sequence += 1


def reminder_of_nothing(room: Room, letter: DueLetter) -> None:
    letter.kind, letter.invitation, letter.sequence = "reminder_day", None, None


def reminder_of_the_past(room: Room, letter: DueLetter) -> None:
    letter.kind = "reminder_day"
    room.clock.now = letter.invitation.gathering.starts


def reminder_to_who_wants_none(room: Room, letter: DueLetter) -> None:
    letter.kind, letter.invitation.signup.quiet = "reminder_day", True


def reminder_to_who_does_not_come(room: Room, letter: DueLetter) -> None:
    letter.kind, letter.invitation.partstat = "reminder_day", Partstat.DECLINED


def waiting_with_a_place(room: Room, letter: DueLetter) -> None:
    letter.kind, letter.invitation, letter.sequence = "waiting", None, None


def placed_nowhere(room: Room, letter: DueLetter) -> None:
    letter.invitation.state = InvitationState.OFF
    letter.invitation, letter.sequence = None, None


class TestOvertaken:
    @pytest.mark.parametrize(
        "happen",
        [
            left,
            off,
            newer,
            reminder_of_nothing,
            reminder_of_the_past,
            reminder_to_who_wants_none,
            reminder_to_who_does_not_come,
            waiting_with_a_place,
            placed_nowhere,
        ],
    )
    def test_what_is_no_longer_so_is_not_told_and_nothing_is_wrong(
        self, room: Room, happen: Callable[[Room, DueLetter], None]
    ) -> None:
        letter = room.letter("Bart")
        happen(room, letter)
        letter.content = {"reason": "moved"}
        db.session.commit()
        room.send()
        assert (letter.state, letter.fault, letter.content, letter.tries) == (LetterState.OVERTAKEN, "", None, 0)
        assert f"Bart {letter.kind}" not in room.arrived()

    @pytest.mark.parametrize("more", [{"state": "withdrawn"}, {"until": NOW}])
    def test_an_offer_that_is_over_is_not_made(self, room: Room, more: dict[str, object]) -> None:
        offer = post.offered(room.app, room.cast, "Gijs", NOW + timedelta(days=1))
        for name, value in more.items():
            setattr(offer, name, value)
        db.session.commit()
        room.send()
        assert room.states()["Gijs offer"] == LetterState.OVERTAKEN

    def test_an_offer_that_stands_is_made(self, room: Room) -> None:
        post.offered(room.app, room.cast, "Gijs", NOW + timedelta(days=1))
        room.send()
        assert "Gijs offer" in room.arrived()
