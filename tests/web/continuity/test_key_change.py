"""Changing the key: everything is sealed anew while the site runs, it says when the old may go; too early is said."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from cryptography.fernet import Fernet, InvalidToken
from flask import Flask
from sqlalchemy import JSON, Boolean, Column, Float, Integer, LargeBinary, select, text

import config
from tests.web import cast as casting
from tests.web.cast import NOW, Cast
from web.accounts.keys import OneTimeCodes, derived, resealing
from web.cli import opening, rotate_key
from web.crypto import Vault
from web.errors import UnusableDatabase
from web.rows import Base, KeyInUse, Moment, Sealed, Signup, Staff, db
from web.services.continuity import keys as keys_in_use
from web.services.continuity import resealing as sealing
from web.services.signups.importing.keeping import ImportStore
from web.services.signups.importing.lines import ImportLine
from web.services.signups.importing.reading import ImportSheet

pytestmark = pytest.mark.slow

TOKEN = re.compile(r"gAAAA[A-Za-z0-9_-]{60,}={0,2}")
"""What Fernet seals begins so, wherever it stands."""


def sealed_anywhere(app: Flask) -> dict[str, list[str]]:
    """Everything sealed in any column of any type, and in any file, by where it is."""
    found: dict[str, list[str]] = {}
    for table in Base.metadata.sorted_tables:
        for column in (column for column in table.c if not isinstance(column.type, LargeBinary)):
            values = db.session.scalars(text(f'SELECT "{column.name}" FROM "{table.name}"'))
            found[f"{table.name}.{column.name}"] = TOKEN.findall(" ".join(map(str, values)))
    for path in (path for path in Path(app.instance_path).rglob("*") if path.is_file()):
        if not path.name.startswith("rebubbelen.db"):
            found[path.name] = TOKEN.findall(path.read_text("latin-1"))
    return {where: tokens for where, tokens in found.items() if tokens}


def something_everywhere(app: Flask, cast: Cast, old: config.Secrets) -> None:
    """Something in every sealed column of every table, in an account and in a file. Needs an application context."""
    vault = app.extensions["vault"]
    db.session.execute(text("PRAGMA foreign_keys=OFF"))
    for column in sealing.sealed_columns():
        if not db.session.scalar(text(f'SELECT 1 FROM "{column.table.name}"')):
            db.session.execute(column.table.insert().values({c.name: anything(c) for c in column.table.c}))
        raw = vault.seal({"sealed": column.name})
        db.session.execute(text(f'UPDATE "{column.table.name}" SET "{column.name}" = :raw'), {"raw": raw})
    settings = derived(old)
    amina = db.session.get_one(Staff, cast.amina)
    amina.tf_totp_secret = OneTimeCodes(settings["SECURITY_TOTP_SECRETS"], "x").generate_totp_secret()
    cryptor = Fernet(settings["SECURITY_MULTI_FACTOR_RECOVERY_CODES_KEYS"][0])
    amina.mf_recovery_codes = [cryptor.encrypt(code.encode()).decode() for code in ("een", "twee")]
    db.session.commit()
    line = ImportLine(1, ("Bart",), ())
    ImportStore(Path(app.instance_path), vault, cast.series, cast.amina).keep(
        ImportSheet(line, (line,)), [0], {}, NOW, "A" * 32
    )


def anything(column: Column[Any]) -> object:
    """Some value of its type."""
    for kind, value in ((Moment, NOW), (Sealed, "x"), (JSON, []), (Integer, 1), (Boolean, True), (Float, 1.0)):
        if isinstance(column.type, kind):
            return value
    return "x"


def opens(vault: Vault, token: str) -> bool:
    try:
        vault._fernet.decrypt(token.encode())
    except InvalidToken:
        return False
    return True


def changed(old: config.Secrets) -> tuple[config.Secrets, config.Secrets]:
    """The keys while they change, and after."""
    new = Fernet.generate_key()
    return replace(old, keys=(new, *old.keys)), replace(old, keys=(new,))


def test_everything_sealed_anywhere_is_sealed_anew(app: Flask, cast: Cast, keys: config.Secrets) -> None:
    both, after = changed(keys)
    vault, new = Vault(both.keys, both.lookup), Vault(after.keys, after.lookup)
    with app.app_context():
        casting.sign_up(app, cast)
        something_everywhere(app, cast, keys)
        before = sealed_anywhere(app)
        named = {f"{column.table.name}.{column.name}" for column in sealing.sealed_columns()}
        assert named | {"staff.mf_recovery_codes"} <= before.keys(), "every sealed column holds something"
        totp = str(db.session.get_one(Staff, cast.amina).tf_totp_secret)
        hashes = db.session.execute(select(Signup.name_hash, Signup.email_hash, Signup.secret_hash)).all()
        done = sealing.reseal(db.session, vault, resealing(both), Path(app.instance_path))
        db.session.expire_all()
        assert done.lost == ()
        now = sealed_anywhere(app)
        assert {where: len(tokens) for where, tokens in now.items()} == {
            where: len(tokens) for where, tokens in before.items()
        }
        recovery = Vault([k.encode() for k in derived(after)["SECURITY_MULTI_FACTOR_RECOVERY_CODES_KEYS"]], b"")
        opener = {"staff.mf_recovery_codes": recovery}
        assert [w for w, tokens in now.items() if not all(opens(opener.get(w, new), token) for token in tokens)] == []
        codes = OneTimeCodes(derived(after)["SECURITY_TOTP_SECRETS"], "x")
        old_codes = OneTimeCodes(derived(keys)["SECURITY_TOTP_SECRETS"], "x")
        amina = db.session.get_one(Staff, cast.amina)
        assert codes.get_totp_pretty_key(str(amina.tf_totp_secret)) == old_codes.get_totp_pretty_key(totp)
        assert db.session.execute(select(Signup.name_hash, Signup.email_hash, Signup.secret_hash)).all() == hashes
        db.session.rollback()
        assert sealing.reseal(db.session, vault, resealing(both), Path(app.instance_path)).changed == 0, "and only once"


def test_nothing_else_is_derived_from_the_keys_that_change(keys: config.Secrets) -> None:
    """Whoever derives one more secret from them has to seal anew what it seals, in `accounts.keys.resealing`."""
    both, _ = changed(keys)
    before, after = derived(keys), derived(both)
    assert {name for name in before if before[name] != after[name]} == {
        "SECURITY_TOTP_SECRETS",
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES_KEYS",
    }
    assert {column.name for column in resealing(both)} == {"tf_totp_secret", "mf_recovery_codes"}


def test_who_writes_meanwhile_is_not_overwritten(app: Flask, cast: Cast, keys: config.Secrets) -> None:
    both, _ = changed(keys)
    vault = Vault(both.keys, both.lookup)
    with app.app_context():
        id = casting.sign_up(app, cast).signup.id
        db.session.commit()

        class Slow(Vault):
            def resealed(self, sealed: str) -> str:
                if self.open(sealed) == "Bart":
                    with db.engine.connect() as other:
                        other.execute(
                            text("UPDATE signup SET name = :n WHERE id = :i"), {"n": vault.seal("Bea"), "i": id}
                        )
                        other.commit()
                return super().resealed(sealed)

        db.session.execute(text("PRAGMA busy_timeout=1"))
        sealing.reseal(db.session, Slow(both.keys, both.lookup), {}, Path(app.instance_path))
        raw = db.session.execute(text("SELECT name FROM signup")).scalar()
        assert vault.open(str(raw)) == "Bea"


def test_the_command_says_when_the_old_key_may_go_and_too_early_is_a_sentence(
    app: Flask, cast: Cast, keys: config.Secrets, tmp_path: Path
) -> None:
    with app.app_context():
        casting.sign_up(app, cast)
        keys_in_use.check(db.session, Vault(keys.keys, keys.lookup), resealing(keys), NOW)
        db.session.remove()
        db.engine.dispose()
    both, after = changed(keys)
    start = lambda given: opening.upgrade(opening.application(tmp_path, environ=environ(given)))  # noqa: E731
    with pytest.raises(opening.Refusal, match=r"the key \w{8} still seals something here.*Put the old key back"):
        start(after)
    start(both)
    answer = CliRunner().invoke(rotate_key.command, ["--instance", str(tmp_path)], env=environ(both))
    assert answer.exit_code == 0, answer.output
    assert "Nothing is left under the key" in answer.output
    start(after)
    # Somebody went on with the old key only: what was sealed since is seen at the next start, not on a page.
    with app.app_context():
        casting.sign_up(app, cast, "Els")
    with pytest.raises(opening.Refusal, match=r"signup\.name was sealed with another key"):
        start(after)


def environ(given: config.Secrets) -> dict[str, str]:
    from base64 import urlsafe_b64encode

    return {
        "REBUBBELEN_KEYS": ",".join(key.decode() for key in given.keys),
        "REBUBBELEN_LOOKUP_KEY": urlsafe_b64encode(given.lookup).decode(),
        "REBUBBELEN_SESSION_KEY": given.session,
    }


def test_what_nobody_can_open_is_named_and_no_key_may_go(app: Flask, cast: Cast, keys: config.Secrets) -> None:
    both, _ = changed(keys)
    with app.app_context():
        casting.sign_up(app, cast)
        foreign = Vault([Fernet.generate_key()], keys.lookup).seal("x")
        db.session.execute(text("UPDATE signup SET note = :raw"), {"raw": foreign})
        db.session.commit()
        done = sealing.reseal(db.session, Vault(both.keys, both.lookup), {}, Path(app.instance_path))
        assert done.lost == ("signup.note",)
        with pytest.raises(UnusableDatabase, match=r"signup\.note was sealed with another key"):
            keys_in_use.check(db.session, Vault(both.keys, both.lookup), {}, NOW)
        db.session.execute(text("UPDATE signup SET note = NULL"))
        keys_in_use.check(db.session, Vault(both.keys, both.lookup), {}, NOW)
        # A database from before the list: both keys may seal something.
        assert db.session.query(KeyInUse).filter_by(until=None).count() == 2
        assert keys_in_use.retire(db.session, Vault(both.keys, both.lookup), NOW) == NOW + timedelta(hours=24)
        assert [row.tag for row in db.session.query(KeyInUse).filter_by(until=None)] == [
            Vault(both.keys, both.lookup).tags[0]
        ]
