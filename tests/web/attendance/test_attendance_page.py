"""The sheet of an organiser: everybody at once, then the exceptions, and what it adds up to."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.web import evening as evenings
from tests.web.cast import NOW, Cast, Clock
from tests.web.evening import Evening
from web.rows import Attendance, AuditLine, Gathering, Invitation, Series, Signup, db
from web.rows.attendance import Presence
from web.rows.invitations import Partstat
from web.rows.people import SignupState
from web.services.attendance import records
from web.services.invitations import reconciling
from web.services.messages import tasks

pytestmark = pytest.mark.slow


@pytest.fixture
def evening(app: Flask, cast: Cast, clock: Clock) -> Evening:
    """Two tables of three, an hour after the end."""
    found = evenings.perform(app, cast)
    clock.forward(hours=4.5)
    return found


def address(cast: Cast, query: str = "") -> str:
    return f"/werk/{cast.series}/wie-was-er{query}"


def ticked(page: str) -> dict[int, str]:
    found = re.findall(r'name="p-(\d+)" value="(\w+)" checked', page)
    return {int(id): value for id, value in found}


def date_id(evening: Evening) -> int:
    return db.session.query(Gathering).filter_by(session_id=evening.session).one().id


def form_of(page: str) -> dict[str, str]:
    """What a browser without a script would send."""
    hidden = dict(re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)"', page))
    return hidden | {f"p-{id}": value for id, value in ticked(page).items()}


def test_everybody_was_there_but_one_and_somebody_walked_in(
    app: Flask, cast: Cast, clock: Clock, evening: Evening, amina: FlaskClient
) -> None:
    els = evening.seated["Els"]
    page = amina.get(address(cast)).text
    assert set(ticked(page).values()) == {"open"} and len(ticked(page)) == 6
    assert "Van 6 mensen weten we het niet." in page
    page = amina.get(address(cast, "?begin=er")).text
    assert set(ticked(page).values()) == {"present"}
    with app.app_context():
        assert db.session.query(Attendance).count() == 0, "nothing is kept before it is saved"
    answer = amina.post(
        address(cast), data={**form_of(page), f"p-{els}": "absent", "n-1": " Wim, ,Ria\u200b "}, follow_redirects=True
    )
    assert "Bewaard. 5 van de 6 waren er. En 2 mensen die zomaar kwamen." in answer.text
    assert ticked(answer.text) == {id: "absent" if id == els else "present" for id in evening.seated.values()}
    assert "<bdi>Els</bdi>" in answer.text and "Haal Wim weg" in answer.text and "Haal Ria weg" in answer.text
    with app.app_context():
        kinds = [line.what for line in db.session.query(AuditLine) if "attendance" in line.what]
        assert kinds == ["read attendance"] * 2 + ["wrote attendance", "read attendance"]
        wim = next(mark.walk_in for mark in db.session.query(Attendance) if mark.walk_in_name == "Wim")
    clock.forward(minutes=1)
    page = amina.post(address(cast), data={**form_of(answer.text), f"w-{wim}": "1"}, follow_redirects=True).text
    assert "Haal Wim weg" not in page and "En 1 persoon die zomaar kwam." in page


def test_what_was_not_changed_on_the_page_overwrites_nothing(
    app: Flask, cast: Cast, evening: Evening, amina: FlaskClient
) -> None:
    """A page that lay open while somebody else wrote."""
    old = form_of(amina.get(address(cast)).text)
    bart, els = evening.seated["Bart"], evening.seated["Els"]
    amina.post(address(cast), data={**old, f"p-{bart}": "present"})
    amina.post(address(cast), data={**old, f"p-{els}": "late"})
    assert {ticked(amina.get(address(cast)).text)[id] for id in (bart, els)} == {"present", "late"}
    with app.app_context():
        assert db.session.query(Attendance).count() == 2


def test_who_said_no_is_not_expected_and_who_left_is_not_on_it(
    app: Flask, cast: Cast, clock: Clock, evening: Evening, amina: FlaskClient
) -> None:
    bart, noor = evening.seated["Bart"], evening.seated["Noor"]
    with app.app_context():
        reconciling.reconcile(db.session, db.session.get_one(Series, cast.series), NOW)
        db.session.query(Invitation).filter_by(
            signup_id=bart, gathering_id=date_id(evening)
        ).one().partstat = Partstat.DECLINED
        db.session.get_one(Signup, noor).state = SignupState.LEFT
        db.session.commit()
    page = amina.get(address(cast, "?begin=er")).text
    assert "zei af" in page and noor not in ticked(page)
    assert ticked(page)[bart] == "absent"
    page = amina.post(address(cast), data=form_of(page), follow_redirects=True).text
    assert "4 van de 4 waren er." in page
    clock.forward(minutes=1)
    page = amina.post(address(cast), data={**form_of(page), f"p-{bart}": "present"}, follow_redirects=True).text
    assert "5 van de 5 waren er." in page


def test_it_is_asked_until_it_is_known_and_leads_there(
    app: Flask, cast: Cast, evening: Evening, amina: FlaskClient
) -> None:
    link = f'href="/werk/{cast.series}/wie-was-er"'
    assert link in amina.get("/werk/").text and link in amina.get(f"/werk/{cast.series}").text
    with app.app_context():
        date = date_id(evening)
    assert f"/wie-was-er?keer={date}" in amina.get(f"/werk/{cast.series}").text
    assert f"/wie-was-er?keer={date}" in amina.get(f"/werk/{cast.series}/wie-komt-er?keer={date}").text
    amina.post(address(cast), data=form_of(amina.get(address(cast, "?begin=niet")).text))
    assert link not in amina.get("/werk/").text
    with app.app_context():
        series = db.session.get_one(Series, cast.series)
        standing = tasks.standing(db.session, series, app.extensions["settings"], app.extensions["clock"]())
        assert "attendance" not in {task.kind for task in standing.tasks}
        found = records.of(db.session, db.session.get_one(Gathering, date))
        assert {mark.presence for mark in found.people.values()} == {Presence.ABSENT}


def test_a_date_that_is_to_come_or_elsewhere_is_none(
    app: Flask, cast: Cast, evening: Evening, amina: FlaskClient
) -> None:
    with app.app_context():
        later = db.session.query(Gathering).filter_by(session_id=cast.sessions[1]).one().id
    for keer in (str(later), "999999", "x", ""):
        wanted = 200 if keer == "" else 404
        assert amina.get(address(cast, f"?keer={keer}")).status_code == wanted
        assert amina.post(address(cast), data={"keer": keer}).status_code == 404
