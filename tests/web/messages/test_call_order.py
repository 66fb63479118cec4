"""The order of the call list: who has to hear it first, everybody in sight, and narrowed by day, meeting and way."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.web import cast as casting
from tests.web import post
from tests.web.call_list import CALLS, card, tell
from tests.web.cast import Cast, Clock
from web.rows import Invitation, TimeSlot, db

pytestmark = pytest.mark.slow


@pytest.fixture
def evenings(app: Flask, cast: Cast, clock: Clock) -> dict[str, int]:
    """Who signed up last comes first: tomorrow; Fatma and Els a week later, Cor whenever he can."""
    ways = {
        "Fatma": {"reach": "call", "email": None, "phone": "+31622222222"},
        "Els": {"reach": "text", "email": None, "phone": "+31611111111"},
        "Truus": {"reach": "call", "email": None, "phone": "+31633333333"},
    }
    with app.app_context():
        people = {name: casting.sign_up(app, cast, name, **more).signup.id for name, more in ways.items()}
        casting.plan_of(
            cast,
            {
                (cast.sessions[0], 1): [people["Truus"]],
                (cast.sessions[1], 1): [people["Fatma"], people["Els"]],
            },
        )
        post.told(app, cast)
        clock.now = db.session.get_one(TimeSlot, cast.sessions[0]).gatherings[0].starts - timedelta(days=1)
    return people


def names(html: str) -> list[str]:
    return re.findall(r'<strong id="call-\d+"><bdi>(\w+)</bdi>', html)


def test_tomorrow_comes_first_and_is_open(amina: FlaskClient, evenings: dict[str, int]) -> None:
    html = amina.get(CALLS).text
    assert names(html) == ["Truus", "Fatma", "Els"]
    assert [found.strip() for found in re.findall(r'id="dag-\d">([^<]+)<', html)] == [
        "Morgen, di 12 jan",
        "Donderdag 14 januari",
    ]
    assert "1 gaat over morgen." in html
    assert re.findall(r"<details( open)?><summary><strong", html) == [" open", "", ""]
    assert "Samen koken in de buurt, 18.00 · uitnodiging" in " ".join(card(html, "Truus").split())


@pytest.mark.parametrize(
    ("chosen", "left"),
    [
        ("dag=2027-01-14", ["Fatma", "Els"]),
        ("via=text", ["Els"]),
        ("via=call", ["Truus", "Fatma"]),
        ("dag=2027-01-12&via=text", []),
        ("ontmoeting=1", ["Truus", "Fatma", "Els"]),
        ("ontmoeting=99", []),
        ("dag=x", []),
    ],
)
def test_it_is_narrowed_by_day_way_and_meeting(
    amina: FlaskClient, evenings: dict[str, int], chosen: str, left: list[str]
) -> None:
    assert names(amina.get(f"{CALLS}?{chosen}").text) == left


def test_a_choice_says_how_many_and_a_second_press_undoes_it(amina: FlaskClient, evenings: dict[str, int]) -> None:
    html = amina.get(f"{CALLS}?via=call").text
    found = re.findall(r'<a href="([^"]+)"( aria-current="true")?><bdi>([^<]+)</bdi>\s*<span[^>]*>(\d+)<', html)
    shown = {text: (url, bool(current), int(many)) for url, current, text, many in found}
    assert shown["Bellen"] == (CALLS, True, 2)
    assert shown["Sms"] == (f"{CALLS}?via=text", False, 1)
    assert shown["Morgen"] == (f"{CALLS}?dag=2027-01-12&amp;via=call", False, 1)
    assert shown["Alles"] == (CALLS, False, 3)


def test_after_a_call_the_list_is_still_narrowed(app: Flask, amina: FlaskClient, evenings: dict[str, int]) -> None:
    html = amina.get(f"{CALLS}?via=call").text
    action = re.search(r'<form method="post" action="([^"]+)"', card(html, "Truus"))[1]
    page = tell(amina, html, "Truus", to=action)
    assert (page.request.query_string.decode(), names(page.text)) == ("via=call", ["Fatma"])
    assert "Vandaag gesproken: 1 mens." in page.text


def test_who_is_called_says_the_same_of_every_date(app: Flask, cast: Cast, amina: FlaskClient) -> None:
    with app.app_context():
        people = post.delivered(app, cast, evenings=2)
    html = card(amina.get(CALLS).text, "Fatma")
    assert "op alle 2 datums?" in html and html.count("<fieldset") == 2, "or each by itself"
    tell(amina, amina.get(CALLS).text, "Fatma", do="ACCEPTED")
    with app.app_context():
        mine = db.session.query(Invitation).filter_by(signup_id=people["Fatma"])
        assert [one.partstat for one in mine] == ["ACCEPTED"] * 2


def test_sixty_five_people_are_all_in_sight_and_short(app: Flask, cast: Cast, amina: FlaskClient) -> None:
    with app.app_context():
        for n in range(65):
            casting.sign_up(app, cast, f"Buur{n}", reach="call", email=None, phone=f"+316123456{n:02}")
    html = amina.get(CALLS).text
    assert len(names(html)) == 65
    assert html.count("<details open>") == 1


def test_the_own_evening_that_is_over_leaves_the_list(app: Flask, cast: Cast, amina: FlaskClient, clock: Clock) -> None:
    """The series goes on, but not for who could only come the first time: no table is made for them any more."""
    with app.app_context():
        casting.sign_up(
            app, cast, "Fatma", reach="call", email=None, phone="+31622222222", sessions=frozenset(cast.sessions[:1])
        )
        clock.now = db.session.get_one(TimeSlot, cast.sessions[0]).gatherings[0].ends + timedelta(hours=1)
    assert not card(amina.get(CALLS).text, "Fatma")
