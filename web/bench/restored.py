"""A backup of a large town put back: how long that takes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import text

import config
from matcher.bench.table import Row
from web import world
from web.app import create_app
from web.bench.scenes import (
    counts_of,
    let_go,
)
from web.bench.server import run_command
from web.bench.town import found, open_series, residents, sign_up_all, town
from web.rows import Project, Signup, db


def restoring(people: int) -> Iterator[Row]:
    """So many residents backed up and put back on a machine that has nothing but the keys."""
    with town() as here, TemporaryDirectory() as folder:
        with here.app.app_context():
            _grow(found(db.session), people)
        let_go(here.app)
        backup, elsewhere = Path(folder) / "backup.tar", Path(folder) / "new"
        spent = []
        for words in (
            ("backup", str(backup), "--instance", str(here.folder)),
            ("restore", str(backup), "--instance", str(elsewhere)),
        ):
            begun = time.perf_counter()
            run_command(here.environ, *words)
            spent.append(time.perf_counter() - begun)
        there = create_app(config.load(), config.secrets(here.environ), elsewhere, secure=False)
        count = counts_of(there)["signup"]
        let_go(there)
        size = backup.stat().st_size / 1e6
        measured = f"{spent[1]:.1f} s, {count} there; backup {spent[0]:.1f} s, {size:.0f} MB"
        yield f"a backup of {people} residents put back, from the command to its end", measured, "<= 60 s"


SEED = 250
UNLIKE = {
    "signup": {"once": "once || '-' || :k", "code": "printf('%07d', id + :step)", "secret_hash": "secret_hash || :k"},
    "due_letter": {"key": "key || '-' || :k", "bounce": "NULL"},
    "availability": {},
    "consent": {},
}
"""How a copy of a row differs, beside its number and whose it is."""


def _grow(project: Project, people: int) -> None:
    """A few hundred who signed up, and copies of their rows: sealing fifty thousand would take many minutes."""
    series = open_series(db.session, project, "stad", times=4, groups=50)
    sign_up_all(db.session, series, residents(SEED, series.sessions), world.now(), world.vault())
    for name, unlike in UNLIKE.items():
        columns = [column.name for column in Signup.metadata.tables[name].columns]
        steps = {"id": "id + :step * 10", "signup_id": "signup_id + :step"} | (
            {"id": "id + :step"} if name == "signup" else {}
        )
        values = ", ".join({**steps, **unlike}.get(column, f'"{column}"') for column in columns)
        named = ", ".join(f'"{column}"' for column in columns)
        whose = "id" if name == "signup" else "signup_id"
        copy = text(f'INSERT INTO "{name}" ({named}) SELECT {values} FROM "{name}" WHERE {whose} <= {SEED}')
        for k in range(1, people // SEED):
            db.session.execute(copy, {"k": str(k), "step": k * SEED})
    db.session.commit()
