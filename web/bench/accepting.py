"""Many residents who say yes at the same moment to the same few places."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from threading import Barrier

from flask import url_for
from sqlalchemy import select

from matcher.bench.table import Row
from web import world
from web.bench.server import Served, served
from web.bench.town import Town, found, open_series, residents, sign_up_all, town
from web.bench.visitor import Browser
from web.crypto import hashed
from web.rows import Offer, Plan, PlanGroup, Seat, Signup, db
from web.rows.invitations import OfferState
from web.rows.people import SignupState
from web.services.invitations import reconciling
from web.services.text.tokens import new_token

NEW, OVER = 302, 409
"""What the site answers to a yes: you have the place; it has just gone."""


@dataclass(frozen=True, slots=True)
class AcceptingSize:
    """So many say yes to so many places."""

    people: int = 50
    places: int = 3


def cases(size: AcceptingSize | None = None) -> Iterator[Row]:
    """Everybody has an offer, opened it, and presses at the same moment."""
    size = size or AcceptingSize()
    with town() as here:
        pages, evening = _offers(here, size)
        with served(here) as server, ThreadPoolExecutor(len(pages)) as pool:
            gate = Barrier(len(pages))
            answers = Counter(pool.map(partial(_yes, server, gate), enumerate(pages)))
        seats, taken = _counted(here, evening)
    others = sum(answers.values()) - answers[NEW] - answers[OVER]
    measured = (
        f"{answers[NEW]} heard yes, {answers[OVER]} heard that it has gone, {others} heard something else; "
        f"{taken} offers taken, {seats - _before(here, size)} chairs more taken"
    )
    yield f"{size.people} press yes at the same moment to {size.places} places", measured, f"exactly {size.places}"


def _yes(server: Served, gate: Barrier, visitor: tuple[int, str]) -> int:
    number, page = visitor
    browser = Browser(server.port, f"10.1.0.{number + 1}")
    browser.get(page)
    gate.wait()
    return browser.post(page, {"answer": "yes"}).status


def _before(here: Town, size: AcceptingSize) -> int:
    """How many sit at the table already, so that just these places are free."""
    return int(here.app.extensions[world.SETTINGS].formats["koken"].format.size.max) - size.places


def _offers(here: Town, size: AcceptingSize) -> tuple[list[str], int]:
    """The pages of the offers, and the evening that they are for."""
    with here.app.app_context():
        session, now, seated = db.session, world.now(), _before(here, size)
        series = open_series(session, found(session), "samen-koken", times=1, groups=1)
        sign_up_all(session, series, residents(seated + size.people, series.sessions), now, world.vault())
        people = session.scalars(select(Signup).order_by(Signup.id)).all()
        owner = {"organisation_id": series.organisation_id, "project_id": series.project_id}
        plan = Plan(series_id=series.id, published_at=now, seed=1, input_hash="", config_hash="", **owner)
        group = PlanGroup(session_id=series.sessions[0].id, number=1, language="nl")
        group.seats = [Seat(signup_id=person.id) for person in people[:seated]]
        plan.groups.append(group)
        session.add(plan)
        for person in people[seated:]:
            person.state = SignupState.WAITING
            token = new_token()
            more = {"token": token, "token_hash": hashed(token), "until": now + timedelta(hours=24)}
            session.add(
                Offer(
                    series_id=series.id,
                    session_id=group.session_id,
                    number=1,
                    signup_id=person.id,
                    party=token,
                    state=OfferState.OPEN,
                    made_at=now,
                    **more,
                    **owner,
                )
            )
        reconciling.reconcile(session, series, now)
        session.commit()
        tokens = [offer.token for offer in session.scalars(select(Offer))]
        with here.app.test_request_context():
            return [url_for("resident.offer", offered=token) for token in tokens], group.session_id


def _counted(here: Town, evening: int) -> tuple[int, int]:
    """Chairs that are taken, and offers."""
    with here.app.app_context():
        group = db.session.scalars(select(PlanGroup).where(PlanGroup.session_id == evening)).one()
        taken = db.session.scalars(select(Offer.id).where(Offer.state == OfferState.ACCEPTED)).all()
        return len(group.seats), len(taken)
