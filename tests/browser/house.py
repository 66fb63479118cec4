"""The product as it runs: `run.py serve` and `run.py work` on an instance of their own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from cryptography.fernet import Fernet
from flask import Flask
from werkzeug.routing import MapAdapter

import config
from config.keys import KEYS, LOOKUP, SESSION
from tests.browser import neighbourhood
from tests.browser.clockwork import Clock
from web import world
from web.app import create_app
from web.rows.upgrading import bring_up_to_date

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 180.0


@dataclass(frozen=True)
class House:
    """A site that answers at `address`, and what is in it. `app` stands on the same database and queue."""

    address: str
    outbox: Path
    there: Any
    routes: MapAdapter
    app: Flask

    def url(self, endpoint: str, **values: object) -> str:
        """Where a page is."""
        return self.address + self.routes.build(endpoint, values)


@contextmanager
def opened(
    folder: Path,
    settings: Path | None = None,
    *,
    build: Callable[[Flask], object] = neighbourhood.build,
    environ: Mapping[str, str] | None = None,
    clock: Clock | None = None,
) -> Iterator[House]:
    """Prepare an instance, serve it and let the worker work, until the end of the block."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    # By name and not by number: a passkey belongs to a name.
    address = f"http://localhost:{port}"
    keys = {name: Fernet.generate_key().decode() for name in (KEYS, LOOKUP, SESSION)}
    instance = folder / "instance"
    instance.mkdir(mode=0o700)
    app = create_app(config.load(settings), config.secrets(keys), instance, clock=clock or world.utc_now)
    bring_up_to_date(app)
    found = House(address, instance / "outbox", build(app), app.url_map.bind("localhost"), app)
    mine = {name: value for name, value in os.environ.items() if not name.startswith("REBUBBELEN_")}
    mine |= keys | {"REBUBBELEN_URL": address} | ({"REBUBBELEN_CONFIG": str(settings)} if settings else {})
    mine |= environ or {}
    run = ["run.py"] if clock is None else ["-m", "tests.browser.clockwork", str(clock.file)]
    with (
        _running(folder, mine, *run, "work"),
        _running(folder, mine, *run, "serve", "--host", "127.0.0.1", "--port", str(port)) as server,
    ):
        _wait(address, server, folder / "serve.log")
        yield found


@contextmanager
def _running(folder: Path, environ: dict[str, str], *words: str) -> Iterator[subprocess.Popen[bytes]]:
    call = [sys.executable, *words, "--instance", str(folder / "instance")]
    name = next(word for word in words if word in ("work", "serve"))
    with (folder / f"{name}.log").open("wb") as log:
        process = subprocess.Popen(call, cwd=ROOT, env=environ, stdout=log, stderr=log)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _wait(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while True:
        assert server.poll() is None and time.monotonic() < end, log.read_text()
        try:
            urlopen(address).close()
            return
        except URLError:
            time.sleep(0.1)
