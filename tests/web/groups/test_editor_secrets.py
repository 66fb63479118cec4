"""Whoever may not see bubbles puts a resident beside people whose answers they know: no page says how that is mixed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from matcher.tables.hashes import input_sha256
from tests.web import cast as casting
from tests.web.cast import NOW, Cast
from tests.web.enrolled import enrol
from web.rows import Project, Proposal, Series, Signup, Step, db
from web.rows.groups import ProposalState
from web.services.plans import fit
from web.services.plans.problem import problem_of

OTHERS = ("15-25", "26-40", "41-60", "61-75", "76-plus")
PARTS = ("", "/publiceer")


@pytest.fixture(autouse=True)
def context(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


def board_with(cast: Cast, victim: int, invented: list[int]) -> Proposal:
    """A table of five invented people of one age with one resident, as somebody made it by hand."""
    people = [str(id) for id in (*invented, victim)]
    group = {"session": str(cast.sessions[0]), "number": 1, "people": people, "language": "nl", "facilitator": ""}
    proposal = Proposal(
        organisation_id=cast.organisation,
        project_id=cast.project,
        series_id=cast.series,
        asked_at=NOW,
        seed=1,
        seconds=1.0,
        config_hash="",
        status=ProposalState.DONE,
        position=1,
        found={"bounds": {"difference": 20.0}, "figures": {"difference": 1.0, "placed": 6, "people": 6}},
    )
    board = {"groups": [group], "locks": []}
    proposal.steps = [Step(position=n, kind="move", board=board, at=NOW) for n in (0, 1)]
    db.session.add(proposal)
    db.session.commit()
    return proposal


def seen(client: FlaskClient, cast: Cast, proposal: Proposal) -> list[str]:
    """All that the pages of a board say, without what differs anyway."""
    pages = (client.get(f"/werk/{cast.series}/groepen/{proposal.id}{part}") for part in PARTS)
    plan = [client.get(f"/werk/{cast.series}/{page}").text for page in ("groepen", "indeling", "past-niet")]
    texts = [unescape(page.text) for page in pages] + plan
    return [re.sub(r'value="[^"]{40,}"', "", text.partition("<h1")[2].partition("</main>")[0]) for text in texts]


def test_pages_and_misfits_are_the_same_whatever_the_resident_told(app: Flask, cast: Cast, amina: FlaskClient) -> None:
    invented = enrol(cast, 5, "26-40", "phone")
    (victim,) = enrol(cast, 1)
    proposal = board_with(cast, victim, invented)
    plan = casting.plan_of(cast, {(cast.sessions[0], 1): [*invented, victim]})
    series, settings = db.session.get_one(Series, cast.series), app.extensions["settings"]
    for tells in (False, True):
        db.session.get_one(Project, cast.project).sees_bubbles = tells
        boards, misfits = set(), set()
        for age in OTHERS:
            db.session.get_one(Signup, victim).bubbles = {"age": [age]}
            db.session.flush()
            plan.input_hash = input_sha256(problem_of(db.session, series, settings, app.extensions["vault"]))
            db.session.commit()
            boards.add(tuple(seen(amina, cast, proposal)))
            misfits.add(repr(fit.of_series(db.session, series, settings, NOW)))
        assert (len(boards) == 1, len(misfits) == 1) == (not tells, not tells), "and where it is allowed, pages tell"


def test_a_board_changed_by_hand_asks_for_a_reason_whatever_it_breaks(cast: Cast, amina: FlaskClient) -> None:
    invented = enrol(cast, 5, "26-40", "phone")
    (victim,) = enrol(cast, 1)
    proposal = board_with(cast, victim, invented)
    page = f"/werk/{cast.series}/groepen/{proposal.id}/publiceer"
    for age in OTHERS[:2]:
        db.session.get_one(Signup, victim).bubbles = {"age": [age]}
        db.session.commit()
        assert 'name="reden"' in amina.get(page).text
        answer = amina.post(page, data={"version": str(proposal.version), "reden": ""})
        assert answer.status_code == 409
