"""Sending while the world goes on: two workers, changes at the last moment, and clocks that are wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from flask import Flask
from icalendar import Calendar
from sqlalchemy.orm import Session

from tests.web import post
from tests.web.cast import NOW, Cast, Clock
from tests.web.postroom import PLACE, WELCOME, Room
from tests.web.smtp_server import smtp_sink
from web.channels import Channel, Maildir, Parcel
from web.letters import LETTERS
from web.rows import DueLetter, Gathering, Series, Signup, db
from web.rows.messages import LetterState
from web.rows.people import SignupState
from web.services.invitations import reconciling
from web.services.outbox import retries
from web.services.outbox.delivery import DOUBT, send_due

pytestmark = pytest.mark.slow

ALL = ["Bart confirmation", "Els confirmation", "Bart placed", "Els placed"]


@pytest.fixture
def room(app: Flask, cast: Cast, clock: Clock) -> Iterator[Room]:
    with smtp_sink() as sink, app.app_context():
        room = Room(app, cast, clock, sink)
        room.people("Bart", "Els")
        yield room


@dataclass
class Meanwhile:
    """A channel at which something happens once: while a parcel of somebody is brought, or when it was just taken."""

    inner: Channel
    key: str
    event: Callable[[], object]
    taken: bool = False

    def send(self, parcel: Parcel, sure: Callable[[], bool]) -> None:
        def after() -> bool:
            answer = sure()
            self._happen(parcel, self.taken)
            return answer

        self._happen(parcel, not self.taken)
        self.inner.send(parcel, after)

    def _happen(self, parcel: Parcel, now: bool) -> None:
        if now and parcel.key == self.key:
            self.key = ""
            self.event()

    def holds(self, parcel: Parcel) -> bool | None:
        return self.inner.holds(parcel)

    def close(self) -> None:
        self.inner.close()


def meanwhile(
    room: Room, event: Callable[[Session], object], name: str = "Bart", kind: str = PLACE, taken: bool = False
) -> Meanwhile:
    """Somebody else commits something while this letter is brought."""

    def happen() -> None:
        with room.other() as session:
            event(session)
            session.commit()

    return Meanwhile(room.smtp(), room.letter(name, kind).key, happen, taken)


def series(session: Session, room: Room) -> Series:
    return session.get_one(Series, room.cast.series)


class TestAtTheLastMoment:
    def test_who_leaves_then_is_not_invited(self, room: Room) -> None:
        def leave(session: Session) -> None:
            session.get_one(Signup, bart).state = SignupState.LEFT
            reconciling.reconcile(session, series(session, room), NOW)

        bart = room.letter("Bart").signup_id
        assert room.send(meanwhile(room, leave)) == 3
        assert room.letter("Bart").state == LetterState.OVERTAKEN
        assert "Bart placed" not in room.arrived()

    @pytest.mark.parametrize("taken", [False, True])
    def test_a_date_that_is_moved_then_reaches_everybody(self, room: Room, taken: bool) -> None:
        later = timedelta(hours=1)

        def move(session: Session) -> None:
            gathering = session.query(Gathering).order_by(Gathering.id).first()
            gathering.starts += later
            gathering.ends += later
            reconciling.reconcile(session, series(session, room), NOW)

        begins = db.session.query(Gathering).order_by(Gathering.id).first().starts
        room.send(meanwhile(room, move, taken=taken))
        room.send()
        assert _last_begin(room, "bart") == _last_begin(room, "els") == begins + later
        kinds = ["Bart placed", "Bart changed"] if taken else ["Bart placed"]
        assert [name for name in room.arrived() if name in ("Bart placed", "Bart changed")] == kinds

    def test_a_date_that_is_called_off_then_is_not_told(self, room: Room) -> None:
        def call_off(session: Session) -> None:
            session.query(Gathering).order_by(Gathering.id).first().called_off_at = NOW
            reconciling.reconcile(session, series(session, room), NOW)

        room.send(meanwhile(room, call_off))
        assert room.arrived() == ALL[:2]
        assert {state for what, state in room.states().items() if "placed" in what} == {LetterState.OVERTAKEN}

    def test_whose_mail_came_back_then_is_called_and_the_others_hear(self, room: Room) -> None:
        els = room.letter("Els").signup_id
        room.send(meanwhile(room, lambda session: retries.to_the_call_list(session, els, NOW), "Bart", WELCOME))
        assert room.arrived() == ["Bart confirmation", "Bart placed"]
        assert {(room.letter("Els", kind).state, room.letter("Els", kind).channel) for kind in (WELCOME, PLACE)} == {
            (LetterState.DUE, "call")
        }

    def test_whose_own_mail_came_back_then_is_called(self, room: Room) -> None:
        bart = room.letter("Bart").signup_id
        room.send(meanwhile(room, lambda session: retries.to_the_call_list(session, bart, NOW)))
        assert room.arrived() == ["Bart confirmation", "Els confirmation", "Els placed"]
        assert (room.letter("Bart").state, room.letter("Bart").channel) == (LetterState.DUE, "call")

    def test_who_is_forgotten_then_hears_nothing_and_holds_up_nobody(self, room: Room) -> None:
        def forget(session: Session) -> None:
            session.query(DueLetter).filter_by(signup_id=bart).delete()

        bart = room.letter("Bart").signup_id
        room.send(meanwhile(room, forget, "Bart", WELCOME))
        assert room.arrived() == ["Els confirmation", "Els placed"]


def _last_begin(room: Room, name: str) -> datetime:
    """When the last calendar that somebody got says that it begins."""
    mails = [message_from_bytes(mail.raw, policy=policy.default) for mail in room.sink.mails]
    mine = [mail for mail in mails if name in mail["To"]]
    calendars = [part for mail in mine for part in mail.walk() if part.get_content_type() == "text/calendar"]
    return Calendar.from_ical(calendars[-1].get_payload(decode=True)).walk("VEVENT")[0]["DTSTART"].dt


class TestTwoWorkers:
    @pytest.mark.parametrize("taken", [False, True])
    @pytest.mark.parametrize(("name", "kind"), [("Bart", WELCOME), ("Els", WELCOME), ("Bart", PLACE)])
    def test_bring_every_letter_once(self, room: Room, name: str, kind: str, taken: bool) -> None:
        sent = []
        first = meanwhile(room, lambda session: sent.append(room.send(session=session)), name, kind, taken)
        sent.append(room.send(first))
        assert sum(sent) == 4
        assert sorted(room.arrived()) == sorted(ALL)
        assert set(room.states().values()) == {LetterState.SENT}

    def test_keep_the_order_of_one_person(self, room: Room) -> None:
        """The second worker meets a letter in the hands of the first, and leaves the next one of that person alone."""
        arrived = []

        def second(session: Session) -> None:
            room.send(session=session)
            arrived.extend(room.arrived())

        room.send(meanwhile(room, second, "Bart", WELCOME, taken=True))
        assert arrived == ["Els confirmation", "Els placed"]

    @pytest.mark.parametrize("taken", [False, True])
    def test_keep_the_order_also_when_the_second_was_under_way(self, room: Room, taken: bool) -> None:
        """It made its list before the first one took the letter, and comes to it when that has it in hand."""
        hand = (
            {"state": LetterState.SENDING, "claimed_at": NOW}
            if taken
            else {"tries": 1, "due_at": NOW + timedelta(minutes=1)}
        )

        def first(session: Session) -> None:
            session.query(DueLetter).filter_by(id=els).update(hand)

        els = room.letter("Els", WELCOME).id
        room.send(meanwhile(room, first, "Bart", WELCOME))
        assert room.arrived() == ["Bart confirmation", "Bart placed"]

    def test_who_loses_the_race_for_a_letter_leaves_the_next_one_alone(self, room: Room) -> None:
        def first(session: Session) -> None:
            session.query(DueLetter).filter_by(id=bart).update({"state": LetterState.SENDING, "claimed_at": NOW})

        bart = room.letter("Bart", WELCOME).id
        room.send(meanwhile(room, first, "Bart", WELCOME))
        assert room.arrived() == ["Els confirmation", "Els placed"]


class TestWhatADeadWorkerHadInHand:
    def take(self, room: Room, at: datetime, name: str = "Bart", kind: str = WELCOME) -> DueLetter:
        letter = room.letter(name, kind)
        letter.state, letter.claimed_at, letter.tries = LetterState.SENDING, at, 1
        db.session.commit()
        return letter

    def test_is_left_alone_as_long_as_it_may_be_alive(self, room: Room, clock: Clock) -> None:
        letter = self.take(room, NOW)
        clock.now += DOUBT
        room.send()
        assert letter.state == LetterState.SENDING
        assert room.arrived() == ["Els confirmation", "Els placed"]

    def test_is_in_doubt_afterwards_and_the_next_letters_go(self, room: Room, clock: Clock) -> None:
        letter = self.take(room, NOW)
        clock.now += DOUBT + timedelta(seconds=1)
        room.send()
        assert (letter.state, letter.fault) == (LetterState.UNSURE, "stopped")
        assert room.arrived() == ["Els confirmation", "Bart placed", "Els placed"]

    def test_is_known_where_mails_lie_in_a_folder(self, room: Room, clock: Clock, tmp_path: Path) -> None:
        box = Maildir(tmp_path / "mail", room.app.extensions["settings"].sender)
        letter = self.take(room, NOW)
        clock.now += DOUBT + timedelta(seconds=1)
        room.send(box)
        assert (letter.state, len(box.messages())) == (LetterState.SENT, 4)
        again = self.take(room, clock())
        clock.now += DOUBT + timedelta(seconds=1)
        room.send(box)
        assert (again.state, len(box.messages())) == (LetterState.SENT, 4)

    def test_is_in_doubt_also_when_it_can_no_longer_be_written(
        self, room: Room, clock: Clock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        letter = self.take(room, NOW)
        clock.now += DOUBT + timedelta(seconds=1)

        def broken(*_: object) -> None:
            raise KeyError("starts")

        with monkeypatch.context() as patch:
            patch.setitem(LETTERS, WELCOME, replace(LETTERS[WELCOME], write=broken))
            room.send()
        assert letter.state == LetterState.UNSURE
        assert room.arrived() == ["Bart placed"], "and Els waits for her welcome"

    def test_of_a_way_that_is_gone_is_in_doubt(self, room: Room, clock: Clock) -> None:
        letter = self.take(room, NOW)
        clock.now += DOUBT + timedelta(seconds=1)
        assert send_due(db.session, {}, clock, post.world_of(room.app)) == 0
        assert letter.state == LetterState.UNSURE


class TestTheClock:
    def test_goes_back_an_hour(self, room: Room, clock: Clock) -> None:
        room.sink.say("RCPT", "451 4.7.1 Greylisted")
        room.send()
        clock.forward(hours=-1)
        room.send()
        clock.forward(hours=1, minutes=1)
        room.send()
        assert sorted(room.arrived()) == sorted(ALL)

    def test_goes_on_during_a_long_round(self, room: Room, clock: Clock) -> None:
        """Else what the first worker holds after an hour seems left by the dead to the second."""
        room.send(meanwhile(room, lambda _: clock.forward(hours=1), "Bart", WELCOME))
        hands = [room.letter(name, WELCOME).claimed_at for name in ("Bart", "Els")]
        assert hands == [NOW, NOW + timedelta(hours=1)]

    def test_was_years_ahead_when_a_worker_died(self, room: Room, clock: Clock) -> None:
        letter = room.letter("Bart", WELCOME)
        letter.state, letter.claimed_at = LetterState.SENDING, NOW + timedelta(days=2000)
        db.session.commit()
        room.send()
        assert letter.state == LetterState.UNSURE
        room.send()
        assert "Bart placed" in room.arrived()

    def test_jumps_forth_and_back_between_letters_and_nothing_goes_twice(self, room: Room, clock: Clock) -> None:
        for hours in (0, 5000, -5000, 1, -2, 5000):
            clock.forward(hours=hours)
            room.send()
        assert len(room.arrived()) == len(set(room.arrived()))
        assert set(room.states().values()) <= {LetterState.SENT, LetterState.OVERTAKEN}
