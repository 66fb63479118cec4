"""The demo: a whole neighbourhood that is plainly invented, up in seconds, and gone without a trace."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

import pytest
from flask import Flask
from sqlalchemy import func, select

import config
from tests.web import databases
from tests.web.cast import NOW, Clock, secrets
from tests.web.conftest import PLAIN
from web import rows
from web.app import create_app
from web.demo import neighbourhood, staff
from web.demo.folder import MARK, NotOurs, fresh
from web.demo.neighbourhood import Built
from web.rows import Consent, Facilitator, Organisation, Proposal, Series, Signup, Venue, db
from web.rows.groups import ProposalState
from web.rows.upgrading import bring_up_to_date
from web.services.plans.problem import problem_of

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 120.0


@pytest.fixture
def empty(tmp_path: Path, settings: config.Settings) -> Iterator[Flask]:
    """The application of a demo on an empty database."""
    more = {**PLAIN, **databases.empty()}
    app = create_app(settings, secrets(), tmp_path, secure=False, demo=True, clock=Clock(), **more)
    bring_up_to_date(app)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def built(app: Flask) -> Built:
    return neighbourhood.build(db.session, app.extensions["settings"], app.extensions["vault"], NOW, str)


def test_the_neighbourhood_is_what_was_asked_for(empty: Flask) -> None:
    found = built(empty)
    count = {kind: db.session.query(kind).count() for kind in (Series, Signup, Facilitator, Venue)}
    assert count == {Series: 2, Signup: 120, Facilitator: 14, Venue: 3}
    assert db.session.scalars(select(Organisation.demo)).all() == [True]
    assert {series.format for series in db.session.scalars(select(Series))} == {"koken", "dialoog"}
    assert [p.status for p in db.session.scalars(select(Proposal))] == [ProposalState.ASKED, ProposalState.ASKED]
    accesses = [set(venue.access) for venue in db.session.scalars(select(Venue))]
    assert sum("step_free" in access for access in accesses) == 2
    response = empty.test_client().get(f"/mijn/{found.secret}/")
    assert response.status_code == 200


def test_the_answers_are_skewed_and_not_everybody_answers(empty: Flask) -> None:
    built(empty)
    people = db.session.scalars(select(Signup)).all()
    ages = Counter(age for person in people for age in person.usable_bubbles.get("age", ["unknown"]))
    older = ages["61-75"] + ages["76-plus"]
    assert older > 2 * ages["15-25"]
    assert ages["unknown"] > 10
    refused = {c.signup_id for c in db.session.scalars(select(Consent)) if c.kind == "bubbles" and not c.given}
    assert 5 <= len(refused) <= 30
    assert not [person for person in people if person.id in refused and person.bubbles]
    assert {person.channel for person in people} == {"web", "paper", "phone", "contact"}
    assert {person.reach for person in people} == {"email", "text", "call", "letter", "via"}
    assert [person for person in people if person.buddy_id]
    assert all(person.key_contact_id for person in people if person.channel == "contact")


def test_every_answer_is_one_of_the_shipped_settings(empty: Flask) -> None:
    built(empty)
    settings: config.Settings = empty.extensions["settings"]
    known = {d.key: {bubble.key for bubble in d.bubbles} for d in settings.dimensions}
    for person in db.session.scalars(select(Signup)):
        assert {key for key, told in person.bubbles.items() if not set(told) <= known[key]} == set()
        assert set(person.needs) <= {need.key for need in settings.needs}
        assert set(person.languages) <= {language.code for language in settings.conversation}
        assert set(person.interests) <= {interest.key for interest in settings.interests}


def test_nobody_can_be_reached_by_accident(empty: Flask) -> None:
    built(empty)
    contacts = [person.contact for person in db.session.scalars(select(Signup))]
    contacts += [person.contact for person in db.session.scalars(select(Facilitator))]
    assert {c["email"].rpartition(".")[2] for c in contacts if "email" in c} == {"example"}
    assert all(c["phone"].startswith("+447700900") for c in contacts if "phone" in c)
    reached = Counter(c.get("email") or c.get("phone") for c in contacts if {"email", "phone"} & set(c))
    assert max(reached.values()) == 1


def test_every_table_has_a_facilitator_who_may_lead_it(empty: Flask) -> None:
    found = built(empty)
    series = db.session.get_one(Series, found.talking)
    problem = problem_of(db.session, series, empty.extensions["settings"], empty.extensions["vault"])
    for session in problem.sessions:
        able = [f for f in problem.facilitators if session.id in f.sessions and "dialogue" in f.skills]
        assert len(able) >= session.groups
    first = db.session.scalar(select(func.min(rows.Gathering.starts)))
    assert first is not None and first > NOW


def test_the_same_neighbourhood_every_time(empty: Flask, settings: config.Settings, tmp_path: Path) -> None:
    def told() -> list[tuple[object, ...]]:
        people = db.session.scalars(select(Signup).order_by(Signup.id))
        return [(p.name, p.bubbles, p.languages, p.needs, p.reach, p.channel, p.buddy_id) for p in people]

    built(empty)
    first = told()
    more = {**PLAIN, **databases.empty()}
    again = create_app(settings, secrets(), tmp_path / "again", secure=False, demo=True, **more)
    bring_up_to_date(again)
    with again.app_context():
        built(again)
        assert told() == first
        db.session.remove()
        db.engine.dispose()


def test_it_never_meets_real_people(empty: Flask) -> None:
    db.session.add(Organisation(name="Welzijn Zuid", slug="zuid"))
    db.session.commit()
    with pytest.raises(staff.RealPeople):
        built(empty)
    assert db.session.query(Signup).count() == 0


def test_the_folder_is_emptied_and_only_if_it_is_ours(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    with fresh(folder) as environ:
        keys = config.secrets(environ)
        assert {oct(Path(file).stat().st_mode & 0o777) for file in environ.values()} == {"0o600"}
        (folder / "rebubbelen.db").write_text("old")
        with pytest.raises(NotOurs, match="a demo is running there"), fresh(folder):
            pass
    with fresh(folder) as environ:
        assert not (folder / "rebubbelen.db").exists()
        assert config.secrets(environ).keys != keys.keys
    (folder / MARK).unlink()
    with pytest.raises(NotOurs, match="nothing was changed"), fresh(folder):
        pass
    assert any(folder.iterdir())


def test_a_used_port_is_told_before_anything_happens(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        for name in ("demo", "serve"):
            keys = {} if name == "demo" else environment()
            words = [sys.executable, "run.py", name, "--port", port, "--instance", str(tmp_path / name)]
            answer = subprocess.run(
                words, cwd=ROOT, env={**os.environ, **keys}, capture_output=True, text=True, check=False
            )
            assert answer.returncode == 2
            assert answer.stderr.startswith(f"127.0.0.1:{port} cannot be used")
            assert "--port" in answer.stderr
    assert not (tmp_path / "demo").exists()


def environment() -> dict[str, str]:
    from cryptography.fernet import Fernet

    from config.keys import KEYS, LOOKUP, SESSION

    return {name: Fernet.generate_key().decode() for name in (KEYS, LOOKUP, SESSION)}


class Demo:
    """A demo that runs, and a browser."""

    def __init__(self, folder: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        words = ["run.py", "demo", "--port", str(self.port), "--instance", str(folder / "demo")]
        self.log = folder / "log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen([sys.executable, *words], cwd=ROOT, stdout=log, stderr=log)
        self.browser: OpenerDirector = build_opener(HTTPCookieProcessor(CookieJar()))

    def said(self, pattern: str) -> str:
        """Wait for something that is printed."""
        end = time.monotonic() + PATIENCE
        while not (found := re.search(pattern, self.log.read_text())):
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < end, self.log.read_text()
            time.sleep(0.1)
        return found.group(1)

    def get(self, address: str) -> str:
        return self.browser.open(address).read().decode()

    def post(self, address: str, page: str, **fields: str) -> str:
        """Fill in the form of a page, with its token."""
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
        assert token
        return self.browser.open(address, urlencode({"csrf_token": token[1], **fields}).encode()).read().decode()

    def members(self) -> list[str]:
        """Processes that this demo started and that are there still."""
        listed = subprocess.run(["ps", "-eo", "pid,args"], capture_output=True, text=True, check=True).stdout
        return [line for line in listed.splitlines() if f"--port {self.port} " in line]


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    running = Demo(tmp_path)
    yield running
    running.process.terminate()
    running.process.wait(PATIENCE)


def test_everything_that_is_printed_opens_until_ctrl_c(demo: Demo) -> None:
    home = demo.said(r"Resident +(\S+)")
    assert "Buurttafel in de Oefenwijk" in demo.get(home)
    demo.get(demo.said(r"(\S+/mijn/\S+)"))
    door = demo.said(r"Organiser +(\S+)")
    account, password = demo.said(r"account: (\S+)"), demo.said(r"password: (.+)\n")
    inside = demo.post(door, demo.get(door), email=account, password=password)
    assert "csrf_token" in inside
    demo.get(home + "werk/")
    lists = demo.said(r"Facilitator +(http\S+)")
    page = demo.post(lists, demo.get(lists), pin=demo.said(r"PIN (\d+)"))
    assert "Oefenwijk" in page
    with pytest.raises(HTTPError):
        demo.get(home + "tafel/geheim/")
    ends_in_good_order(demo, signal.SIGINT)


def test_whoever_ends_it_ends_all_of_it(demo: Demo) -> None:
    demo.said(r"Resident +(\S+)")
    ends_in_good_order(demo, signal.SIGTERM)


def ends_in_good_order(demo: Demo, number: int) -> None:
    assert len(demo.members()) >= 4
    demo.process.send_signal(number)
    assert demo.process.wait(PATIENCE) == 0
    assert demo.members() == []
    assert demo.log.read_text().endswith("Stopped.\n")


def test_nothing_is_left_when_it_is_killed(demo: Demo) -> None:
    demo.said(r"Resident +(\S+)")
    demo.process.kill()
    demo.process.wait()
    end = time.monotonic() + PATIENCE
    while demo.members():
        assert time.monotonic() < end, demo.members()
        time.sleep(0.1)
