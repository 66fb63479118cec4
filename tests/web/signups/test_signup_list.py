"""The list of who signed up: a page at a time, found and filtered by the database, whoever else there is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from tests.web import cast as casting
from tests.web.cast import Cast
from tests.web.enrolled import enrol
from web.crypto import Vault
from web.rows import Invitation, Series, Signup, db
from web.rows.invitations import Partstat
from web.rows.people import SignupState
from web.services.invitations import reconciling
from web.services.signups import listing

NAMES = re.compile(r'/aanmeldingen/\d+">(Buur\d+)</a>')
LINK = re.compile(r'href="([^"]+)"[^>]*>\s*(Eerste|Vorige|Volgende|Laatste) bladzijde')


def names(html: str) -> list[str]:
    return NAMES.findall(html)


def links(html: str) -> dict[str, str]:
    return {text: address.replace("&amp;", "&") for address, text in LINK.findall(html)}


def test_pages_follow_each_other_by_links_that_keep_the_filter(app: Flask, cast: Cast, amina: FlaskClient) -> None:
    with app.app_context():
        enrol(cast, 120)
        enrol(cast, 3, state=SignupState.LEFT)
    page, seen = f"/werk/{cast.series}/aanmeldingen?only=in", list[str]()
    while page:
        html = amina.get(page).text
        assert "120 aanmeldingen, bladzijde" in html
        assert len(names(html)) <= listing.PAGE
        seen += names(html)
        page = links(html).get("Volgende", "")
        assert not page or "only=in" in page
    assert seen == [f"Buur{number}" for number in range(1, 121)]
    assert links(html) == {
        "Eerste": f"/werk/{cast.series}/aanmeldingen?only=in&page=1",
        "Vorige": f"/werk/{cast.series}/aanmeldingen?only=in&page=2",
    }
    for odd in ("0", "9999", "-1", "x", "99999999", "²"):
        assert amina.get(f"/werk/{cast.series}/aanmeldingen?page={odd}").status_code == 200


def test_the_waiting_list_goes_on_in_its_own_order(app: Flask, cast: Cast, amina: FlaskClient) -> None:
    with app.app_context():
        enrol(cast, 60, state=SignupState.WAITING)
        enrol(cast, 1, state=SignupState.WAITING, priority=1)
    html = amina.get(f"/werk/{cast.series}/aanmeldingen?only=waiting").text
    assert names(html)[:2] == ["Buur61", "Buur1"]
    assert "wacht, plek 2<" in re.sub(r"\s+<", "<", html)
    assert names(amina.get(links(html)["Volgende"]).text) == [f"Buur{n}" for n in range(50, 61)]


@pytest.mark.parametrize("large", [False, True])
def test_somebody_is_found_by_name_code_address_and_number(
    app: Flask, cast: Cast, amina: FlaskClient, monkeypatch: pytest.MonkeyPatch, large: bool
) -> None:
    monkeypatch.setattr(listing, "PARTS", 0 if large else 1000)
    with app.app_context():
        code = casting.sign_up(app, cast, "Anne-Marie", phone="+31612345678").signup.code
        casting.sign_up(app, cast, "Els", email="els@voorbeeld.example")
    page = f"/werk/{cast.series}/aanmeldingen"
    for sought in ("anne‑marie", " ANNE-MARIE ", code, code[:4].lower(), "06 12345678", "anne-marie@voorbeeld.example"):
        html = amina.post(page, data={"sought": sought}).text
        assert (">Anne-Marie<" in html, ">Els<" in html) == (True, False), sought
    for part in ("anne", "marie@voor"):
        assert (">Anne-Marie<" in amina.post(page, data={"sought": part}).text) is not large
    assert ("Zoek daarom met de hele voornaam" in amina.get(page).text) is large


def test_more_than_a_page_of_one_name_goes_on_by_buttons_that_send_the_name_again(
    app: Flask, cast: Cast, amina: FlaskClient
) -> None:
    page = f"/werk/{cast.series}/aanmeldingen"
    with app.app_context():
        enrol(cast, 70)
    html = amina.post(page, data={"sought": "buur", "only": "in"}).text
    assert len(names(html)) == 50
    assert links(html) == {}
    hidden = re.findall(r'<input type="hidden" name="(sought|only|page)" value="([^"]*)"', html)
    assert {("sought", "buur"), ("only", "in"), ("page", "2")} <= set(hidden)
    assert len(names(amina.post(page, data={"sought": "buur", "only": "in", "page": "2"}).text)) == 20
    assert "buur" not in amina.get(page).request.url


def test_every_filter_shows_whom_their_standing_says(app: Flask, cast: Cast, amina: FlaskClient) -> None:
    with app.app_context():
        placed, gone, back, free, waits = enrol(cast, 5)
        casting.plan_of(cast, {(cast.sessions[0], 1): [placed, gone, back]})
        db.session.get_one(Signup, gone).state = SignupState.LEFT
        db.session.get_one(Signup, waits).state = SignupState.WAITING
        db.session.get_one(Signup, free).availability = []
        _says_no(cast, back)
        db.session.commit()
    shown = {
        only: names(amina.get(f"/werk/{cast.series}/aanmeldingen?only={only}").text) for only in ("", *listing.ONLY)
    }
    assert shown == {
        "": ["Buur1", "Buur2", "Buur3", "Buur4", "Buur5"],
        "wish": [],
        "stranded": ["Buur4"],
        "in": ["Buur1", "Buur4"],
        "place": ["Buur1"],
        "waiting": ["Buur5"],
        "back": ["Buur3"],
        "left": ["Buur2"],
    }


def _says_no(cast: Cast, id: int) -> None:
    reconciling.reconcile(db.session, db.session.get_one(Series, cast.series), casting.NOW)
    invitation = db.session.query(Invitation).filter_by(signup_id=id).one()
    invitation.partstat, invitation.answered_at = Partstat.DECLINED, casting.NOW


@contextmanager
def counted(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, int]]:
    """How many questions go to the database, and how many sealed values are opened."""
    count = {"questions": 0, "opened": 0}
    opening = Vault.open

    def opened(vault: Vault, *told: object) -> object:
        count["opened"] += 1
        return opening(vault, *told)

    def asked(*_told: object) -> None:
        count["questions"] += 1

    with monkeypatch.context() as patch, app.app_context():
        patch.setattr(Vault, "open", opened)
        event.listen(db.engine, "before_cursor_execute", asked)
        yield count
        event.remove(db.engine, "before_cursor_execute", asked)


PAGES = (
    "",
    "/aanmeldingen",
    "/aanmeldingen?only=waiting",
    "/aanmeldingen?only=place",
    "/cijfers",
    "/balie",
    "/past-niet",
)


def test_five_times_as_many_sign_ups_make_no_page_ask_open_or_weigh_more(
    app: Flask, cast: Cast, amina: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def measured() -> dict[str, tuple[int, int, int]]:
        found = {}
        for path in ("/werk/", *(f"/werk/{cast.series}{page}" for page in PAGES)):
            amina.get(path)
            with counted(app, monkeypatch) as count:
                size = len(amina.get(path).data)
            found[path] = (count["questions"], count["opened"], size // 1000)
        return found

    with app.app_context():
        ids = enrol(cast, 250)
        casting.plan_of(cast, {(cast.sessions[0], number): ids[number * 7 : number * 7 + 7] for number in (1, 2, 3)})
        enrol(cast, 50, state=SignupState.WAITING)
    few = measured()
    with app.app_context():
        enrol(cast, 1000)
        enrol(cast, 200, state=SignupState.WAITING)
    many = measured()
    for path, (questions, opened, size) in many.items():
        assert questions <= few[path][0], path
        assert opened <= few[path][1], path
        assert size <= few[path][2] + 2, path
        assert size < 200, path
