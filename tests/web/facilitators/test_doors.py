"""Doors of facilitators: opened by link and PIN, for a while, and closed for good after five wrong PINs."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.fernet import Fernet
from flask import Flask
from sqlalchemy import select, text
from werkzeug.security import generate_password_hash

from tests.web import cast as casting
from tests.web import evening as evenings
from tests.web.cast import Cast
from tests.web.evening import Evening, other
from web.crypto import Vault
from web.errors import Missing
from web.rows import AuditLine, Facilitator, FacilitatorLink, Gathering, Series, Staff, TimeSlot, db
from web.services import logins
from web.services.facilitators import access
from web.services.facilitators.access import links
from web.transaction import transaction

pytestmark = pytest.mark.slow


@pytest.fixture
def evening(app: Flask, cast: Cast) -> Iterator[Evening]:
    found = evenings.perform(app, cast)
    with app.app_context():
        yield found


def enter(app: Flask, door: tuple[str, str], pin: str | None = None) -> FacilitatorLink:
    now, vault = app.extensions["clock"](), app.extensions["vault"]
    with transaction(db.session):
        return access.enter(db.session, door[0], door[1] if pin is None else pin, now, vault)


def test_the_right_pin_opens_the_own_door(app: Flask, cast: Cast, evening: Evening) -> None:
    link = enter(app, evening.chantal_door)
    assert (link.facilitator_id, link.session_id) == (cast.chantal, evening.session)


def test_the_pin_of_another_door_does_not_open_this_one(app: Flask, evening: Evening) -> None:
    pin = evening.cor_door[1] if evening.cor_door[1] != evening.chantal_door[1] else other(evening.cor_door[1])
    with pytest.raises(access.WrongPin):
        enter(app, evening.chantal_door, pin)


def test_neither_link_nor_pin_can_be_read_in_the_database(
    app: Flask, cast: Cast, evening: Evening, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(links, "generate_password_hash", generate_password_hash)
    secret, pin = evenings.opened(app, cast.chantal, evening.session)
    assert len(secret) >= 22
    assert len(pin) == 6
    stored = str(db.session.execute(text("select * from facilitator_link")).all())
    assert secret not in stored
    assert f"'{pin}'" not in stored
    assert "scrypt:32768:8:1$" in stored
    # Nor tried: a million of them are few, but without our key there is nothing to hold them against.
    with pytest.raises(access.WrongPin):
        access.enter(db.session, secret, pin, app.extensions["clock"](), Vault([Fernet.generate_key()], b"another"))
    assert enter(app, (secret, pin))


def test_each_wrong_pin_in_a_row_counts_and_a_right_one_forgets_them(app: Flask, evening: Evening) -> None:
    left = []
    for _ in range(4):
        with pytest.raises(access.WrongPin) as wrong:
            enter(app, evening.chantal_door, other(evening.chantal_door[1]))
        left.append(wrong.value.left)
    assert left == [4, 3, 2, 1]
    assert enter(app, evening.chantal_door).tries == 0


def test_five_wrong_pins_close_the_door_for_good_also_to_the_right_one(app: Flask, evening: Evening) -> None:
    shut(app, evening)
    with pytest.raises(access.NoDoor):
        enter(app, evening.chantal_door)
    assert enter(app, evening.cor_door), "the door of somebody else stays open"


def shut(app: Flask, evening: Evening) -> None:
    for _ in range(4):
        with pytest.raises(access.WrongPin):
            enter(app, evening.chantal_door, other(evening.chantal_door[1]))
    with pytest.raises(access.Shut):
        enter(app, evening.chantal_door, other(evening.chantal_door[1]))


def test_however_many_try_at_once_five_pins_are_looked_at(app: Flask, evening: Evening) -> None:
    db.session.remove()

    def attempt(number: int) -> str:
        with app.app_context():
            try:
                enter(app, evening.chantal_door, other(evening.chantal_door[1]))
            except (access.WrongPin, access.Shut, access.NoDoor) as mishap:
                return type(mishap).__name__
        return "in"

    with ThreadPoolExecutor(8) as pool:
        said = sorted(pool.map(attempt, range(16)))
    assert said == ["NoDoor"] * 11 + ["Shut"] + ["WrongPin"] * 4


def test_a_door_opens_two_days_before_and_closes_a_day_after_the_last_date(app: Flask, evening: Evening) -> None:
    clock, session = app.extensions["clock"], db.session.get_one(TimeSlot, evening.session)
    last = session.starts + timedelta(days=14)
    session.gatherings.append(Gathering(starts=last, ends=last + timedelta(hours=2)))
    db.session.commit()
    secret, _ = door = evenings.opened(app, db.session.scalars(select(Facilitator.id)).first(), evening.session)
    second = timedelta(seconds=1)
    opens, ends = session.starts - timedelta(hours=48), last + timedelta(hours=2 + 24)
    for now, open_ in ((opens - second, False), (opens, True), (ends - second, True), (ends, False)):
        clock.now = now
        if open_:
            assert enter(app, door)
        else:
            with pytest.raises(access.NoDoor):
                access.standing(db.session, secret, now)


def test_in_the_night_the_clock_goes_back_a_door_is_open_just_as_long(app: Flask, cast: Cast, evening: Evening) -> None:
    session = db.session.get_one(TimeSlot, cast.sessions[1])
    start = datetime(2026, 10, 24, 18, tzinfo=UTC)  # 20.00 in summer; an hour later the next evening
    session.gatherings = [Gathering(starts=start + timedelta(days=d), ends=start + timedelta(days=d)) for d in (0, 1)]
    db.session.commit()
    secret, _ = evenings.opened(app, cast.chantal, session.id)
    link = access.standing(db.session, secret, start)
    assert link.expires_at - link.opens_at == timedelta(hours=48 + 24 + 24)
    came = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)  # 02.30, for the first time
    login = logins.begin_at_table(db.session, link, came)
    assert logins.is_at_table(db.session, link, login, came + timedelta(hours=1)), "02.30 once more"
    assert not logins.is_at_table(db.session, link, login, came + timedelta(hours=8))


def test_a_new_door_closes_the_old_one_for_that_session_only(app: Flask, cast: Cast, evening: Evening) -> None:
    elsewhere = evenings.opened(app, cast.chantal, cast.sessions[1])
    fresh = evenings.opened(app, cast.chantal, evening.session)
    with pytest.raises(access.NoDoor):
        enter(app, evening.chantal_door)
    assert enter(app, fresh)
    assert enter(app, evening.cor_door)
    app.extensions["clock"].forward(days=2)
    assert enter(app, elsewhere)


def test_who_is_no_facilitator_any_more_stays_outside(app: Flask, cast: Cast, evening: Evening) -> None:
    db.session.get_one(Facilitator, cast.chantal).active = False
    db.session.commit()
    with pytest.raises(access.NoDoor):
        enter(app, evening.chantal_door)


def test_the_organiser_sees_the_doors_of_the_current_plan(app: Flask, cast: Cast, evening: Evening) -> None:
    casting.plan_of(cast, {(cast.sessions[2], 1): []}, leader=cast.chantal).current = False
    assert states(app, cast) == [("Chantal", 1, "open"), ("Cor", 1, "open")]
    shut(app, evening)
    app.extensions["clock"].forward(days=-3)
    assert states(app, cast) == [("Chantal", 1, "shut"), ("Cor", 1, "waiting")]
    app.extensions["clock"].forward(days=9)
    with transaction(db.session):
        access.close(db.session, evening.cor, evening.session, app.extensions["clock"](), for_=staff(cast.amina))
    assert states(app, cast) == [("Chantal", 1, "shut"), ("Cor", 1, "revoked")]
    with pytest.raises(access.TooLate):
        renew(app, cast.amina, evening.cor, evening.session)


def states(app: Flask, cast: Cast) -> list[tuple[str, int, str]]:
    found = access.links_for(db.session, db.session.get_one(Series, cast.series), staff(cast.amina))
    return [(door.facilitator.name, door.groups, door.state(app.extensions["clock"]())) for door in found]


def staff(id: int) -> Staff:
    return db.session.get_one(Staff, id)


def renew(app: Flask, by: int, facilitator: int, session: int) -> tuple[str, str]:
    world = app.extensions
    args = (facilitator, session, world["clock"](), world["settings"], world["vault"])
    with transaction(db.session):
        return access.renew(db.session, *args, for_=staff(by))


def test_a_facilitator_without_a_link_is_listed_too(app: Flask, cast: Cast, evening: Evening) -> None:
    db.session.execute(text("delete from facilitator_link"))
    assert states(app, cast) == [("Chantal", 1, "none"), ("Cor", 1, "none")]


def test_renewing_opens_a_shut_door_again_and_is_logged(app: Flask, cast: Cast, evening: Evening) -> None:
    shut(app, evening)
    assert enter(app, renew(app, cast.amina, cast.chantal, evening.session))
    logged = [(line.who, line.what, line.about) for line in db.session.scalars(select(AuditLine))]
    assert (f"staff:{cast.amina}", "door_renewed", f"facilitator:{cast.chantal}") in logged
    assert (f"facilitator:{cast.chantal}", "door_shut", f"session:{evening.session}") in logged


def test_another_municipality_has_nothing_to_do_with_our_doors(app: Flask, cast: Cast, evening: Evening) -> None:
    with pytest.raises(Missing):
        access.links_for(db.session, db.session.get_one(Series, cast.series), staff(cast.dirk))
    with pytest.raises(Missing):
        renew(app, cast.dirk, cast.chantal, evening.session)
    with pytest.raises(Missing), transaction(db.session):
        access.close(db.session, cast.chantal, evening.session, app.extensions["clock"](), for_=staff(cast.dirk))
    assert enter(app, evening.chantal_door), "it is still open"


def test_no_door_for_who_leads_nothing_there(app: Flask, cast: Cast, evening: Evening) -> None:
    with pytest.raises(Missing):
        renew(app, cast.amina, cast.chantal, cast.sessions[1])
