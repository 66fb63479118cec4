"""Who may change a venue or a facilitator: whoever added it, whose project uses it alone, and administrators."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.web import cast as casting
from tests.web.cast import Cast
from web.rows import Facilitator, Organisation, Project, Venue, db
from web.rows.staff import RoleName

VENUE = {"name": "Elders", "address": "Kade 1"}


@pytest.fixture
def eva(app: Flask, cast: Cast) -> FlaskClient:
    """An organiser of the same organisation, in another project."""
    with app.app_context():
        here = db.session.get_one(Organisation, cast.organisation)
        north = Project(organisation_id=here.id, name="Noord", slug="noord", state="running")
        db.session.add(north)
        db.session.flush()
        id = casting.staff("eva@zuid.example", "Eva", here, RoleName.ORGANISER, [north]).id
        db.session.commit()
    return casting.log_in(app.test_client(), id)


def test_a_colleague_of_another_project_changes_nothing_of_ours(
    app: Flask, cast: Cast, amina: FlaskClient, beatrix: FlaskClient, eva: FlaskClient
) -> None:
    ours = [f"/werk/locaties/{cast.venue}", f"/werk/gespreksleiders/{cast.chantal}"]
    ours.append(f"{ours[1]}/agenda")
    for path in ours:
        assert [client.get(path).status_code for client in (amina, beatrix, eva)] == [200, 200, 403], path
        refused = eva.post(path, data=VENUE)
        assert refused.status_code == 403
        assert "Alleen wie het toevoegde, een coördinator of een beheerder kan het veranderen." in refused.text
    with app.app_context():
        assert db.session.get_one(Venue, cast.venue).name == "Buurthuis De Brink"
    page = eva.get("/werk/gespreksleiders").text
    assert "Chantal" in page, "who leads groups is known to all"
    assert not [word for word in ("chantal@voorbeeld.example", *ours) if word in page]
    assert "chantal@voorbeeld.example" in amina.get("/werk/gespreksleiders").text
    assert ours[0] not in eva.get("/werk/locaties").text


def test_whoever_added_it_may_go_on_and_what_two_projects_use_is_for_them_and_administrators(
    app: Flask, cast: Cast, amina: FlaskClient, beatrix: FlaskClient, eva: FlaskClient
) -> None:
    eva.post("/werk/locaties/nieuw", data=VENUE)
    with app.app_context():
        venue = db.session.scalars(select(Venue).where(Venue.name == "Elders")).one()
        path = f"/werk/locaties/{venue.id}"
    assert [client.get(path).status_code for client in (amina, beatrix, eva)] == [403, 200, 200], "used nowhere yet"
    with app.app_context():
        for slot in db.session.get_one(Facilitator, cast.chantal).sessions:
            slot.venue_id = venue.id
        db.session.commit()
    everybody = (amina, beatrix, eva)
    assert [client.get(path).status_code for client in everybody] == [200, 200, 200], "in our project alone"
    with app.app_context():
        north = db.session.scalars(select(Project).where(Project.slug == "noord")).one()
        chantal = db.session.get_one(Facilitator, cast.chantal)
        chantal.sessions = [
            *chantal.sessions,
            *casting.series_of(north, db.session.get_one(Venue, cast.venue), slug="n")[1],
        ]
        db.session.commit()
    for shared in (f"/werk/locaties/{cast.venue}", f"/werk/gespreksleiders/{cast.chantal}"):
        expected = [403, 200, 403] if "leiders" in shared else [403, 200, 200]
        assert [client.get(shared).status_code for client in everybody] == expected, shared
