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
from web.errors import Overtaken
from web.jobs import worldly
from web.rows import DueLetter, Invitation, Outage, Reply, Signup, Staff, db
from web.rows.invitations import InvitationState
from web.rows.messages import LetterState
from web.services import signups
from web.services.messages import calling, pressing_counts, queue, receive, reviewing
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


def comes_back(
    letter: DueLetter, address: str, status: str = "5.1.1", *, action: str = "failed", to: str = "", key: str = ""
) -> None:
    to = to or f"bounce-{letter.bounce}@voorbeeld.example"
    told = BOUNCE.format(to=to, address=address, action=action, status=status)
    mail = Post(key or f"{letter.id}", told.replace("\n", "\r\n").encode(), to)
    receive.receive(db.session, Box(mail), world.now(), world.settings())


IN_WORDS = """From: Postmaster <postmaster@mx.example>
To: {to}
Subject: Undeliverable

The message to {address} was rejected. 550 5.1.1 User unknown
"""


def comes_back_in_words(letter: DueLetter, address: str, *, to: str = "", key: str = "words") -> Reply:
    """As comes_back, from a server that says it in words only; the mail as it was kept."""
    to = to or f"bounce-{letter.bounce}@voorbeeld.example"
    mail = Post(key, IN_WORDS.format(to=to, address=address).replace("\n", "\r\n").encode(), to)
    receive.receive(db.session, Box(mail), world.now(), world.settings())
    return db.session.query(Reply).order_by(Reply.id.desc()).first()


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
        assert [message.letter.kind for message in call.messages] == [PLACE], "which says more than the welcome"
        assert (call.tries, call.last_at) == (0, None)
        waited = room.letter("Bart", WELCOME)
        assert (waited.channel, waited.tries, waited.due_at <= world.now()) == ("call", 0, True)

    def test_the_refused_letter_has_not_been_tried_by_phone(self, room: Room) -> None:
        room.sink.say("RCPT", "550 5.1.1 No such user")
        room.send()
        (call,) = called(room)
        assert (call.tries, call.last_at) == (0, None)
        assert [message.letter.kind for message in call.messages] == [PLACE]
        refused = room.letter("Bart", WELCOME)
        assert (refused.fault, refused.tries) == ("unknown 550 5.1.1", 0)

    def test_who_chooses_another_way_does_not_wait_for_the_old_one(self, room: Room) -> None:
        room.sink.say("RCPT", "452 4.2.2 Full")
        room.send()
        moves_to(room, "", reach="call", phone="+31612345678")
        (call,) = called(room)
        assert [message.letter.kind for message in call.messages] == [PLACE]
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

    def test_a_letter_that_went_to_both_is_only_blamed_on_the_one_it_came_back_from(self, room: Room) -> None:
        """Its second time gave it another address to return to; the first may still be used, days later."""
        room.send()
        letter = room.letter("Bart", WELCOME)
        first = f"bounce-{letter.bounce}@voorbeeld.example"
        moves_to(room, "bart@elders.example")
        letter.state = LetterState.FAILED
        by = db.session.get_one(Staff, room.cast.amina)
        with transaction(db.session):
            queue.again(db.session, letter, by=by, now=world.now())
        room.send()
        assert not first.startswith(f"bounce-{letter.bounce}@")
        comes_back(letter, "bart@voorbeeld.example", to=first)
        assert (person(room).reached_by, letter.state) == ("email", LetterState.SENT)
        assert comes_back_in_words(letter, "bart@voorbeeld.example", to=first).reason == "former_address"
        comes_back(letter, "bart@elders.example", key="second")
        assert person(room).reached_by == "call"

    def test_is_not_blamed_at_the_address_for_answers_either(self, room: Room) -> None:
        room.send()
        place = room.letter("Bart", PLACE)
        moves_to(room, "bart@elders.example")
        room.send()
        to = f"rsvp-{place.invitation.token}@voorbeeld.example"
        comes_back(place, "bart@voorbeeld.example", to=to)
        assert comes_back_in_words(place, "bart@voorbeeld.example", to=to).reason == "former_address"
        assert person(room).reached_by == "email"
        (present,) = db.session.query(Invitation).filter_by(signup_id=person(room).id, state=InvitationState.ON)
        to = f"rsvp-{present.token}@voorbeeld.example"
        comes_back(place, "bart@voorbeeld.example", to=to, key="names another")
        assert person(room).reached_by == "email"
        comes_back(place, "bart@elders.example", to=to, key="present")
        assert person(room).reached_by == "call"


class TestWhatCameBack:
    @pytest.mark.parametrize(
        ("status", "letter", "called"),
        [
            ("5.1.1", ("due", "call", "unknown 5.1.1"), True),
            ("5.2.1", ("due", "call", "unknown 5.2.1"), True),
            ("5.4.4", ("due", "call", "unknown 5.4.4"), True),
            ("5.2.2", ("due", "call", "full 5.2.2"), False),
            ("4.2.2", ("due", "call", "full 4.2.2"), False),
            ("5.7.1", ("failed", "email", "refused 5.7.1"), False),
            ("5.1.8", ("failed", "email", "refused 5.1.8"), False),
            ("5.6.0", ("failed", "email", "refused 5.6.0"), False),
            ("5.3.0", ("failed", "email", "refused 5.3.0"), False),
            ("5.3.4", ("failed", "email", "large 5.3.4"), False),
            ("4.4.7", ("failed", "email", "expired 4.4.7"), False),
            ("5.0.0", ("failed", "email", "returned 5.0.0"), False),
        ],
    )
    def test_is_final_for_that_letter_and_told_to_somebody(
        self, room: Room, status: str, letter: tuple[str, str, str], called: bool
    ) -> None:
        room.send()
        found = room.letter("Bart", PLACE)
        comes_back(found, "bart@voorbeeld.example", status)
        assert (found.state, found.channel, found.fault) == letter
        assert (found.returned, found.returned_at) == (letter[2], world.now())
        assert (person(room).reached_by == "call", person(room).bounced_at is not None) == (called, called)
        (series,) = {row.series_id for row in db.session.query(DueLetter)}
        stuck = db.session.scalars(pressing_counts.stuck(world.now())).all()
        assert stuck == ([series] if letter[0] == "failed" else [])

    @pytest.mark.parametrize("status", ["5.1.1", "5.2.2", "5.7.1"])
    def test_is_as_what_was_refused_at_once(self, room: Room, status: str) -> None:
        room.sink.say("RCPT", "", f"550 {status} No")
        room.send()
        at_once = room.letter("Els", WELCOME)
        assert at_once.returned == f"{at_once.fault}"
        later = room.letter("Bart", WELCOME)
        comes_back(later, "bart@voorbeeld.example", status)
        assert (later.state, later.channel, later.returned.split()[0], person(room).reached_by) == (
            at_once.state,
            at_once.channel,
            at_once.returned.split()[0],
            person(room, "Els").reached_by,
        )

    def test_what_is_only_delayed_changes_nothing(self, room: Room) -> None:
        room.send()
        letter = room.letter("Bart", PLACE)
        comes_back(letter, "bart@voorbeeld.example", "4.4.1", action="delayed")
        assert (letter.state, letter.returned) == (LetterState.SENT, "")
        comes_back(letter, "bart@voorbeeld.example", "4.4.7", key="given up")
        assert letter.state == LetterState.FAILED

    def test_a_second_report_changes_nothing(self, room: Room, clock: Clock) -> None:
        room.send()
        letter = room.letter("Bart", PLACE)
        comes_back(letter, "bart@voorbeeld.example", "5.2.2")
        first = letter.returned_at
        clock.forward(hours=1)
        comes_back(letter, "bart@voorbeeld.example", "5.1.1", key="again")
        assert (letter.fault, letter.returned_at, person(room).reached_by) == ("full 5.2.2", first, "email")
        assert db.session.query(Reply).count() == 2

    def test_days_later_it_is_still_seen(self, room: Room, clock: Clock) -> None:
        room.send()
        clock.forward(days=9)
        comes_back(room.letter("Bart", WELCOME), "bart@voorbeeld.example", "4.4.7")
        assert len(db.session.scalars(pressing_counts.stuck(world.now())).all()) == 1

    def test_what_a_later_letter_says_nobody_is_called_about(self, room: Room) -> None:
        room.send()
        letter = room.letter("Bart", PLACE)
        letter.invitation.sequence += 1
        db.session.commit()
        comes_back(letter, "bart@voorbeeld.example", "5.2.2")
        assert (letter.state, letter.returned) == (LetterState.OVERTAKEN, "full 5.2.2")

    def test_a_letter_that_perhaps_went_out_did_and_came_back(self, room: Room) -> None:
        room.send()
        letter = room.letter("Bart", PLACE)
        letter.state, letter.fault = LetterState.UNSURE, "connection"
        db.session.commit()
        comes_back(letter, "bart@voorbeeld.example", "5.7.1")
        assert (letter.state, letter.fault) == (LetterState.FAILED, "refused 5.7.1")

    def test_what_a_server_says_in_words_waits_beside_its_letter(self, room: Room) -> None:
        room.send()
        letter = room.letter("Bart", PLACE)
        reply = comes_back_in_words(letter, "bart@voorbeeld.example")
        assert (reply.outcome, reply.reason, reply.letter_id) == ("review", "unclear_bounce", letter.id)
        assert "550 5.1.1 User unknown" in reply.content["words"]
        assert (letter.state, person(room).reached_by) == (LetterState.SENT, "email")

    @pytest.mark.parametrize(
        ("gone", "letter", "reached"),
        [(True, ("due", "call", "unknown"), "call"), (False, ("due", "call", "returned"), "email")],
    )
    def test_somebody_reads_it_and_calls(
        self, room: Room, gone: bool, letter: tuple[str, str, str], reached: str
    ) -> None:
        room.send()
        found = room.letter("Bart", PLACE)
        reply = comes_back_in_words(found, "bart@voorbeeld.example")
        by = db.session.get_one(Staff, room.cast.amina)
        with transaction(db.session):
            reviewing.undelivered(db.session, reply, gone=gone, by=by, now=world.now())
        assert (found.state, found.channel, found.fault) == letter
        assert (person(room).reached_by, reply.content) == (reached, None)
        with pytest.raises(Overtaken), transaction(db.session):
            reviewing.undelivered(db.session, reply, gone=gone, by=by, now=world.now())

    def test_who_moved_meanwhile_is_not_blamed_by_a_person_either(self, room: Room) -> None:
        room.send()
        reply = comes_back_in_words(room.letter("Bart", WELCOME), "bart@voorbeeld.example")
        moves_to(room, "bart@elders.example")
        by = db.session.get_one(Staff, room.cast.amina)
        with transaction(db.session):
            reviewing.undelivered(db.session, reply, gone=True, by=by, now=world.now())
        assert person(room).reached_by == "email"


class TestMailThatOthersRefuse:
    def refused(self, room: Room, *names: str, status: str = "5.7.1") -> list[tuple[str, str]]:
        for name in names:
            comes_back(room.letter(name, WELCOME), f"{name.lower()}@voorbeeld.example", status)
        return room.outages()

    def test_once_is_no_outage_and_twice_is(self, room: Room, clock: Clock) -> None:
        room.send()
        began = world.now()
        assert self.refused(room, "Bart") == []
        clock.forward(hours=1)
        assert self.refused(room, "Els", status="5.7.26") == [("refused", "refused 5.7.26")]
        assert db.session.query(Outage).one().since == began
        assert [person(room, name).reached_by for name in ("Bart", "Els")] == ["email", "email"]

    def test_one_person_who_refuses_often_is_one_too(self, room: Room) -> None:
        room.send()
        for kind in (WELCOME, PLACE):
            comes_back(room.letter("Bart", kind), "bart@voorbeeld.example", "5.7.1", key=kind)
        assert room.outages() == []
        other = room.letter("Els", PLACE)
        other.signup_id, other.bounce = person(room).id, other.bounce[:32]
        db.session.commit()
        comes_back(other, "bart@voorbeeld.example", "5.7.1", key="third")
        assert room.outages() == [("refused", "refused 5.7.1")]

    @pytest.mark.parametrize("status", ["5.6.0", "5.3.0", "5.2.2", "5.1.1", "4.7.1"])
    def test_other_reasons_are_none(self, room: Room, status: str) -> None:
        room.send()
        assert self.refused(room, "Bart", "Els", status=status) == []

    def test_at_once_or_later_is_the_same(self, room: Room) -> None:
        room.sink.say("RCPT", "", "550 5.7.1 No")
        room.send()
        assert room.outages() == []
        assert self.refused(room, "Bart") == [("refused", "refused 5.7.1")]

    def test_that_our_own_server_takes_mail_does_not_end_it_and_days_without_do(self, room: Room, clock: Clock) -> None:
        room.send()
        self.refused(room, "Bart", "Els")
        retries.again(room.letter("Els", PLACE), world.now())
        db.session.commit()
        assert room.send() == 1
        receive.receive(db.session, Box(), world.now(), world.settings())
        assert room.outages() == [("refused", "refused 5.7.1")]
        clock.forward(days=3, minutes=1)
        receive.receive(db.session, Box(), world.now(), world.settings())
        assert room.outages() == []
