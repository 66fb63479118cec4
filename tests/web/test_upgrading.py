"""A database of an older version becomes one of this version, and nothing in it is lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import flask_migrate
import pytest
from flask import Flask
from sqlalchemy import text

import config
from tests.web import databases
from tests.web.cast import Clock
from tests.web.conftest import PLAIN
from web.app import create_app
from web.bench.first_version import MOMENT, ROWS, install, stored, table
from web.rows import Signup, db
from web.rows.upgrading import bring_up_to_date
from web.services.plans import company

pytestmark = pytest.mark.slow


@pytest.fixture
def old(settings: config.Settings, keys: config.Secrets, tmp_path: Path) -> Iterator[Flask]:
    """An installation of the first version; everything in an application context."""
    app = create_app(settings, keys, tmp_path, secure=False, clock=Clock(), **{**PLAIN, **databases.empty()})
    with app.app_context():
        install(app)
        yield app
        db.session.remove()
        db.engine.dispose()


def test_every_row_keeps_what_it_held(old: Flask) -> None:
    before = {name: stored(name) for name in ROWS}
    bring_up_to_date(old)
    for name, rows in before.items():
        after = stored(name)
        assert len(after) == len(rows) == len(ROWS[name])
        for was, now in zip(rows, after, strict=True):
            told = {"fault"} if name == "due_letter" and was["fault"] == "overtaken" else set()
            assert {key: now[key] for key in was if key not in told} == {k: v for k, v in was.items() if k not in told}


def test_letters_stand_where_they_stood(old: Flask) -> None:
    bring_up_to_date(old)
    assert [(row["key"], row["state"], row["fault"]) for row in stored("due_letter")] == [
        ("sent", "sent", ""),
        ("waits", "due", ""),
        ("overtaken", "overtaken", ""),
        ("faulty", "due", "OSError"),
    ]


def test_nothing_is_known_to_have_come_back(old: Flask) -> None:
    bring_up_to_date(old)
    assert {(row["returned"], row["returned_at"]) for row in stored("due_letter")} == {("", None)}


@pytest.mark.parametrize(
    ("reasons", "mailed"),
    [
        (["hard 5.7.1"], True),
        (["hard 5.2.2", "hard 5.7.1", "soft 4.4.1"], True),
        (["hard 5.1.1"], False),
        (["hard 5.7.1", "hard 5.1.1"], False),
        (["hard"], False),
        (["soft 4.2.2"], False),
        ([], False),
    ],
)
def test_good_addresses_that_were_taken_out_of_the_mailing_are_mailed_again(
    old: Flask, reasons: list[str], mailed: bool
) -> None:
    flask_migrate.upgrade(revision="0002")
    signup = stored("signup")[0]["id"]
    db.session.execute(table("signup").update().values(bounced_at=MOMENT))
    rows = [
        {"key": f"{n}", "at": MOMENT, "outcome": "bounce", "reason": reason, "partstat": "", "signup_id": signup}
        for n, reason in enumerate(reasons)
    ]
    if rows:
        db.session.execute(table("reply").insert(), rows)
    db.session.commit()
    db.session.remove()
    bring_up_to_date(old)
    assert (stored("signup")[0]["bounced_at"] is None) == mailed
    assert [row["letter_id"] for row in stored("reply")] == [None] * len(reasons)


def test_what_time_it_was_is_known_from_what_was_written_last(old: Flask) -> None:
    """The first start of this version may be by a clock that is wrong. From when somebody was needed no one knows."""
    bring_up_to_date(old)
    assert [row["trusted_at"] for row in stored("known_time")] == [MOMENT]
    assert [row["left_at"] for row in stored("staff")] == [None]


def test_dates_have_an_identity_of_their_own(old: Flask) -> None:
    bring_up_to_date(old)
    dates = stored("gathering")
    assert len({UUID(row["uid"]) for row in dates}) == len(ROWS["gathering"])
    assert {(row["sequence"], row["called_off_at"]) for row in dates} == {(0, None)}


def test_nobody_asked_for_silence(old: Flask) -> None:
    bring_up_to_date(old)
    assert {(row["quiet"], row["bounced_at"]) for row in stored("signup")} == {(False, None)}
    assert [row["digest"] for row in stored("staff")] == [True]


def test_who_was_named_by_one_side_only_is_asked_from_now_on(old: Flask) -> None:
    db.session.execute(text("UPDATE signup SET buddy_id = 2 WHERE id = 1"))
    db.session.commit()
    bring_up_to_date(old)
    assert company.bound(db.session, 1) == {}
    assert company.is_asked(db.session, Signup(id=2))


def test_the_database_is_as_the_rows_want_it_and_no_reference_is_broken(old: Flask) -> None:
    bring_up_to_date(old)
    flask_migrate.check()
    if db.engine.dialect.name == "sqlite":
        assert db.session.execute(text("PRAGMA foreign_keys")).scalar() == 1
        assert db.session.execute(text("PRAGMA foreign_key_check")).all() == []
        assert db.session.execute(text("PRAGMA integrity_check")).scalar() == "ok"


def test_what_hangs_on_a_row_still_goes_with_it(old: Flask) -> None:
    bring_up_to_date(old)
    db.session.execute(text("DELETE FROM signup WHERE id = 1"))
    db.session.commit()
    assert stored("due_letter") == []
    assert [row["id"] for row in stored("signup")] == [2]


def test_a_second_time_changes_nothing(old: Flask) -> None:
    bring_up_to_date(old)
    before = {name: stored(name) for name in ROWS}
    bring_up_to_date(old)
    assert {name: stored(name) for name in ROWS} == before
