"""Mail that comes back: an answer changes one RSVP and nothing else; the rest is told or waits for a person."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.web import cast as casting
from tests.web import databases
from tests.web.cast import NOW, Cast
from web import world
from web.channels.faults import Later
from web.jobs import send_due
from web.rows import DueLetter, Invitation, Outage, Reply, Seat, Series, Signup, Staff, db
from web.rows.invitations import Partstat
from web.rows.messages import LetterState
from web.services.groups import publishing
from web.services.invitations import reconciling
from web.services.invitations.rsvp import answer as answering
from web.services.messages import receive as receive_service
from web.services.plans import current
from web.transaction import transaction

pytestmark = pytest.mark.slow

DOMAIN = "voorbeeld.example"
REPLY = """BEGIN:VCALENDAR\r
VERSION:2.0\r
PRODID:-//Somebody//Calendar//EN\r
METHOD:REPLY\r
BEGIN:VEVENT\r
UID:{uid}\r
SEQUENCE:{sequence}\r
DTSTAMP:{stamp:%Y%m%dT%H%M%SZ}\r
ATTENDEE;PARTSTAT={partstat}:mailto:{address}\r
COMMENT:{comment}\r
END:VEVENT\r
END:VCALENDAR\r
"""
BOUNCE = """From: MAILER-DAEMON@mx.example
To: {to}
Subject: Undelivered
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: text/plain

It came back.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; {address}
Action: {action}
Status: {status}
--b--
"""


@dataclass
class Post:
    """A mail as a mailbox hands it over."""

    key: str
    raw: bytes
    rcpt: str
    mail_from: str | None = ""

    @property
    def size(self) -> int:
        return len(self.raw)


class Box:
    """A mailbox in memory; it may be cut after some mails."""

    def __init__(self, *posts: Post, cut: int | None = None) -> None:
        self.posts, self.cut, self.gone = list(posts), cut, []

    def messages(self) -> Iterator[Post]:
        for k, post in enumerate([p for p in self.posts if p.key not in self.gone]):
            if self.cut is not None and k >= self.cut:
                raise Later("connection", whole=True)
            yield post

    def done(self, mail: Post) -> None:
        self.gone.append(mail.key)


@pytest.fixture(autouse=True)
def context(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


@pytest.fixture
def person(app: Flask, cast: Cast) -> Signup:
    """Somebody with a place, who got the invitation."""
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
    send_due(app)
    return db.session.query(Signup).join(Seat, Seat.signup_id == Signup.id).order_by(Signup.id).first()


def invitation(person: Signup) -> Invitation:
    return db.session.query(Invitation).filter_by(signup_id=person.id).one()


def answer(mine: Invitation, partstat: str, *, sequence: int = 0, minutes: int = 5, comment: str = "") -> Post:
    stamp: datetime = NOW + timedelta(minutes=minutes)
    mail = EmailMessage()
    mail["From"], mail["Subject"] = mine.mailbox, "Re: Koken"
    mail["To"] = f"rsvp-{mine.token}@{DOMAIN}"
    mail.set_content("See the calendar part.")
    text = REPLY.format(
        uid=mine.uid, sequence=sequence, stamp=stamp, partstat=partstat, address=mine.mailbox, comment=comment
    )
    mail.add_alternative(text.encode(), maintype="text", subtype="calendar", params={"method": "REPLY"})
    return Post(f"{partstat}-{sequence}-{minutes}", bytes(mail), str(mail["To"]), mine.mailbox)


def bounce(person: Signup, *, status: str = "5.1.1", action: str = "failed") -> Post:
    letter = db.session.query(DueLetter).filter_by(signup_id=person.id, kind="placed").one()
    to = f"bounce-{letter.bounce}@{DOMAIN}"
    told = BOUNCE.format(to=to, address=person.contact["email"], action=action, status=status)
    return Post(f"bounce-{status}", told.replace("\n", "\r\n").encode(), to)


def receive(*posts: Post, cut: int | None = None) -> Box:
    box = Box(*posts, cut=cut)
    receive_service.receive(db.session, box, NOW + timedelta(hours=1), world.settings())
    return box


def everybody_else(person: Signup) -> list[str]:
    rows = db.session.query(Invitation).filter(Invitation.signup_id != person.id).order_by(Invitation.id)
    return [row.partstat for row in rows]


def test_an_answer_changes_one_rsvp_and_nothing_else(person: Signup) -> None:
    before = everybody_else(person), db.session.query(Seat).count(), db.session.query(DueLetter).count()
    mine = invitation(person)
    box = receive(answer(mine, "DECLINED", comment="Ik ben op vakantie."))
    assert (mine.partstat, mine.comment, mine.answered_by) == (Partstat.DECLINED, "Ik ben op vakantie.", "mail")
    assert (everybody_else(person), db.session.query(Seat).count(), db.session.query(DueLetter).count()) == before
    assert len(box.gone) == 1
    assert db.session.query(Reply).one().outcome == "applied"


def test_the_same_mail_twice_is_one_answer(person: Signup) -> None:
    mine = invitation(person)
    yes, no = answer(mine, "ACCEPTED", minutes=5), answer(mine, "DECLINED", minutes=9)
    receive(yes)
    receive(no)
    receive(yes)
    assert (mine.partstat, db.session.query(Reply).count()) == (Partstat.DECLINED, 2)


def test_of_two_answers_the_later_counts_whatever_comes_first(person: Signup) -> None:
    mine = invitation(person)
    receive(answer(mine, "DECLINED", minutes=9), answer(mine, "ACCEPTED", minutes=5))
    assert mine.partstat == Partstat.DECLINED


def test_a_yes_to_the_old_time_is_no_yes_to_the_new_one(person: Signup) -> None:
    mine = invitation(person)
    mine.gathering.starts += timedelta(hours=1)
    mine.gathering.ends += timedelta(hours=1)
    reconciling.reconcile(db.session, person.series, NOW)
    db.session.commit()
    receive(answer(mine, "ACCEPTED", sequence=0))
    assert mine.partstat == Partstat.NEEDS_ACTION
    receive(answer(mine, "ACCEPTED", sequence=1, minutes=7))
    assert mine.partstat == Partstat.ACCEPTED


def test_a_yes_after_a_no_waits_for_a_person_when_somebody_else_has_the_place(
    app: Flask, cast: Cast, person: Signup
) -> None:
    mine = invitation(person)
    receive(answer(mine, "DECLINED"))
    table = mine.gathering.session_id, mine.told["group"]
    group = next(g for g in current.groups_of(db.session, person.series_id) if (g.session_id, g.number) == table)
    room = current.free(db.session, person.series, world.settings())[table]
    others = [casting.sign_up(app, cast, f"Nieuw{k}").signup.id for k in range(room)]
    group.seats.extend(Seat(signup_id=id) for id in others)
    db.session.commit()
    receive(answer(mine, "ACCEPTED", minutes=30))
    assert mine.partstat == Partstat.DECLINED
    waiting = db.session.query(Reply).filter_by(outcome="review").one()
    assert (waiting.reason, waiting.signup_id, waiting.handled_at) == ("place_gone", person.id, None)


def test_a_hard_bounce_puts_the_person_and_the_letter_on_the_call_list(person: Signup) -> None:
    receive(bounce(person))
    assert person.reached_by == "call"
    letter = db.session.query(DueLetter).filter_by(signup_id=person.id, kind="placed").one()
    assert (letter.state, letter.channel, letter.fault) == (LetterState.DUE, "call", "unknown 5.1.1")
    assert invitation(person).partstat == Partstat.NEEDS_ACTION, "what comes back is no answer"


def test_a_soft_bounce_changes_nothing(person: Signup) -> None:
    receive(bounce(person, status="4.2.2", action="delayed"))
    assert person.reached_by == "email"
    letter = db.session.query(DueLetter).filter_by(signup_id=person.id, kind="placed").one()
    assert letter.state == LetterState.SENT


def test_a_mailbox_that_is_cut_is_told_and_read_on_later(person: Signup) -> None:
    mine = invitation(person)
    posts = answer(mine, "ACCEPTED", minutes=5), answer(mine, "DECLINED", minutes=9)
    box = receive(*posts, cut=1)
    assert (mine.partstat, len(box.gone)) == (Partstat.ACCEPTED, 1)
    assert db.session.query(Outage).filter_by(what="inbox").one().fault == "connection"
    receive(*posts)
    assert (mine.partstat, db.session.query(Outage).count()) == (Partstat.DECLINED, 0)


@pytest.mark.parametrize("token", ["aaaaaaaaaaaaaaaaaaaaaaaaaa", "'; drop table signup; --", ""])
def test_a_token_that_is_not_ours_changes_nothing(person: Signup, token: str) -> None:
    mine = invitation(person)
    post = answer(mine, "DECLINED")
    receive(Post("x", post.raw.replace(mine.uid.encode(), b"elsewhere@x.example"), f"rsvp-{token}@{DOMAIN}"))
    assert mine.partstat == Partstat.NEEDS_ACTION


def test_nobody_s_words_are_readable_in_the_file(app: Flask, person: Signup) -> None:
    mine = invitation(person)
    receive(
        answer(mine, "DECLINED", comment="Geheimpje"),
        Post("w", b"Subject: x\r\n\r\nStilgeheim", f"rsvp-{mine.token}@{DOMAIN}", mine.mailbox),
    )
    waiting = db.session.query(Reply).filter_by(outcome="review").one()
    assert "Stilgeheim" in waiting.content["words"]
    db.session.commit()
    db.session.remove()
    files = b"".join(path.read_bytes() for path in Path(app.instance_path).glob("rebubbelen.db*"))
    files += "".join(databases.dump(app).values()).encode()
    assert b"Geheimpje" not in files
    assert b"Stilgeheim" not in files


def test_a_date_that_moves_while_the_answer_is_read_is_not_answered(
    person: Signup, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer was right when it was judged; whoever moved the date had it in hand just then."""
    mine, real = invitation(person), receive_service.lock_series

    def moved(session: Session, series_id: int) -> None:
        with Session(db.engine) as other:
            there = other.get_one(Invitation, mine.id)
            there.gathering.starts += timedelta(hours=1)
            there.gathering.ends += timedelta(hours=1)
            reconciling.reconcile(other, other.get_one(Series, series_id), NOW)
            other.commit()
        real(session, series_id)

    monkeypatch.setattr(receive_service, "lock_series", moved)
    receive(answer(mine, "ACCEPTED"))
    assert (mine.partstat, mine.changed_sequence) == (Partstat.NEEDS_ACTION, 1)
    assert [(row.outcome, row.reason) for row in db.session.query(Reply)] == [("ignored", "stale_sequence")]


def test_two_workers_that_read_one_mail_at_once_both_go_on(person: Signup, monkeypatch: pytest.MonkeyPatch) -> None:
    mine, real = invitation(person), receive_service.judge

    def judge(*told: object, **more: object) -> object:
        with Session(db.engine) as other:
            key = receive_service.hashed("ACCEPTED-0-5")
            if other.query(Reply).filter_by(key=key).first() is None:
                other.add(Reply(key=key, at=NOW, outcome="applied"))
                other.commit()
        return real(*told, **more)

    monkeypatch.setattr(receive_service, "judge", judge)
    box = receive(answer(mine, "ACCEPTED"), answer(mine, "DECLINED", minutes=9))
    assert (len(box.gone), db.session.query(Reply).filter_by(outcome="review").count()) == (2, 0)
    assert mine.partstat == Partstat.DECLINED


def test_an_answer_that_comes_twice_by_two_roads_is_one_answer(person: Signup) -> None:
    mine = invitation(person)
    yes = answer(mine, "ACCEPTED", minutes=5)
    again = Post("other", b"Received: from elsewhere\r\n" + yes.raw, yes.rcpt.upper(), yes.mail_from)
    receive(yes, answer(mine, "DECLINED", minutes=9), again)
    assert mine.partstat == Partstat.DECLINED


def test_a_reply_that_names_two_people_speaks_for_one(person: Signup) -> None:
    mine = invitation(person)
    other = db.session.query(Invitation).filter(Invitation.signup_id != person.id).first()
    yes = answer(mine, "ACCEPTED")
    line = f"\r\nATTENDEE;PARTSTAT=DECLINED:mailto:{other.mailbox}\r\nCOMMENT".encode()
    receive(Post("two", yes.raw.replace(b"\nCOMMENT", line), yes.rcpt, yes.mail_from))
    assert (mine.partstat, other.partstat) == (Partstat.ACCEPTED, Partstat.NEEDS_ACTION)


def test_yes_on_the_page_and_no_from_a_calendar_that_copies_our_time_waits_for_a_person(person: Signup) -> None:
    mine = invitation(person)
    answering.answer(
        db.session, mine, "ACCEPTED", by="page", now=NOW + timedelta(minutes=30), settings=world.settings()
    )
    db.session.commit()
    receive(answer(mine, "DECLINED", minutes=0))
    waits = db.session.query(Reply).one()
    assert (waits.outcome, waits.reason, waits.partstat) == ("review", "contradiction", "DECLINED")
    assert mine.partstat == Partstat.ACCEPTED


def test_the_first_answer_of_such_a_calendar_counts(person: Signup) -> None:
    mine = invitation(person)
    receive(answer(mine, "DECLINED", minutes=0))
    assert (mine.partstat, mine.answer_stamp) == (Partstat.DECLINED, None)
    receive(answer(mine, "ACCEPTED", minutes=0))
    assert mine.partstat == Partstat.ACCEPTED


def test_a_mail_that_nothing_can_be_made_of_is_read_as_it_came(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is erased from the mailbox as any other: what a person has to look at must not go with it."""

    def judge(*_told: object, **_more: object) -> object:
        raise KeyError

    raw = b"From: iemand@post.example\r\n\r\nKan mijn zus ook komen?\r\n" + b"x" * 90_000
    for number, judged in enumerate((judge, lambda *_told, **_more: receive_service.Verdict("review", "broken"))):
        monkeypatch.setattr(receive_service, "judge", judged)
        box = receive(Post(f"odd-{number}", raw, f"info@{DOMAIN}"))
        assert box.gone == [f"odd-{number}"]
    for reply in db.session.query(Reply):
        assert (reply.outcome, reply.reason) == ("review", "broken")
        assert "Kan mijn zus ook komen?" in reply.content["words"] and "iemand@post.example" in reply.content["words"]
        assert len(reply.content["words"]) <= receive_service.SOURCE
