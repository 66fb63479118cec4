"""A server of its own for a town, and what it writes down about every answer: how long it took, and what it kept."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import event
from werkzeug.wsgi import ClosingIterator

from web.bench.town import Town
from web.rows import db

ROOT = Path(__file__).resolve().parents[2]
HOST = "127.0.0.1"
PATIENCE = 180.0
"""Seconds to start in, and to end in."""


class Stopwatch:
    """WSGI: a line for each answer: status, seconds until it was complete, of these at work, transactions kept."""

    def __init__(self, app: Flask, path: Path) -> None:
        self.inner = app.wsgi_app
        # Whole lines appended by several processes do not mix.
        self.file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self.own = threading.local()
        with app.app_context():
            event.listen(db.engine, "commit", self._committed)

    def _committed(self, connection: object) -> None:
        self.own.commits += 1

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        begun, worked, told, self.own.commits = time.perf_counter(), time.thread_time(), [], 0

        def start(status: str, *more: Any) -> Any:
            told.append(status[:3])
            return start_response(status, *more)

        def done() -> None:
            spent, work = time.perf_counter() - begun, time.thread_time() - worked
            os.write(self.file, f"{told[-1]} {spent:.6f} {work:.6f} {self.own.commits}\n".encode())

        return ClosingIterator(self.inner(environ, start), done)


@dataclass(frozen=True, slots=True)
class Answered:
    """One answer of the server; `work` is what it would take on a machine that does nothing else."""

    status: int
    seconds: float
    work: float
    commits: int


@dataclass(frozen=True, slots=True)
class Served:
    """A server that answers on this port."""

    port: int
    times: Path

    @property
    def site(self) -> str:
        """Its address."""
        return f"http://{HOST}:{self.port}"

    def last(self) -> Answered:
        """The latest answer of those since the last time this was asked, of which there is one at least."""
        return self.answers(1)[-1]

    def answers(self, count: int) -> list[Answered]:
        """The answers since the last time this was asked, which have to be so many."""
        while len(lines := self.times.read_text().splitlines()) < count:
            # A line is written after the answer has gone.
            time.sleep(0.01)
        os.truncate(self.times, 0)
        return [Answered(int(a), float(b), float(c), int(d)) for a, b, c, d in map(str.split, lines)]


@contextmanager
def served(town: Town) -> Iterator[Served]:
    """Serve a town until the block is left."""
    port, times = free_port(), town.folder / "times.txt"
    times.touch()
    told = [str(town.folder), str(port), str(times), "demo" if town.app.config["DEMO"] else ""]
    # By its name: the commands stand above what they use.
    process = subprocess.Popen([sys.executable, "-m", "web.cli.measured", *told], cwd=ROOT, env=town.environ)
    try:
        wait_for(port, process)
        yield Served(port, times)
    finally:
        process.terminate()
        process.wait(PATIENCE)


def free_port() -> int:
    """A port of this machine that nobody uses."""
    with socket.socket() as trial:
        trial.bind((HOST, 0))
        return int(trial.getsockname()[1])


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    """Until it answers. Raises RuntimeError if it does not."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        with socket.socket() as trial:
            if trial.connect_ex((HOST, port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError("the server to be measured did not start")


def run_command(environ: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    """One of our commands. Raises RuntimeError if it fails."""
    done = subprocess.run(
        [sys.executable, "run.py", *words], cwd=ROOT, env=environ, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{words[0]}: {done.stderr or done.stdout}")
    return done
