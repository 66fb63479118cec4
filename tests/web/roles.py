"""Everybody who may stand before a route, as a client with the addresses that they would type."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask
from flask.testing import FlaskClient

from tests.web import cast as casting
from tests.web import evening
from tests.web.cast import Cast
from tests.web.season import HERE, THERE, Season
from web.rows import Facilitator, Organisation, Project, Staff, db
from web.rows.staff import RoleName

ROLES = (
    "visitor",
    "resident",
    "neighbour",
    "leader",
    "other leader",
    "organiser",
    "second project",
    "coordinator",
    "admin",
    "second admin",
    "foreign organiser",
    "foreign admin",
)
"""Nobody signed in; a resident with the own link, and one of elsewhere with theirs; a facilitator with the PIN, and one
who came in at another link; then staff: of the project, of a second project, and of the other organisation."""
STAFF = ROLES[5:]


@dataclass(frozen=True)
class Second:
    """What these tests add to a season, by id."""

    project: int
    organiser: int
    admin: int
    foreign_admin: int
    leader_door: tuple[str, str]


def add(app: Flask, cast: Cast) -> Second:
    """A second project with its organiser, a second administrator, one elsewhere, and a second facilitator."""
    with app.app_context():
        here = db.session.get_one(Organisation, cast.organisation)
        there = db.session.get_one(Organisation, db.session.get_one(Staff, cast.dirk).organisation_id)
        project = Project(organisation_id=here.id, name="Noord", slug="noord")
        leader = Facilitator(organisation_id=here.id, name="Leider", contact={"email": "leider@zuid.example"})
        db.session.add_all([project, leader])
        db.session.flush()
        organiser = casting.staff("karin@zuid.example", "Karin", here, RoleName.ORGANISER, [project])
        admin = casting.staff("bob@zuid.example", "Bob", here, RoleName.ADMIN, [])
        foreign = casting.staff("eva@elders.example", "Eva", there, RoleName.ADMIN, [])
        db.session.commit()
        door = evening.opened(app, leader.id, cast.sessions[0])
        made = Second(project.id, organiser.id, admin.id, foreign.id, door)
        db.session.remove()
        return made


def callers(app: Flask, cast: Cast, season: Season, second: Second) -> dict[str, FlaskClient]:
    """A client for each role; who has only a link has no session."""
    accounts = {
        "organiser": cast.amina,
        "second project": second.organiser,
        "coordinator": season.coordinator,
        "admin": cast.beatrix,
        "second admin": second.admin,
        "foreign organiser": cast.dirk,
        "foreign admin": second.foreign_admin,
    }
    signed = {name: casting.log_in(app.test_client(), id) for name, id in accounts.items()}
    inside = {
        "leader": evening.come_in(app.test_client(), season.door),
        "other leader": evening.come_in(app.test_client(), second.leader_door),
    }
    return {name: signed.get(name) or inside.get(name) or app.test_client() for name in ROLES}


def never(role: str) -> tuple[bytes, ...]:
    """What may stand in no answer to a role, whatever they ask of our project: people of ours, or of the others."""
    people = (f"{HERE}1".encode(), f"{HERE} nota".encode(), f"{HERE} maatje".encode(), b"Mens0")
    return {
        "visitor": (*people, THERE.encode()),
        "resident": (f"{HERE}2".encode(), f"{HERE}3".encode(), b"Mens0"),
        "neighbour": (*people, HERE.encode()),
        "leader": (b"mens0", f"{HERE.lower()}1@".encode(), THERE.encode()),
        "other leader": people,
        "organiser": (THERE.encode(),),
        "second project": (*people, THERE.encode()),
        "coordinator": (*people, THERE.encode()),
        "admin": (THERE.encode(),),
        "second admin": (THERE.encode(),),
        "foreign organiser": (*people, HERE.encode()),
        "foreign admin": (*people, HERE.encode()),
    }[role]
