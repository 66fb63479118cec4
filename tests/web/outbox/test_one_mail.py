"""One mail for all dates that somebody is told of at a time, with an object for each of them in a calendar."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import partial

import pytest
from flask import Flask

from tests.web import cast as casting
from tests.web import moving, post
from tests.web.calendar_reading import date_in, lines
from tests.web.cast import NOW, Cast, Clock
from tests.web.databases import Kept
from tests.web.killing import SENDING, SMTP, killed_at
from tests.web.messages.test_receiving import BOUNCE, REPLY, Box, Post
from tests.web.postroom import Room, number_of
from tests.web.smtp_server import smtp_sink
from web import world
from web.channels import Maildir
from web.jobs import worldly
from web.rows import (
    DueLetter,
    Facilitator,
    Invitation,
    LetterCount,
    Plan,
    PlanGroup,
    Seat,
    Series,
    Signup,
    Staff,
    TimeSlot,
    db,
)
from web.rows.invitations import Partstat
from web.rows.messages import LetterState
from web.services import signups
from web.services.facilitators import letters
from web.services.messages import calling, queue, receive
from web.services.messages.scheduled import reminding
from web.services.outbox import allowance, delivery
from web.transaction import transaction

pytestmark = pytest.mark.slow

SHAPES = {"a session with three dates": (1, (7, 14)), "three sessions": (3, ())}
LATER = delivery.DOUBT + timedelta(minutes=1)


@pytest.fixture(params=SHAPES.values(), ids=SHAPES.keys())
def shape(request: pytest.FixtureRequest) -> tuple[int, tuple[int, ...]]:
    return request.param


@pytest.fixture
def room(app: Flask, cast: Cast, clock: Clock) -> Iterator[Room]:
    with smtp_sink() as sink, app.app_context():
        yield Room(app, cast, clock, sink)


def seated(room: Room, shape: tuple[int, tuple[int, ...]] = (1, (7, 14)), **more: object) -> Signup:
    """Bart has three places, and nobody told him yet; he was welcomed."""
    evenings, days = shape
    bart = casting.sign_up(room.app, room.cast, "Bart", **more).signup
    moving.several(db.session.get_one(TimeSlot, room.cast.sessions[0]), *days)
    casting.plan_of(room.cast, {(evening, 1): [bart.id] for evening in room.cast.sessions[:evenings]})
    db.session.query(DueLetter).update({"state": LetterState.SENT})
    post.told(room.app, room.cast)
    return bart


def dates() -> list[Invitation]:
    """Bart's, in order of time."""
    return sorted(db.session.query(Invitation), key=lambda one: one.gathering.starts)


def mails(room: Room) -> list[EmailMessage]:
    found = [message_from_bytes(mail.raw, policy=policy.default) for mail in room.sink.mails]
    room.sink.mails.clear()
    return found  # type: ignore[return-value]


def objects(mail: EmailMessage) -> list[bytes]:
    """What a calendar gets: the part that programs act on stands among the files, with the same bytes."""
    (part,) = [one for one in mail.walk() if one.get_content_type() == "text/calendar"]
    files = [one for one in mail.walk() if one.get_content_type() == "application/ics"]
    assert len({one.get_filename() for one in files}) == len(files)
    found = [one.get_payload(decode=True) for one in files]
    assert part.get_payload(decode=True) == found[0]
    assert [line for line in lines(found[0]) if line.startswith("METHOD")] == [f"METHOD:{part.get_param('method')}"]
    return found


def versions(mail: EmailMessage) -> list[tuple[str, str, int]]:
    """Of each object what it does, to which date, in which version."""
    found = [(re.search(rb"METHOD:(\w+)", raw), date_in(raw)) for raw in objects(mail)]
    return [(hit[1].decode(), str(date["UID"]), int(date["SEQUENCE"])) for hit, date in found if hit]


def text(mail: EmailMessage) -> str:
    return str(mail.get_body(("plain",)).get_content())  # type: ignore[union-attr]


def states() -> set[str]:
    return set(db.session.scalars(db.select(DueLetter.state).where(DueLetter.kind != "confirmation")))


def test_three_dates_are_one_mail_with_an_object_for_each(room: Room, shape: tuple[int, tuple[int, ...]]) -> None:
    seated(room, shape)
    assert [room.send(), room.send()] == [1, 0]
    (mail,) = mails(room)
    assert versions(mail) == [("REQUEST", one.uid, 0) for one in dates()]
    organisers = [str(date_in(raw)["ORGANIZER"]) for raw in objects(mail)]
    assert organisers == [f"mailto:rsvp-{one.token}@voorbeeld.example" for one in dates()], "each is answered apart"
    assert organisers[0].removeprefix("mailto:") in mail["From"], "the organiser of the first is who sends (rule 6)"
    said = text(mail)
    assert said.count("Wanneer: ") == 3
    assert re.findall(r"/uitnodiging/(\w+)\s", said) == [dates()[0].token], "one page to answer"
    assert said.count("/alle-data.ics") == 1 and "Zet alle data in je agenda" in said
    assert states() == {LetterState.SENT}


def test_what_is_called_off_is_one_mail_to_exactly_who_had_it(room: Room, shape: tuple[int, tuple[int, ...]]) -> None:
    seated(room, shape)
    room.send()
    mails(room)
    dates()[1].partstat = Partstat.DECLINED
    for row in {one.gathering.session for one in dates()}:
        moving.call_off(room.cast, row)
    assert room.send() == 1
    (mail,) = mails(room)
    first, _declined, last = dates()
    assert versions(mail) == [("CANCEL", one.uid, 1) for one in (first, last)]
    assert "Dit gaat niet door:" in text(mail) and "REQUEST" not in str(versions(mail))


def test_what_moves_is_one_mail_and_asks_once(room: Room, shape: tuple[int, tuple[int, ...]]) -> None:
    seated(room, shape)
    room.send()
    mails(room)
    for row in {one.gathering.session for one in dates()}:
        moving.move(room.cast, row, moving.later(row))
    assert room.send() == 1
    (mail,) = mails(room)
    assert versions(mail) == [("REQUEST", one.uid, 1) for one in dates()]
    assert text(mail).count("19.00 – 21.30") == 3 and text(mail).count("\n- ") == 3, "what it is now, and what it was"


def test_another_day_instead_is_one_mail_that_strikes_one_through_and_asks_for_the_other(room: Room) -> None:
    bart = seated(room, (1, ()))
    room.send()
    mails(room)
    (before,) = dates()
    db.session.query(Seat).filter_by(signup_id=bart.id).one().group.session_id = room.cast.sessions[1]
    post.told(room.app, room.cast)
    assert room.send() == 1
    (mail,) = mails(room)
    (_gone, now) = dates()
    assert versions(mail) == [("REQUEST", now.uid, 0), ("CANCEL", before.uid, 1)]
    assert "Er is iets veranderd" in mail["Subject"] and "Dit geldt niet meer:" in text(mail)


def test_one_date_of_three_that_moves_is_a_mail_of_its_own_that_names_the_day(room: Room) -> None:
    seated(room)
    room.send()
    mails(room)
    second = dates()[1]
    _shift(second)
    room.clock.forward(hours=1)
    post.told(room.app, room.cast)
    assert room.send() == 1
    (mail,) = mails(room)
    assert versions(mail) == [("REQUEST", second.uid, 1)]
    assert "19 januari 2027" in mail["Subject"]


def _shift(one: Invitation) -> None:
    one.gathering.starts += timedelta(hours=1)
    one.gathering.ends += timedelta(hours=1)


def test_a_worker_that_is_killed_leaves_all_letters_of_a_mail_in_one_state(room: Room) -> None:
    seated(room)
    kept, ends, statement = Kept(room.app), [], 0
    db.session.remove()
    db.engine.dispose()
    while killed_at(statement, partial(_in_context, room), [SENDING, SMTP]):
        opened = room.sink.opened
        room.sink.wait_closed(opened)
        room.clock.now += LATER
        room.send()
        ends.append((*states(), len(room.sink.mails)))
        db.session.remove()
        db.engine.dispose()
        kept.put_back()
        room.clock.now = NOW
        room.sink.mails.clear()
        statement += 6
    assert len(ends) > 5
    assert set(ends) <= {(LetterState.SENT, 1), (LetterState.UNSURE, 0), (LetterState.UNSURE, 1)}


def _in_context(room: Room) -> None:
    with room.app.app_context():
        room.send()


@pytest.mark.parametrize("laid", [True, False])
def test_in_a_folder_it_is_known_of_all_letters_of_a_mail(room: Room, tmp_path: object, laid: bool) -> None:
    seated(room)
    box = Maildir(tmp_path / "mail", room.app.extensions["settings"].sender)  # type: ignore[operator]
    room.send(box)
    db.session.query(DueLetter).filter_by(kind="placed").update({"state": LetterState.SENDING, "claimed_at": NOW})
    db.session.commit()
    if not laid:
        (tmp_path / "mail" / "new" / box.messages()[0]).unlink()  # type: ignore[operator]
    room.clock.now += LATER
    room.send(box)
    assert (states(), len(box.messages())) == ({LetterState.SENT}, 1)


def test_what_may_have_arrived_is_one_line_and_goes_again_as_one_mail(room: Room) -> None:
    seated(room)
    room.send()
    (before,) = room.sink.mails
    room.sink.mails.clear()
    db.session.query(DueLetter).filter_by(kind="placed").update({"state": LetterState.UNSURE})
    db.session.commit()
    series = db.session.get_one(Series, room.cast.series)
    assert queue.counts(db.session, series, world.settings())[LetterState.UNSURE] == 1
    (line,) = queue.lines(db.session, series, world.settings(), LetterState.UNSURE, 1)
    assert line.beside == 2
    amina = db.session.get_one(Staff, room.cast.amina)
    with transaction(db.session):
        queue.again(db.session, line.letter, by=amina, now=NOW)
    _shift(dates()[2])
    db.session.commit()
    assert room.send() == 1
    (again,) = room.sink.mails
    assert number_of(again.raw) == number_of(before.raw), "a mailbox that has it shows it once"
    assert states() == {LetterState.SENT}


def test_other_news_with_it_makes_it_another_mail(room: Room) -> None:
    bart = seated(room, (1, (7,)))
    room.send()
    (before,) = room.sink.mails
    room.sink.mails.clear()
    db.session.query(DueLetter).filter_by(kind="placed").update({"state": LetterState.DUE})
    plan = db.session.query(Plan).one()
    group = PlanGroup(session_id=room.cast.sessions[1], number=1, language="nl", seats=[Seat(signup_id=bart.id)])
    plan.groups.append(group)
    post.told(room.app, room.cast)
    assert room.send() == 1
    (again,) = room.sink.mails
    assert number_of(again.raw) != number_of(before.raw), "or a mailbox would hide the new date"


def test_a_mail_that_comes_back_is_one_call_with_one_text(room: Room) -> None:
    seated(room)
    room.send()
    first = db.session.query(DueLetter).filter_by(kind="placed").order_by(DueLetter.id).first()
    to = f"bounce-{first.bounce}@voorbeeld.example"
    raw = BOUNCE.format(to=to, address="bart@voorbeeld.example", action="failed", status="5.1.1")
    receive.receive(db.session, Box(Post("1", raw.replace("\n", "\r\n").encode(), to)), NOW, world.settings())
    with transaction(db.session):
        amina = db.session.get_one(Staff, room.cast.amina)
        wanted = db.session.query(DueLetter).statement
        (call,) = calling.calls(db.session, wanted, NOW, worldly(room.app), by=amina).calls
    assert (len(call.messages), len(call.told)) == (3, 1)
    assert call.told[0].parcel.text.count("Wanneer: ") == 3


def test_a_server_that_refuses_one_mail_is_no_outage(room: Room) -> None:
    seated(room)
    room.sink.say("DATA", *["554 5.7.1 Policy"] * 3)
    room.send()
    assert room.outages() == [] and states() == {LetterState.FAILED}


def test_a_calendar_that_answers_the_sender_about_another_date_is_understood(room: Room) -> None:
    seated(room)
    room.send()
    first, second, third = dates()
    to = f"rsvp-{first.token}@voorbeeld.example"
    said = {"uid": second.uid, "sequence": 0, "stamp": NOW + timedelta(minutes=5), "partstat": "DECLINED"}
    raw = EmailMessage()
    raw["From"], raw["To"] = "bart@voorbeeld.example", to
    raw.set_content(REPLY.format(**said, address="bart@voorbeeld.example", comment=""), subtype="calendar")
    receive.receive(db.session, Box(Post("1", bytes(raw), to)), NOW + timedelta(minutes=6), world.settings())
    answers = [one.partstat for one in (first, second, third)]
    assert answers == [Partstat.NEEDS_ACTION, Partstat.DECLINED, Partstat.NEEDS_ACTION]


def test_a_mail_that_a_stranger_causes_counts_once(room: Room, clock: Clock) -> None:
    bart = seated(room)
    room.send()
    allowance.from_outside(db.session, True)
    with transaction(db.session):
        signups.leave(db.session, bart, now=NOW)
    allowance.from_outside(db.session, False)
    (count,) = db.session.query(LetterCount)
    assert (count.about, count.count) == (allowance.OTHER, 1)
    assert (room.send(), [kind for kind, _uid, _number in versions(mails(room)[-1])]) == (1, ["CANCEL"] * 3)


def test_dates_of_one_day_are_one_reminder(room: Room) -> None:
    seated(room, (1, ()))
    row = db.session.get_one(TimeSlot, room.cast.sessions[0])
    date = row.gatherings[0]
    row.gatherings.append(type(date)(starts=date.ends, ends=date.ends + timedelta(hours=1)))
    db.session.commit()
    post.told(room.app, room.cast)
    room.send()
    mails(room)
    for hours in (0, 3):
        room.clock.now = date.starts - timedelta(days=1) + timedelta(hours=hours)
        with transaction(db.session):
            reminding.run(db.session, room.clock.now, world.settings())
        room.send()
    (mail,) = mails(room)
    assert text(mail).count("Wanneer: ") == 2


def test_a_facilitator_of_several_sessions_gets_one_mail_with_each_list_and_its_pin(room: Room) -> None:
    bart = casting.sign_up(room.app, room.cast, "Bart").signup
    moving.publish(room.cast, {(evening, 1): [bart.id] for evening in room.cast.sessions[:2]})
    mails(room)
    chantal = db.session.get_one(Facilitator, room.cast.chantal)
    for id in room.cast.sessions[:2]:
        row = db.session.get_one(TimeSlot, id)
        letters.ready(db.session, row, chantal, (f"geheim{id}", f"10000{id}"), NOW)
    db.session.commit()
    assert room.send() == 1
    (mail,) = mails(room)
    said = text(mail)
    for id in room.cast.sessions[:2]:
        assert f"/tafel/geheim{id}/" in said and f"10000{id}" in said
    assert said.index("12 januari") < said.index("geheim1") < said.index("14 januari") < said.index("geheim2")
    assert [row.content for row in db.session.query(DueLetter).filter_by(kind="list_ready", state="sent")][-2:] == [
        {"session_id": id} for id in room.cast.sessions[:2]
    ], "what opens a list is kept no longer than needed"
    for id in room.cast.sessions[:2]:
        moving.call_off(room.cast, db.session.get_one(TimeSlot, id))
    db.session.query(DueLetter).filter(DueLetter.facilitator_id.is_(None)).update({"state": LetterState.SENT})
    db.session.commit()
    assert room.send() == 1
    assert text(mails(room)[0]).count("\n- ") == 2
