"""Nobody stands in the log: names and addresses are put through all that logs, and what comes out is searched."""

from __future__ import annotations

import ast
import io
import json
import logging
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from gunicorn.config import Config
from sqlalchemy.exc import SQLAlchemyError

from tests.web import cast as casting
from tests.web.cast import Cast
from web import logs, worker
from web.cli.serving import _Log
from web.rows import db
from web.services.groups import offers
from web.services.outbox import delivery

WEB = Path(__file__).parents[2] / "web"
NAME, MAIL, NUMBER, LINK = "Zwaluwnest", "zwaluw@nest.example", "06 12 34 56 78", "0123456789abcdef0123456789abcdef"
CANARIES = (NAME, MAIL, "zwaluw", NUMBER, "+31612345678", LINK, "203.0.113.7", "2001:db8::7", "hunter2", "gAAAAAB")
WORDS = " ".join([NAME, MAIL, NUMBER, "+31612345678", f"/mijn/{LINK}/", "203.0.113.7", "2001:db8::7", "hunter2"])


class Broken(Exception):
    """An error with somebody in its words."""


def broken(*_: object, **__: object) -> None:
    try:
        raise KeyError(WORDS)
    except KeyError as cause:
        raise Broken(WORDS) from cause


@pytest.fixture(params=[False, True], ids=["plain", "json"])
def written(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What a process writes on standard error."""
    out, root = io.StringIO(), logging.root
    for name in ("handlers", "level"):
        monkeypatch.setattr(root, name, getattr(root, name)[:] if name == "handlers" else root.level)
    for place, name in ((sys, "excepthook"), (threading, "excepthook"), (logging, "raiseExceptions")):
        monkeypatch.setattr(place, name, getattr(place, name))
    monkeypatch.setattr(sys, "stderr", out)
    levels = {name: logging.getLogger(name).level for name in logs.TALKATIVE}
    logs.install(as_json=request.param)
    yield out
    logging.captureWarnings(False)
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


def _page(app: Flask, cast: Cast, patch: pytest.MonkeyPatch) -> None:
    """A page that breaks, asked for with somebody in its address."""
    patch.setattr("web.services.schedule.public_series.open_series", broken)
    assert app.test_client().get(f"/?naam={NAME}", headers={"X-Forwarded-For": "203.0.113.7"}).status_code == 500


def _query(app: Flask, cast: Cast, patch: pytest.MonkeyPatch) -> None:
    """A query that the database refuses, with what somebody typed among its values."""

    def refused(*_: object) -> None:
        db.session.execute(db.text("INSERT INTO nowhere VALUES (:name, :mail)"), {"name": NAME, "mail": MAIL})

    patch.setattr("web.services.schedule.public_series.open_series", refused)
    assert app.test_client().get("/").status_code == 500


def _letter(app: Flask, cast: Cast, patch: pytest.MonkeyPatch) -> None:
    """A letter that cannot be packed, to somebody."""
    with app.app_context():
        casting.sign_up(app, cast, NAME, email=MAIL)
        patch.setattr(delivery, "pack", broken)
        assert worker.JOBS["send"][1](app) == 0


def _places(app: Flask, cast: Cast, patch: pytest.MonkeyPatch) -> None:
    """A series of which the places cannot be offered."""
    with app.app_context():
        patch.setattr("web.services.groups.offers.making._running", lambda *_: db.session.query(casting.Series).all())
        patch.setattr("web.services.groups.offers.making._one", broken)
        offers.run(db.session, casting.NOW, settings=app.extensions["settings"], vault=app.extensions["vault"])


def _queue(app: Flask, cast: Cast, patch: pytest.MonkeyPatch) -> None:
    """A queue elsewhere that is not there, with a password in its address."""
    patch.setattr(worker, "tasks", broken)
    worker.wake(app, 1)


def _task(app: Flask, cast: Cast, patch: pytest.MonkeyPatch) -> None:
    """A job that breaks in the hands of huey, and how huey tells of it."""
    try:
        broken()
    except Broken:
        logging.getLogger("huey").exception("Unhandled exception in task %s.", WORDS)


def _gunicorn(app: Flask, cast: Cast, patch: pytest.MonkeyPatch) -> None:
    """What gunicorn says of a request that breaks outside the application, or is none."""
    log = _Log(Config())
    try:
        broken()
    except Broken as error:
        log.exception("Error handling request %s", f"/mijn/{LINK}/?naam={NAME}")
        log.warning("Invalid request from ip=%s: %s", "203.0.113.7", error)
    assert not [handler for handler in log.access_log.handlers if hasattr(handler, "_gunicorn")]


def _limiter(app: Flask, cast: Cast, patch: pytest.MonkeyPatch) -> None:
    """Flask-Limiter says whose limit it was, and whatever raises in it."""
    log = logging.getLogger("flask-limiter")
    log.warning("ratelimit %s (%s) exceeded at endpoint: %s", "5 per 1 hour", f"{NAME} {MAIL}", "security.login")
    log.handlers.clear()


def _alembic(app: Flask, cast: Cast, patch: pytest.MonkeyPatch) -> None:
    """Steps of the database are ours, and are told whole."""
    logging.getLogger("alembic.runtime.migration").warning("Running upgrade %s -> %s, %s", "0004", "0005", "a step")


def _library(app: Flask, cast: Cast, patch: pytest.MonkeyPatch) -> None:
    """Any library that puts people in its sentence, or in what it fills in, or has no sentence at all."""
    log = logging.getLogger("some.library")
    log.warning(f"cannot deliver to {NAME} <{MAIL}>")
    log.warning("cannot deliver to %s", {"name": NAME})
    log.warning("cannot deliver to %(name)s", {"name": NAME})
    log.warning("%d for %s", NAME, MAIL)
    log.warning(Broken(WORDS))


def _thread(app: Flask, cast: Cast, patch: pytest.MonkeyPatch) -> None:
    """A thread that breaks, and a process."""
    one = threading.Thread(target=broken)
    one.start()
    one.join()
    try:
        broken()
    except Broken as error:
        sys.excepthook(type(error), error, error.__traceback__)


def _warning(app: Flask, cast: Cast, patch: pytest.MonkeyPatch) -> None:
    """A warning of Python."""
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(False)
        logging.captureWarnings(True)
        warnings.warn(WORDS, stacklevel=1)


def _ours(app: Flask, cast: Cast, patch: pytest.MonkeyPatch) -> None:
    """Our own sentences too, should one ever hold more than it ought to."""
    words = WORDS.replace(NAME, "").replace("hunter2", "redis://user:hunter2@queue.example/0 gAAAAABxyz=")
    logging.getLogger("web.jobs").warning("something about %s [parameters: ('%s',)]", words, NAME)


PATHS: dict[Callable[[Flask, Cast, pytest.MonkeyPatch], None], tuple[str, ...]] = {
    _page: ("unexpected Broken", "in broken"),
    _query: ("unexpected OperationalError", "in refused"),
    _letter: ("(confirmation) is not sent: Broken",),
    _places: ("places of series 1 are not offered: Broken",),
    _queue: ("the queue cannot be reached (Broken)",),
    _task: ("Unhandled exception in task", "test_logs.Broken", "builtins.KeyError", "in broken"),
    _gunicorn: ("Error handling request", "test_logs.Broken", "Invalid request from ip="),
    _limiter: ("exceeded at endpoint",),
    _alembic: ("Running upgrade 0004 -> 0005, a step",),
    _library: ("at test_logs:", "cannot deliver to", "Broken at test_logs:"),
    _thread: ("ended by an error", "test_logs.Broken", "in broken"),
    _warning: ("py.warnings",),
    _ours: ("something about", "[address]", "[number]", "/mijn/[secret]", "[sealed]", "[parameters]"),
}
"""Everything that logs -> what has to be read there all the same, so that somebody can find what is wrong."""


def test_nobody_stands_in_the_log(
    app: Flask, cast: Cast, written: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path, told in PATHS.items():
        written.seek(0)
        written.truncate()
        with monkeypatch.context() as patch:
            path(app, cast, patch)
        text = written.getvalue()
        if text.startswith("{"):
            text = "\n".join(f"{line['logger']}: {line['message']}\n{line.get('error', '')}" for line in _json(text))
        assert [canary for canary in CANARIES if canary.lower() in text.lower()] == [], (path.__name__, text)
        assert [word for word in told if word not in text] == [], (path.__name__, text)


def _json(text: str) -> list[dict[str, str]]:
    """Every line is an object by itself."""
    lines = [json.loads(line) for line in text.splitlines()]
    assert all({"time", "level", "logger", "process", "message"} <= line.keys() for line in lines)
    return lines


def test_the_database_says_what_went_wrong_without_the_values(app: Flask) -> None:
    with app.app_context(), pytest.raises(SQLAlchemyError) as refused:
        db.session.execute(db.text("INSERT INTO nowhere VALUES (:name)"), {"name": NAME})
    assert NAME not in str(refused.value)


CALLS = {
    "web/cli/receiving.py": ["type(exc).__name__", "type(exc).__name__, ''.join(format_tb(exc.__traceback__))"],
    "web/failing.py": ["", "type(error).__name__, ''.join(format_tb(error.__traceback__))"],
    "web/jobs.py": ["fault"],
    "web/logs.py": [""],
    "web/organiser/importing_apart.py": ["type(error).__name__, ''.join(format_tb(error.__traceback__))"],
    "web/rows/upgrading.py": ["', '.join(gone)"],
    "web/services/groups/offers/making.py": ["id, type(error).__name__"],
    "web/services/messages/receive.py": ["type(error).__name__"],
    "web/services/outbox/delivery.py": ["letter.id, letter.kind, fault"],
    "web/worker.py": ["type(error).__name__", "work.__name__"],
}
"""Where we log, and what we put in the sentence: a name of the code, a number of a row, the word of a fault."""


def test_every_line_that_we_log_is_known() -> None:
    found: dict[str, list[str]] = {}
    levels = {"debug", "info", "warning", "error", "exception", "critical", "log"}
    for path in sorted(WEB.rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr in levels):
                continue
            if "log" in ast.unparse(call.func.value).lower():
                assert isinstance(call.args[0], ast.Constant), f"{path}: a sentence that is made on the spot"
                found.setdefault(str(path.relative_to(WEB.parent)), []).append(
                    ", ".join(ast.unparse(value) for value in call.args[1:])
                )
    assert found == CALLS


def test_no_page_of_a_person_is_printed_by_the_server(client: FlaskClient, capfd: pytest.CaptureFixture[str]) -> None:
    client.get(f"/mijn/{LINK}/?naam={NAME}")
    assert capfd.readouterr() == ("", "")
