"""A real worker process: it composes, stops when asked, and when it is killed nothing is lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from flask import Flask

import config
from config.keys import KEYS, LOOKUP, SESSION
from tests.web import cast as casting
from tests.web import databases
from tests.web.cast import Cast
from tests.web.conftest import PLAIN
from tests.web.proposals import asked
from web import worker
from web.app import create_app
from web.demo.residents import invented
from web.rows import DueLetter, Proposal, Series, db
from web.rows.groups import ProposalState
from web.rows.upgrading import bring_up_to_date
from web.services.groups import proposals
from web.transaction import transaction

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 180.0
PEOPLE = 60
"""So many that the best groups are not proven at once."""
URL = "https://groepen.voorbeeld.example"


def until(holds: Callable[[], Any], process: subprocess.Popen[bytes]) -> None:
    """Wait until something is so; a worker that ended, or never does it, is a failure."""
    end = time.monotonic() + PATIENCE
    while not holds():
        assert process.poll() is None, "the worker ended"
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.1)


class Office:
    """An installation with people in it, and workers that come and go."""

    def __init__(self, folder: Path, keys: dict[str, str]) -> None:
        self.folder = folder
        own = databases.empty()
        self.environ = {**os.environ, **keys, **databases.environ(own), "REBUBBELEN_URL": URL}
        self.app = create_app(config.load(), config.secrets(keys), folder, secure=False, **{**PLAIN, **own})
        bring_up_to_date(self.app)
        with self.app.app_context():
            self.cast = casting.perform()
            evenings = db.session.get_one(Series, self.cast.series).sessions
            for k, resident in enumerate(invented(PEOPLE, evenings, seed=3)):
                told = resident.answers
                more = {"sessions": told.sessions, "languages": told.languages, "bubbles": told.bubbles}
                casting.sign_up(self.app, self.cast, told.name, email=f"mens{k}@x.example", **more)
        self.workers: list[subprocess.Popen[bytes]] = []

    def work(self, *more: str) -> subprocess.Popen[bytes]:
        words = [sys.executable, str(ROOT / "run.py"), "work", "--instance", str(self.folder), *more]
        with (self.folder / "worker.log").open("ab") as log:
            process = subprocess.Popen(words, cwd=ROOT, env=self.environ, stdout=log, stderr=log)
        self.workers.append(process)
        return process

    def ask(self, seconds: float) -> int:
        with self.app.app_context():
            return asked(self.cast, seconds)

    def proposal(self, id: int) -> Proposal:
        """As it is in the database now."""
        with self.app.app_context():
            row = db.session.get_one(Proposal, id)
            _ = row.steps, row.found
            db.session.expunge_all()
            return row

    def close(self) -> None:
        for process in self.workers:
            process.kill()
            process.wait()
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    keys = {name: Fernet.generate_key().decode() for name in (KEYS, LOOKUP, SESSION)}
    office = Office(tmp_path / "instance", keys)
    yield office
    office.close()


def test_a_killed_worker_loses_nothing(office: Office) -> None:
    id = office.ask(seconds=4)
    first = office.work("--silence", "2")
    until(lambda: office.proposal(id).progress, first)
    first.send_signal(signal.SIGKILL)
    first.wait()
    left = office.proposal(id)
    assert (left.status, left.attempts, left.found) == (ProposalState.WORKING, 1, None)
    second = office.work("--silence", "2")
    until(lambda: office.proposal(id).status == ProposalState.DONE, second)
    done = office.proposal(id)
    assert done.attempts == 2
    assert len(done.steps) == 1
    assert done.found["figures"]["placed"] > 0
    until(lambda: len(list((office.folder / "outbox" / "mail" / "new").glob("*"))) == PEOPLE, second)
    second.send_signal(signal.SIGTERM)
    assert second.wait(PATIENCE) == 0


def test_a_worker_that_was_killed_while_it_sent_letters_holds_up_nobody(office: Office) -> None:
    worker.tasks(office.app)["send"].huey.lock_task("send").acquire()
    process = office.work()
    until(lambda: len(list((office.folder / "outbox" / "mail" / "new").glob("*"))) == PEOPLE, process)


def test_a_stop_keeps_the_best_and_a_worker_that_is_stopped_gives_back(office: Office) -> None:
    id = office.ask(seconds=60)
    process = office.work()
    worker.wake(office.app, id)
    until(lambda: office.proposal(id).progress.get("placed"), process)
    process.send_signal(signal.SIGTERM)
    assert process.wait(PATIENCE) == 0
    back = office.proposal(id)
    assert (back.status, back.attempts, back.found) == (ProposalState.ASKED, 0, None)
    again = office.work()
    until(lambda: office.proposal(id).status == ProposalState.WORKING, again)
    with office.app.app_context(), transaction(db.session):
        proposals.stop(db.session, db.session.get_one(Proposal, id))
    until(lambda: office.proposal(id).status == ProposalState.STOPPED, again)
    assert office.proposal(id).found["figures"]["placed"] > 0
    again.send_signal(signal.SIGINT)
    assert again.wait(PATIENCE) == 0


def test_work_refuses_to_send_letters_that_lead_nowhere(office: Office) -> None:
    del office.environ["REBUBBELEN_URL"]
    process = office.work()
    assert process.wait(PATIENCE) == 2
    assert "REBUBBELEN_URL is missing" in (office.folder / "worker.log").read_text()


def test_waking_without_a_queue_is_no_mishap(app: Flask, cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
    app.config["REDIS"] = "redis://127.0.0.1:1"
    with app.app_context():
        worker.wake(app, asked(cast))
    assert "the queue cannot be reached" in caplog.text


def test_the_queue_holds_numbers_only(app: Flask, cast: Cast) -> None:
    with app.app_context():
        casting.sign_up(app, cast)
        worker.wake(app, asked(cast))
        assert db.session.query(DueLetter).count() == 1
    queue = worker.tasks(app)["propose"].huey
    (task,) = queue.pending()
    assert (task.name, task.args) == ("propose", (1,))


def test_the_web_process_wakes_the_worker_without_a_solver() -> None:
    code = (
        "import web.worker, web.cli.serving, sys;"
        "print([m for m in ('ortools', 'numba', 'highspy', 'pandas') if m in sys.modules])"
    )
    answer = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"
