"""The groups editor and publishing with a full neighbourhood, through the pages of a signed-in organiser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from random import Random
from statistics import median

from flask import url_for
from flask_security import hash_password
from sqlalchemy import select

import matcher
from matcher.bench.table import Row
from web import world
from web.bench.server import Answered, Served, served
from web.bench.town import Town, found, open_series, residents, sign_up_all, town
from web.bench.visitor import Answer, Browser
from web.demo import staff
from web.rows import Facilitator, Plan, Proposal, Series, db
from web.services.groups import proposals
from web.services.groups.editor import edits
from web.services.plans.board import Board
from web.transaction import transaction

FRAGMENT = {"X-Fragment": "1"}
"""What editor.js says to get the board without the page around it."""
ADDRESS = "10.0.0.1"


@dataclass(frozen=True, slots=True)
class EditingSize:
    """So many people for so many groups, and how often somebody is moved."""

    people: int = 300
    times: int = 4
    groups: int = 11
    moves: int = 20
    iterations: int = 200_000


def cases(size: EditingSize | None = None) -> Iterator[Row]:
    """Publishing, while no rule is broken yet; then moves, and the whole page."""
    size = size or EditingSize()
    with town(demo=True) as here:
        proposal = compose(here, size)
        with served(here) as server:
            desk = _Desk(here, server, Browser(server.port, ADDRESS), proposal)
            desk.sign_in()
            yield from _measured(desk, size)


def _measured(desk: _Desk, size: EditingSize) -> Iterator[Row]:
    case = f"{size.people} people, {size.times * size.groups} groups"
    done = desk.publish()
    kept = f"{done.seconds:.2f} s, {done.commits} transaction{'s' * (done.commits != 1)}; {desk.placed()} people placed"
    yield f"publish, {case}", kept, "<= 2 s, 1 transaction"
    moves = [desk.move(Random(number)) for number in range(size.moves)]
    yield f"editor, {case}: a move and the board after it, {size.moves} times", _told(moves), "<= 300 ms"
    yield f"editor, {case}: the whole page", _told([desk.page() for _ in range(size.moves)]), "<= 300 ms"


def _told(answers: list[Answered]) -> str:
    spent, work = ([1000 * getattr(answer, name) for answer in answers] for name in ("seconds", "work"))
    return f"median {median(spent):.0f} ms, worst {max(spent):.0f} ms; at work {median(work):.0f}, {max(work):.0f} ms"


def compose(here: Town, size: EditingSize) -> int:
    """A proposal with groups in it, ready to be published; its number."""
    with here.app.app_context():
        session, now, settings, vault = db.session, world.now(), world.settings(), world.vault()
        project = found(session, demo=True)
        series = open_series(session, project, "samen-koken", times=size.times, groups=size.groups)
        session.add_all(_leaders(series, size))
        organiser = staff.ready(session, project.organisation, hashing=hash_password)[0]
        sign_up_all(session, series, residents(size.people, series.sessions), now, vault)
        with transaction(session):
            asked = proposals.ask(
                session, series, by=organiser, now=now, seed=1, seconds=1.0, config_hash=settings.sha256
            )
        solve = partial(_few, size.iterations)
        proposals.propose(
            session, asked.id, settings=settings, vault=vault, clock=world.utc_now, solve=solve, mend=matcher.repair
        )
        return asked.id


def _few(iterations: int, problem: matcher.Problem, **budget: object) -> matcher.Result:
    return matcher.match(problem, **{**budget, "seconds": None, "iterations": iterations})  # type: ignore[arg-type]


def _leaders(series: Series, size: EditingSize) -> Iterator[Facilitator]:
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


@dataclass(frozen=True, slots=True)
class _Desk:
    """The organiser at work on one proposal."""

    here: Town
    server: Served
    browser: Browser
    proposal: int

    def sign_in(self) -> None:
        """By the front door; a demo asks for no second step."""
        way = self.here.app.config["SECURITY_LOGIN_URL"]
        self.browser.get(way)
        answer = self.browser.post(way, {"email": staff.ACCOUNTS[0][0], "password": staff.PASSWORD})
        self.browser.get(answer.location)
        self.server.answers(3)

    def page(self) -> Answered:
        """The whole page."""
        return self._measured(lambda address: self.browser.get(address), "proposal", 200)

    def move(self, dice: Random) -> Answered:
        """Somebody to another table, and the board after it."""
        self.page()
        told = self._somebody(dice)
        return self._measured(lambda address: self.browser.post(address, told, headers=FRAGMENT), "move_person", 200)

    def publish(self) -> Answered:
        """With a reason, in case a rule is broken."""
        told = {"version": str(self._stored()[1]), "reden": "Om te meten."}
        return self._measured(lambda address: self.browser.post(address, told), "publish", 302)

    def _measured(self, ask: Callable[[str], Answer], endpoint: str, status: int) -> Answered:
        with self.here.app.test_request_context():
            stored = db.session.get_one(Proposal, self.proposal)
            address = url_for(f"organiser.{endpoint}", series_id=stored.series_id, id=stored.id)
        answer = ask(address)
        if answer.status != status:
            raise RuntimeError(f"{endpoint} answered {answer.status}")
        return self.server.answers(1)[-1]

    def _somebody(self, dice: Random) -> dict[str, str]:
        board, version = self._stored()
        here, there = dice.sample(board.plan().groups, 2)
        who = f"{dice.choice(here.people)}:{here.session}.{here.number}"
        return {"wie": who, "naar": f"{there.session}.{there.number}", "version": str(version)}

    def _stored(self) -> tuple[Board, int]:
        with self.here.app.app_context():
            stored = db.session.get_one(Proposal, self.proposal)
            return edits.current(db.session, stored), stored.version

    def placed(self) -> int:
        """How many people have a place in the plan that was published."""
        with self.here.app.app_context():
            plan = db.session.scalars(select(Plan).where(Plan.current)).one()
            return len({seat.signup_id for group in plan.groups for seat in group.seats})
