"""Several devices, in any order, with taps lost and sent again, and clocks that are wrong: all end the same."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask

from tests.web import evening as evenings
from tests.web.cast import Cast, Clock
from tests.web.evening import Evening
from web.crypto import hashed
from web.rows import Attendance, FacilitatorLink, Gathering, db
from web.rows.attendance import Presence
from web.services.attendance import devices, records
from web.services.attendance.devices import NoTaps, Taken
from web.transaction import transaction

pytestmark = pytest.mark.slow


@pytest.fixture
def evening(app: Flask, cast: Cast) -> Iterator[Evening]:
    """Two tables of three, an hour before it begins; in a context."""
    found = evenings.perform(app, cast)
    with app.app_context():
        yield found
        db.session.remove()


def link_of(door: tuple[str, str]) -> FacilitatorLink:
    return db.session.query(FacilitatorLink).filter_by(secret_hash=hashed(door[0])).one()


def date_of(evening: Evening) -> Gathering:
    return db.session.query(Gathering).filter_by(session_id=evening.session).one()


def milliseconds(moment: datetime) -> float:
    return moment.timestamp() * 1000


def send(door: tuple[str, str], taps: list[dict[str, object]], now: datetime, wrong: timedelta = timedelta()) -> Taken:
    with transaction(db.session):
        sent = devices.moment(milliseconds(now + wrong))
        return devices.take(db.session, link_of(door), devices.read(json.dumps(taps)), sent, now)


def tap(evening: Evening, name: str, said: str, at: datetime, entry: str, **more: object) -> dict[str, object]:
    told = {"id": entry, "date": date_of(evening).id, "who": evening.seated[name], "presence": said}
    return {**told, "at": milliseconds(at), **more}


def test_taps_in_any_order_doubled_lost_and_sent_again_end_the_same(evening: Evening, clock: Clock) -> None:
    """Three devices at one table, one an hour fast, one 50 minutes slow; also walk-ins that come and go."""
    start, date, door = clock.now, date_of(evening).id, evening.chantal_door
    for seed in range(4):
        dice = random.Random(seed)
        wrong = [timedelta(), timedelta(hours=1), timedelta(minutes=-50)]
        taps: list[tuple[int, dict[str, object]]] = []
        for n in range(30):
            device, at = dice.randrange(3), start + timedelta(seconds=37 * n)
            who = dice.choice(["Bart", "Els", "Fatma"])
            one = tap(evening, who, dice.choice(list(Presence)), at + wrong[device], f"{seed}-entry-{n:03}")
            if n % 10 == 0:
                one |= {"who": None, "walk_in": one["id"], "name": f"Wim{n}", "table": 1, "presence": "present"}
            if n in (15, 25):
                one |= {"who": None, "walk_in": f"{seed}-entry-{n - 5:03}", "table": 1, "presence": "open"}
            taps.append((device, one))
        ended, now = [], start + timedelta(hours=1)
        for _run in range(2):
            queues = {
                device: dice.sample([t for d, t in taps if d == device], k=sum(d == device for d, _ in taps))
                for device in range(3)
            }
            while any(queues.values()):
                device = dice.choice([d for d, queue in queues.items() if queue])
                lot = queues[device][: dice.randint(1, 6)]
                taken = send(door, [*lot, lot[0]], now, wrong[device])
                assert taken.refused == () and set(taken.done) == {one["id"] for one in lot}
                # The answer may be lost on its way: then the device sends them again.
                if dice.random() < 0.7:
                    queues[device] = queues[device][len(lot) :]
                now += timedelta(seconds=dice.randrange(90))
            found = records.of(db.session, date_of(evening))
            people = {id: (mark.device_entry, mark.presence) for id, mark in found.people.items()}
            ended.append((people, {mark.walk_in_name for mark in found.walk_ins}))
            assert db.session.query(Attendance).filter_by(gathering_id=date).count() == len(taps)
            db.session.query(Attendance).delete()
            db.session.commit()
        last = {one["who"]: one for _device, one in taps if one["who"]}
        stands = {id: (one["id"], one["presence"]) for id, one in last.items() if one["presence"] != "open"}
        assert ended[0] == ended[1] == (stands, {"Wim0"})


def test_a_wrong_clock_is_noticed_and_cannot_win(evening: Evening, clock: Clock) -> None:
    hour = timedelta(hours=1)
    clock.forward(minutes=10)
    fast = send(evening.chantal_door, [tap(evening, "Bart", "absent", clock.now + hour, "fast-0001")], clock.now, hour)
    assert fast.minutes_off == 60
    clock.forward(minutes=1)
    right = send(evening.chantal_door, [tap(evening, "Bart", "present", clock.now, "right-001")], clock.now)
    assert right.minutes_off == 0
    lies = tap(evening, "Els", "present", clock.now + 30 * hour, "tomorrow-1")
    old = tap(evening, "Fatma", "present", clock.now - 1000 * hour, "last-month")
    assert send(evening.chantal_door, [lies, old], clock.now).refused == ()
    found = records.of(db.session, date_of(evening)).people
    assert found[evening.seated["Bart"]].presence == "present"
    assert found[evening.seated["Els"]].recorded_at == clock.now
    assert found[evening.seated["Fatma"]].recorded_at == link_of(evening.chantal_door).opens_at


def test_only_own_tables_this_date_and_what_is_a_tap(cast: Cast, evening: Evening, clock: Clock) -> None:
    later = db.session.query(Gathering).filter_by(session_id=cast.sessions[1]).one().id
    here = tap(evening, "Bart", "present", clock.now, "good-00001")
    walk_in = {"who": None, "walk_in": "wrong-0009", "name": "Wim", "table": 1}
    wrong = [
        tap(evening, "Gijs", "present", clock.now, "wrong-0001"),
        here | {"id": "wrong-0002", "who": 10**6},
        here | {"id": "wrong-0003", "date": later},
        here | {"id": "wrong-0004", "presence": "dead"},
        here | {"id": "wrong-0005", "at": "soon"},
        here | {"id": "wrong-0006", "at": 1e300},
        here | {"id": "wrong-0007", "who": None},
        here | {"id": "wrong-0008", "presence": ["present"]},
        here | walk_in | {"id": "wrong-0009", "table": 2},
        here | walk_in | {"id": "wrong-0010"},
        here | walk_in | {"id": "wrong-0009", "name": " \u200b"},
    ]
    taken = send(evening.chantal_door, [here, *wrong], clock.now)
    assert taken.refused == tuple(one["id"] for one in wrong)
    assert db.session.query(Attendance).one().device_entry == "good-00001"
    for lot in ("{", "{}", "[1]", '[{"id": 3}]', '[{"id": "x"}]', json.dumps([here] * 501), "[" * 100_000):
        with pytest.raises(NoTaps):
            devices.read(lot)
    with pytest.raises(NoTaps):
        devices.moment("now")
