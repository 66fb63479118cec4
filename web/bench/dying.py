"""A worker that is killed again and again while it sends: whether every letter still arrives, and once."""

from __future__ import annotations

import os
import signal
import smtplib
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from importlib.util import find_spec
from random import Random

from flask import Flask
from sqlalchemy import func, select

from matcher.bench.table import Row
from web import jobs, world
from web.bench.letterbox import Letterbox
from web.bench.posting import MISSING, invite, post_office
from web.bench.server import HOST
from web.bench.town import Town, found, town
from web.rows import DueLetter, Project, db
from web.rows.messages import LetterState
from web.services.outbox.delivery import DOUBT

Work = Callable[[Flask], object]
LIFE = 0.1
"""Seconds that a worker lives, on average."""


@dataclass(frozen=True, slots=True)
class KillingSize:
    """So many kills, over as many rounds of so many people as that takes; each person gets two letters."""

    kills: int = 200
    people: int = 20


@dataclass
class Ends:
    """How letters ended."""

    letters: int = 0
    lost: int = 0
    double: int = 0
    disordered: int = 0
    doubtful: int = 0
    arrived: int = 0
    by_owner: dict[int | None, list[int]] = field(default_factory=dict)

    def add(self, letters: Sequence[DueLetter], taken: Sequence[str]) -> None:
        """Hold what is stored of some letters, in order, against what the server took."""
        for letter in letters:
            at = [place for place, number in enumerate(taken) if number == number_of(letter)]
            self.letters += 1
            self.double += len(at) > 1
            self.lost += letter.state not in (LetterState.SENT, LetterState.UNSURE) or (
                letter.state == LetterState.SENT and not at
            )
            self.doubtful += letter.state == LetterState.UNSURE
            self.arrived += letter.state == LetterState.UNSURE and bool(at)
            self.by_owner.setdefault(letter.signup_id, []).extend(at[:1])
        self.disordered += sum(places != sorted(places) for places in self.by_owner.values())
        self.by_owner.clear()

    def __str__(self) -> str:
        return (
            f"{self.lost} lost, {self.double} double, {self.disordered} out of order; "
            f"{self.doubtful} in doubt and reported, {self.arrived} of them arrived"
        )


def cases(size: KillingSize | None = None) -> Iterator[Row]:
    """Rounds until there were enough kills."""
    size = size or KillingSize()
    target = "0 lost, 0 double over >= 200 kills"
    if find_spec("aiosmtpd") is None:
        yield "letters by a worker that is killed", MISSING, target
        return
    with town() as here, post_office(here) as box:
        ends, kills, dice = Ends(), 0, Random(1)
        with here.app.app_context():
            project = found(db.session)
            db.session.commit()
            id = project.id
        while kills < size.kills:
            kills += _round(here, box, id, size.people, dice, ends)
    yield f"{ends.letters} letters by a worker that is killed {kills} times (kill -9, at random)", str(ends), target


def _round(here: Town, box: Letterbox, project: int, people: int, dice: Random, ends: Ends) -> int:
    """Some letters, until nobody has to send any; how many workers that cost."""
    with here.app.app_context():
        first = db.session.scalar(select(func.max(DueLetter.id))) or 0
        invite(here, db.session.get_one(Project, project), f"ronde-{first}", people, welcome=True)
    killed = 0
    while _left(here.app):
        killed += killed_after(here.app, dice.expovariate(1 / LIFE))
        _forward(here.app, DOUBT + timedelta(seconds=1))
    _quiet(box)
    with here.app.app_context():
        letters = db.session.scalars(select(DueLetter).where(DueLetter.id > first).order_by(DueLetter.id)).all()
        ends.add(letters, box.numbers())
    return killed


def killed_after(app: Flask, seconds: float, work: Work = jobs.send_due) -> bool:
    """A worker that begins now and is killed so much later; False if it was ready before. Raises RuntimeError."""
    with app.app_context():
        # Connections must not be shared with a child.
        db.session.close()
        db.engine.dispose()
    child = os.fork()
    if child == 0:
        _live(app, work)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if os.WIFEXITED(status) and os.WEXITSTATUS(status):
        raise RuntimeError("the worker failed by itself")
    return os.WIFSIGNALED(status)


def _live(app: Flask, work: Work) -> None:
    """The whole life of a worker; never returns."""
    try:
        with app.app_context():
            work(app)
        os._exit(0)
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(1)


def _left(app: Flask) -> bool:
    with app.app_context():
        waiting = (
            select(func.count())
            .select_from(DueLetter)
            .where(DueLetter.state.in_((LetterState.DUE, LetterState.SENDING)))
        )
        return bool(db.session.scalar(waiting))


def _forward(app: Flask, step: timedelta) -> None:
    """So much later on the clock of the town: who starts now finds what the dead left behind."""
    before = app.extensions[world.CLOCK]
    app.extensions[world.CLOCK] = lambda: before() + step


def _quiet(box: Letterbox) -> None:
    """Until the server has read what the dead still sent: whoever is answered now came after them."""
    with smtplib.SMTP(HOST, box.port) as last:
        last.noop()


def number_of(letter: DueLetter) -> str:
    """What a letter has in common with its mail."""
    return sha256(letter.key.encode()).hexdigest()[:32]
