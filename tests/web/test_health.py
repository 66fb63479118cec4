"""What operators see: that the process lives, that all of it works or why not, and numbers that are about nobody."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

import config
from tests.web import cast as casting
from tests.web.cast import NOW, Cast, Clock
from tests.web.conftest import PLAIN, Stage
from web import world
from web.app import create_app
from web.limits import limiter
from web.rows import DueLetter, db
from web.services.outbox import outages
from web.transaction import transaction
from web.worker import JOBS, tasks

TOKEN = "een-lang-geheim-voor-de-monitor"
SAMPLE = re.compile(r'rebubbelen_[a-z_]+(?:\{(?:state|what)="[a-z]+"\})? -?[0-9.e+]+')


@pytest.fixture
def healthy(app: Flask) -> Flask:
    """With a worker that was just heard of, and a token for the numbers."""
    with app.app_context():
        JOBS["beat"][1](app)
    app.extensions[world.SECRETS] = replace(app.extensions[world.SECRETS], metrics_token=TOKEN)
    return app


def numbers(client: FlaskClient) -> dict[str, float]:
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    assert answer.content_type == "text/plain; version=0.0.4; charset=utf-8"
    lines = answer.text.splitlines()
    samples = [line for line in lines if not line.startswith("#")]
    assert all(SAMPLE.fullmatch(line) for line in samples), lines
    named = {line.split()[2] for line in lines if line.startswith("# TYPE")}
    assert {re.split(r"[{ ]", line)[0] for line in samples} == named
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in samples)}


def test_all_is_well(healthy: Flask, client: FlaskClient) -> None:
    assert (client.get("/healthz").status_code, client.get("/healthz").text) == (200, "ok\n")
    assert (client.get("/readyz").status_code, client.get("/readyz").text) == (200, "ready\n")
    assert numbers(client)["rebubbelen_ready"] == 1


def _silent(app: Flask, cast: Cast) -> None:
    app.extensions["clock"].forward(minutes=6)


def _older(app: Flask, cast: Cast) -> None:
    db.session.execute(db.text("UPDATE alembic_version SET version_num = '0001'"))


def _never(app: Flask, cast: Cast) -> None:
    db.session.execute(db.text("DELETE FROM pulse"))


def _late(app: Flask, cast: Cast) -> None:
    casting.sign_up(app, cast)
    db.session.query(DueLetter).update({DueLetter.due_at: NOW - timedelta(minutes=61)})


def _by_phone(app: Flask, cast: Cast) -> None:
    """What a person brings over may wait."""
    casting.sign_up(app, cast, reach="call", phone="+31612345678")
    db.session.query(DueLetter).update({DueLetter.due_at: NOW - timedelta(days=2)})


def _outage(app: Flask, cast: Cast) -> None:
    outages.note(db.session, "email", "login 535", NOW)


def _no_queue(app: Flask, cast: Cast) -> None:
    def lost() -> int:
        raise OSError("bart@voorbeeld.example")

    tasks(app)["propose"].huey.pending_count = lost


def _no_database(app: Flask, cast: Cast) -> None:
    db.session.remove()
    db.engine.dispose()
    file = Path(app.instance_path) / "rebubbelen.db"
    file.unlink()
    file.mkdir()


WRONG: dict[str, tuple[Callable[[Flask, Cast], None], str]] = {
    "silent": (_silent, "worker: not heard of for more than 5 minutes\n"),
    "never": (_never, "worker: was never heard of; start `run.py work`\n"),
    "older": (_older, "database: its tables are of another version than this program; start it again\n"),
    "late": (_late, "letters: the oldest that is due waits for more than an hour\n"),
    "by phone": (_by_phone, ""),
    "outage": (_outage, "email: does not work (login 535)\n"),
    "no queue": (_no_queue, "queue: does not answer\n"),
    "no database": (_no_database, "database: does not answer\n"),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_does_not_work_is_said_in_plain_words(healthy: Flask, client: FlaskClient, cast: Cast, what: str) -> None:
    act, said = WRONG[what]
    with healthy.app_context():
        with transaction(db.session):
            act(healthy, cast)
        db.session.remove()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.text) == ((503, said) if said else (200, "ready\n"))
    assert client.get("/healthz").status_code == 200
    assert numbers(client)["rebubbelen_ready"] == (not said)


def test_the_numbers_need_their_token(app: Flask, client: FlaskClient, healthy: Flask) -> None:
    wrong = ("", "Bearer", f"Bearer {TOKEN}x", f"Basic {TOKEN}", "Bearer é", TOKEN)
    for given in wrong:
        answer = client.get("/metrics", headers={"Authorization": given})
        assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer"), given
        assert "rebubbelen_" not in answer.text
    app.extensions[world.SECRETS] = replace(app.extensions[world.SECRETS], metrics_token="")
    for given in (*wrong, "Bearer ", f"Bearer {TOKEN}"):
        assert client.get("/metrics", headers={"Authorization": given}).status_code == 404


def test_the_numbers_do_not_move_for_what_one_person_does(healthy: Flask, client: FlaskClient, cast: Cast) -> None:
    """Whoever watches them learns nothing of a person: of the letters only the tens are told."""
    with healthy.app_context():
        casting.sign_up(healthy, cast, "Zwaluwnest")
    before = numbers(client)
    assert before['rebubbelen_letters{state="due"}'] == 10
    with healthy.app_context():
        casting.sign_up(healthy, cast, "Anders", bubbles={"age": ["41-60"]}, needs=("step_free",))
        casting.sign_up(healthy, cast, "Weer anders", consents=frozenset())
    assert numbers(client) == before
    page = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).text
    for word in ("Samen koken", "Zuid", "zuid", "Elders", "Zwaluwnest", "voorbeeld.example", "series", "organisation"):
        assert word not in page


def test_failed_log_ins_and_outages_are_counted(healthy: Flask, client: FlaskClient, cast: Cast) -> None:
    with healthy.app_context(), transaction(db.session):
        outages.note(db.session, "inbox", "login", NOW)
    client.post("/inloggen", data={"email": "amina@zuid.example", "password": "raden maar wat"}).close()
    found = numbers(client)
    assert found["rebubbelen_failed_logins"] == 1
    assert (found['rebubbelen_outage{what="inbox"}'], found['rebubbelen_outage{what="email"}']) == (1, 0)


@pytest.fixture
def usual_limits() -> Iterator[None]:
    """One limiter serves every application of this process: what a test sets on it, it takes off again."""
    yield
    limiter.limit_manager.set_default_limits([])
    limiter.enabled = False


@pytest.mark.usefixtures("usual_limits")
def test_a_monitor_is_no_visitor(stage: Stage, settings: config.Settings, keys: config.Secrets, tmp_path: Path) -> None:
    """No cookie, no end to the session of whoever's browser it is, and no limit that runs out."""
    stage.put(tmp_path)
    clock, limits = Clock(), {"RATELIMIT_ENABLED": True, "RATELIMIT_DEFAULT": "2/hour"}
    more: dict[str, Any] = {**PLAIN, **limits}
    app = create_app(settings, replace(keys, metrics_token=TOKEN), tmp_path, secure=False, clock=clock, **more)
    amina = casting.log_in(app.test_client(), stage.cast.amina)
    assert amina.get("/werk/").status_code == 200
    with amina.session_transaction() as session:
        before = dict(session)
    clock.forward(hours=9)
    for path in ("/healthz", "/readyz", "/metrics"):
        for _ in range(4):
            answer = amina.get(f"{path}?taal=en", headers={"Authorization": f"Bearer {TOKEN}"})
            assert answer.status_code in (200, 503)
            assert "Set-Cookie" not in answer.headers
            assert answer.headers["Cache-Control"] == "no-store, private"
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
    with amina.session_transaction() as session:
        assert dict(session) == before


def test_a_token_that_can_be_guessed_is_refused() -> None:
    key = casting.Fernet.generate_key
    environ = {name: key().decode() for name in ("REBUBBELEN_KEYS", "REBUBBELEN_LOOKUP_KEY", "REBUBBELEN_SESSION_KEY")}
    with pytest.raises(config.BadSecrets, match="REBUBBELEN_METRICS_TOKEN: at least 24"):
        config.secrets({**environ, "REBUBBELEN_METRICS_TOKEN": "kort"})
    assert config.secrets({**environ, "REBUBBELEN_METRICS_TOKEN": TOKEN}).metrics_token == TOKEN
    assert config.secrets(environ).metrics_token == ""
