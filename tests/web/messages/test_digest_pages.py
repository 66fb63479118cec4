"""The switch of the morning's letter, and the pages that its lines lead to."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.web import cast as casting
from tests.web.cast import Cast
from web.jobs import links_of
from web.rows import Organisation, Project, Staff, db
from web.rows.staff import RoleName
from web.services.outbox.digest_lines import LINES, worded

pytestmark = pytest.mark.slow

PAGE = "/werk/ochtendbericht"


def wants(app: Flask, cast: Cast) -> bool:
    with app.app_context():
        return db.session.get_one(Staff, cast.amina).digest


def ticked(page: str) -> bool:
    (box,) = re.findall(r'<input[^>]*name="digest"[^>]*>', page)
    return "checked" in box


def test_an_organiser_switches_it_off_and_on(app: Flask, cast: Cast, amina: FlaskClient) -> None:
    assert ticked(amina.get(PAGE).text) and wants(app, cast)
    told = amina.post(PAGE, data={"csrf_token": "x"}, follow_redirects=True).text
    assert "Je krijgt geen ochtendbericht meer." in told and not ticked(told)
    assert not wants(app, cast)
    assert "Je krijgt het ochtendbericht." in amina.post(PAGE, data={"digest": "y"}, follow_redirects=True).text
    assert wants(app, cast)


def test_it_is_found_from_the_own_account(amina: FlaskClient, beatrix: FlaskClient) -> None:
    for account in (amina, beatrix):
        assert PAGE in account.get("/account/wachtwoord").text


def test_the_switch_is_not_for_coordinators_and_visitors(app: Flask, cast: Cast, client: FlaskClient) -> None:
    with app.app_context():
        here, project = db.session.get_one(Organisation, cast.organisation), db.session.get_one(Project, cast.project)
        cor = casting.staff("cor@zuid.example", "Cor", here, RoleName.COORDINATOR, [project]).id
        db.session.commit()
    assert client.get(PAGE).location.startswith("/inloggen")
    signed = casting.log_in(app.test_client(), cor)
    assert signed.get(PAGE).status_code == 403
    assert PAGE not in signed.get("/account/wachtwoord").text


@pytest.mark.parametrize("kind", LINES)
def test_every_line_has_words_and_leads_to_a_page_that_is_there(
    app: Flask, cast: Cast, beatrix: FlaskClient, kind: str
) -> None:
    for series in (None, cast.series):
        with app.app_context():
            ((label, number, link),) = worded([(kind, 2, series)], links_of(app))
        assert label and number == 2
        assert beatrix.get(link.removeprefix("http://localhost")).status_code == 200
