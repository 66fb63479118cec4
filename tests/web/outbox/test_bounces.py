"""Mail that comes back for good: who is called, about what, from when; and bounces that say nothing any more."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.web import cast as casting
from tests.web import post
from tests.web.cast import Cast, Clock
from tests.web.messages.test_receiving import BOUNCE, Box, Post
from tests.web.postroom import PLACE, WELCOME, Room
from tests.web.smtp_server import smtp_sink
from web import world
from web.channels import DeliveryFault, Maildir, Never
from web.jobs import worldly
from web.rows import DueLetter, Reply, Signup, Staff, db
from web.rows.messages import LetterState
from web.services import signups
from web.services.messages import calling, receive
from web.services.outbox import delivery, retries
from web.transaction import transaction


@pytest.fixture
def room(app: Flask, cast: Cast, clock: Clock) -> Iterator[Room]:
    with smtp_sink() as sink, app.app_context():
        room = Room(app, cast, clock, sink)
        room.people("Bart", "Els")
        yield room


def person(room: Room, name: str = "Bart") -> Signup:
    return db.session.get_one(Signup, room.letter(name, WELCOME).signup_id)


def comes_back(letter: DueLetter, address: str, status: str = "5.1.1") -> None:
    to = f"bounce-{letter.bounce}@voorbeeld.example"
    told = BOUNCE.format(to=to, address=address, action="failed", status=status)
    mail = Post(f"{letter.id}", told.replace("\n", "\r\n").encode(), to)
    receive.receive(db.session, Box(mail), world.now(), world.settings())


def moves_to(room: Room, address: str, **more: object) -> None:
    told = casting.answers(room.cast, "Bart", email=address, **more)
    with transaction(db.session):
        signups.change(db.session, person(room), told, now=world.now(), channel="web", vault=world.vault())


def called(room: Room) -> list[calling.Call]:
    by = db.session.get_one(Staff, room.cast.amina)
    wanted = db.session.query(DueLetter).statement
    with transaction(db.session):
        return calling.calls(db.session, wanted, world.now(), worldly(room.app), by=by).calls


class TestTheCallList:
    def test_what_waited_for_its_next_try_is_there_at_once_and_nobody_called_yet(self, room: Room) -> None:
        """A mailbox that is full for hours turns out to be none; the letter does not wait for its next try."""
        for _ in range(6):
            room.sink.say("RCPT", "452 4.2.2 Full")
            room.send()
            room.clock.now = room.letter("Bart", WELCOME).due_at
        room.clock.forward(minutes=-90)
        assert room.letter("Bart", WELCOME).due_at > world.now()
        retries.to_the_call_list(db.session, person(room).id, world.now())
        (call,) = called(room)
        assert [message.letter.kind for message in call.messages] == [PLACE, WELCOME]
        assert (call.tries, call.last_at) == (0, None)

    def test_the_refused_letter_has_not_been_tried_by_phone(self, room: Room) -> None:
        room.sink.say("RCPT", "550 5.1.1 No such user")
        room.send()
        (call,) = called(room)
        assert (call.tries, call.last_at) == (0, None)
        assert {message.letter.fault for message in call.messages} == {"unknown 550 5.1.1", ""}

    def test_who_chooses_another_way_does_not_wait_for_the_old_one(self, room: Room) -> None:
        room.sink.say("RCPT", "452 4.2.2 Full")
        room.send()
        moves_to(room, "", reach="call", phone="+31612345678")
        (call,) = called(room)
        assert {message.letter.kind for message in call.messages} == {WELCOME, PLACE}
        assert call.tries == 0


class TestTextMessages:
    def refused(self, room: Room, fault: DeliveryFault) -> DueLetter:
        class Gateway(Maildir):
            def send(self, *_told: object) -> None:
                raise fault

        letter = room.letter("Els")
        letter.channel = person(room, "Els").reach = "text"
        person(room, "Els").contact = {"phone": "+31612345678", "email": "els@voorbeeld.example"}
        db.session.commit()
        ways = {"text": Gateway(room.app.instance_path, world.settings().sender)}
        delivery.send_due(db.session, ways, room.clock, post.world_of(room.app))
        return letter

    def test_a_number_that_is_none_is_called_and_mail_still_arrives(self, room: Room) -> None:
        letter = self.refused(room, Never("unknown", "550 5.1.1"))
        assert (letter.state, letter.channel, letter.fault) == (LetterState.DUE, "call", "unknown 550 5.1.1")
        assert person(room, "Els").bounced_at is None

    def test_one_that_comes_back_says_nothing_about_mail(self, room: Room) -> None:
        letter = room.letter("Els")
        letter.channel, letter.state, letter.bounce = "text", LetterState.SENT, "a" * 32
        db.session.commit()
        comes_back(letter, "31612345678@gateway.example")
        assert (letter.state, letter.channel) == (LetterState.DUE, "call")
        assert person(room, "Els").bounced_at is None


class TestAFormerAddress:
    def test_gives_up_after_days_and_who_moved_is_still_mailed(self, room: Room, clock: Clock) -> None:
        room.send()
        letter = room.letter("Bart", WELCOME)
        moves_to(room, "bart@elders.example")
        room.send()
        clock.forward(days=5)
        comes_back(letter, "bart@voorbeeld.example")
        assert (person(room).reached_by, letter.state, letter.channel) == ("email", LetterState.SENT, "email")
        assert [(row.outcome, row.reason) for row in db.session.query(Reply)] == [("ignored", "former_address")]

    def test_the_present_one_counts_whatever_it_forwards_to(self, room: Room) -> None:
        room.send()
        comes_back(room.letter("Bart", WELCOME), "somebody@forwarded.example")
        assert (person(room).reached_by, room.letter("Bart", WELCOME).channel) == ("call", "call")

    def test_the_present_one_counts_however_it_is_written(self, room: Room) -> None:
        room.send()
        moves_to(room, "BART@Voorbeeld.example")
        comes_back(room.letter("Bart", WELCOME), "bart@voorbeeld.example")
        assert person(room).reached_by == "call"

    def test_who_was_called_about_it_since_is_no_longer_mailed_either(self, room: Room) -> None:
        room.send()
        letter = room.letter("Bart", WELCOME)
        letter.channel = "call"
        db.session.commit()
        comes_back(letter, "bart@voorbeeld.example")
        assert (person(room).reached_by, letter.state) == ("call", LetterState.SENT)

    def test_what_an_earlier_version_sent_still_comes_back(self, room: Room) -> None:
        room.send()
        letter = room.letter("Bart", WELCOME)
        letter.bounce = "c" * 32
        db.session.commit()
        comes_back(letter, "bart@voorbeeld.example")
        assert person(room).reached_by == "call"

    def test_no_address_can_be_read_from_where_mail_returns_to(self, room: Room) -> None:
        room.send()
        senders = [mail.sender.partition("@")[0] for mail in room.sink.mails]
        assert all(len(sender) == len("bounce-") + 48 and sender.isascii() for sender in senders)
        assert len(set(senders)) == 4
