"""A real worker process: it composes, stops when asked, and when it is killed nothing is lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from flask import Flask

import config
from config.keys import KEYS, LOOKUP, SESSION
from matcher import Group, Lock, Plan, Problem
from matcher.checking import check
from tests.cli.conftest import found
from tests.web import cast as casting
from tests.web.cast import NOW, Cast, Clock
from tests.web.conftest import PLAIN
from web import worker
from web.app import create_app
from web.demo.residents import invented
from web.rows import DueLetter, Proposal, Series, Staff, db
from web.rows.groups import ASKED, DONE, FAILED, STOPPED, WORKING
from web.rows.upgrading import bring_up_to_date
from web.services import matching

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 90.0
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
        self.environ = {**os.environ, **keys, "REBUBBELEN_URL": URL}
        self.app = create_app(config.load(), config.secrets(keys), folder, secure=False, **PLAIN)
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


def asked(cast: Cast, seconds: float = 5.0) -> int:
    """A proposal that somebody asked for. Needs an application context."""
    series, by = db.session.get_one(Series, cast.series), db.session.get_one(Staff, cast.amina)
    return matching.ask(db.session, series, by=by, now=NOW, seed=1, seconds=seconds, config_hash="x").id


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    keys = {name: Fernet.generate_key().decode() for name in (KEYS, LOOKUP, SESSION)}
    office = Office(tmp_path / "instance", keys)
    yield office
    office.close()


@pytest.mark.slow
def test_a_killed_worker_loses_nothing(office: Office) -> None:
    id = office.ask(seconds=4)
    first = office.work("--silence", "2")
    until(lambda: office.proposal(id).progress, first)
    first.send_signal(signal.SIGKILL)
    first.wait()
    left = office.proposal(id)
    assert (left.status, left.attempts, left.found) == (WORKING, 1, None)
    second = office.work("--silence", "2")
    until(lambda: office.proposal(id).status == DONE, second)
    done = office.proposal(id)
    assert done.attempts == 2
    assert len(done.steps) == 1
    assert done.found["figures"]["placed"] > 0
    until(lambda: len(list((office.folder / "outbox" / "mail" / "new").glob("*"))) == PEOPLE, second)
    second.send_signal(signal.SIGTERM)
    assert second.wait(PATIENCE) == 0


@pytest.mark.slow
def test_a_worker_that_was_killed_while_it_sent_letters_holds_up_nobody(office: Office) -> None:
    worker.tasks(office.app)["send"].huey.lock_task("send").acquire()
    process = office.work()
    until(lambda: len(list((office.folder / "outbox" / "mail" / "new").glob("*"))) == PEOPLE, process)


@pytest.mark.slow
def test_a_stop_keeps_the_best_and_a_worker_that_is_stopped_gives_back(office: Office) -> None:
    id = office.ask(seconds=60)
    process = office.work()
    worker.wake(office.app, id)
    until(lambda: office.proposal(id).progress.get("placed"), process)
    process.send_signal(signal.SIGTERM)
    assert process.wait(PATIENCE) == 0
    back = office.proposal(id)
    assert (back.status, back.attempts, back.found) == (ASKED, 0, None)
    again = office.work()
    until(lambda: office.proposal(id).status == WORKING, again)
    with office.app.app_context():
        matching.stop(db.session, db.session.get_one(Proposal, id))
    until(lambda: office.proposal(id).status == STOPPED, again)
    assert office.proposal(id).found["figures"]["placed"] > 0
    again.send_signal(signal.SIGINT)
    assert again.wait(PATIENCE) == 0


def test_work_refuses_to_send_letters_that_lead_nowhere(office: Office) -> None:
    del office.environ["REBUBBELEN_URL"]
    process = office.work()
    assert process.wait(PATIENCE) == 2
    assert "REBUBBELEN_URL is missing" in (office.folder / "worker.log").read_text()


def seat(problem: Problem) -> Plan:
    """Everybody who can come the first evening at one table."""
    evening = problem.sessions[0].id
    people = [person.id for person in problem.people if evening in person.sessions]
    return Plan((Group(evening, 1, tuple(sorted(people)), "nl"),))


def solving(problem: Problem, **_: Any) -> Any:
    return found(problem, seat(problem))


def propose(app: Flask, id: int, clock: Clock, solve: Callable[..., Any] = solving, **more: Any) -> None:
    """Let a worker with this solver do it. Needs an application context."""
    extensions = app.extensions
    matching.propose(
        db.session,
        id,
        settings=extensions["settings"],
        vault=extensions["vault"],
        clock=clock,
        solve=solve,
        mend=solve,
        **more,
    )


def test_due_is_what_was_asked_and_what_was_left_lying(app: Flask, cast: Cast, clock: Clock) -> None:
    with app.app_context():
        new, lost, busy, done = (asked(cast) for _ in range(4))
        for id, status, age in ((lost, WORKING, 31), (busy, WORKING, 5), (done, DONE, 99)):
            row = db.session.get_one(Proposal, id)
            row.status, row.beat = status, NOW - timedelta(seconds=age)
        db.session.commit()
        assert list(matching.due(db.session, clock())) == [new, lost]
        assert list(matching.due(db.session, clock(), timedelta(seconds=4))) == [new, lost, busy]
        matching.beat(db.session, lost, NOW)
        matching.beat(db.session, done, NOW)
        assert list(matching.due(db.session, clock())) == [new]


def test_a_proposal_that_somebody_works_on_is_left_alone(app: Flask, cast: Cast, clock: Clock) -> None:
    with app.app_context():
        casting.sign_up(app, cast)
        id = asked(cast)

        def second(problem: Problem, **asked: Any) -> Any:
            propose(app, id, clock, fail)
            return solving(problem)

        def fail(*_: Any, **__: Any) -> Any:
            raise AssertionError("two workers at once")

        propose(app, id, clock, second)
        assert db.session.get_one(Proposal, id).status == DONE


def test_who_was_thought_to_be_gone_keeps_the_result_to_itself(app: Flask, cast: Cast, clock: Clock) -> None:
    with app.app_context():
        casting.sign_up(app, cast)
        id = asked(cast)

        def slow(problem: Problem, **asked: Any) -> Any:
            clock.forward(minutes=5)
            propose(app, id, clock)
            return solving(problem)

        propose(app, id, clock, slow)
        row = db.session.get_one(Proposal, id)
        assert (row.status, row.attempts, len(row.steps)) == (DONE, 2, 1)


def test_a_mistake_is_told_and_not_tried_for_ever(app: Flask, cast: Cast, clock: Clock) -> None:
    def broken(*_: Any, **__: Any) -> Any:
        raise RuntimeError("no such luck")

    with app.app_context():
        casting.sign_up(app, cast)
        id = asked(cast)
        with pytest.raises(RuntimeError):
            propose(app, id, clock, broken)
        assert db.session.get_one(Proposal, id).status == FAILED
        dying = asked(cast)
        row = db.session.get_one(Proposal, dying)
        row.status, row.attempts, row.beat = WORKING, matching.ATTEMPTS, NOW - timedelta(hours=1)
        db.session.commit()
        propose(app, dying, clock, broken)
        assert db.session.get_one(Proposal, dying).status == FAILED


def test_what_is_given_back_is_taken_up_and_its_first_result_dropped(app: Flask, cast: Cast, clock: Clock) -> None:
    with app.app_context():
        casting.sign_up(app, cast)
        id, done = asked(cast), asked(cast)
        propose(app, done, clock)

        def stopped(problem: Problem, **_: Any) -> Any:
            matching.give_back(db.session, [id, done])
            return solving(problem)

        propose(app, id, clock, stopped)
        row = db.session.get_one(Proposal, id)
        assert (row.status, row.attempts, row.found) == (ASKED, 0, None)
        assert db.session.get_one(Proposal, done).status == DONE
        propose(app, id, clock)
        assert (row.status, row.attempts, len(row.steps)) == (DONE, 1, 1)


def test_solving_again_keeps_the_locks_of_the_base(app: Flask, cast: Cast, clock: Clock) -> None:
    given: dict[str, Any] = {}

    def mend(problem: Problem, plan: Plan, **asked: Any) -> Any:
        given.update(problem=problem, plan=plan, keep=asked["keep"])
        return found(problem, plan)

    with app.app_context():
        bart = casting.sign_up(app, cast).signup
        propose(app, base := asked(cast), clock)
        step = db.session.get_one(Proposal, base).steps[0]
        lock = {"person": str(bart.id), "session": str(cast.sessions[0]), "group": 1}
        step.board = {**step.board, "locks": [lock]}
        again = asked(cast)
        db.session.get_one(Proposal, again).base_id = base
        db.session.commit()
        propose(app, again, clock, mend)
        assert given["problem"].locks == (Lock(**lock),)
        assert given["plan"].placed() == {str(bart.id)}
        assert check(given["problem"], given["plan"]).figures.placed == 1


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
