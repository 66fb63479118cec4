"""What another database and another queue could do to us: NUL, a restart, a Redis that is out of reach."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from cryptography.fernet import Fernet
from flask import Flask
from flask.testing import FlaskClient
from huey.exceptions import TaskLockedException
from sqlalchemy import select

import config
from config.keys import KEYS, LOOKUP, SESSION
from tests.servers import MARK
from tests.web import cast as casting
from tests.web.cast import Cast, Clock
from tests.web.conftest import PLAIN, Stage
from tests.web.databases import OURS
from web import worker
from web.app import create_app
from web.bench import own_servers
from web.cli import opening, work
from web.limits import limiter
from web.rows import Organisation, Proposal, db

on_servers = getattr(pytest.mark, MARK)
NOWHERE = "redis://127.0.0.1:1"
SERIES = "/doe-mee/zuid/samen-koken/"
ODD = ("\0", "zuid\0", "\ud800")
"""What no text may hold: PostgreSQL refuses the first, and no database takes half of a character."""


@pytest.mark.parametrize("typed", ODD)
def test_a_text_that_no_database_holds_is_nobody_s_and_is_kept_without_it(app: Flask, typed: str) -> None:
    with app.app_context():
        assert db.session.scalar(select(Organisation.id).where(Organisation.slug == typed)) is None
        assert db.session.scalar(select(Organisation.id).where(Organisation.slug.startswith(typed))) is None
        db.session.add(Organisation(name=f"Zuid{typed}", slug="nog-een"))
        db.session.commit()
        (kept,) = db.session.scalars(select(Organisation.name).where(Organisation.slug == "nog-een"))
        assert "\ufffd" in kept and kept.startswith("Zuid")


def test_wherever_it_comes_in_the_answer_is_no_fault(
    app: Flask, cast: Cast, client: FlaskClient, amina: FlaskClient, beatrix: FlaskClient
) -> None:
    visits = [
        (client, "GET", "/doe-mee/zuid%00/samen-koken/", {}, 404),
        (client, "GET", "/doe-mee/zuid/samen%00koken/", {}, 404),
        (client, "GET", f"{SERIES}?via=%00", {}, 200),
        (client, "GET", f"{SERIES}aanmelden/1?nr=%00&via=a%00b", {}, 200),
        (client, "GET", "/mijn/%00/", {}, 404),
        (client, "GET", "/tafel/a%00/", {}, 404),
        (client, "POST", "/link-kwijt", {"data": {"email": "bart\0@voorbeeld.example", "name": "\0"}}, None),
        (client, "POST", "/inloggen", {"data": {"email": "amina\0@zuid.example", "password": "\0"}}, None),
        (client, "POST", "/inloggen", {"json": {"email": "\ud800", "password": "a\0"}}, None),
        (amina, "GET", f"/werk/{cast.series}/aanmeldingen?who=%00&only=%00", {}, None),
        (amina, "POST", f"/werk/{cast.series}/aanmelden", {"data": {"name": "Els\0", "reach": "via\0"}}, None),
        (beatrix, "GET", "/beheer/logboek?who=%00&what=%00&project=%00&start=%00", {}, None),
        (beatrix, "POST", "/beheer/account/nieuw", {"data": {"name": "\0", "email": "x\0@zuid.example"}}, None),
    ]
    app.testing = False
    for who, method, path, sent, status in visits:
        answer = who.open(path, method=method, **sent)
        assert answer.status_code < 500, (method, path, answer.status_code)
        assert status in (None, answer.status_code), (method, path, answer.status_code)


@on_servers
def test_the_first_page_after_a_restart_of_the_database_is_a_page(app: Flask, client: FlaskClient) -> None:
    assert client.get("/").status_code == 200
    with app.app_context(), db.engine.connect() as other:
        # As a restart does: whoever was connected is no more.
        other.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            f" WHERE datname = current_database() AND application_name <> '{OURS}' AND pid <> pg_backend_pid()"
        )
        other.invalidate()
    assert [client.get("/").status_code for _ in range(3)] == [200, 200, 200]


@on_servers
def test_nobody_waits_for_ever_for_a_lock(app: Flask) -> None:
    with app.app_context():
        for _ in range(2):
            assert db.session.execute(db.text("SHOW lock_timeout")).scalar_one() == "15s"
            # Also after a transaction that was taken back.
            db.session.rollback()


@pytest.fixture
def counting(
    stage: Stage, settings: config.Settings, keys: config.Secrets, clock: Clock, app: Flask, tmp_path: Path
) -> Iterator[FlaskClient]:
    """A visitor of a site that counts, and whose Redis is nowhere."""
    more = {**PLAIN, "RATELIMIT_ENABLED": True, "REDIS": NOWHERE}
    made = create_app(settings, keys, tmp_path, secure=False, clock=clock, **more)
    yield made.test_client()
    limiter._storage_dead = False
    limiter.enabled = False
    with made.app_context():
        db.session.remove()
        db.engine.dispose()


def test_without_its_redis_the_site_answers_and_still_counts(counting: FlaskClient, settings: config.Settings) -> None:
    assert counting.get("/").status_code == 200
    most = settings.limits.logins_per_address_per_hour
    said = [counting.post("/tafel/unknown/").status_code for _ in range(most + 1)]
    assert said == [404] * most + [429]


@on_servers
def test_a_redis_that_stops_and_comes_back_is_missed_by_nobody(
    settings: config.Settings, keys: config.Secrets, app: Flask, tmp_path: Path
) -> None:
    with own_servers.redis() as server:
        more = {**PLAIN, "RATELIMIT_ENABLED": True, "REDIS": server.url}
        made = create_app(settings, keys, tmp_path, secure=False, **more)
        client = made.test_client()
        try:
            said = [client.post("/tafel/unknown/").status_code]
            assert limiter.storage.storage.dbsize() > 0
            server.stop()
            said += [client.post("/tafel/unknown/").status_code for _ in range(2)]
            server.start()
            said += [client.post("/tafel/unknown/").status_code]
        finally:
            limiter._storage_dead = False
            limiter.enabled = False
        assert said == [404] * 4


def test_without_a_queue_what_was_asked_for_waits_and_the_page_says_how_it_is(
    app: Flask, cast: Cast, amina: FlaskClient, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    app.config["REDIS"] = NOWHERE
    with app.app_context():
        casting.neighbourhood(app, cast)
    answer = amina.post(f"/werk/{cast.series}/groepen", data={})
    assert answer.status_code == 302
    assert "the queue cannot be reached" in caplog.text
    with app.app_context():
        (waits,) = db.session.scalars(select(Proposal))
        assert (waits.series_id, waits.status) == (cast.series, "asked")
    clock.forward(minutes=5)
    assert "De werker draait niet" in amina.get(answer.location).text


def test_a_worker_says_that_its_queue_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = {name: Fernet.generate_key().decode() for name in (KEYS, LOOKUP, SESSION)}
    for name, value in {**keys, opening.URL: "https://groepen.voorbeeld.example", opening.REDIS: NOWHERE}.items():
        monkeypatch.setenv(name, value)
    answer = CliRunner().invoke(work.command, ["--instance", str(tmp_path / "i")])
    assert (answer.exit_code, len(answer.stderr.splitlines())) == (2, 1)
    assert "the queue cannot be reached (ConnectionError); nothing is lost" in answer.stderr


def test_a_job_of_a_machine_that_is_no_more_is_done_by_another(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    queue = worker.tasks(app)["send"].huey
    dead, alive = worker.JobLock(queue, "send"), worker.JobLock(queue, "send")
    dead.acquire()
    with pytest.raises(TaskLockedException):
        alive.acquire()
    dead.release()
    monkeypatch.setattr(worker, "LONGEST", timedelta(seconds=-1))
    dead.acquire()
    assert alive.acquire()
