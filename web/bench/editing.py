"""The groups editor and publishing with a full neighbourhood, through the pages of a signed-in organiser."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from random import Random
from statistics import median

from flask import Flask, url_for
from flask.testing import FlaskClient
from flask_security import hash_password
from sqlalchemy import event, select
from werkzeug.test import TestResponse

import matcher
from matcher.bench.table import Row
from web import world
from web.bench.town import Town, found, open_series, residents, sign_up_all, town
from web.bench.visitor import TOKEN
from web.rows import Facilitator, Plan, Proposal, Series, db
from web.services import matching, staffing

WAYS = {"X-Fragment": "1"}
"""What editor.js says to get the board without the page around it."""


@dataclass(frozen=True, slots=True)
class Size:
    """So many people for so many groups, and how often somebody is moved."""

    people: int = 300
    times: int = 11
    groups: int = 4
    moves: int = 20
    iterations: int = 200_000


def cases(size: Size | None = None) -> Iterator[Row]:
    """Publishing, while no rule is broken yet; then moves, and the whole page."""
    size = size or Size()
    with town(demo=True) as here:
        proposal = _compose(here, size)
        desk = _Desk(here.app, proposal)
        desk.sign_in()
        case = f"{size.people} people, {size.times * size.groups} groups"
        yield f"publish, {case}", desk.publish(), "<= 2 s, 1 transaction"
        spent = [desk.move(Random(k)) for k in range(size.moves)]
        yield f"editor, {case}: a move and the board after it, {size.moves} times", _told(spent), "<= 300 ms"
        pages = [desk.page() for _ in range(3)]
        yield f"editor, {case}: the whole page", _told(pages), ""


def _told(seconds: list[float]) -> str:
    return f"median {1000 * median(seconds):.0f} ms, worst {1000 * max(seconds):.0f} ms"


def _compose(here: Town, size: Size) -> int:
    settings, vault = world_of(here.app)
    with here.app.app_context():
        session, now = db.session, world.now()
        project = found(session, demo=True)
        series = open_series(session, project, "samen-koken", times=size.times, groups=size.groups)
        session.add_all(_leaders(series, size))
        organiser = staffing.demo_accounts(session, project.organisation, hashing=hash_password)[0]
        sign_up_all(session, series, residents(size.people, series.sessions), now, vault)
        asked = matching.ask(session, series, by=organiser, now=now, seed=1, seconds=1.0, config_hash=settings.sha256)
        solve = partial(_few, size.iterations)
        matching.propose(
            session, asked.id, settings=settings, vault=vault, clock=world.utc_now, solve=solve, mend=matcher.repair
        )
        return asked.id


def world_of(app: Flask):  # type: ignore[no-untyped-def]
    with app.app_context():
        return world.settings(), world.vault()


def _few(iterations: int, problem: matcher.Problem, **budget: object) -> matcher.Result:
    return matcher.match(problem, **{**budget, "seconds": None, "iterations": iterations})  # type: ignore[arg-type]


def _leaders(series: Series, size: Size) -> Iterator[Facilitator]:
    """One for every two groups, each able to come every other time."""
    for number in range(size.times * size.groups // 2):
        leader = Facilitator(
            organisation_id=series.organisation_id,
            name=f"Leider {number}",
            contact={"email": f"leider{number}@meten.example"},
            languages=["nl", "en"],
        )
        leader.sessions = series.sessions[number % 2 :: 2]
        yield leader


@dataclass
class _Desk:
    """The organiser at work on one proposal."""

    app: Flask
    proposal: int
    client: FlaskClient = field(init=False)
    token: str = ""

    def __post_init__(self) -> None:
        self.client = self.app.test_client()

    def sign_in(self) -> None:
        """By the front door; a demo asks for no second step."""
        way = self.app.config["SECURITY_LOGIN_URL"]
        self._look(self.client.get(way))
        told = {"email": staffing.DEMO_ACCOUNTS[0][0], "password": staffing.DEMO_PASSWORD, "csrf_token": self.token}
        self._look(self.client.post(way, data=told, follow_redirects=True))

    def _look(self, answer: TestResponse) -> TestResponse:
        if answer.status_code != 200:
            raise RuntimeError(f"{answer.request.path} answered {answer.status}")
        if found := TOKEN.search(answer.text):
            self.token = found[1]
        return answer

    def _address(self, endpoint: str) -> str:
        with self.app.test_request_context():
            stored = db.session.get_one(Proposal, self.proposal)
            return url_for(f"organiser.{endpoint}", series_id=stored.series_id, id=stored.id)

    def move(self, dice: Random) -> float:
        """Somebody to another table; the seconds until the board is there again."""
        address, fields = self._address("move_person"), self._somebody(dice)
        self.page()
        begun = time.perf_counter()
        answer = self.client.post(address, data={**fields, "csrf_token": self.token}, headers=WAYS)
        spent = time.perf_counter() - begun
        self._look(answer)
        return spent

    def _somebody(self, dice: Random) -> dict[str, object]:
        with self.app.app_context():
            stored = db.session.get_one(Proposal, self.proposal)
            groups = matching.board_of(stored).plan().groups
            here, there = dice.sample(groups, 2)
            who = f"{dice.choice(here.people)}:{here.session}.{here.number}"
            return {"wie": who, "naar": f"{there.session}.{there.number}", "version": stored.version}

    def page(self) -> float:
        """The whole page; the seconds until it is there."""
        address = self._address("proposal")
        begun = time.perf_counter()
        answer = self.client.get(address)
        spent = time.perf_counter() - begun
        self._look(answer)
        return spent

    def publish(self) -> str:
        """The seconds it takes and the transactions it needs."""
        with self.app.app_context():
            version = db.session.get_one(Proposal, self.proposal).version
        told = {"version": version, "reden": "Om te meten.", "csrf_token": self.token}
        address = self._address("publish")
        with self._commits() as commits:
            begun = time.perf_counter()
            answer = self.client.post(address, data=told)
            spent = time.perf_counter() - begun
        if answer.status_code != 302:
            raise RuntimeError(f"publishing answered {answer.status}")
        return f"{spent:.2f} s, {len(commits)} transaction{'s' * (len(commits) != 1)}; {self._seats()} people placed"

    @contextmanager
    def _commits(self) -> Iterator[list[object]]:
        with self.app.app_context():
            engine, seen = db.engine, []
        # One function: every look at `seen.append` makes a new one, and only the same can be taken off again.
        keep = seen.append
        event.listen(engine, "commit", keep)
        try:
            yield seen
        finally:
            event.remove(engine, "commit", keep)

    def _seats(self) -> int:
        with self.app.app_context():
            plan = db.session.scalars(select(Plan).where(Plan.current)).one()
            return len({seat.signup_id for group in plan.groups for seat in group.seats})
