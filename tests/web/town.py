"""A running town for tests that break things: an application with a season in it that can be put back as it was."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

import config
from tests.web import doors_of_all, season
from tests.web.cast import Cast, Clock
from tests.web.conftest import PLAIN, Stage
from tests.web.databases import Kept
from tests.web.season import Season
from web import failing
from web.app import create_app
from web.rows import db

SESSION = "session"


class Faults(logging.Handler):
    """What went wrong in the application, to be told by the test that notices."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.seen.append(logging.Formatter().format(record))


@dataclass
class Town:
    """Everything there is, and everybody who might come by."""

    app: Flask
    cast: Cast
    season: Season
    callers: dict[str, FlaskClient]
    faults: Faults
    cookies: dict[str, str] = field(default_factory=dict)
    kept: Kept = field(init=False)

    def put_back(self) -> None:
        """As if nothing had happened."""
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()
        self.kept.put_back()
        for name, client in self.callers.items():
            client._cookies.clear()
            if name in self.cookies:
                client.set_cookie(SESSION, self.cookies[name])

    def keep(self) -> None:
        """Remember how it is now."""
        self.kept = Kept(self.app)
        held = {name: client.get_cookie(SESSION) for name, client in self.callers.items()}
        self.cookies = {name: cookie.value for name, cookie in held.items() if cookie}

    def held(self, answer: TestResponse, *about: object) -> None:
        """No answer is a fault of ours."""
        assert answer.status_code < 500, (*about, answer.status_code, "\n".join(self.faults.seen[-1:]))


@contextmanager
def built(
    stage: Stage, settings: config.Settings, keys: config.Secrets, folder: Path, **more: object
) -> Iterator[Town]:
    """A town in a folder, to be used by all tests of a module."""
    own = stage.kept.another(folder)
    app = create_app(settings, keys, folder, secure=False, clock=Clock(), **{**PLAIN, **own, **more})
    cast, faults = stage.cast, Faults()
    failing.log.addHandler(faults)
    told = season.perform(app, cast)
    town = Town(app, cast, told, doors_of_all.callers(app, cast, told), faults)
    town.keep()
    yield town
    failing.log.removeHandler(faults)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
