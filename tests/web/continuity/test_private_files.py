"""Whatever lies in the instance folder is readable for its own account only, also what an earlier version left open."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from flask import Flask

import config
from tests.web import cast as casting
from tests.web.cast import NOW, Cast
from tests.web.conftest import PLAIN
from web import jobs, worker
from web.app import create_app
from web.rows import db
from web.rows.upgrading import bring_up_to_date
from web.services.privacy import erasures
from web.services.signups.importing.keeping import ImportStore
from web.services.signups.importing.lines import ImportLine
from web.services.signups.importing.reading import ImportSheet


def open_to_others(folder: Path) -> list[str]:
    """Files and folders that the group or others may do anything with."""
    return [
        f"{path.relative_to(folder)} {stat.S_IMODE(path.stat().st_mode):o}"
        for path in (folder, *folder.rglob("*"))
        if path.stat().st_mode & 0o077
    ]


def test_nothing_that_is_written_is_open_to_others(app: Flask, cast: Cast, tmp_path: Path) -> None:
    bring_up_to_date(app)
    with app.app_context():
        casting.sign_up(app, cast)
        jobs.send_due(app)
        line = ImportLine(1, ("Bart",), ())
        desk = ImportStore(tmp_path, app.extensions["vault"], cast.series, cast.amina)
        desk.keep(ImportSheet(line, (line,)), [0], {}, NOW, "A" * 32)
        erasures.add(tmp_path, ["0" * 64])
        worker.wake(app, 1)
        there = {path.relative_to(tmp_path).parts[0] for path in tmp_path.rglob("*") if path.is_file()}
        assert {
            "rebubbelen.db",
            "rebubbelen.db-wal",
            "queue.db",
            "outbox",
            "imports",
            "erased.txt",
            "installed",
        } <= there
        assert open_to_others(tmp_path) == []
        db.session.remove()


def test_what_an_earlier_version_left_open_is_shut_at_the_start(
    settings: config.Settings, keys: config.Secrets, tmp_path: Path
) -> None:
    (tmp_path / "outbox" / "mail" / "new").mkdir(parents=True)
    for name in ("rebubbelen.db", "queue.db", "outbox/mail/new/signup-1.mail", "key.txt"):
        (tmp_path / name).touch()
    target = tmp_path.parent / f"{tmp_path.name}-elsewhere"
    target.touch()
    (tmp_path / "link").symlink_to(target)
    for path in (tmp_path, target, *(path for path in tmp_path.rglob("*") if not path.is_symlink())):
        os.chmod(path, 0o755 if path.is_dir() else 0o644)
    create_app(settings, keys, tmp_path, secure=False, **PLAIN)
    assert [line for line in open_to_others(tmp_path) if not line.startswith("link")] == []
    assert stat.S_IMODE(target.stat().st_mode) == 0o644, "what lies elsewhere is not ours to change"
