"""The standing cast: Amina organises, Bart signed up, Chantal leads a table, Dirk works for another municipality."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography.fernet import Fernet
from flask import Flask
from flask.testing import FlaskClient
from flask_security import hash_password
from sqlalchemy import select

import config
import matcher
from matcher.tables.hashes import format_sha256, input_sha256
from web.rows import (
    Facilitator,
    Gathering,
    Organisation,
    Plan,
    PlanGroup,
    Project,
    Proposal,
    Role,
    Round,
    Seat,
    Series,
    Signup,
    Staff,
    TimeSlot,
    Venue,
    db,
)
from web.rows.meetings import SeriesState
from web.rows.staff import ROLES, RoleName
from web.services import logins, signups
from web.services.groups import proposals
from web.services.signups import Answers, Signed
from web.transaction import transaction

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
PASSWORD = "correct paard batterij nietje"


class Clock:
    """A clock that tests set."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **step: float) -> None:
        self.now += timedelta(**step)


def secrets() -> config.Secrets:
    """Fresh keys."""
    key = lambda: Fernet.generate_key().decode()  # noqa: E731
    return config.secrets({"REBUBBELEN_KEYS": key(), "REBUBBELEN_LOOKUP_KEY": key(), "REBUBBELEN_SESSION_KEY": key()})


@dataclass
class Cast:
    """Everybody by id: rows themselves belong to one application context."""

    organisation: int
    project: int
    series: int
    sessions: list[int]
    venue: int
    amina: int
    dirk: int
    beatrix: int
    chantal: int


def perform() -> Cast:
    """Put the cast in an empty database. Needs an application context."""
    for name in ROLES:
        if not db.session.scalar(select(Role).where(Role.name == name)):
            db.session.add(Role(name=name))
    here, there = Organisation(name="Welzijn Zuid", slug="zuid"), Organisation(name="Gemeente Elders", slug="elders")
    db.session.add_all([here, there])
    db.session.flush()
    project = Project(
        organisation_id=here.id,
        name="Zuidwest",
        slug="zuidwest",
        district="Zuidwest",
        state="running",
        contact_name="Fatma",
        contact_phone="030 123 45 67",
    )
    venue = Venue(organisation_id=here.id, name="Buurthuis De Brink", address="Brink 1", access=["step_free"])
    foreign = Project(organisation_id=there.id, name="Elders", slug="elders")
    db.session.add_all([project, venue, foreign])
    db.session.flush()
    amina = staff("amina@zuid.example", "Amina", here, RoleName.ORGANISER, [project])
    dirk = staff("dirk@elders.example", "Dirk", there, RoleName.ORGANISER, [foreign])
    beatrix = staff("beatrix@zuid.example", "Beatrix", here, RoleName.ADMIN, [])
    series, sessions = series_of(project, venue)
    chantal = Facilitator(
        organisation_id=here.id,
        name="Chantal",
        contact={"email": "chantal@voorbeeld.example"},
        languages=["nl", "en"],
        skills=["dialogue"],
        max_groups=2,
        sessions=sessions,
    )
    db.session.add(chantal)
    db.session.commit()
    return Cast(
        here.id, project.id, series.id, [s.id for s in sessions], venue.id, amina.id, dirk.id, beatrix.id, chantal.id
    )


def staff(email: str, name: str, organisation: Organisation, role: str, projects: list[Project]) -> Staff:
    """An account."""
    row = Staff(
        organisation_id=organisation.id,
        email=email,
        name=name,
        password=hash_password(PASSWORD),
        fs_uniquifier=email,
        roles=[db.session.scalars(select(Role).where(Role.name == role)).one()],
        projects=projects,
    )
    db.session.add(row)
    db.session.flush()
    return row


def series_of(
    project: Project, venue: Venue, format: str = "koken", times: int = 3, slug: str = "samen-koken"
) -> tuple[Series, list[TimeSlot]]:
    """An open series on three evenings in January."""
    series = Series(
        organisation_id=project.organisation_id,
        project_id=project.id,
        title="Samen koken in de buurt",
        slug=slug,
        intro="Je kookt en eet met buurtgenoten die je nog niet kent.",
        format=format,
        state=SeriesState.OPEN,
        created_at=NOW,
    )
    owner = {"organisation_id": project.organisation_id, "project_id": project.id}
    round_ = Round(number=1, **owner)
    series.rounds.append(round_)
    for k in range(times):
        start = datetime(2027, 1, 12 + 2 * k, 17, tzinfo=UTC)
        session = TimeSlot(groups=2, venue=venue, **owner)
        session.gatherings.append(Gathering(starts=start, ends=start + timedelta(hours=2.5)))
        round_.sessions.append(session)
    db.session.add(series)
    db.session.flush()
    return series, list(round_.sessions)


def answers(cast: Cast, name: str = "Bart", **more: object) -> Answers:
    """What Bart tells: two evenings, an e-mail address, two bubbles with consent."""
    told: dict[str, object] = {
        "reach": "email",
        "email": f"{name.lower()}@voorbeeld.example",
        "sessions": frozenset(cast.sessions[:2]),
        "bubbles": {"age": ["26-40"], "household": ["alone"]},
        "consents": frozenset({"bubbles", "needs"}),
    }
    return Answers.of({"name": name, **told, **more})


def sign_up(app: Flask, cast: Cast, name: str = "Bart", *, channel: str = "web", **more: object) -> Signed:
    """Somebody signs up. Needs an application context."""
    with transaction(db.session):
        return signups.sign_up(
            db.session,
            db.session.get_one(Series, cast.series),
            answers(cast, name, **more),
            channel=channel,
            now=app.extensions["clock"](),
            once=f"{name}-{channel}-{len(more)}",
            vault=app.extensions["vault"],
        )


def name_each_other(one: Signup, other: Signup) -> None:
    """Two who want to sit together; nobody is bound by one of them. Needs an application context."""
    one.buddy_id, other.buddy_id = other.id, one.id
    db.session.commit()


def plan_of(cast: Cast, tables: dict[tuple[int, int], list[int]], leader: int | None = None) -> Plan:
    """A published plan: (session, number) -> sign-ups. Needs an application context."""
    plan = Plan(
        organisation_id=cast.organisation,
        project_id=cast.project,
        series_id=cast.series,
        published_at=NOW,
        seed=1,
        input_hash="",
        config_hash="",
    )
    for (session, number), people in tables.items():
        group = PlanGroup(session_id=session, number=number, language="nl", facilitator_id=leader)
        group.seats = [Seat(signup_id=id) for id in people]
        plan.groups.append(group)
    db.session.add(plan)
    db.session.commit()
    return plan


def propose(app: Flask, cast: Cast, *, base: Proposal | None = None, by: int | None = None) -> Proposal:
    """A proposal, asked for by Amina and composed on the spot with few iterations. Needs an application context."""
    settings, clock = app.extensions["settings"], app.extensions["clock"]
    with transaction(db.session):
        proposal = proposals.ask(
            db.session,
            db.session.get_one(Series, cast.series),
            by=db.session.get_one(Staff, by or cast.amina),
            now=clock(),
            seed=1,
            seconds=1.0,
            config_hash=settings.sha256,
            base=base,
        )
    proposals.propose(
        db.session,
        proposal.id,
        settings=settings,
        vault=app.extensions["vault"],
        clock=clock,
        solve=_few(matcher.match),
        mend=_few(matcher.repair),
    )
    return proposal


_FOUND: dict[tuple[object, ...], matcher.Result] = {}
"""The same problem, seed and iterations give the same plan, by the engine's own tests: it is sought once in a run."""


def _few(verb: proposals.Solve) -> proposals.Solve:
    def solve(problem: matcher.Problem, *told: object, **budget: object) -> matcher.Result:
        asked = verb, input_sha256(problem), format_sha256(problem.format), repr(told), budget["seed"]
        if asked not in _FOUND:
            _FOUND[asked] = verb(problem, *told, **{**budget, "seconds": None, "iterations": 20_000})
        return _FOUND[asked]

    return solve


def neighbourhood(app: Flask, cast: Cast, count: int = 12) -> list[Signed]:
    """People with skewed answers who can come on two or three evenings. Needs an application context."""
    dice = random.Random(count)
    found = []
    for i in range(count):
        told = {
            "bubbles": {"age": [dice.choice(["26-40", "26-40", "41-60", "61-75"])], "household": ["alone"]},
            "sessions": frozenset(dice.sample(cast.sessions, dice.choice([2, 3]))),
        }
        found.append(sign_up(app, cast, f"Mens{i:03}", **told))
    return found


def log_in(client: FlaskClient, staff_id: int, device: str = "/") -> FlaskClient:
    """Sign an account in without its password and code; the accounts' own tests use the front door.

    Its hours count from the first request: the clock of a test may go on before that.
    """
    app, plain = client.application, client.open
    with app.app_context():
        account = db.session.get_one(Staff, staff_id)
        uniquifier, login = account.fs_uniquifier, logins.begin(db.session, account, device, app.extensions["clock"]())
        db.session.commit()
    with client.session_transaction() as session:
        session["login"] = login
        session["_user_id"] = uniquifier
        session["_fresh"] = True
        session["fs_cc"] = "set"
        session["fs_paa"] = NOW.timestamp()
        session["identity.id"] = uniquifier

    def first(*told: object, **more: object) -> object:
        client.open = plain  # type: ignore[method-assign]
        with app.app_context():
            row, now = logins.find(db.session, login), app.extensions["clock"]()
            if row:
                row.started_at, row.used_at, row.ends_at = now, now, now + logins.LENGTH
                db.session.commit()
        return plain(*told, **more)

    client.open = first  # type: ignore[assignment, method-assign]
    return client
