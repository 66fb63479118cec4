"""Kills at random (kill -9) of whatever changes something, and a backup put back: what is lost, double or bricked."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from http.client import HTTPException
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from threading import Event
from typing import Any

from flask import Flask
from sqlalchemy import delete, select, text, update

import config
from matcher.bench.table import Row
from web import jobs, world
from web.app import create_app
from web.bench import first_version
from web.bench.crowd import CrowdSeries, opened
from web.bench.dying import killed_after
from web.bench.editing import EditingSize, compose
from web.bench.posting import invite
from web.bench.server import ROOT, free_port, wait_for
from web.bench.town import Town, found, open_series, residents, sign_up_all, town
from web.bench.visitor import Answer, Browser, Person, fill_in, finish
from web.rows import DueLetter, Plan, Project, Proposal, Seat, Series, Signup, Staff, db
from web.rows.messages import LetterState
from web.rows.people import SignupState
from web.rows.upgrading import bring_up_to_date
from web.services.continuity.backup import tell
from web.services.groups import publishing
from web.services.signups import importing
from web.transaction import transaction

COMMAND = (sys.executable, "run.py")
ALONE = 0.5
"""Seconds that a server lives at least once it answers."""


@dataclass(frozen=True, slots=True)
class DisasterSize:
    """Kills of each kind, residents who sign up under them, rows that are imported, and residents in a backup."""

    kills: int = 40
    people: int = 60
    rows: int = 60
    restored: int = 50_000


@dataclass
class Ends:
    """How it ended, over all kills."""

    kills: int = 0
    lost: int = 0
    double: int = 0
    bricked: int = 0

    def __str__(self) -> str:
        return f"{self.lost} lost, {self.double} double, {self.bricked} bricked"

    def __add__(self, other: Ends) -> Ends:
        return Ends(*(getattr(self, name) + getattr(other, name) for name in ("kills", "lost", "double", "bricked")))


@dataclass(frozen=True, slots=True)
class Scene:
    """Something that changes rows, and may be done again: what is done is done once."""

    name: str
    app: Flask
    work: Callable[[Flask], object]
    kept: Callable[[], bool] = lambda: True


def cases(size: DisasterSize | None = None) -> Iterator[Row]:
    """Every kind of kill, all of them together, and a backup of a large town put back."""
    size = size or DisasterSize()
    dice, all_of_them = Random(1), Ends()
    for scene in (_publishing, _offering, _importing, _upgrading):
        with scene(size) as made:
            ends = killed(made, size.kills, dice)
            all_of_them += ends
            yield f"{made.name}, killed {ends.kills} times at random", str(ends), "0, 0, 0"
    ends, told = signing_up(size, dice)
    all_of_them += ends
    yield f"{size.people} sign up while the server is killed {ends.kills} times", f"{ends}; {told}", "0, 0, 0"
    yield f"{all_of_them.kills} kills in all", str(all_of_them), "0, 0, 0 over >= 200 kills"
    yield from restoring(size.restored)


def killed(scene: Scene, kills: int, dice: Random) -> Ends:
    """Begin again and again, kill, and let the next one end it: it must be as if nobody had been killed."""
    ends, folder = Ends(), Path(scene.app.instance_path)
    with TemporaryDirectory() as kept:
        _let_go(scene.app)
        shutil.copytree(folder, kept, dirs_exist_ok=True)
        begun = time.perf_counter()
        _work(scene)
        spent, wanted = time.perf_counter() - begun, _counts(scene.app)
        for _ in range(3 * kills):
            _put_back(scene.app, Path(kept))
            ends.kills += killed_after(scene.app, dice.uniform(0, 1.1 * spent), scene.work)
            try:
                _work(scene)
                now = _counts(scene.app)
            except Exception:
                traceback.print_exc()
                ends.bricked += 1
                continue
            ends.lost += sum(max(0, count - now.get(name, 0)) for name, count in wanted.items())
            ends.double += sum(max(0, count - wanted.get(name, 0)) for name, count in now.items())
            with scene.app.app_context():
                ends.lost += not scene.kept()
            if ends.kills == kills:
                break
    return ends


def _work(scene: Scene) -> None:
    with scene.app.app_context():
        scene.work(scene.app)


def _counts(app: Flask) -> dict[str, int]:
    with app.app_context(), db.engine.connect() as connection:
        return tell(connection).counts


def _let_go(app: Flask) -> None:
    with app.app_context():
        db.session.close()
        db.engine.dispose()


def _put_back(app: Flask, kept: Path) -> None:
    _let_go(app)
    folder = Path(app.instance_path)
    for path in folder.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    shutil.copytree(kept, folder, dirs_exist_ok=True)


@contextmanager
def _publishing(size: DisasterSize) -> Iterator[Scene]:
    with town() as here:
        number = compose(here, EditingSize(people=40, times=2, groups=4))

        def publish(app: Flask) -> None:
            proposal = db.session.get_one(Proposal, number)
            if db.session.scalar(select(Plan.id).where(Plan.current)) is not None:
                return
            by = db.session.scalars(select(Staff).order_by(Staff.id)).first()
            assert by is not None
            more = {"settings": world.settings(), "vault": world.vault(), "now": world.now()}
            with transaction(db.session):
                publishing.publish(db.session, proposal, by=by, version=proposal.version, reason="gemeten", **more)  # type: ignore[arg-type]

        yield Scene("publishing", here.app, publish)


@contextmanager
def _offering(size: DisasterSize) -> Iterator[Scene]:
    """Forty places are free at once, and thirty people wait."""
    with town() as here:
        with here.app.app_context():
            project = found(db.session)
            invite(here, project, "tafels", 70)
            people = db.session.scalars(select(Signup).order_by(Signup.id)).all()
            for state, these in ((SignupState.LEFT, people[:10]), (SignupState.WAITING, people[40:])):
                for person in these:
                    person.state = state
                db.session.execute(delete(Seat).where(Seat.signup_id.in_([person.id for person in these])))
            db.session.execute(update(DueLetter).values(state=LetterState.SENT))
            db.session.commit()
        yield Scene("offering places that came free", here.app, jobs.offer_places)


@contextmanager
def _importing(size: DisasterSize) -> Iterator[Scene]:
    with town() as here:
        with here.app.app_context():
            project = found(db.session)
            series = open_series(db.session, project, "lijst", times=2, groups=8)
            by = Staff(
                organisation_id=project.organisation_id, name="Meter", email="m@meten.example", fs_uniquifier="m"
            )
            db.session.add(by)
            db.session.commit()
            desk = importing.ImportStore(Path(here.app.instance_path), world.vault(), series.id, by.id)
            lines = ["voornaam;bereik;e-mail"] + [f"Rij{n};email;rij{n}@meten.example" for n in range(size.rows)]
            sheet = importing.read("\n".join(lines).encode(), world.settings().limits)
            shown = importing.preview(db.session, series, sheet, world.settings(), world.vault(), world.now())
            token = importing.keep(desk, sheet, shown, world.now())
            numbers = (series.id, by.id)

        def add(app: Flask) -> None:
            with transaction(db.session):
                importing.add(
                    db.session,
                    db.session.get_one(Series, numbers[0]),
                    token,
                    (),
                    desk=desk,
                    by=db.session.get_one(Staff, numbers[1]),
                    now=world.now(),
                    settings=world.settings(),
                )
            desk.forget(token)

        yield Scene(f"importing {size.rows} rows", here.app, add)


@contextmanager
def _upgrading(size: DisasterSize) -> Iterator[Scene]:
    """From the first version to this one."""
    with town() as here, TemporaryDirectory() as folder:
        app = create_app(config.load(), config.secrets(here.environ), Path(folder), secure=False)
        with app.app_context():
            first_version.install(app)
            before = first_version.everything()
        yield Scene("an upgrade", app, bring_up_to_date, partial(first_version.is_kept, before))
        _let_go(app)


@dataclass
class _Storm:
    """Residents who sign up and do not give up, and a server that is killed under them."""

    here: Town
    series: CrowdSeries
    port: int
    acknowledged: set[str] = field(default_factory=set)
    given_up: Event = field(default_factory=Event)

    def start(self) -> subprocess.Popen[bytes]:
        """A server, with its processes in a group of their own."""
        words = [str(self.here.folder), str(self.port), str(self.here.folder.parent / "times.txt"), ""]
        process = subprocess.Popen(
            [sys.executable, "-m", "web.cli.measured", *words],
            cwd=ROOT,
            env=self.here.environ,
            start_new_session=True,
            stderr=subprocess.DEVNULL,
        )
        try:
            wait_for(self.port, process)
        except BaseException:
            _kill(process)
            self.given_up.set()
            raise
        return process

    def resident(self, number: int) -> None:
        """Signs up; where nobody answers, presses once more."""
        name, dice = f"Buur{number:04}", Random(number)
        browser = _Patient(self.port, f"10.2.{number // 250}.{number % 250 + 1}", given_up=self.given_up)
        link = finish(browser, fill_in(browser, self.series.address, Person(name, self.series.sessions), dice))
        if "/mijn/" in link:
            self.acknowledged.add(name)


@dataclass
class _Patient(Browser):
    """Tries again until there is an answer, as people do."""

    given_up: Event = field(default_factory=Event)

    def _ask(self, *words: Any, **more: Any) -> Answer:
        while True:
            try:
                return super()._ask(*words, **more)
            except (OSError, HTTPException):
                if self.given_up.is_set():
                    raise
                time.sleep(0.1)


def signing_up(size: DisasterSize, dice: Random) -> tuple[Ends, str]:
    """Kill the server while people sign up, take a backup in the middle, and put it back elsewhere."""
    with town() as here, TemporaryDirectory() as folder:
        (series,) = opened(here, {"samen-koken": None})
        storm, backup, elsewhere = _Storm(here, series, free_port()), Path(folder) / "backup.tar", Path(folder) / "new"
        ends, known = Ends(), set[str]()
        server = storm.start()
        try:
            with ThreadPoolExecutor(8) as pool:
                crowd = [pool.submit(storm.resident, number) for number in range(size.people)]
                while ends.kills < size.kills and not all(one.done() for one in crowd):
                    time.sleep(ALONE + dice.expovariate(1))
                    if 2 * ends.kills >= size.kills - 1 and not backup.exists():
                        known = set(storm.acknowledged)
                        run(here.environ, "backup", str(backup), "--instance", str(here.folder))
                    _kill(server)
                    ends.kills += 1
                    server = storm.start()
            if not backup.exists():
                known = set(storm.acknowledged)
                run(here.environ, "backup", str(backup), "--instance", str(here.folder))
        finally:
            storm.given_up.set()
            _kill(server)
        names = _names(here.app)
        ends.lost = len(storm.acknowledged - set(names)) + size.people - len(storm.acknowledged)
        ends.double = len(names) - len(set(names))
        told = run(here.environ, "restore", str(backup), "--instance", str(elsewhere))
        there = create_app(config.load(), config.secrets(here.environ), elsewhere, secure=False)
        missing = known - set(_names(there))
        _let_go(there)
        ends.bricked = told.returncode
        return ends, f"backup taken between two kills: {len(missing)} of {len(known)} known before it are missing in it"


def _kill(server: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(server.pid, signal.SIGKILL)
    server.wait()


def _names(app: Flask) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(Signup.name)))


def run(environ: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    """One of our commands. Raises RuntimeError if it fails."""
    done = subprocess.run([*COMMAND, *words], cwd=ROOT, env=environ, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{words[0]}: {done.stderr or done.stdout}")
    return done


def restoring(people: int) -> Iterator[Row]:
    """So many residents backed up and put back on a machine that has nothing but the keys."""
    with town() as here, TemporaryDirectory() as folder:
        with here.app.app_context():
            _grow(found(db.session), people)
        _let_go(here.app)
        backup, elsewhere = Path(folder) / "backup.tar", Path(folder) / "new"
        spent = []
        for words in (
            ("backup", str(backup), "--instance", str(here.folder)),
            ("restore", str(backup), "--instance", str(elsewhere)),
        ):
            begun = time.perf_counter()
            run(here.environ, *words)
            spent.append(time.perf_counter() - begun)
        there = create_app(config.load(), config.secrets(here.environ), elsewhere, secure=False)
        count = _counts(there)["signup"]
        _let_go(there)
        size = backup.stat().st_size / 1e6
        measured = f"{spent[1]:.1f} s, {count} there; backup {spent[0]:.1f} s, {size:.0f} MB"
        yield f"a backup of {people} residents put back, from the command to its end", measured, "<= 60 s"


SEED = 250
UNLIKE = {
    "signup": {"once": "once || '-' || :k", "code": "printf('%07d', id + :step)", "secret_hash": "secret_hash || :k"},
    "due_letter": {"key": "key || '-' || :k", "bounce": "NULL"},
    "availability": {},
    "consent": {},
}
"""How a copy of a row differs, beside its number and whose it is."""


def _grow(project: Project, people: int) -> None:
    """A few hundred who signed up, and copies of their rows: sealing fifty thousand would take many minutes."""
    series = open_series(db.session, project, "stad", times=4, groups=50)
    sign_up_all(db.session, series, residents(SEED, series.sessions), world.now(), world.vault())
    for name, unlike in UNLIKE.items():
        columns = [column.name for column in Signup.metadata.tables[name].columns]
        steps = {"id": "id + :step * 10", "signup_id": "signup_id + :step"} | (
            {"id": "id + :step"} if name == "signup" else {}
        )
        values = ", ".join({**steps, **unlike}.get(column, f'"{column}"') for column in columns)
        named = ", ".join(f'"{column}"' for column in columns)
        whose = "id" if name == "signup" else "signup_id"
        copy = text(f'INSERT INTO "{name}" ({named}) SELECT {values} FROM "{name}" WHERE {whose} <= {SEED}')
        for k in range(1, people // SEED):
            db.session.execute(copy, {"k": str(k), "step": k * SEED})
    db.session.commit()
