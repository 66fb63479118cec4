"""A clock that jumps destroys nothing and tells nobody: what it would do waits for a day, and for an administrator."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.web import cast as casting
from tests.web import nights, post
from tests.web.cast import NOW, Cast, Clock
from web import jobs, worker
from web.rows import AuditLine, DueLetter, KnownTime, Met, Offer, Outage, Reply, Signup, db
from web.rows.invitations import OfferState
from web.rows.messages import LetterState
from web.services import known_time
from web.services.messages import by_hand
from web.services.messages.scheduled import clock_watch
from web.worker import JOBS

pytestmark = pytest.mark.slow

AHEAD, BACK = timedelta(days=3 * 365), -timedelta(days=3 * 365)


@pytest.fixture
def installation(app: Flask, cast: Cast) -> Flask:
    """People with places, an offer that is open, letters that wait and a mail, the night after; all in a context."""
    with app.app_context():
        post.delivered(app, cast)
        post.offered(app, cast, "Ina", NOW + timedelta(hours=20))
        nights.night(app, NOW)
        db.session.remove()
        yield app
        db.session.remove()


def minute(app: Flask) -> None:
    """Everything that the worker does, in its order; a mail lies in the inbox every time."""
    for _when, job in JOBS.values():
        job(app)
        db.session.remove()


def state(*kinds: type) -> list[str]:
    """What stands in these tables; of letters, those to residents."""
    rows = {kind.__name__: db.session.execute(select(kind.__table__)).mappings().all() for kind in kinds}
    letters = [dict(row) for row in rows.get("DueLetter", ()) if row["signup_id"]]
    told = [{name: row[name] for name in ("id", "state", "channel", "key")} for row in letters]
    return [repr(rows[name]) for name in rows if name != "DueLetter"] + [repr(told)]


WATCHED = (Signup, Offer, Met, Reply, DueLetter)


@pytest.mark.parametrize("jump", [AHEAD, BACK, timedelta(days=60), timedelta(days=3)], ids=str)
def test_a_jump_destroys_nothing_and_tells_nobody(installation: Flask, clock: Clock, jump: timedelta) -> None:
    minute(installation)  # what was due goes out by a clock that is right
    before = state(*WATCHED)
    clock.now += jump
    for _ in range(3):
        minute(installation)
        clock.forward(minutes=1)
    assert state(*WATCHED) == before
    assert [outage.what for outage in db.session.query(Outage)] == ["clock"]
    clock.now = NOW + timedelta(minutes=5)
    minute(installation)
    assert db.session.query(Outage).count() == 0, "a time that comes back is believed at once"
    assert db.session.query(Offer).one().state == OfferState.OPEN
    assert state(*WATCHED) == before


def test_letters_that_wait_are_not_called_over(installation: Flask, clock: Clock) -> None:
    """Neither by the worker nor by somebody who looks at the list of calls."""
    clock.now += AHEAD
    minute(installation)
    wanted = select(DueLetter).where(DueLetter.channel.in_(("call", "via")))
    lying = db.session.scalars(wanted).all()
    assert by_hand.messages(db.session, lying, clock.now, post.world_of(installation)) == []
    db.session.commit()
    due = [letter.state for letter in db.session.query(DueLetter) if letter.signup_id]
    assert due and set(due) == {LetterState.DUE}
    clock.now = NOW + timedelta(minutes=5)
    minute(installation)
    mailed = [letter.state for letter in db.session.query(DueLetter) if letter.channel == "email" and letter.signup_id]
    assert set(mailed) == {LetterState.SENT}, "and they go out when the clock is right"


def test_it_goes_on_when_the_time_held_and_an_administrator_was_told(installation: Flask, clock: Clock) -> None:
    """A machine that was off for long: late, and nothing is lost."""
    clock.now += AHEAD
    for hours in range(0, 24, 6):
        minute(installation)
        assert db.session.query(Signup).count() == 6, hours
        clock.forward(hours=6)
    (letter,) = db.session.query(DueLetter).filter_by(kind="clock_jumped")
    assert (letter.state, letter.staff_id) == (LetterState.SENT, 3), "Beatrix, who is the administrator"
    minute(installation)
    assert db.session.query(Outage).count() == 0
    jobs.tidy_up(installation)
    assert db.session.query(Signup).count() == 0


def test_who_was_not_told_keeps_it_waiting(installation: Flask, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """By a clock that is years ahead no certificate is right: no mail goes out."""
    monkeypatch.setitem(JOBS, "send", (worker.MINUTE, lambda app: 0))
    clock.now += AHEAD
    for _day in range(4):
        minute(installation)
        clock.forward(hours=20)
    assert db.session.query(Signup).count() == 6


def test_a_clock_that_jumps_once_more_begins_its_day_anew(installation: Flask, clock: Clock) -> None:
    clock.now += AHEAD
    minute(installation)
    clock.forward(days=5)
    minute(installation)
    clock.forward(hours=20)
    minute(installation)
    assert db.session.query(Signup).count() == 6
    assert db.session.query(DueLetter).filter_by(kind="clock_jumped").count() == 2


def test_a_week_off_is_over_when_an_administrator_says_so(
    app: Flask, cast: Cast, beatrix: FlaskClient, amina: FlaskClient, clock: Clock
) -> None:
    with app.app_context():
        post.offered(app, cast, "Ina", NOW + timedelta(hours=20))
        nights.night(app, NOW)
        clock.now += timedelta(days=7)
        minute(app)
    page = beatrix.get("/beheer/bewaren").text
    assert "De klok van de server versprong" in page and "20 november 2026" in page and "27 november 2026" in page
    assert "De klok van de server versprong" in amina.get("/werk/").text
    assert "De klok van de server versprong" in beatrix.get("/beheer/post").text
    assert amina.post("/beheer/bewaren/klok").status_code in (302, 403, 404)
    with app.app_context():
        assert not jobs.watch_clock(app), "that is not for her to say"
    assert "Wat wachtte, gaat nu door" in beatrix.post("/beheer/bewaren/klok", follow_redirects=True).text
    with app.app_context():
        minute(app)
        assert db.session.query(Outage).count() == 0
        assert db.session.query(Offer).one().state == OfferState.EXPIRED
        assert db.session.query(AuditLine).filter_by(what="clock confirmed").one().who == "staff:3"
    assert "versprong" not in beatrix.get("/beheer/bewaren").text


def test_what_a_clock_that_was_ahead_put_off_is_due_when_it_is_right(installation: Flask, clock: Clock) -> None:
    clock.now += AHEAD
    minute(installation)
    db.session.query(DueLetter).filter_by(channel="call").update({"due_at": clock.now})
    db.session.commit()
    clock.now = NOW + timedelta(hours=1)
    assert clock_watch.run(db.session, clock.now)
    waiting = db.session.query(DueLetter).filter_by(state=LetterState.DUE, channel="call").all()
    assert waiting and all(letter.due_at <= clock.now for letter in waiting)


def test_an_ordinary_night_a_weekend_off_and_summer_time_are_no_jump(installation: Flask, clock: Clock) -> None:
    for step in (timedelta(days=1), timedelta(hours=47), timedelta(hours=-1), timedelta(days=1)):
        clock.now += step
        assert jobs.watch_clock(installation)
    assert db.session.query(KnownTime).one().trusted_at == clock.now


def test_a_first_start_knows_what_time_it_was(app: Flask, cast: Cast, clock: Clock) -> None:
    """From what was written down last, before a worker was ever at work."""
    with app.app_context():
        casting.sign_up(app, cast)
        known_time.begin(db.session, NOW + AHEAD)
        db.session.commit()
        clock.now = NOW + AHEAD
        jobs.tidy_up(app)
        assert db.session.query(Signup).count() == 1
