"""An evening with a published plan: Chantal leads table 1, Cor leads table 2, and doors to both."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask
from flask.testing import FlaskClient

from tests.web import cast as casting
from tests.web.cast import Cast
from web.rows import Facilitator, TimeSlot, db
from web.services.facilitators import access


@dataclass
class Evening:
    """Who sits where, by id; secret and PIN of each facilitator."""

    session: int
    cor: int
    seated: dict[str, int]
    chantal_door: tuple[str, str]
    cor_door: tuple[str, str]


def table(app: Flask, cast: Cast, names: str, **more: object) -> dict[str, int]:
    """Sign-ups by name."""
    return {name: casting.sign_up(app, cast, name, **more).signup.id for name in names.split()}


def opened(app: Flask, facilitator: int, session: int) -> tuple[str, str]:
    """A new door. Needs an application context."""
    world = app.extensions
    who, where = db.session.get_one(Facilitator, facilitator), db.session.get_one(TimeSlot, session)
    door = access.open_door(db.session, who, where, world["clock"](), world["settings"], world["vault"])
    db.session.commit()
    return door


def perform(app: Flask, cast: Cast) -> Evening:
    """Six people at two tables; it is an hour before the first evening."""
    with app.app_context():
        session = cast.sessions[0]
        owner = db.session.get_one(Facilitator, cast.chantal).organisation_id
        cor = Facilitator(organisation_id=owner, name="Cor", contact={"phone": "+31612345678"})
        db.session.add(cor)
        db.session.commit()
        ours = table(app, cast, "Bart Els Fatma", needs=("step_free",), note="Graag bij de deur", interests=("muziek",))
        theirs = table(app, cast, "Gijs Henk Noor", phone="+31687654321", reach="text", email=None)
        tables = {(session, 1): list(ours.values()), (session, 2): list(theirs.values())}
        plan = casting.plan_of(cast, tables, leader=cast.chantal)
        plan.groups[1].facilitator_id = cor.id
        db.session.commit()
        start = db.session.get_one(TimeSlot, session).starts
        app.extensions["clock"].now = start
        app.extensions["clock"].forward(hours=-1)
        return Evening(session, cor.id, ours | theirs, opened(app, cast.chantal, session), opened(app, cor.id, session))


def come_in(client: FlaskClient, door: tuple[str, str]) -> FlaskClient:
    """Type the PIN."""
    answer = client.post(f"/tafel/{door[0]}/", data={"pin": door[1]})
    assert answer.status_code == 302
    return client


def other(pin: str) -> str:
    """A PIN that is wrong."""
    return f"{(int(pin) + 1) % 10**6:06}"
