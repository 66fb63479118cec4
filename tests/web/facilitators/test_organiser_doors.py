"""Who may open what in the organiser's room: a foreign row is a missing one; coordinators keep to facilitators."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from tests.web import cast as casting
from tests.web.cast import NOW, Cast
from web import jobs
from web.rows import Facilitator, KeyContact, Project, Proposal, Role, Series, Staff, Venue, db
from web.rows.staff import RoleName

pytestmark = pytest.mark.slow


def rules(app: Flask) -> Iterator[Rule]:
    return (rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("organiser."))


def address(app: Flask, rule: Rule, ids: dict[str, object]) -> str:
    with app.test_request_context():
        values = {name: ids.get(name, 1) for name in rule.arguments}
        built = app.url_map.bind("localhost").build(rule.endpoint, values, rule_method(rule))
    return built


def rule_method(rule: Rule) -> str:
    return "POST" if "GET" not in (rule.methods or ()) else "GET"


@pytest.fixture
def ids(app: Flask, cast: Cast) -> dict[str, object]:
    """Something real of Amina's for every kind of id."""
    owner = {"organisation_id": cast.organisation, "project_id": cast.project}
    with app.app_context():
        signup = casting.sign_up(app, cast).signup.id
        proposal = Proposal(**owner, series_id=cast.series, asked_at=NOW, seed=1, seconds=1.0, config_hash="x")
        db.session.add(proposal)
        db.session.commit()
        return {
            "series_id": cast.series, "session_id": cast.sessions[0], "venue_id": cast.venue, "signup_id": signup,
            "facilitator_id": cast.chantal, "id": proposal.id, "proposal_id": proposal.id, "kind": "xlsx",
        }  # fmt: skip


def test_dirk_gets_the_same_answer_for_what_is_amina_s_as_for_what_does_not_exist(
    app: Flask, cast: Cast, dirk: FlaskClient, ids: dict[str, object]
) -> None:
    tried = 0
    for rule in rules(app):
        if not any(name.endswith("id") for name in rule.arguments):
            continue
        for method in {"GET", "POST"} & (rule.methods or set()):
            foreign = dirk.open(address(app, rule, ids), method=method)
            missing = {name: 987654 if isinstance(value, int) else value for name, value in ids.items()}
            none = dirk.open(address(app, rule, missing), method=method)
            assert foreign.status_code == 404, (rule.rule, method)
            assert foreign.text.replace(address(app, rule, ids), "") == none.text.replace(
                address(app, rule, missing), ""
            ), rule.rule
            tried += 1
    assert tried > 20


def test_dirk_cannot_put_amina_s_things_into_his_own(app: Flask, cast: Cast, dirk: FlaskClient) -> None:
    dirk.post("/werk/nieuw", data={"title": "Elders", "format": "kennismaken"})
    with app.app_context():
        own = db.session.query(Series).filter_by(title="Elders").one()
        assert own.project_id != cast.project
        url = f"/werk/{own.id}/tijd/nieuw"
    time = {"day_1": "2027-02-02", "start": "19:00", "end": "21:00", "mode": "here", "groups": "2"}
    assert dirk.post(url, data={**time, "venue": str(cast.venue)}).status_code == 422
    dirk.post(url, data={**time, "venue": "0", "facilitators": [str(cast.chantal)]})
    with app.app_context():
        (session,) = db.session.query(Series).filter_by(title="Elders").one().sessions
        assert session.facilitators == []


def test_a_sign_up_or_time_of_another_series_is_missing_too(
    app: Flask, cast: Cast, amina: FlaskClient, ids: dict[str, object]
) -> None:
    with app.app_context():
        other, _ = casting.series_of(
            db.session.get_one(Project, cast.project), db.session.get_one(Venue, cast.venue), slug="ander"
        )
        db.session.commit()
        other_id = other.id
    assert amina.get(f"/werk/{other_id}/aanmeldingen/{ids['signup_id']}").status_code == 404
    assert amina.get(f"/werk/{other_id}/tijd/{cast.sessions[0]}").status_code == 404


def test_a_visitor_is_sent_to_the_door(app: Flask, client: FlaskClient, ids: dict[str, object]) -> None:
    for rule in rules(app):
        answer = client.open(address(app, rule, ids), method=rule_method(rule))
        assert answer.status_code in (302, 401), rule.rule
        assert "Bart" not in answer.text


@pytest.fixture
def coordinator(app: Flask, cast: Cast, amina: FlaskClient) -> FlaskClient:
    """Amina, as a coordinator of facilitators."""
    with app.app_context():
        role = db.session.query(Role).filter_by(name=RoleName.COORDINATOR).one()
        db.session.get_one(Staff, cast.amina).roles = [role]
        db.session.commit()
    return amina


def test_a_coordinator_keeps_to_facilitators_and_venues(
    app: Flask, cast: Cast, coordinator: FlaskClient, ids: dict[str, object]
) -> None:
    allowed = set()
    for rule in rules(app):
        if coordinator.open(address(app, rule, ids), method=rule_method(rule)).status_code != 403:
            allowed.add(rule.endpoint.removeprefix("organiser."))
    people = {"facilitators", "facilitator", "new_facilitator", "facilitator_calendar", "venues", "venue", "new_venue"}
    assert allowed - people - {"static"} == {"home", "series", "poster"}
    html = coordinator.get(f"/werk/{cast.series}").text
    assert coordinator.post(f"/werk/{cast.series}/groepen").status_code == 403
    assert "/balie" not in html
    assert "/stand" not in html


def test_an_administrator_sees_every_project_of_the_organisation(cast: Cast, beatrix: FlaskClient) -> None:
    assert "Samen koken in de buurt" in beatrix.get("/werk/").text
    assert beatrix.get(f"/werk/{cast.series}/balie").status_code == 200


def test_who_has_no_project_is_told_so(app: Flask, cast: Cast, amina: FlaskClient) -> None:
    with app.app_context():
        db.session.get_one(Staff, cast.amina).projects = []
        db.session.commit()
    assert "Je hoort nog niet bij een project." in amina.get("/werk/nieuw").text


VENUE = {"name": "De Kas", "address": "Kade 2", "access": ["step_free"], "note": ""}
LEADER = {"name": "Yara", "email": "yara@voorbeeld.example", "phone": "06 12345678", "languages": ["ar", "nl"]}


def test_venues_are_kept_for_the_own_organisation(
    app: Flask, cast: Cast, amina: FlaskClient, dirk: FlaskClient
) -> None:
    amina.post("/werk/locaties/nieuw", data=VENUE)
    amina.post(f"/werk/locaties/{cast.venue}", data={**VENUE, "name": "De Brink"})
    html = amina.get("/werk/locaties").text
    assert "De Kas" in html
    assert "De Brink" in html
    assert "De Kas" not in dirk.get("/werk/locaties").text
    assert "Vul een naam in." in amina.post("/werk/locaties/nieuw", data={**VENUE, "name": " "}).text
    # A need that no place can answer is no property of a place.
    assert amina.post("/werk/locaties/nieuw", data={**VENUE, "access": ["transport"]}).status_code == 422


def test_facilitators_are_sealed_and_looking_is_in_the_log(
    app: Flask, cast: Cast, amina: FlaskClient, dirk: FlaskClient
) -> None:
    said = {**LEADER, "skills": ["dialogue"], "max_groups": "2", "active": "y"}
    assert amina.post("/werk/gespreksleiders/nieuw", data=said).status_code == 302
    assert "Yara" in amina.get("/werk/gespreksleiders").text
    assert "Yara" not in dirk.get("/werk/gespreksleiders").text
    with app.app_context():
        row = db.session.query(Facilitator).order_by(Facilitator.id.desc()).first()
        assert (row.contact["phone"], row.languages, row.skills) == ("+31612345678", ["ar", "nl"], ["dialogue"])
        stored = db.session.execute(db.text("select name || contact from facilitator")).scalars().all()
        assert not any("Yara" in text or "yara" in text for text in stored)
        what = [w for (w,) in db.session.execute(db.text("select what from audit_line"))]
    assert what.count("read facilitators") == 2
    for field, value in (("email", "yara@"), ("phone", "1"), ("languages", []), ("max_groups", "0"), ("name", "")):
        answer = amina.post("/werk/gespreksleiders/nieuw", data={**said, field: value})
        assert answer.status_code == 422, field


def test_a_key_contact_gets_a_code_and_is_counted_only_in_aggregate(
    app: Flask, cast: Cast, amina: FlaskClient, dirk: FlaskClient
) -> None:
    amina.post("/werk/sleutelfiguren", data={"name": "Hasan", "project": str(cast.project)})
    with app.app_context():
        row = db.session.query(KeyContact).one()
        signup = casting.sign_up(app, cast).signup
        signup.key_contact_id = row.id
        db.session.commit()
        code = row.code
    html = amina.get("/werk/sleutelfiguren").text
    assert code in html
    assert "Bart" not in html
    assert '<td class="utrecht-table__cell site-number">–</td>' in html
    assert code not in dirk.get("/werk/sleutelfiguren").text
    assert dirk.post("/werk/sleutelfiguren", data={"name": "X", "project": str(cast.project)}).status_code == 422


def test_figures_show_no_small_number_and_keep_a_place_for_the_neighbourhood(
    app: Flask, cast: Cast, amina: FlaskClient
) -> None:
    url = f"/werk/{cast.series}/cijfers"
    assert "Die komen vanaf 10 antwoorden." in amina.get(url).text
    with app.app_context():
        for i in range(34):
            age = "15-25" if i % 8 == 0 else "26-40" if i % 2 else "41-60"
            casting.sign_up(app, cast, f"Buur{i}", bubbles={"age": [age]})
        jobs.tidy_up(app)
    html = amina.get(url).text
    assert "Over 34 aanmeldingen." in html
    assert "Later kun je hier vergelijken met de cijfers van de wijk." in html
    shown = {cell.split("<")[0].replace("&lt;", "<") for cell in html.split('site-number">')[1:]}
    assert shown <= {"Aanmeldingen", "<10", "–", "10", "15", "20", "30", "35"}
    assert "Buur1" not in html
