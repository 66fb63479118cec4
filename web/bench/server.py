"""The site as `run.py serve` serves it, in a process of its own that also writes down how long each answer took."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from werkzeug.wsgi import ClosingIterator

from web.bench.town import Town

ROOT = Path(__file__).resolve().parents[2]
HOST, WORKERS, PROXIES = "127.0.0.1", 2, 1
PATIENCE = 60.0
"""Seconds to start in, and to end in."""


class Stopwatch:
    """WSGI: one line for each answer, its status and the seconds from its request until it was complete."""

    def __init__(self, inner: Callable[..., Iterable[bytes]], path: Path) -> None:
        self.inner = inner
        # Whole lines appended by several processes do not mix.
        self.file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        begun, told = time.perf_counter(), []

        def start(status: str, *more: Any) -> Any:
            told.append(status[:3])
            return start_response(status, *more)

        def done() -> None:
            os.write(self.file, f"{told[-1]} {time.perf_counter() - begun:.6f}\n".encode())

        return ClosingIterator(self.inner(environ, start), done)


@dataclass(frozen=True, slots=True)
class Served:
    """A server that answers on this port."""

    port: int
    times: Path

    @property
    def site(self) -> str:
        """Its address."""
        return f"http://{HOST}:{self.port}"

    def answers(self) -> list[tuple[int, float]]:
        """Status and seconds of everything it answered so far; clears the list."""
        lines = self.times.read_text().split("\n")
        os.truncate(self.times, 0)
        return [(int(status), float(seconds)) for status, seconds in (line.split() for line in lines if line)]


@contextmanager
def served(town: Town) -> Iterator[Served]:
    """Serve a town until the block is left."""
    port, times = free_port(), town.folder / "times.txt"
    times.touch()
    words = [sys.executable, "-m", "web.bench.server", str(town.folder), str(port), str(times)]
    process = subprocess.Popen(words, cwd=ROOT, env=town.environ)
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


def main(folder: str, port: str, times: str) -> None:
    """Serve behind one proxy, as `run.py serve --proxies 1` would."""
    from web.cli import opening
    from web.cli.serving import serve

    app = opening.application(Path(folder))
    app.wsgi_app = Stopwatch(app.wsgi_app, Path(times))  # type: ignore[method-assign]
    serve(app, HOST, int(port), WORKERS, PROXIES, level="warning")


if __name__ == "__main__":
    main(*sys.argv[1:])
