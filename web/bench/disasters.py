"""Kills at random (kill -9) of whatever changes something, and a backup put back: what is lost, double or bricked."""

from __future__ import annotations

import shutil
import time
import traceback
from collections.abc import Iterator
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from flask import Flask

from matcher.bench.table import Row
from web.bench.dying import killed_after
from web.bench.killed_server import signing_up
from web.bench.restored import restoring
from web.bench.scenes import (
    DisasterSize,
    Ends,
    Scene,
    counts_of,
    importing_rows,
    let_go,
    offering,
    publishing_groups,
    upgrading_tables,
)


def cases(size: DisasterSize | None = None) -> Iterator[Row]:
    """Every kind of kill, all of them together, and a backup of a large town put back."""
    size = size or DisasterSize()
    dice, all_of_them = Random(1), Ends()
    for scene in (publishing_groups, offering, importing_rows, upgrading_tables):
        with scene(size) as made:
            ends = killed(made, size.kills, dice)
            all_of_them += ends
            yield f"{made.name}, killed {ends.kills} times at random", str(ends), "0, 0, 0"
    ends, told = signing_up(size, dice)
    all_of_them += ends
    yield f"{size.people} sign up while the server is killed {ends.kills} times", f"{ends}; {told}", "0, 0, 0"
    yield f"{all_of_them.kills} kills in all", str(all_of_them), "0, 0, 0 over >= 200 kills"
    yield from restoring(size.restored)


def killed(scene: Scene, kills: int, dice: Random) -> Ends:
    """Begin again and again, kill, and let the next one end it: it must be as if nobody had been killed."""
    ends, folder = Ends(), Path(scene.app.instance_path)
    with TemporaryDirectory() as kept:
        let_go(scene.app)
        shutil.copytree(folder, kept, dirs_exist_ok=True)
        begun = time.perf_counter()
        _work(scene)
        spent, wanted = time.perf_counter() - begun, counts_of(scene.app)
        for _ in range(3 * kills):
            _put_back(scene.app, Path(kept))
            ends.kills += killed_after(scene.app, dice.uniform(0, 1.1 * spent), scene.work)
            try:
                _work(scene)
                now = counts_of(scene.app)
            except Exception:
                traceback.print_exc()
                ends.bricked += 1
                continue
            ends.lost += sum(max(0, count - now.get(name, 0)) for name, count in wanted.items())
            ends.double += sum(max(0, count - wanted.get(name, 0)) for name, count in now.items())
            with scene.app.app_context():
                ends.lost += not scene.kept()
            if ends.kills == kills:
                break
    return ends


def _work(scene: Scene) -> None:
    with scene.app.app_context():
        scene.work(scene.app)


def _put_back(app: Flask, kept: Path) -> None:
    let_go(app)
    folder = Path(app.instance_path)
    for path in folder.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    shutil.copytree(kept, folder, dirs_exist_ok=True)
