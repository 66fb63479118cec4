"""How long somebody waits for the demo after typing its command."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from tempfile import TemporaryDirectory

from matcher.bench.table import Row
from web.bench.server import HOST, PATIENCE, ROOT, free_port

LONGEST = 300.0
"""Seconds after which nobody waits any more."""


def cases() -> Iterator[Row]:
    """The demo in an empty folder, with nothing compiled yet."""
    with TemporaryDirectory(prefix="re-bubbelen-") as folder:
        port, begun = free_port(), time.perf_counter()
        with _demo(Path(folder), port) as process:
            while not _answers(port):
                if process.poll() is not None or time.perf_counter() - begun > LONGEST:
                    raise RuntimeError("the demo did not start")
                time.sleep(0.05)
            spent = time.perf_counter() - begun
        yield "run.py demo, from an empty folder to the first page", f"{spent:.1f} s", "<= 60 s"


@contextmanager
def _demo(folder: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    words = [sys.executable, "run.py", "demo", "--port", str(port), "--instance", str(folder / "demo")]
    cold = {**os.environ, "NUMBA_CACHE_DIR": str(folder / "numba")}
    process = subprocess.Popen(words, cwd=ROOT, env=cold, stdout=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(PATIENCE)


def _answers(port: int) -> bool:
    connection = HTTPConnection(HOST, port, timeout=PATIENCE)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
