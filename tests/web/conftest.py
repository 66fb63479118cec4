"""An application on a fresh database for every test, with the cast in it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.security import generate_password_hash

import config
from tests.web import cast as casting
from tests.web import compiled_once, databases
from tests.web.cast import Cast, Clock
from web import app as application
from web.app import create_app
from web.rows.upgrading import bring_up_to_date
from web.services.facilitators.access import links

PLAIN: dict[str, Any] = {
    "TESTING": True,
    "WTF_CSRF_ENABLED": False,
    "SECURITY_PASSWORD_HASH": "plaintext",
    "SECURITY_PASSWORD_SCHEMES": ["plaintext"],
    "SECURITY_PASSWORD_SINGLE_HASH": ["plaintext"],
    "RATELIMIT_ENABLED": False,
    "SQLALCHEMY_ENGINE_OPTIONS": compiled_once.ENGINE,
}


compiled_once.share()
# No test pulls the plug out of the machine; waiting for the disk would be a large part of many.
application.PRAGMAS = (*application.PRAGMAS, "synchronous=OFF")
# What a real one costs is a claim of the doors' own tests.
links.generate_password_hash = partial(generate_password_hash, method="pbkdf2:sha256:1")


@pytest.hookimpl(trylast=True)
def pytest_configure() -> None:
    """Where all applications find their database, after the servers of this run have started."""
    PLAIN.update(databases.configuration())


class Stage(NamedTuple):
    """A database with the cast in it, and who they are by id."""

    kept: databases.Kept
    cast: Cast

    def put(self, folder: Path) -> None:
        """Let an application in this folder find it, as if nobody had been there."""
        self.kept.put_back(folder)


@pytest.fixture(scope="session")
def settings() -> config.Settings:
    """The shipped settings."""
    return config.load()


@pytest.fixture(scope="session")
def keys() -> config.Secrets:
    """Keys for one run of the tests."""
    return casting.secrets()


@pytest.fixture(scope="session")
def stage(settings: config.Settings, keys: config.Secrets, tmp_path_factory: pytest.TempPathFactory) -> Stage:
    """Made once by the real migrations; every test gets it anew."""
    more = {**PLAIN, **databases.empty(databases.WORKER)}
    app = create_app(settings, keys, tmp_path_factory.mktemp("stage"), secure=False, clock=Clock(), **more)
    bring_up_to_date(app)
    with app.app_context():
        cast = casting.perform()
    return Stage(databases.Kept(app), cast)


@pytest.fixture
def clock() -> Clock:
    """The clock of the application."""
    return Clock()


@pytest.fixture
def cast(stage: Stage) -> Cast:
    """Who is there, by id."""
    return stage.cast


@pytest.fixture
def app(stage: Stage, settings: config.Settings, keys: config.Secrets, clock: Clock, tmp_path: Path) -> Iterator[Flask]:
    """The application, on a copy of the database with the cast."""
    stage.put(tmp_path)
    app = create_app(settings, keys, tmp_path, secure=False, clock=clock, **PLAIN)
    yield app
    with app.app_context():
        casting.db.session.remove()
        casting.db.engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A visitor."""
    return app.test_client()


@pytest.fixture
def amina(app: Flask, cast: Cast) -> FlaskClient:
    """The organiser, signed in."""
    return casting.log_in(app.test_client(), cast.amina)


@pytest.fixture
def dirk(app: Flask, cast: Cast) -> FlaskClient:
    """An organiser of another municipality, signed in."""
    return casting.log_in(app.test_client(), cast.dirk)


@pytest.fixture
def beatrix(app: Flask, cast: Cast) -> FlaskClient:
    """The administrator, signed in."""
    return casting.log_in(app.test_client(), cast.beatrix)
