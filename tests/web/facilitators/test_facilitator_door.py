"""The page with the PIN: who stays outside gets the same answer whatever the reason."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from config import Secrets, Settings
from tests.web import evening as evenings
from tests.web.cast import Cast, Clock
from tests.web.conftest import PLAIN
from tests.web.evening import Evening, come_in, other
from web.app import create_app
from web.limits import limiter
from web.rows import Facilitator, FacilitatorLogin, TimeSlot, db
from web.services.facilitators import access

pytestmark = pytest.mark.slow

PAGES = ("", "lijst.pdf", "lijst.xlsx", "lijst.csv")


@pytest.fixture
def evening(app: Flask, cast: Cast) -> Evening:
    return evenings.perform(app, cast)


def test_the_door_asks_the_pin_and_tells_nothing(client: FlaskClient, evening: Evening) -> None:
    page = client.get(f"/tafel/{evening.chantal_door[0]}/")
    assert page.status_code == 200
    assert 'inputmode="numeric"' in page.text
    assert 'autocomplete="one-time-code"' in page.text
    assert not [name for name in (*evening.seated, "Chantal", "Buurthuis", "Samen koken") if name in page.text]


def test_no_search_engine_no_cache_and_no_other_site_learns_of_the_link(client: FlaskClient, evening: Evening) -> None:
    for page in (client.get(f"/tafel/{evening.chantal_door[0]}/"), client.get("/tafel/nonsense/")):
        assert "noindex" in page.headers["X-Robots-Tag"]
        assert page.headers["Cache-Control"] == "no-store, private"
        # Not 'no-referrer': a form sent over https without a referrer is refused as forged.
        assert page.headers["Referrer-Policy"] == "same-origin"


def test_who_closed_the_door_or_whose_link_was_revoked_is_out_also_with_the_old_cookie(
    app: Flask, cast: Cast, client: FlaskClient, evening: Evening
) -> None:
    own = f"/tafel/{evening.chantal_door[0]}/"
    for ends in (lambda: client.post(f"{own}uit"), lambda: evenings.opened(app, cast.chantal, evening.session)):
        come_in(client, evening.chantal_door)
        assert "Bart" in client.get(own).text
        old = client.get_cookie("session")
        assert old
        with app.app_context():
            ends()
        client.set_cookie("session", old.value)
        assert "Bart" not in client.get(own).text
        with app.app_context():
            assert db.session.query(FacilitatorLogin).count() == 0


def test_unknown_revoked_expired_early_and_shut_links_give_the_same_404(
    app: Flask, cast: Cast, client: FlaskClient, evening: Evening, clock: Clock
) -> None:
    secret, pin = evening.chantal_door

    def answers() -> set[tuple[int, str]]:
        found = [client.get(f"/tafel/{secret}/{page}") for page in PAGES]
        found += [client.post(f"/tafel/{secret}/", data={"pin": pin}), client.post(f"/tafel/{secret}/uit")]
        return {(answer.status_code, answer.text.replace(secret, "unknown")) for answer in found}

    come_in(client, evening.chantal_door)
    known = client.get("/tafel/unknown/")
    assert known.status_code == 404
    for step in (-3, 6):
        clock.forward(days=step)
        assert {status for status, _ in answers()} == {404}
        assert {text for _, text in answers()} <= {client.get(f"/tafel/unknown/{p}").text for p in PAGES} | {
            client.post("/tafel/unknown/").text,
            client.post("/tafel/unknown/uit").text,
        }
        clock.forward(days=-step)
    with app.app_context():
        who, where = db.session.get_one(Facilitator, cast.chantal), db.session.get_one(TimeSlot, evening.session)
        access.revoke(db.session, who, where)
        db.session.commit()
    assert {status for status, _ in answers()} == {404}


def test_a_wrong_pin_says_how_many_tries_are_left_and_the_fifth_shuts(client: FlaskClient, evening: Evening) -> None:
    secret, pin = evening.chantal_door
    said = [client.post(f"/tafel/{secret}/", data={"pin": other(pin)}) for _ in range(5)]
    assert [answer.status_code for answer in said] == [403] * 5
    assert [f"nog {left} keer" in answer.text for answer, left in zip(said, (4, 3, 2, 1), strict=False)] == [True] * 4
    assert other(pin) not in said[0].text
    assert "Deze link is nu dicht" in said[4].text
    assert client.post(f"/tafel/{secret}/", data={"pin": pin}).status_code == 404


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "geheim", "=1+1", "9" * 10_000, "१२३४५", "\x00", "²²²²²²"])
def test_what_cannot_be_a_pin_costs_no_try(client: FlaskClient, evening: Evening, typed: str) -> None:
    secret, _ = evening.chantal_door
    for _ in range(6):
        answer = client.post(f"/tafel/{secret}/", data={"pin": typed})
        assert answer.status_code == 422
        assert "Vul de 6 cijfers" in answer.text
    come_in(client, evening.chantal_door)


def test_a_pin_may_be_typed_with_a_space_or_in_arabic_digits(client: FlaskClient, evening: Evening) -> None:
    secret, pin = evening.chantal_door
    come_in(client, (secret, f" {pin[:3]} {pin[3:]} "))
    client.post(f"/tafel/{secret}/uit")
    come_in(client, (secret, pin.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))))


@pytest.mark.parametrize("page", PAGES)
def test_who_came_in_by_one_door_is_outside_every_other(client: FlaskClient, evening: Evening, page: str) -> None:
    come_in(client, evening.chantal_door)
    answer = client.get(f"/tafel/{evening.cor_door[0]}/{page}", follow_redirects=True)
    assert "Je lijst openen" in answer.text
    assert "Gijs" not in answer.text


def test_two_doors_may_be_open_at_once_and_are_closed_one_by_one(client: FlaskClient, evening: Evening) -> None:
    come_in(come_in(client, evening.chantal_door), evening.cor_door)
    client.post(f"/tafel/{evening.cor_door[0]}/uit")
    assert "Bart" in client.get(f"/tafel/{evening.chantal_door[0]}/").text
    assert "Gijs" not in client.get(f"/tafel/{evening.cor_door[0]}/").text


@pytest.mark.parametrize("page", PAGES)
def test_after_eight_hours_the_pin_is_asked_again(
    client: FlaskClient, evening: Evening, clock: Clock, page: str
) -> None:
    address = f"/tafel/{evening.chantal_door[0]}/{page}"
    come_in(client, evening.chantal_door)
    clock.forward(hours=7, minutes=59)
    assert "Je lijst openen" not in client.get(address).get_data().decode("latin-1")
    clock.forward(minutes=1)
    assert "Je lijst openen" in client.get(address, follow_redirects=True).text


def test_an_invented_cookie_opens_nothing(client: FlaskClient, evening: Evening) -> None:
    client.set_cookie("session", "eyJkb29ycyI6eyIxIjowfX0.invented.signature")
    assert "Je lijst openen" in client.get(f"/tafel/{evening.chantal_door[0]}/").text


def test_the_door_speaks_english(client: FlaskClient, evening: Evening) -> None:
    secret, pin = evening.chantal_door
    assert "Open your list" in client.get(f"/tafel/{secret}/?taal=en").text
    assert "4 more times" in client.post(f"/tafel/{secret}/", data={"pin": other(pin)}).text
    assert "A link for facilitators only works" in client.get("/tafel/unknown/").text


def test_a_form_from_elsewhere_is_refused(app: Flask, client: FlaskClient, evening: Evening) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    secret, pin = evening.chantal_door
    assert client.post(f"/tafel/{secret}/", data={"pin": pin}).status_code == 400


def test_one_address_may_not_type_pins_without_end(
    settings: Settings, keys: Secrets, tmp_path: Path, app: Flask
) -> None:
    limited = create_app(settings, keys, tmp_path, secure=False, **{**PLAIN, "RATELIMIT_ENABLED": True})
    most = settings.limits.logins_per_address_per_hour
    said = [limited.test_client().post("/tafel/unknown/").status_code for _ in range(most + 1)]
    limiter.reset()
    assert said == [404] * most + [429]
