"""The product as it runs: `run.py serve` and `run.py work` on an instance of their own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from cryptography.fernet import Fernet
from playwright.sync_api import expect

import config
from config.keys import KEYS, LOOKUP, SESSION
from tests.browser import neighbourhood
from tests.browser.neighbourhood import Neighbourhood
from web.app import create_app
from web.rows.upgrading import bring_up_to_date

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class House:
    """A site that answers at `address`, and what is in it."""

    address: str
    folder: Path
    there: Neighbourhood


@contextmanager
def opened(folder: Path, settings: Path | None = None) -> Iterator[House]:
    """Prepare an instance, serve it and let the worker work, until the end of the block."""
    port = _free_port()
    # By name and not by number: a passkey belongs to a name.
    address = f"http://localhost:{port}"
    keys = {name: Fernet.generate_key().decode() for name in (KEYS, LOOKUP, SESSION)}
    there = _prepared(folder / "instance", keys, settings)
    environ = {name: value for name, value in os.environ.items() if not name.startswith("REBUBBELEN_")}
    environ |= keys | {"REBUBBELEN_URL": address} | ({"REBUBBELEN_CONFIG": str(settings)} if settings else {})
    with (
        _running(folder, environ, "work"),
        _running(folder, environ, "serve", "--host", "127.0.0.1", "--port", str(port)) as server,
    ):
        expect.configure
        _wait(address, server, folder)
        yield House(address, folder, there)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


def _prepared(instance: Path, keys: dict[str, str], settings: Path | None) -> Neighbourhood:
    instance.mkdir(mode=0o700)
    app = create_app(config.load(settings), config.secrets(keys), instance)
    bring_up_to_date(app)
    return neighbourhood.build(app)
