"""A server that is killed at random while residents sign up, and a backup from between."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from threading import Event
from typing import Any

from flask import Flask
from sqlalchemy import select

import config
from web.app import create_app
from web.bench.crowd import CrowdSeries, opened
from web.bench.scenes import (
    DisasterSize,
    Ends,
    let_go,
)
from web.bench.server import ROOT, free_port, run_command, wait_for
from web.bench.town import Town, town
from web.bench.visitor import Answer, Browser, Person, fill_in, finish
from web.rows import Signup, db

ALONE = 0.5
"""Seconds that a server lives at least once it answers."""


@dataclass
class _Storm:
    """Residents who sign up and do not give up, and a server that is killed under them."""

    here: Town
    series: CrowdSeries
    port: int
    acknowledged: set[str] = field(default_factory=set)
    given_up: Event = field(default_factory=Event)

    def start(self) -> subprocess.Popen[bytes]:
        """A server, with its processes in a group of their own."""
        words = [str(self.here.folder), str(self.port), str(self.here.folder.parent / "times.txt"), ""]
        process = subprocess.Popen(
            [sys.executable, "-m", "web.cli.measured", *words],
            cwd=ROOT,
            env=self.here.environ,
            start_new_session=True,
            stderr=subprocess.DEVNULL,
        )
        try:
            wait_for(self.port, process)
        except BaseException:
            _kill(process)
            self.given_up.set()
            raise
        return process

    def resident(self, number: int) -> None:
        """Signs up; where nobody answers, presses once more."""
        name, dice = f"Buur{number:04}", Random(number)
        browser = _Patient(self.port, f"10.2.{number // 250}.{number % 250 + 1}", given_up=self.given_up)
        link = finish(browser, fill_in(browser, self.series.address, Person(name, self.series.sessions), dice))
        if "/mijn/" in link:
            self.acknowledged.add(name)


@dataclass
class _Patient(Browser):
    """Tries again until there is an answer, as people do."""

    given_up: Event = field(default_factory=Event)

    def _ask(self, *words: Any, **more: Any) -> Answer:
        while True:
            try:
                return super()._ask(*words, **more)
            except (OSError, HTTPException):
                if self.given_up.is_set():
                    raise
                time.sleep(0.1)


def signing_up(size: DisasterSize, dice: Random) -> tuple[Ends, str]:
    """Kill the server while people sign up, take a backup in the middle, and put it back elsewhere."""
    with town() as here, TemporaryDirectory() as folder:
        (series,) = opened(here, {"samen-koken": None})
        storm, backup, elsewhere = _Storm(here, series, free_port()), Path(folder) / "backup.tar", Path(folder) / "new"
        ends, known = Ends(), set[str]()
        server = storm.start()
        try:
            with ThreadPoolExecutor(8) as pool:
                crowd = [pool.submit(storm.resident, number) for number in range(size.people)]
                while ends.kills < size.kills and not all(one.done() for one in crowd):
                    time.sleep(ALONE + dice.expovariate(1))
                    if 2 * ends.kills >= size.kills - 1 and not backup.exists():
                        known = set(storm.acknowledged)
                        run_command(here.environ, "backup", str(backup), "--instance", str(here.folder))
                    _kill(server)
                    ends.kills += 1
                    server = storm.start()
            if not backup.exists():
                known = set(storm.acknowledged)
                run_command(here.environ, "backup", str(backup), "--instance", str(here.folder))
        finally:
            storm.given_up.set()
            _kill(server)
        names = _names(here.app)
        ends.lost = len(storm.acknowledged - set(names)) + size.people - len(storm.acknowledged)
        ends.double = len(names) - len(set(names))
        told = run_command(here.environ, "restore", str(backup), "--instance", str(elsewhere))
        there = create_app(config.load(), config.secrets(here.environ), elsewhere, secure=False)
        missing = known - set(_names(there))
        let_go(there)
        ends.bricked = told.returncode
        return ends, f"backup taken between two kills: {len(missing)} of {len(known)} known before it are missing in it"


def _kill(server: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(server.pid, signal.SIGKILL)
    server.wait()


def _names(app: Flask) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(Signup.name)))
