"""An upgrade that is killed leaves the old database or the new one; two at once both start; a lost one is said."""

from __future__ import annotations

import os
import signal
import stat
import traceback
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from random import Random
from sqlite3 import connect

import pytest
from flask import Flask
from sqlalchemy import Engine, event, text

import config
from tests.web.cast import Clock
from tests.web.conftest import PLAIN
from web.app import create_app
from web.bench import first_version
from web.bench.first_version import everything, is_kept
from web.errors import UnusableDatabase
from web.rows import db, sqlite_file
from web.rows.upgrading import COPIES, MARK, _head, bring_up_to_date

pytestmark = pytest.mark.slow

KILLS = 3
MIGRATIONS_OF_BEFORE = (
    "CREATE TABLE outage (what VARCHAR NOT NULL, id INTEGER NOT NULL PRIMARY KEY)",
    "CREATE TABLE feed (secret TEXT NOT NULL, id INTEGER NOT NULL PRIMARY KEY)",
    "CREATE INDEX ix_feed_secret ON feed (secret)",
    "ALTER TABLE organisation ADD COLUMN controller TEXT NOT NULL DEFAULT ''",
    "CREATE TABLE _alembic_tmp_due_letter (id INTEGER NOT NULL PRIMARY KEY)",
    "INSERT INTO _alembic_tmp_due_letter VALUES (1)",
)
"""What an upgrade of before may have kept when it was killed."""


@pytest.fixture
def old(settings: config.Settings, keys: config.Secrets, tmp_path: Path) -> Iterator[Flask]:
    """An installation of the first version, in an application context."""
    app = create_app(settings, keys, tmp_path, secure=False, clock=Clock(), **PLAIN)
    with app.app_context():
        first_version.install(app)
        db.engine.dispose()
        yield app
        db.session.remove()
        db.engine.dispose()


def in_child(work: Callable[[], object]) -> int:
    """Start work in a copy of this process; its number."""
    child = os.fork()
    if child == 0:
        try:
            work()
            os._exit(0)
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(1)
    return child


def killed_at(statement: int, app: Flask) -> int:
    """Upgrade in a child that is killed right after so many statements; how it ended."""

    def work() -> None:
        left = [statement]

        @event.listens_for(Engine, "after_cursor_execute")
        def count(*told: object) -> None:
            left[0] -= 1
            if not left[0]:
                os.kill(os.getpid(), signal.SIGKILL)

        bring_up_to_date(app)

    return os.waitpid(in_child(work), 0)[1]


def revision() -> str:
    return str(db.session.execute(text("SELECT version_num FROM alembic_version")).scalar())


def test_whenever_it_is_killed_the_next_one_ends_well_and_every_row_is_there(old: Flask, tmp_path: Path) -> None:
    before, file = everything(), tmp_path / "rebubbelen.db"
    db.engine.dispose()
    kept = file.read_bytes()
    dice, ends = Random(4), []
    for statement in sorted(dice.sample(range(1, 260), KILLS)):
        for path in tmp_path.glob("rebubbelen.db*"):
            path.unlink()
        file.write_bytes(kept)
        ends.append(killed_at(statement, old))
        assert is_kept(before)
        db.engine.dispose()
        bring_up_to_date(old)
        assert (revision(), is_kept(before)) == (_head(), True)
        db.session.remove()
        db.engine.dispose()
    assert ends.count(signal.SIGKILL) >= KILLS - 1, "most were really killed"


def test_the_old_version_is_there_until_the_very_last_moment_and_a_copy_of_it_after(old: Flask, tmp_path: Path) -> None:
    seen = []

    @event.listens_for(db.engine, "before_cursor_execute")
    def look(connection: object, cursor: object, statement: str, *told: object) -> None:
        if "_alembic_tmp_signup" in statement:
            with closing(connect(str(sqlite_file.path_of(db.engine)))) as other:
                tables = {name for (name,) in other.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
                seen.append((other.execute("SELECT version_num FROM alembic_version").fetchone()[0], "feed" in tables))

    done = bring_up_to_date(old)
    event.remove(db.engine, "before_cursor_execute", look)
    assert set(seen) == {(first_version.FIRST, False)}, "nobody else sees half an upgrade"
    assert done is not None and done.copy is not None
    assert done.copy.parent == tmp_path / COPIES
    assert (stat.S_IMODE(done.copy.stat().st_mode), stat.S_IMODE(done.copy.parent.stat().st_mode)) == (0o600, 0o700)
    with closing(connect(done.copy)) as copy:
        assert copy.execute("SELECT version_num FROM alembic_version").fetchone() == (first_version.FIRST,)
        assert copy.execute("SELECT count(*) FROM signup").fetchone() == (2,)
    assert bring_up_to_date(old) is None


def test_what_an_upgrade_of_before_left_when_it_was_killed_is_taken_away(old: Flask) -> None:
    before = everything()
    for statement in MIGRATIONS_OF_BEFORE:
        db.session.execute(text(statement))
    db.session.commit()
    db.session.remove()
    done = bring_up_to_date(old)
    assert done is not None
    assert (revision(), is_kept(before)) == (_head(), True)
    columns = {column[1] for column in db.session.execute(text("PRAGMA table_info(feed)"))}
    assert "secret_hash" in columns, "the table of today, not what was left"


def test_a_table_with_rows_of_somebody_else_is_never_dropped(old: Flask) -> None:
    db.session.execute(text("CREATE TABLE outage (id INTEGER PRIMARY KEY)"))
    db.session.execute(text("INSERT INTO outage VALUES (7)"))
    db.session.commit()
    db.session.remove()
    with pytest.raises(UnusableDatabase, match=r"'outage' belongs to another version, and has rows.*Nothing"):
        bring_up_to_date(old)
    assert db.session.execute(text("SELECT id FROM outage")).scalar() == 7
    assert revision() == first_version.FIRST


def test_two_at_once_both_start(old: Flask) -> None:
    before = everything()
    db.engine.dispose()
    children = [in_child(lambda: bring_up_to_date(old)) for _ in range(2)]
    assert [os.waitpid(child, 0)[1] for child in children] == [0, 0]
    assert (revision(), is_kept(before)) == (_head(), True)


def _gone(file: Path) -> None:
    file.unlink()


def _empty(file: Path) -> None:
    file.write_bytes(b"")


def _overwritten(file: Path) -> None:
    file.write_bytes(b"not a database at all" * 1000)


def _damaged(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[4096 * 3 : 4096 * 40] = b"\xff" * (4096 * 37)
    file.write_bytes(bytes(content))


def _cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2 // 4096 * 4096])


def test_a_database_that_is_gone_or_damaged_is_not_served(app: Flask, tmp_path: Path) -> None:
    bring_up_to_date(app)
    with app.app_context():
        db.session.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
        db.session.remove()
        db.engine.dispose()
    file = tmp_path / "rebubbelen.db"
    whole = file.read_bytes()
    for harm in (_damaged, _overwritten, _cut, _empty, _gone):
        file.write_bytes(whole)
        harm(file)
        after = file.read_bytes() if file.exists() else b""
        with pytest.raises(UnusableDatabase, match=r"Nothing was changed.*put back a backup \(run.py restore\)"):
            bring_up_to_date(app)
        assert (file.read_bytes() if file.exists() else b"") == after
    (tmp_path / MARK).unlink()
    assert bring_up_to_date(app) is not None, "who really wants to begin anew can"


def test_one_that_cannot_be_written_is_not_half_served(
    app: Flask, settings: config.Settings, keys: config.Secrets, tmp_path: Path
) -> None:
    bring_up_to_date(app)
    url = f"sqlite:///file:{tmp_path / 'rebubbelen.db'}?mode=ro&uri=true"
    reading = create_app(settings, keys, tmp_path / "other", database=url, secure=False, **PLAIN)
    with pytest.raises(UnusableDatabase, match="can be read but not written"):
        bring_up_to_date(reading)


def test_a_copy_that_does_not_fit_is_said_before_anything_changes(old: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_file, "ROOM", 1e12)
    with pytest.raises(UnusableDatabase, match=r"MB are needed there for a copy of the database.*Nothing was changed"):
        bring_up_to_date(old)
    assert revision() == first_version.FIRST
