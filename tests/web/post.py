"""A published evening with somebody for every way to be reached, and their letters still to be brought."""

from __future__ import annotations

from datetime import datetime

from flask import Flask

from tests.web import cast as casting
from tests.web.cast import NOW, Cast
from web.jobs import worldly
from web.rows import DueLetter, Invitation, Offer, Reply, Series, Signup, db
from web.services.invitations import reconciling
from web.services.outbox.context import Worldly

WAYS = {
    "Bart": {},
    "Els": {"reach": "text", "email": None, "phone": "+31611111111"},
    "Fatma": {"reach": "call", "email": None, "phone": "+31622222222"},
    "Gijs": {"reach": "letter", "email": None, "via": "De Brink"},
    "Henk": {"reach": "via", "email": None, "via": "Ria van de balie"},
}


def delivered(app: Flask, cast: Cast, evenings: int = 1) -> dict[str, int]:
    """Everybody at table 1 of these evenings, invited; sign-ups by name. Needs an application context."""
    people = {name: casting.sign_up(app, cast, name, **more).signup.id for name, more in WAYS.items()}
    casting.plan_of(cast, {(evening, 1): list(people.values()) for evening in cast.sessions[:evenings]})
    told(app, cast)
    return people


def told(app: Flask, cast: Cast) -> None:
    """Write what everybody has to hear."""
    reconciling.reconcile(db.session, db.session.get_one(Series, cast.series), app.extensions["clock"]())
    db.session.commit()


def world_of(app: Flask) -> Worldly:
    """What letters need to know."""
    return worldly(app)


def letters_of(signup: int, kind: str = "", state: str = "") -> list[DueLetter]:
    """The letters of somebody, in order."""
    found = db.session.query(DueLetter).filter_by(signup_id=signup).order_by(DueLetter.id).all()
    return [row for row in found if kind in ("", row.kind) and state in ("", row.state)]


def offered(app: Flask, cast: Cast, name: str, until: datetime, **more: object) -> Offer:
    """A place at table 1 of the first evening, offered to somebody who waits, with its letter."""
    signup = casting.sign_up(app, cast, name, **more).signup
    owner = {"organisation_id": cast.organisation, "project_id": cast.project, "series_id": cast.series}
    offer = Offer(
        **owner,
        session_id=cast.sessions[0],
        number=1,
        signup_id=signup.id,
        party=name,
        token=name,
        token_hash=name,
        made_at=app.extensions["clock"](),
        until=until,
    )
    letter = DueLetter(
        **owner,
        signup_id=signup.id,
        kind="offer",
        key=f"offer:{name}",
        channel=signup.reached_by,
        due_at=app.extensions["clock"](),
        offer=offer,
    )
    db.session.add_all([offer, letter])
    db.session.commit()
    return offer


def replied(invitation: Invitation | None, words: str, owner: Signup, key: str = "a", **more: object) -> Reply:
    """A mail that waits for a person."""
    content = {"sender": "Bart <bart@voorbeeld.example>", "subject": "Re: Je hebt een plek", "words": words}
    told: dict[str, object] = {
        "organisation_id": owner.organisation_id,
        "project_id": owner.project_id,
        "signup_id": owner.id,
        "invitation": invitation,
        "content": content,
    }
    reply = Reply(**{**told, "key": key, "at": NOW, "outcome": "review", **more})
    db.session.add(reply)
    db.session.commit()
    return reply
