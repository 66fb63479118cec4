"""Two web processes and two workers on PostgreSQL and Redis: one of each is killed under load, and nobody notices."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from http.client import HTTPException
from mailbox import Maildir
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import select

import config
from config.keys import KEYS, LOOKUP, SESSION
from tests.servers import MARK
from tests.web import cast as casting
from tests.web import databases
from tests.web.conftest import PLAIN
from web import world
from web.app import create_app
from web.bench.server import free_port
from web.bench.visitor import Answer, Browser, Person, fill_in
from web.rows import DueLetter, Gathering, Signup, db
from web.rows.messages import LetterState
from web.rows.upgrading import bring_up_to_date

pytestmark = [pytest.mark.slow, getattr(pytest.mark, MARK)]

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 240.0
PEOPLE = 40


class Site:
    """An installation with `run.py serve` and two times `run.py work`, on the servers of this run."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        keys = {name: Fernet.generate_key().decode() for name in (KEYS, LOOKUP, SESSION)}
        own = databases.empty()
        self.app = create_app(config.load(), config.secrets(keys), folder, **{**PLAIN, **own})
        bring_up_to_date(self.app)
        with self.app.app_context():
            self.cast = casting.perform()
            for gathering in db.session.scalars(select(Gathering)):
                shift = world.utc_now() - casting.NOW
                gathering.starts, gathering.ends = gathering.starts + shift, gathering.ends + shift
            db.session.commit()
        address = {"REBUBBELEN_URL": "https://groepen.voorbeeld.example"}
        self.environ = {**os.environ, **keys, **databases.environ(own), **address}
        self.processes: list[subprocess.Popen[bytes]] = []

    def run(self, *words: str) -> subprocess.Popen[bytes]:
        with (self.folder / f"{words[0]}.log").open("ab") as log:
            call = [sys.executable, str(ROOT / "run.py"), *words, "--instance", str(self.folder)]
            process = subprocess.Popen(call, cwd=ROOT, env=self.environ, stdout=log, stderr=log)
        self.processes.append(process)
        return process

    def close(self) -> None:
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            with suppress(subprocess.TimeoutExpired):
                process.wait(10)
            process.kill()
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    site = Site(tmp_path / "instance")
    yield site
    site.close()


def until(holds: Callable[[], Any], log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end, log.read_text()
        time.sleep(0.1)


def answers(site: Site) -> bool:
    with suppress(OSError, HTTPException):
        return Browser(site.port, "10.0.0.1").get("/").status == 200
    return False


def children(process: subprocess.Popen[bytes]) -> list[int]:
    return [int(id) for id in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()]


def stubborn(act: Callable[[], Any]) -> Any:
    """Somebody whose line broke does it once more."""
    until_ = time.monotonic() + PATIENCE
    while True:
        try:
            return act()
        except (OSError, HTTPException):
            assert time.monotonic() < until_
            time.sleep(0.05)


def resident(site: Site, number: int) -> str:
    """The personal address that somebody hears."""
    person = Person(f"Buur{number:03}", tuple(site.cast.sessions[:2]))
    browser = Browser(site.port, f"10.0.1.{number + 1}")
    series = "/doe-mee/zuid/samen-koken/"
    press = stubborn(partial(fill_in, browser, series, person, random.Random(number)))
    answer: Answer = stubborn(partial(press, browser))
    assert answer.status == 302, (answer.status, answer.page)
    return answer.location


def letters(site: Site) -> Counter[str]:
    """How many lie in the outbox, by what they are called everywhere."""
    box = site.folder / "outbox" / "mail"
    return Counter(mail["Message-ID"] for mail in Maildir(box)) if box.exists() else Counter()


def test_one_of_each_is_killed_under_load_and_nothing_is_lost_or_double(site: Site) -> None:
    dice = random.Random()
    # All at once, as after a machine was started.
    serve = site.run("serve", "--port", str(site.port), "--workers", "2", "--proxies", "1")
    workers = [site.run("work"), site.run("work")]
    until(partial(answers, site), site.folder / "serve.log")
    with ThreadPoolExecutor(PEOPLE) as pool:
        coming = [pool.submit(resident, site, number) for number in range(PEOPLE)]
        until(lambda: any(done.done() for done in coming), site.folder / "serve.log")
        os.kill(dice.choice(children(serve)), signal.SIGKILL)
        killed = dice.choice(workers)
        killed.send_signal(signal.SIGKILL)
        heard = [done.result() for done in coming]
    # Whoever watches over processes starts them again.
    again = site.run("work")
    assert len(set(heard)) == PEOPLE
    with site.app.app_context():
        stored = db.session.scalars(select(Signup)).all()
        assert sorted(one.name for one in stored) == [f"Buur{number:03}" for number in range(PEOPLE)]
        assert sorted(one.number for one in stored) == list(range(1, PEOPLE + 1))

    def sent() -> bool:
        with site.app.app_context():
            states = Counter(db.session.scalars(select(DueLetter.state)))
        return states == {LetterState.SENT: PEOPLE}

    until(sent, site.folder / "work.log")
    found = letters(site)
    assert (len(found), set(found.values())) == (PEOPLE, {1})
    assert [process.poll() for process in (serve, again, *workers) if process is not killed] == [None] * 3
    assert "Traceback" not in (site.folder / "work.log").read_text()
