"""A small invented neighbourhood on a fresh instance, made through the services: something to see on every page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flask import Flask
from sqlalchemy import select

from tests.web import cast as casting
from tests.web.cast import Cast
from web.crypto import hashed
from web.rows import (
    DueLetter,
    Gathering,
    Invitation,
    KeyContact,
    Offer,
    Project,
    Proposal,
    Series,
    Signup,
    Staff,
    Venue,
    db,
)
from web.rows.groups import ProposalState
from web.rows.meetings import SeriesState
from web.services import signups
from web.services.groups import publishing
from web.services.groups.editor import edits
from web.services.groups.editor.edits import Editing
from web.services.invitations.rsvp import feedback
from web.services.text.tokens import new_token
from web.transaction import transaction

PEOPLE = 18


@dataclass(frozen=True)
class Neighbourhood:
    """Who and what there is, by id (`busy` and `failed`: series and proposal); secrets of personal links; a PIN.

    `invited` stands in the address of an invitation, `offered` in that of a free place, `asked` in how a meeting was.
    """

    cast: Cast
    proposals: tuple[int, int]
    busy: tuple[int, int]
    failed: tuple[int, int]
    full: int
    closed: int
    signup: int
    seated: str
    waiting: str
    left: str
    late: str
    invited: str
    offered: str
    asked: str
    over: int
    door: tuple[str, str]


def build(app: Flask) -> Neighbourhood:
    """Fill an empty database. All is tomorrow, by the real clock of the server, so that facilitators can come in."""
    with app.app_context():
        cast = casting.perform()
        _from_tomorrow(cast)
        _extras(cast)
        people = casting.neighbourhood(app, cast, PEOPLE)
        proposals = casting.propose(app, cast), casting.propose(app, cast)
        door = _publish(app, cast, proposals[0])
        busy, failed = _unready(cast, ProposalState.WORKING), _unready(cast, ProposalState.FAILED)
        waiting, full = _full(app, cast)
        left = casting.sign_up(app, cast, "Wilma")
        with transaction(db.session):
            signups.leave(db.session, left.signup, now=app.extensions["clock"]())
        late = casting.sign_up(app, cast, "Zoë")
        found = Neighbourhood(
            cast=cast,
            proposals=(proposals[0].id, proposals[1].id),
            busy=busy,
            failed=failed,
            full=full,
            closed=_another(cast, "Wandelen langs de vaart", "wandelen", SeriesState.CLOSED).id,
            signup=people[0].signup.id,
            seated=people[0].secret,
            waiting=waiting,
            left=left.secret,
            late=late.secret,
            invited=db.session.scalars(select(Invitation).order_by(Invitation.id)).first().token,
            offered=_offered(cast, late.signup),
            asked=_asked(app, cast),
            over=db.session.scalars(select(Series.id).where(Series.slug == "koffie")).one(),
            door=door,
        )
        db.session.remove()
        db.engine.dispose()
        return found


def _offered(cast: Cast, signup: Signup) -> str:
    """A place that somebody may take until tomorrow."""
    token, now = new_token(), datetime.now(UTC)
    owner = {"organisation_id": cast.organisation, "project_id": cast.project, "series_id": cast.series}
    row = Offer(session_id=cast.sessions[-1], number=1, signup_id=signup.id, party=token, **owner)
    row.token, row.token_hash, row.made_at, row.until = token, hashed(token), now, now + timedelta(hours=20)
    db.session.add(row)
    db.session.commit()
    return token


def _asked(app: Flask, cast: Cast) -> str:
    """How a meeting of yesterday was."""
    row = _another(cast, "Koffie in de tuin", "koffie", SeriesState.CLOSED).sessions[0].gatherings[0]
    row.starts, row.ends = _day(-1), _day(-1) + timedelta(hours=2)
    db.session.commit()
    return feedback.key_of(row, app.extensions["vault"])


def _day(ahead: int) -> datetime:
    return datetime.now(UTC).replace(hour=9, minute=0, second=0, microsecond=0) + timedelta(days=ahead)


def _from_tomorrow(cast: Cast) -> None:
    for number, row in enumerate(db.session.scalars(select(Gathering).order_by(Gathering.starts))):
        row.starts = _day(1) + timedelta(hours=4 * number)
        row.ends = row.starts + timedelta(hours=2)
    db.session.commit()


def _extras(cast: Cast) -> None:
    project = db.session.get_one(Project, cast.project)
    project.sees_bubbles = True
    owner = {"organisation_id": cast.organisation, "project_id": cast.project}
    db.session.add(KeyContact(name="Fatma", code="fatma-3k7", **owner))
    db.session.commit()


def _another(cast: Cast, title: str, slug: str, state: str, capacity: int | None = None) -> Series:
    project, venue = db.session.get_one(Project, cast.project), db.session.get_one(Venue, cast.venue)
    series, sessions = casting.series_of(project, venue, slug=slug, times=1)
    series.title, series.state, series.capacity = title, state, capacity
    for row in sessions[0].gatherings:
        row.starts = _day(30)
        row.ends = row.starts + timedelta(hours=2)
    db.session.commit()
    return series


def _full(app: Flask, cast: Cast) -> tuple[str, int]:
    """A series with one place that is taken, and somebody who waits."""
    series = _another(cast, "Muziek maken", "muziek", "open", capacity=1)
    said = {"sessions": frozenset({series.sessions[0].id})}
    told = {"channel": "web", "now": app.extensions["clock"](), "vault": app.extensions["vault"]}
    for name in ("Cees", "Dina"):
        with transaction(db.session):
            signed = signups.sign_up(db.session, series, casting.answers(cast, name, **said), once=name, **told)
    return signed.secret, series.id


def _publish(app: Flask, cast: Cast, proposal: Proposal) -> tuple[str, str]:
    """Chantal leads the first table; publish, and read the letter to her before anybody sends it."""
    by, now = db.session.get_one(Staff, cast.amina), app.extensions["clock"]()
    table = next(group for group in edits.current(db.session, proposal).groups if group.people)
    hand = Editing(by, proposal.version, now)
    with transaction(db.session):
        edits.lead(db.session, proposal, hand, (table.session, table.number), str(cast.chantal))
    known = {"settings": app.extensions["settings"], "vault": app.extensions["vault"], "now": now}
    with transaction(db.session):
        publishing.publish(db.session, proposal, by=by, version=proposal.version, reason="We beginnen klein.", **known)
    letter = db.session.scalars(select(DueLetter).where(DueLetter.kind == "list_ready").order_by(DueLetter.id)).first()
    return letter.content["secret"], letter.content["pin"]


def _unready(cast: Cast, status: str) -> tuple[int, int]:
    """A proposal that is not there to be seen; one that is worked on has a heartbeat that nobody doubts."""
    series = _another(cast, "Samen tuinieren", f"tuin-{status}", SeriesState.DRAFT)
    row = Proposal(
        organisation_id=cast.organisation,
        project_id=cast.project,
        asked_by=cast.amina,
        asked_at=datetime.now(UTC),
        series_id=series.id,
        status=status,
        seed=1,
        seconds=10,
        config_hash="",
        beat=datetime.now(UTC) + timedelta(days=1),
        progress={"phase": "search", "seconds": 4.0, "placed": 17, "placed_bound": 18},
    )
    db.session.add(row)
    db.session.commit()
    return series.id, row.id
