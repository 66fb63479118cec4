"""Marks of who was there: in any order and however often they are the same, and they are somebody's own data."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import text

from tests.web import evening as evenings
from tests.web.cast import Cast, Clock
from tests.web.evening import Evening
from web.crypto import hashed, new_secret
from web.rows import Attendance, AuditLine, Facilitator, Gathering, Signup, Staff, db
from web.rows.attendance import Presence
from web.services.attendance import marking, records, sheet
from web.services.attendance.marking import Mark
from web.services.privacy import erase, export
from web.transaction import transaction

pytestmark = pytest.mark.slow


@pytest.fixture
def evening(app: Flask, cast: Cast, clock: Clock) -> Evening:
    """Two tables of three, an hour after the end; in a context."""
    found = evenings.perform(app, cast)
    clock.forward(hours=4.5)
    with app.app_context():
        yield found
        db.session.remove()


def date_of(evening: Evening) -> Gathering:
    return db.session.query(Gathering).filter_by(session_id=evening.session).one()


def write(evening: Evening, *marks: Mark, by: int | None = None, now: datetime) -> int:
    who = db.session.get_one(Facilitator, by) if by else db.session.query(Staff).filter_by(name="Amina").one()
    with transaction(db.session):
        return marking.write(db.session, date_of(evening), marks, by=who, now=now)


def mark(evening: Evening, name: str, presence: Presence, at: datetime, entry: str = "", number: int = 1) -> Mark:
    return Mark(entry or f"{name}-{presence}-{at.timestamp()}", at, number, presence, signup_id=evening.seated[name])


def test_marks_in_any_order_and_however_often_say_the_same(evening: Evening, clock: Clock) -> None:
    """Two devices that mark the same people, also at the same moment, with what was lost sent again."""
    for seed in range(5):
        dice = random.Random(seed)
        at = [clock.now - timedelta(minutes=dice.randrange(9)) for _ in range(24)]
        names, said = list(evening.seated), list(Presence)
        marks = [mark(evening, dice.choice(names), dice.choice(said), when, f"{seed}-{n}") for n, when in enumerate(at)]
        walk_in = Mark(f"{seed}-w", at[0] - timedelta(seconds=1), 1, Presence.PRESENT, walk_in=f"{seed}-w", name="Wim")
        gone = Mark(f"{seed}-v", at[0], 1, Presence.OPEN, walk_in=f"{seed}-w")
        marks += [walk_in, gone]
        seen = []
        for _run in range(2):
            parcels = dice.sample(marks, len(marks)) + dice.sample(marks, 10)
            while parcels:
                size = dice.randint(1, 5)
                write(evening, *parcels[:size], now=clock.now)
                parcels = parcels[size:]
            found = records.of(db.session, date_of(evening))
            seen.append(({id: one.device_entry for id, one in found.people.items()}, len(found.walk_ins)))
            assert db.session.query(Attendance).count() == len(marks)
            db.session.query(Attendance).delete()
            db.session.commit()
        assert seen[0] == seen[1]
        assert seen[0][1] == 0


def test_a_mark_of_tomorrow_was_made_now(evening: Evening, clock: Clock) -> None:
    write(evening, mark(evening, "Bart", Presence.ABSENT, clock.now + timedelta(days=1)), now=clock.now)
    clock.forward(minutes=1)
    write(evening, mark(evening, "Bart", Presence.PRESENT, clock.now), now=clock.now)
    assert records.of(db.session, date_of(evening)).there(evening.seated["Bart"], 1)


def test_who_is_not_marked_at_a_table_that_is_was_not_there(evening: Evening, clock: Clock) -> None:
    write(
        evening,
        mark(evening, "Bart", Presence.PRESENT, clock.now),
        mark(evening, "Els", Presence.LATE, clock.now),
        now=clock.now,
    )
    found = records.of(db.session, date_of(evening))
    said = {name: found.there(id, 1 if name in ("Bart", "Els", "Fatma") else 2) for name, id in evening.seated.items()}
    assert said == {"Bart": True, "Els": True, "Fatma": False, "Gijs": None, "Henk": None, "Noor": None}
    assert not any(found.absent(id) for id in evening.seated.values())
    assert found.met == {1: {evening.seated["Bart"], evening.seated["Els"]}}


def test_the_sheet_counts_and_asks_until_everybody_is_known(evening: Evening, clock: Clock) -> None:
    date = date_of(evening)
    series = date.session.round.series
    assert sheet.to_write(db.session, series, clock.now) == [date]
    write(evening, marking.new_walk_in("Wim", 2, clock.now), now=clock.now)
    for name, number in zip(evening.seated, (1, 1, 1, 2, 2, 2), strict=True):
        said = Presence.ABSENT if name == "Henk" else Presence.PRESENT
        write(evening, mark(evening, name, said, clock.now, number=number), now=clock.now)
    found = sheet.of(db.session, date)
    assert (found.came, found.expected, found.open, found.walk_ins) == (5, 6, 0, 1)
    assert sheet.to_write(db.session, series, clock.now) == []
    assert [table.number for table in sheet.of(db.session, date, led_by=evening.cor).tables] == [2]


def test_a_mark_is_in_the_log_without_a_name(evening: Evening, clock: Clock) -> None:
    write(evening, mark(evening, "Bart", Presence.PRESENT, clock.now, "once"), by=evening.cor, now=clock.now)
    write(evening, mark(evening, "Bart", Presence.PRESENT, clock.now, "once"), by=evening.cor, now=clock.now)
    (line,) = db.session.query(AuditLine).filter_by(what=marking.WRITTEN)
    assert (line.who, line.about) == (f"facilitator:{evening.cor}", f"gathering:{date_of(evening).id}")


def test_somebody_reads_takes_along_and_erases_it(app: Flask, evening: Evening, clock: Clock) -> None:
    bart = db.session.get_one(Signup, evening.seated["Bart"])
    assert export.take_along(db.session, bart)["was_there"] == []
    write(evening, mark(evening, "Bart", Presence.ABSENT, clock.now), now=clock.now)
    clock.forward(minutes=1)
    write(evening, mark(evening, "Bart", Presence.LATE, clock.now), now=clock.now)
    told = export.take_along(db.session, bart)["was_there"]
    assert [one["said"] for one in told] == ["absent", "late"]
    assert {(one["starts"], one["table"]) for one in told} == {(date_of(evening).starts.isoformat(), 1)}
    secret = new_secret()
    bart.secret_hash = hashed(secret)
    db.session.commit()
    page = app.test_client().get(f"/mijn/{secret}/gegevens").text
    assert "dinsdag 12 januari: ja, later" in page
    with transaction(db.session):
        erase.erase(db.session, bart, app.extensions["vault"], now=clock.now)
    assert db.session.query(Attendance).count() == 0


def test_the_name_of_a_walk_in_is_sealed(evening: Evening, clock: Clock) -> None:
    write(evening, marking.new_walk_in("Wilhelmientje", 1, clock.now), now=clock.now)
    (stored,) = db.session.execute(text("SELECT walk_in_name FROM attendance")).scalars()
    assert "Wilhelmientje" not in stored
