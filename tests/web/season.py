"""A season halfway, with something in every room: thirty sign-ups, edited groups, a plan, and Dirk's own town."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import Flask

from tests.web import cast as casting
from tests.web import evening as evenings
from tests.web import post
from tests.web.cast import Cast
from web.crypto import hashed
from web.jobs import send_due
from web.rows import (
    DueLetter,
    Facilitator,
    Gathering,
    Invitation,
    KeyContact,
    Offer,
    Organisation,
    Project,
    Proposal,
    Reply,
    Signup,
    Staff,
    Step,
    TimeSlot,
    Venue,
    db,
)
from web.rows.invitations import OfferState
from web.rows.staff import RoleName
from web.services.facilitators import access
from web.services.groups import publishing
from web.services.groups.editor import edits
from web.services.groups.editor.edits import Editing
from web.services.invitations.feeds import feeding
from web.services.invitations.rsvp import feedback
from web.services.text.tokens import new_token
from web.transaction import transaction

HERE, THERE = "Zwaluwnest", "Ijsvogelplein"
"""In every name of the one municipality, and of the other: they never meet on a page."""


@dataclass
class Season:
    """What there is, by id; the secrets of a resident of each municipality, and a facilitator's link with its PIN.

    `links` are the secrets of other pages of ours, by the argument of their route; `feed` is that of a calendar.
    """

    ours: dict[str, list[int]]
    theirs: dict[str, list[int]]
    secret: str
    foreign_secret: str
    door: tuple[str, str]
    coordinator: int
    links: dict[str, str]


def perform(app: Flask, cast: Cast, people: int = 30) -> Season:
    """Let it happen, all through the services; it is an hour before the first evening when this returns."""
    with app.app_context():
        secret = _residents(app, cast, people)
        proposal = _published(app, cast, casting.propose(app, cast))
        coordinator = _marked(cast)
        _wrote(cast.organisation, HERE)
        foreign, foreign_secret = _elsewhere(app, cast)
        send_due(app)
        ours = _ids(cast.organisation) | {"session_id": cast.sessions, "id": [proposal.id]}
        clock = app.extensions["clock"]
        clock.now = db.session.get_one(TimeSlot, cast.sessions[0]).starts
        clock.forward(hours=-1)
        door = evenings.opened(app, cast.chantal, cast.sessions[0])
        links = _links(app, cast)
        db.session.remove()
        return Season(ours, foreign, secret, foreign_secret, door, coordinator, links)


def _links(app: Flask, cast: Cast) -> dict[str, str]:
    """The first invitation, how the first date was, what Chantal follows, and a place that was offered."""
    invitation = db.session.query(Invitation).order_by(Invitation.id).first()
    gathering = db.session.query(Gathering).order_by(Gathering.starts).first()
    chantal = db.session.get_one(Facilitator, cast.chantal)
    with transaction(db.session):
        return {
            "token": invitation.token,
            "key": feedback.key_of(gathering, app.extensions["vault"]),
            "feed": feeding.renew(db.session, chantal, app.extensions["clock"]()).secret,
            "offered": _offer(invitation, app.extensions["clock"]()),
        }


def _offer(invitation: Invitation, now: datetime) -> str:
    """A place that was offered once, and is no more."""
    token, here = new_token(), invitation.gathering.session_id
    owner = {"organisation_id": invitation.organisation_id, "project_id": invitation.project_id}
    row = Offer(series_id=invitation.series_id, session_id=here, signup_id=invitation.signup_id, number=1, **owner)
    row.token, row.token_hash, row.party = token, hashed(token), token
    row.made_at, row.until, row.ended_at, row.state = now, now, now, OfferState.EXPIRED
    db.session.add(row)
    db.session.commit()
    return token


def _residents(app: Flask, cast: Cast, people: int) -> str:
    asked = {"needs": ("step_free",), "note": f"{HERE} nota", "buddy": f"{HERE} maatje"}
    first = casting.sign_up(app, cast, f"{HERE}1", **asked)
    casting.sign_up(app, cast, f"{HERE}2", reach="text", phone="+31612345678", email=None)
    casting.sign_up(app, cast, f"{HERE}3", reach="via", via=f"{HERE} balie", email=None)
    casting.neighbourhood(app, cast, people - 3)
    return first.secret


def _published(app: Flask, cast: Cast, proposal: Proposal) -> Proposal:
    """With a leader chosen, a lock and an undone move; then the plan."""
    group = next(g for g in edits.current(db.session, proposal).groups if g.people)
    place = (group.session, group.number)
    with transaction(db.session):
        edits.lead(db.session, proposal, _hand(app, cast, proposal), place, str(cast.chantal))
    with transaction(db.session):
        edits.lock(db.session, proposal, _hand(app, cast, proposal), group.people[0], place, True)
    with transaction(db.session):
        edits.move(db.session, proposal, _hand(app, cast, proposal), group.people[1], place, None)
    with transaction(db.session):
        edits.undo(db.session, proposal, _hand(app, cast, proposal))
    with transaction(db.session):
        publishing.publish(
            db.session,
            proposal,
            by=db.session.get_one(Staff, cast.amina),
            now=app.extensions["clock"](),
            version=proposal.version,
            reason="zo is het goed",
            settings=app.extensions["settings"],
            vault=app.extensions["vault"],
        )
    assert db.session.query(Step).count() == 4
    return proposal


def _hand(app: Flask, cast: Cast, proposal: Proposal) -> Editing:
    db.session.refresh(proposal)
    return Editing(db.session.get_one(Staff, cast.amina), proposal.version, app.extensions["clock"]())


def _marked(cast: Cast) -> int:
    """Our names with our mark in them, a key contact, and somebody who coordinates facilitators."""
    project = db.session.get_one(Project, cast.project)
    project.name, project.sees_bubbles = f"Zuidwest {HERE}", True
    db.session.get_one(Venue, cast.venue).name = f"Buurthuis {HERE}"
    chantal = db.session.get_one(Facilitator, cast.chantal)
    chantal.name, chantal.sessions = f"Chantal {HERE}", db.session.query(TimeSlot).all()
    owner = {"organisation_id": cast.organisation, "project_id": cast.project}
    db.session.add(KeyContact(name=f"Sleutel {HERE}", code="ABCDE", **owner))
    here = db.session.get_one(Organisation, cast.organisation)
    coordinator = casting.staff("cor@zuid.example", f"Coor {HERE}", here, RoleName.COORDINATOR, [project])
    db.session.commit()
    return coordinator.id


def _elsewhere(app: Flask, cast: Cast) -> tuple[dict[str, list[int]], str]:
    """The same for Dirk, with a proposal that only just was asked for."""
    dirk = db.session.get_one(Staff, cast.dirk)
    project = dirk.projects[0]
    project.name, dirk.organisation.name = f"Elders {THERE}", f"Gemeente {THERE}"
    owner = {"organisation_id": dirk.organisation_id}
    venue = Venue(name=f"Zaal {THERE}", **owner)
    db.session.add_all([venue, KeyContact(name=f"Sleutel {THERE}", code="FGHIJ", project_id=project.id, **owner)])
    series, sessions = casting.series_of(project, venue, slug="elders-koken")
    series.title = f"Koken {THERE}"
    leader = Facilitator(name=f"Leider {THERE}", contact={"email": "x@elders.example"}, sessions=sessions, **owner)
    db.session.add(leader)
    db.session.commit()
    there = Cast(dirk.organisation_id, project.id, series.id, [s.id for s in sessions], venue.id, *[dirk.id] * 4)
    signed = casting.sign_up(app, there, f"Buur{THERE}", note=f"{THERE} nota")
    _wrote(dirk.organisation_id, THERE)
    _other_proposal(app, there, dirk)
    access.open_door(
        db.session, leader, sessions[0], app.extensions["clock"](), app.extensions["settings"], app.extensions["vault"]
    )
    db.session.commit()
    return _ids(dirk.organisation_id), signed.secret


def _wrote(organisation: int, mark: str) -> None:
    """A mail that somebody has to read."""
    signup = db.session.query(Signup).filter_by(organisation_id=organisation).first()
    invitation = db.session.query(Invitation).filter_by(signup_id=signup.id).first()
    post.replied(invitation, f"{mark} woorden", signup, key=mark)


def _other_proposal(app: Flask, there: Cast, dirk: Staff) -> None:
    casting.proposals.ask(
        db.session,
        db.session.get_one(casting.Series, there.series),
        by=dirk,
        now=app.extensions["clock"](),
        seed=1,
        seconds=1.0,
        config_hash="",
    )


KINDS = {
    "series_id": casting.Series,
    "session_id": TimeSlot,
    "signup_id": Signup,
    "letter_id": DueLetter,
    "reply_id": Reply,
    "venue_id": Venue,
    "facilitator_id": Facilitator,
    "id": Proposal,
    "project_id": Project,
    "account": Staff,
}
"""The argument of a route -> the rows it means; `account` is `id` in the administrator's room."""


def _ids(organisation: int) -> dict[str, list[int]]:
    found = {}
    for name, model in KINDS.items():
        rows = db.session.query(model).filter_by(organisation_id=organisation).order_by(model.id)
        found[name] = [row.id for row in rows]
    return found
