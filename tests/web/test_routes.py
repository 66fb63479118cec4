"""Every route x everybody: who gets what, nothing of anybody else, and a line in the log of what staff saw or did."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

import config
from tests.web import roles, town
from tests.web.cast import Cast
from tests.web.doors_of_all import address, rules, values
from tests.web.roles import ROLES, STAFF
from tests.web.routes_table import Row, rows
from tests.web.season import HERE, THERE
from tests.web.town import Town
from web.admin.words import KINDS
from web.rows import AuditLine, Invitation, Offer, PlanGroup, Proposal, db

pytestmark = pytest.mark.slow

INVENTED = "x" * 32
"""A secret that opens nothing."""
WITH_LINK = ("resident", "neighbour")
PEOPLE = (f"{HERE}1".encode(), f"{HERE} nota".encode(), f"{HERE.lower()}1@".encode(), b"Mens0", b"mens0")
NOTED = (*STAFF, "leader", "resident")
"""Who may leave a line in the log."""
PUBLIC = ("public.", "resident.series", "resident.screen")
"""Where everybody reads the names of organisations, and of what they offer and where."""
ODD_METHODS = ("OPTIONS", "PUT", "ONZIN")


@dataclass
class Stage:
    """The town, and what forms need to point at."""

    town: Town
    forms: dict[str, dict[str, str]]


@pytest.fixture(scope="module")
def stage_of_all(
    stage: tuple[Path, Cast], settings: config.Settings, keys: config.Secrets, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stage]:
    with town.built(stage, settings, keys, tmp_path_factory.mktemp("town")) as built:
        second = roles.add(built.app, built.cast)
        built.callers = roles.callers(built.app, built.cast, built.season, second)
        with built.app.app_context():
            forms = _forms(built)
            db.session.remove()
        built.keep()
        yield Stage(built, forms)


def _forms(built: Town) -> dict[str, dict[str, str]]:
    """For routes that act on what stands in the form, something of ours."""
    group = next(g for g in db.session.query(PlanGroup).order_by(PlanGroup.id) if g.seats)
    at = f"{group.session_id}.{group.number}"
    seat = f"{group.seats[0].signup_id}:{at}"
    invitation = db.session.query(Invitation).order_by(Invitation.id).first()
    offer = db.session.query(Offer).one()
    version = str(db.session.query(Proposal).order_by(Proposal.id).first().version)
    return {
        "organiser.answer_for": {"uitnodiging": str(invitation.id), "antwoord": "ACCEPTED"},
        "organiser.answer_offer": {"plek": str(offer.id), "antwoord": "ja"},
        "organiser.lock_person": {"vast": seat, "version": version},
        "organiser.move_person": {"wie": seat, "naar": "", "version": version},
        "organiser.change_table": {"tafel": at, "leider": "", "version": version},
        "organiser.choose": {"kies": seat},
        "organiser.undo": {"version": version},
        "organiser.redo": {"version": version},
    }


def typed(stage: Stage, rule: Rule, role: str) -> str:
    """The address that somebody of this role types: always that of what is ours, and of a resident the own."""
    season = stage.town.season
    theirs = role == "neighbour" and rule.endpoint.startswith(("resident.", "public."))
    given = values(rule, season, season.theirs if theirs else season.ours)
    if role not in WITH_LINK and rule.endpoint.startswith(("resident.", "public.")):
        given |= dict.fromkeys(given.keys() & {"secret", "token", "offered", "key"}, INVENTED)
    return address(stage.town.app, rule, given)


def said(answer: TestResponse) -> str:
    """An answer as the table writes it."""
    to = answer.headers.get("Location", "")
    if answer.status_code == 302 and "/inloggen" in to:
        return "in"
    return str(answer.status_code)


def fits(answer: TestResponse, wanted: str, typed_something: bool) -> bool:
    """Whether an answer is what the table says; who typed something gets it back with the way to the log-in."""
    if wanted == "own":
        return answer.status_code < 500
    if wanted == "no":
        return answer.status_code == 302 and "/tafel/" in answer.headers["Location"]
    return said(answer) == wanted or (wanted == "in" and typed_something and answer.status_code == 401)


def ask(stage: Stage, row: Row, rule: Rule, role: str) -> tuple[TestResponse, set[str]]:
    """The answer, and the kinds of lines that it left."""
    app, client = stage.town.app, stage.town.callers[role]
    with app.app_context():
        last = db.session.query(db.func.max(AuditLine.id)).scalar() or 0 if role in NOTED else 0
    form, path = stage.forms.get(row.endpoint, {}), typed(stage, rule, role)
    how = {"query_string": form} if row.method == "GET" else {"data": form}
    answer = client.open(path, method=row.method, **how)
    answer.get_data()
    answer.close()
    if role not in NOTED:
        return answer, set()
    with app.app_context():
        left = {line.what.replace(" ", "_") for line in db.session.query(AuditLine).filter(AuditLine.id > last)}
    return answer, left


def wrong(stage: Stage, row: Row, role: str, answer: TestResponse, left: set[str]) -> Iterator[str]:
    """What is not as it should be."""
    wanted = row.answers[ROLES.index(role)]
    if not fits(answer, wanted, row.method == "POST" and row.endpoint in stage.forms):
        yield f"answered {said(answer)}, not {wanted}"
    public = {HERE.encode(), THERE.encode()} if row.endpoint.startswith(PUBLIC) else set()
    if found := [mark for mark in roles.never(role) if mark in answer.data and mark not in public]:
        yield f"shows {found}"
    people = any(mark in answer.data for mark in PEOPLE)
    if people and row.endpoint.startswith("facilitator.") and role != "leader":
        yield "shows people without the PIN"
    if people and not left and role in (*STAFF, "leader"):
        yield "shows people without a line in the log"
    if role in _who_acts(row) and (missing := set(row.kinds) - left):
        yield f"leaves {sorted(left)} in the log, not {sorted(missing)}"


def _who_acts(row: Row) -> tuple[str, ...]:
    """Whose lines are looked for: of staff who may, of the facilitator inside, of the resident."""
    if row.endpoint.startswith("facilitator."):
        return ("leader",)
    if row.endpoint.startswith("resident."):
        return ("resident",)
    answers = dict(zip(ROLES, row.answers, strict=True))
    return tuple(role for role in ("organiser", "admin") if answers[role] not in ("403", "404", "own"))


def test_every_route_has_a_row(stage_of_all: Stage) -> None:
    there = {
        (rule.endpoint, method)
        for rule in rules(stage_of_all.town.app)
        for method in {"GET", "POST"} & (rule.methods or set())
    }
    known = [(row.endpoint, row.method) for row in rows()]
    assert len(known) == len(set(known))
    assert there == set(known), "say in routes_table.py who gets what, and what stands in the log"


def test_every_kind_in_the_table_has_words() -> None:
    known = {kind.replace(" ", "_") for kind in KINDS}
    assert {kind for row in rows() for kind in (*row.kinds, *row.with_form)} <= known


def test_everybody_gets_what_is_theirs_and_nothing_else(stage_of_all: Stage) -> None:
    place = stage_of_all.town
    by_name = {(rule.endpoint, method): rule for rule in rules(place.app) for method in rule.methods or ()}
    faults = []
    for row in rows():
        for role in ROLES:
            answer, left = ask(stage_of_all, row, by_name[row.endpoint, row.method], role)
            found = [
                f"{row.endpoint} {row.method} {role}: {fault}" for fault in wrong(stage_of_all, row, role, answer, left)
            ]
            faults += [*found, *place.faults.seen]
            place.faults.seen.clear()
            # Who is sent to the log-in did nothing.
            if row.method == "POST" and answer.status_code < 400 and said(answer) != "in":
                place.put_back()
    assert not faults, "\n" + "\n".join(faults)


def test_no_method_is_a_fault_of_ours(stage_of_all: Stage) -> None:
    admin: FlaskClient = stage_of_all.town.callers["admin"]
    for rule in rules(stage_of_all.town.app):
        for method in ODD_METHODS:
            answer = admin.open(typed(stage_of_all, rule, "admin"), method=method)
            stage_of_all.town.held(answer, rule, method)


def test_the_marks_that_are_searched_are_there(stage_of_all: Stage) -> None:
    """Else the search could not fail."""
    path = f"/werk/{stage_of_all.town.cast.series}/aanmeldingen"
    for role in ("organiser", "admin"):
        page = stage_of_all.town.callers[role].get(path).data
        assert all(mark in page for mark in (f"{HERE}1".encode(), b"Mens0"))
