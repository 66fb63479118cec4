"""A backup is whole, private and without keys; put back, nobody is lost or back who was erased, nothing goes twice."""

from __future__ import annotations

import json
import os
import stat
import tarfile
from base64 import urlsafe_b64encode
from contextlib import closing
from datetime import timedelta
from functools import partial
from pathlib import Path
from sqlite3 import connect

import pytest
from click.testing import CliRunner, Result
from cryptography.fernet import Fernet
from flask import Flask
from sqlalchemy import select

import config
from tests.web import cast as casting
from tests.web.cast import Cast, Clock
from web import jobs
from web.app import create_app
from web.cli import backup as backing
from web.cli import opening, restore
from web.crypto import Vault
from web.rows import AuditLine, DueLetter, Signup, db
from web.rows.upgrading import bring_up_to_date
from web.services.continuity import keys as keys_in_use
from web.services.continuity import restoring
from web.services.privacy import erase, erasures
from web.transaction import transaction
from web.world import utc_now

pytestmark = pytest.mark.slow


@pytest.fixture
def environ(keys: config.Secrets) -> dict[str, str]:
    return {
        "REBUBBELEN_KEYS": keys.keys[0].decode(),
        "REBUBBELEN_LOOKUP_KEY": urlsafe_b64encode(keys.lookup).decode(),
        "REBUBBELEN_SESSION_KEY": keys.session,
    }


class House:
    """An installation, and the commands of its operator."""

    def __init__(self, app: Flask, cast: Cast, keys: config.Secrets, environ: dict[str, str]) -> None:
        self.app, self.cast, self.environ = app, cast, environ
        self.instance = Path(app.instance_path)
        self.vault = Vault(keys.keys, keys.lookup)
        with app.app_context():
            keys_in_use.check(db.session, self.vault, {}, app.extensions["clock"]())
        bring_up_to_date(app)

    def sign_up(self, name: str) -> None:
        with self.app.app_context():
            casting.sign_up(self.app, self.cast, name)

    def close(self) -> None:
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()

    def backup(self, out: Path, *words: str) -> Result:
        self.close()
        return CliRunner().invoke(
            backing.command, [str(out), "--instance", str(self.instance), *words], env=self.environ
        )

    def restore(self, file: Path, *words: str) -> Result:
        self.close()
        done = CliRunner().invoke(
            restore.command, [str(file), "--instance", str(self.instance), *words], env=self.environ
        )
        self.close()
        return done

    def names(self) -> set[str]:
        with self.app.app_context():
            return {signup.name for signup in db.session.scalars(select(Signup))}

    def states(self) -> dict[str, str]:
        with self.app.app_context():
            rows = db.session.execute(select(DueLetter.signup_id, DueLetter.state, DueLetter.fault))
            return {f"{db.session.get_one(Signup, id).name}": f"{state} {fault}".strip() for id, state, fault in rows}

    def mails(self) -> int:
        return len([path for path in (self.instance / "outbox").rglob("*") if path.is_file()])

    def work(self) -> None:
        with self.app.app_context():
            jobs.send_due(self.app)


@pytest.fixture
def house(
    app: Flask,
    cast: Cast,
    keys: config.Secrets,
    environ: dict[str, str],
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> House:
    # The commands go by the clock of the tests.
    monkeypatch.setattr(opening, "application", partial(opening.application, clock=clock))
    return House(app, cast, keys, environ)


def test_a_backup_is_one_private_file_that_says_what_is_in_it_and_holds_no_key(house: House, tmp_path: Path) -> None:
    house.sign_up("Bart")
    house.work()
    (house.instance / "inbox" / "new").mkdir(parents=True)
    (house.instance / "inbox" / "new" / "1.mail").write_text("From: bart")
    (house.instance / "key.txt").write_text(house.environ["REBUBBELEN_KEYS"])
    out = tmp_path / "backups"
    out.mkdir()
    done = house.backup(out)
    assert done.exit_code == 0, done.output
    (file,) = out.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "The keys are not in it" in done.output
    with tarfile.open(file) as tar:
        names = tar.getnames()
        manifest = json.load(tar.extractfile("manifest.json"))
    assert "files/inbox/new/1.mail" in names
    assert sum(name.startswith("files/outbox/mail/new/signup-") for name in names) == 1
    assert not any("key.txt" in name or "queue.db" in name or "copies" in name for name in names)
    assert (manifest["counts"]["signup"], manifest["engine"], manifest["keys"]) == (1, "sqlite", [house.vault.tags[0]])
    assert manifest["sums"].keys() == set(names) - {"manifest.json"}
    content = file.read_bytes()
    assert [value for value in house.environ.values() if value.encode() in content] == []


def test_old_backups_go_and_those_of_others_stay(house: House, tmp_path: Path) -> None:
    out = tmp_path / "backups"
    out.mkdir()
    old, other = out / "rebubbelen-20260101T000000Z.tar", out / "holiday.tar"
    for path in (old, other):
        path.touch()
        os.utime(path, (0, 0))
    assert "1 older than 30 days removed" in house.backup(out, "--keep", "30").output
    assert (old.exists(), other.exists(), len(list(out.iterdir()))) == (False, True, 2)


def test_what_was_there_comes_back_and_what_lies_between_is_told(house: House, tmp_path: Path, clock: Clock) -> None:
    app = house.app
    for name in ("Bart", "Els", "Fenna"):
        house.sign_up(name)
    file = tmp_path / "backup.tar"
    assert house.backup(file).exit_code == 0
    house.work()
    clock.forward(minutes=5)
    house.sign_up("Gijs")
    house.work()
    with app.app_context():
        gone = db.session.scalars(select(Signup)).all()[1]
        assert gone.name == "Els"
        with transaction(db.session):
            erase.erase(db.session, gone, house.vault, now=clock())
    assert "nothing was changed" in house.restore(file).output
    assert house.names() == {"Bart", "Fenna", "Gijs"}
    done = house.restore(file, "--replace")
    assert done.exit_code == 0, done.output
    assert house.names() == {"Bart", "Fenna"}, "who was erased stays erased; who came later is not in the backup"
    assert "1 people signed up whom the backup does not know" in done.output
    assert "1 people were erased, and are erased again" in done.output
    assert "letters went out that it does not know: confirmation 1" in done.output
    assert house.states() == {"Bart": "sent", "Fenna": "sent"}, "the database that was replaced knew that"
    before = house.mails()
    house.work()
    assert house.mails() == before, "nothing twice"
    with app.app_context():
        assert db.session.query(AuditLine).filter_by(what="restored").count() == 2, "in the log of every project"
    (aside,) = house.instance.glob("replaced-*")
    with closing(connect(aside / "rebubbelen.db")) as kept:
        assert kept.execute("SELECT count(*) FROM signup").fetchone() == (3,)


def test_of_a_lost_database_the_marks_and_the_mails_beside_it_are_enough(
    house: House, tmp_path: Path, clock: Clock
) -> None:
    app = house.app
    for name in ("Bart", "Els"):
        house.sign_up(name)
    file, inbox = tmp_path / "backup.tar", house.instance / "inbox"
    for name in ("new", "cur", ".Processed/cur"):
        (inbox / name).mkdir(parents=True)
    (inbox / "new" / "before").touch()
    house.backup(file)
    (inbox / "new" / "before").rename(inbox / ".Processed" / "cur" / "before:2,S")
    for name, day in (("new/unread", 1), (".Processed/cur/read:2,S", 1), (".Processed/cur/long ago:2,S", -1)):
        (inbox / name).touch()
        moment = (clock() + timedelta(days=day)).timestamp()
        os.utime(inbox / name, (moment, moment))
    with app.app_context(), transaction(db.session):
        erase.erase(db.session, db.session.scalars(select(Signup)).all()[1], house.vault, now=clock())
    house.work()
    house.close()
    for path in house.instance.glob("rebubbelen.db*"):
        path.unlink()
    with pytest.raises(opening.Refusal, match="put back a backup"):
        opening.upgrade(opening.application(house.instance, environ=house.environ))
    done = house.restore(file)
    assert done.exit_code == 0, done.output
    assert "there is no database any more" in done.output
    assert (house.names(), house.states()) == ({"Bart"}, {"Bart": "sent"})
    assert house.mails() == 1, "the mail that went out since lies where it lay"
    # Answers of the time between are read again, by a database that does not know them.
    assert {path.name for path in (inbox / "new").iterdir()} == {"before", "unread", "read"}


def test_on_a_new_machine_letters_that_were_perhaps_sent_wait_for_a_person(
    house: House, settings: config.Settings, keys: config.Secrets, tmp_path: Path, clock: Clock
) -> None:
    house.sign_up("Els")
    house.work()
    house.sign_up("Bart")
    file, elsewhere = tmp_path / "backup.tar", tmp_path / "elsewhere"
    house.backup(file)
    there = create_app(settings, keys, elsewhere, secure=False, clock=clock)
    new = House.__new__(House)
    new.app, new.cast, new.environ, new.instance, new.vault = there, house.cast, house.environ, elsewhere, house.vault
    done = new.restore(file)
    assert done.exit_code == 0, done.output
    assert new.names() == {"Bart", "Els"}
    assert new.states() == {"Els": "sent", "Bart": "unsure restored"}
    assert "1 letters were perhaps sent" in done.output
    before = new.mails()
    new.work()
    assert (before, new.mails()) == (1, 1), "not sent by itself"
    # Where it is known that nobody sent it since, it goes by itself.
    again = house.restore(file, "--replace")
    assert again.exit_code == 0, again.output
    assert house.states() == {"Els": "sent", "Bart": "due"}


def _cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def _flipped(file: Path) -> None:
    content = bytearray(file.read_bytes())
    at = content.index(b"SQLite format 3") + 9000
    content[at] ^= 0xFF
    file.write_bytes(bytes(content))


def _text(file: Path) -> None:
    file.write_text("a letter to my aunt")


def test_a_backup_that_is_not_whole_is_refused_before_anything_changes(house: House, tmp_path: Path) -> None:
    house.sign_up("Bart")
    file = tmp_path / "backup.tar"
    house.backup(file)
    whole = file.read_bytes()
    for harm in (_cut, _flipped, _text):
        file.write_bytes(whole)
        harm(file)
        done = house.restore(file, "--replace")
        assert (done.exit_code, "Nothing was changed" in done.output) == (2, True), harm
        assert house.names() == {"Bart"}
        assert not list(house.instance.glob("replaced-*"))
    file.write_bytes(whole)
    house.environ["REBUBBELEN_KEYS"] = Fernet.generate_key().decode()
    done = house.restore(file, "--replace")
    assert f"it needs the key {house.vault.tags[0]} in REBUBBELEN_KEYS" in done.output


def test_nobody_serves_while_it_is_put_back_and_half_put_back_is_said(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.sign_up("Bart")
    file = tmp_path / "backup.tar"
    house.backup(file)
    house.sign_up("Els")
    with opening.stopped(house.instance), pytest.raises(opening.Refusal, match="a backup is being put back"):
        opening.occupy(house.instance)
    # Killed at every step of it: the same command again ends well.
    for step in ("_swap_files", "_swap_database", "settle"):
        with monkeypatch.context() as patch:
            patch.setattr(restoring, step, lambda *told, **more: (_ for _ in ()).throw(KeyboardInterrupt))
            house.restore(file, "--replace")
        with pytest.raises(opening.Refusal, match=r"run the same `run\.py restore` again"):
            opening.upgrade(opening.application(house.instance, environ=house.environ))
    done = house.restore(file)
    assert done.exit_code == 0, done.output
    assert "1 people signed up whom the backup does not know" in done.output, "what was seen at first is still known"
    assert house.names() == {"Bart"}
    opening.upgrade(opening.application(house.instance, environ=house.environ))


def test_a_database_that_is_put_back_by_hand_brings_nobody_back_either(house: House, clock: Clock) -> None:
    house.sign_up("Bart")
    house.close()
    file = house.instance / "rebubbelen.db"
    with closing(connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    before = file.read_bytes()
    with house.app.app_context():
        with transaction(db.session):
            erase.erase(db.session, db.session.scalars(select(Signup)).one(), house.vault, now=clock())
        erasures.mirror(db.session, house.instance)
        content = (house.instance / erasures.FILE).read_text()
        assert "Bart" not in content
    house.close()
    for path in house.instance.glob("rebubbelen.db*"):
        path.unlink()
    file.write_bytes(before)
    opening.upgrade(opening.application(house.instance, environ=house.environ))
    assert house.names() == set()
    with house.app.app_context():
        clock.forward(days=400)
        erasures.forget_old(db.session, house.instance, clock())
        assert erasures.known(house.instance) == set(), "and a mark ends by itself, when no backup can need it"


def test_copies_and_what_was_replaced_end_by_themselves(house: House, clock: Clock) -> None:
    for name in ("copies", "replaced-20260101T000000Z"):
        (house.instance / name).mkdir()
        (house.instance / name / "rebubbelen.db").touch()
    restoring.forget_replaced(house.instance, utc_now())
    assert len(list(house.instance.glob("*/rebubbelen.db"))) == 2
    restoring.forget_replaced(house.instance, utc_now() + timedelta(days=8))
    assert list(house.instance.glob("*/rebubbelen.db")) == []
