"""What does not work now is written down once, whoever notices it, and however many do so at once."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

from tests.web.cast import NOW
from tests.web.groups.test_offering_race import at_once
from web.rows import Outage, Pulse, db
from web.services.outbox import outages

WORKERS = 12
LATER = NOW + timedelta(minutes=1)


def test_many_workers_note_one_outage(app: Flask) -> None:
    def note(_number: int) -> str:
        outages.note(db.session, "email", "connection", NOW)
        db.session.commit()
        return "noted"

    assert at_once(app, note, list(range(WORKERS))) == {"noted": WORKERS}
    with app.app_context():
        (outage,) = db.session.query(Outage)
        assert (outage.what, outage.fault, outage.times, outage.since) == ("email", "connection", WORKERS, NOW)


def test_many_workers_read_the_mailbox_for_the_first_time(app: Flask) -> None:
    def beat(_number: int) -> str:
        outages.beat(db.session, "inbox", NOW)
        db.session.commit()
        return "beaten"

    assert at_once(app, beat, list(range(WORKERS))) == {"beaten": WORKERS}
    with app.app_context():
        assert [pulse.at for pulse in db.session.query(Pulse)] == [NOW]


def test_who_looked_before_sees_what_another_adds(app: Flask) -> None:
    with app.app_context():
        outages.note(db.session, "email", "connection", NOW)
        (outage,) = outages.all_of(db.session)
        outages.note(db.session, "email", "login", LATER)
        assert (outage.times, outage.fault, outage.since, outage.last_at) == (2, "login", NOW, LATER)
        outages.over(db.session, "email")
        assert outages.all_of(db.session) == []
