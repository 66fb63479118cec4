"""What works once works once, a login is a row that can be ended, and guessing locks nobody out (promise 17)."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_security import MfRecoveryCodesUtil
from passlib.totp import TOTP
from sqlalchemy import func, select

import config
from tests.web import cast as casting
from tests.web.cast import NOW, PASSWORD, Cast, Clock
from tests.web.organisations.test_accounts import (
    ADDRESS,
    Make,
    Phone,
    edit,
    is_in,
    make,
    password,
    set_up,
    through_the_door,
)
from tests.web.pages import directives
from web.rows import SpentToken, Staff, StaffLogin, WebAuthn, db
from web.services import logins
from web.services.organisations import accounts, passwords

pytestmark = pytest.mark.slow
__all__ = ["make"]

AT_ONCE = 6
FEW = 3
IPHONE = {"User-Agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) Version/18.1 Mobile Safari/604.1"}


@pytest.fixture(autouse=True)
def fresh_codes() -> Iterator[None]:
    Phone.waits = count()
    yield


def codes_of(client: FlaskClient) -> list[str]:
    page = client.post("/account/herstelcodes", data={"generate_new_codes": "1"})
    assert directives(page) == {"no-store", "private"}
    return re.findall(r'class="site-code">([0-9a-f-]+)<', page.text)


def cookie_of(client: FlaskClient) -> str:
    cookie = client.get_cookie("session")
    assert cookie
    return cookie.value


def all_logins(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count(StaffLogin.id))) or 0


def all_there_first(monkeypatch: pytest.MonkeyPatch, owner: type, name: str) -> None:
    """Nobody goes on from this function before everybody has come to it once: the race, every time."""
    gate, seen = threading.Barrier(AT_ONCE, timeout=5), threading.local()
    known = owner.__dict__[name]
    real = getattr(known, "__func__", known)

    def waits(*told: Any, **more: Any) -> Any:
        found = real(*told, **more)
        if not hasattr(seen, "here"):
            seen.here = True
            with suppress(threading.BrokenBarrierError):
                gate.wait()
        return found

    monkeypatch.setattr(owner, name, classmethod(waits) if isinstance(known, classmethod) else waits)


# What works once


@pytest.mark.parametrize(
    ("path", "owner", "name"),
    [("/inloggen/code", TOTP, "verify"), ("/inloggen/herstelcode", MfRecoveryCodesUtil, "_decrypt_codes")],
)
def test_of_six_who_send_a_code_at_the_same_moment_one_comes_in(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, path: str, owner: type, name: str
) -> None:
    phone = through_the_door(client)
    code = codes_of(client)[0] if owner is MfRecoveryCodesUtil else phone.generate().token
    clients = [app.test_client() for _ in range(AT_ONCE)]
    for each in clients:
        assert password(each).location.startswith("/inloggen/code")
    all_there_first(monkeypatch, owner, name)
    with ThreadPoolExecutor(AT_ONCE) as threads:
        list(threads.map(lambda each: each.post(path, data={"code": code}), clients))
    assert sum(map(is_in, clients)) == 1


def test_two_recovery_codes_at_the_same_moment_both_work_and_both_are_gone(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    through_the_door(client)
    codes = codes_of(client)
    clients = [app.test_client() for _ in range(AT_ONCE)]
    for each in clients:
        password(each)
    all_there_first(monkeypatch, MfRecoveryCodesUtil, "_decrypt_codes")
    with ThreadPoolExecutor(AT_ONCE) as threads:
        told = zip(clients, codes[:AT_ONCE], strict=True)
        list(threads.map(lambda each: each[0].post("/inloggen/herstelcode", data={"code": each[1]}), told))
    assert all(map(is_in, clients))
    left = client.get("/account/herstelcodes?show_codes=1").text
    assert re.findall(r'class="site-code">([0-9a-f-]+)<', left) == codes[AT_ONCE:]


def test_a_challenge_for_a_passkey_is_answered_once(app: Flask, client: FlaskClient) -> None:
    address = re.search(r'action="(/inloggen/passkey/[^"]+)"', client.post("/inloggen/passkey").text)
    assert address
    again = "Dit is al een keer gebruikt."
    for used in (False, True):
        answer = client.post(address[1], data={"credential": "{}"}, follow_redirects=True)
        assert (again in answer.text) == used
    client.post("/inloggen/passkey/verzonnen", data={"credential": "{}"})
    with app.app_context():
        assert db.session.scalar(select(func.count(SpentToken.id))) == 1, "what is no token leaves nothing behind"
        assert not logins.spend(db.session, address[1].rpartition("/")[2], NOW)


def test_who_began_to_set_up_an_app_before_the_owner_cannot_take_its_place(app: Flask, client: FlaskClient) -> None:
    thief = app.test_client()
    password(thief)
    stolen = set_up(thief)
    through_the_door(client)
    answer = thief.post("/inloggen/code", data={"code": stolen.generate().token})
    assert answer.location == "/inloggen"
    assert not is_in(thief)
    assert is_in(client)


# Sessions


def test_who_logged_out_is_out_also_with_the_old_cookie(app: Flask, client: FlaskClient) -> None:
    through_the_door(client)
    old = cookie_of(client)
    answer = client.post("/uitloggen", base_url="https://localhost")
    assert answer.headers["Clear-Site-Data"] == '"cache"'
    client.set_cookie("session", old)
    assert not is_in(client)
    assert "Log opnieuw in." in client.get("/inloggen").text
    assert all_logins(app) == 0


def test_the_database_does_not_hold_what_opens_a_session(app: Flask, client: FlaskClient, tmp_path: Path) -> None:
    through_the_door(client)
    with client.session_transaction() as session:
        secret = session["login"]
    assert len(secret) == 32
    assert secret.encode() not in b"".join(path.read_bytes() for path in tmp_path.glob("rebubbelen.db*"))


def test_the_page_shows_where_somebody_is_logged_in_and_ends_it(
    app: Flask, cast: Cast, client: FlaskClient, beatrix: FlaskClient
) -> None:
    phone, lost = through_the_door(client), app.test_client()
    password(lost)
    lost.post("/inloggen/code", data={"code": phone.generate().token}, headers=IPHONE)
    third = casting.log_in(app.test_client(), cast.amina, "Firefox/Windows")
    assert is_in(third)
    codes_of(client)
    page = client.get("/account/apparaten/").text
    words = ("Safari op iPhone", "Firefox op Windows", "Onbekend apparaat")
    assert [word for word in words if word not in page] == []
    assert page.count("dit apparaat") == 1
    assert len(re.findall(r"/account/apparaten/\d+/uit", page)) == 2, "all but this one"
    with app.app_context():
        login = db.session.scalars(select(StaffLogin).where(StaffLogin.device == "Safari/iPhone")).one().id
    assert beatrix.post(f"/account/apparaten/{login}/uit").status_code == 404, "somebody else's"
    assert is_in(lost)
    assert client.post(f"/account/apparaten/{login}/uit", follow_redirects=True).text.count("is uitgelogd") == 1
    assert [is_in(each) for each in (client, lost, third)] == [True, False, True]
    client.post("/account/apparaten/andere/uit")
    assert [is_in(each) for each in (client, third, beatrix)] == [True, False, True]


def test_when_it_was_used_is_kept_to_ten_minutes(app: Flask, amina: FlaskClient, clock: Clock) -> None:
    def used() -> timedelta:
        with app.app_context():
            return db.session.scalars(select(StaffLogin.used_at)).one() - NOW

    assert is_in(amina)
    for minutes, expected in ((9, 0), (2, 11), (8, 11), (3, 22)):
        clock.forward(minutes=minutes)
        assert is_in(amina)
        assert used() == timedelta(minutes=expected)


def _new_app(client: FlaskClient) -> None:
    page = client.post("/account/app", data={"setup": "authenticator"}).text
    key, address = re.search(r"<dt>Sleutel</dt><dd>([A-Z0-9-]+)</dd>", page), re.search(r'"(/account/app/[^"]+)"', page)
    assert key
    assert address
    assert client.post(address[1], data={"code": Phone(key[1].replace("-", "")).generate().token}).status_code == 302


def _new_password(client: FlaskClient) -> None:
    fresh = {"new_password": "vier heel gewone woorden", "new_password_confirm": "vier heel gewone woorden"}
    client.post("/account/wachtwoord", data={"password": PASSWORD, **fresh})


def _one_passkey_less(client: FlaskClient) -> None:
    with client.application.app_context():
        amina = db.session.scalars(select(Staff).where(Staff.email == ADDRESS)).one()
        amina.fs_webauthn_user_handle = "amina"
        told = {"public_key": b"x", "backup_state": False, "device_type": "single_device", "usage": "first"}
        key = WebAuthn(name="oud", credential_id=b"x", create_datetime=NOW, lastuse_datetime=NOW, **told)
        amina.webauthn.append(key)
        db.session.commit()
    assert "is weg" in client.post("/account/passkey-weg", data={"name": "oud"}, follow_redirects=True).text


@pytest.mark.parametrize("change", [_new_app, _new_password, _one_passkey_less])
def test_other_ways_in_end_every_session_but_the_own(
    app: Flask, cast: Cast, client: FlaskClient, change: Callable[[FlaskClient], None]
) -> None:
    through_the_door(client)
    other = casting.log_in(app.test_client(), cast.amina)
    assert is_in(other)
    change(client)
    assert (is_in(client), is_in(other)) == (True, False)
    assert all_logins(app) == 1


@pytest.mark.parametrize(
    "change",
    [
        lambda account: accounts.set_active(db.session, account, False),
        accounts.reset_codes,
        lambda account: passwords.give(account, passwords.new(), str),
    ],
)
def test_what_an_administrator_does_ends_all(app: Flask, amina: FlaskClient, change: Callable[[Staff], object]) -> None:
    assert is_in(amina)
    edit(app, ADDRESS, change)
    assert not is_in(amina)
    assert all_logins(app) == 0


def test_by_night_what_is_over_is_erased_and_nothing_else(app: Flask, amina: FlaskClient, clock: Clock) -> None:
    with app.app_context():
        logins.spend(db.session, "gebruikt", NOW + timedelta(minutes=30))
        db.session.commit()
    assert is_in(amina)
    for hours, left in ((7.9, 1), (0.2, 0)):
        clock.forward(hours=hours)
        with app.app_context():
            logins.erase_expired(db.session, clock.now)
            db.session.commit()
            assert not db.session.scalar(select(func.count(SpentToken.id)))
        assert all_logins(app) == left
    assert not is_in(amina)


def test_a_login_from_a_wrong_clock_does_not_last_for_years(amina: FlaskClient, clock: Clock) -> None:
    assert is_in(amina)
    clock.forward(days=-900)
    assert not is_in(amina)


def test_looking_at_the_page_for_a_code_ends_nothing(client: FlaskClient) -> None:
    through_the_door(client)
    for page in ("/inloggen/code", "/inloggen/kies", "/inloggen/hulp", "/inloggen/herstelcode", "/inloggen"):
        client.get(page)
        assert is_in(client), page


def test_a_form_from_before_somebody_came_in_has_another_token(make: Make) -> None:
    app = make(WTF_CSRF_ENABLED=True)
    client = app.test_client()

    def token(path: str) -> str:
        found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(path).text)
        assert found
        return found[1]

    before = token("/inloggen")
    with client.session_transaction() as session:
        raw = session["csrf_token"]
    assert password(client, csrf_token=before).location == "/account/app"
    page = client.post("/account/app", data={"setup": "authenticator", "csrf_token": token("/account/app")}).text
    key = re.search(r"<dt>Sleutel</dt><dd>([A-Z0-9-]+)</dd>", page)
    assert key
    code = Phone(key[1].replace("-", "")).generate().token
    client.post("/inloggen/code", data={"code": code, "csrf_token": before})
    assert token("/account/wachtwoord")
    with client.session_transaction() as session:
        assert session["csrf_token"] != raw


# Guessing


def few(settings: config.Settings) -> config.Settings:
    """Three tries an hour, so that a test is soon through them."""
    return replace(settings, limits=replace(settings.limits, logins_per_account_per_hour=FEW))


def test_wrong_guesses_of_others_lock_nobody_out(make: Make, settings: config.Settings) -> None:
    app, most = make(RATELIMIT_ENABLED=True), FEW
    app.extensions["settings"] = few(settings)
    known = app.test_client()
    phone = through_the_door(known)
    known.post("/uitloggen")
    for i in range(most * 10):
        wrong = {"email": ADDRESS, "password": "fout"}
        answer = app.test_client().post(
            "/inloggen", data=wrong, environ_base={"REMOTE_ADDR": f"198.51.100.{i // most}"}
        )
        assert answer.status_code == 200
        if i == most:
            assert password(app.test_client()).status_code == 302, "a colleague somewhere else"
    everywhere = app.test_client().post("/inloggen", data={"email": ADDRESS, "password": PASSWORD})
    assert everywhere.status_code == 429, "nor is there an end to it by many addresses"
    assert password(known).status_code == 302, "where somebody came in before, it goes on"
    assert known.post("/inloggen/code", data={"code": phone.generate().token}).location == "/werk/"
    assert is_in(known)


def test_a_known_device_is_known_for_its_own_account_and_may_not_guess_either(
    make: Make, settings: config.Settings
) -> None:
    app, most = make(RATELIMIT_ENABLED=True), FEW
    app.extensions["settings"] = few(settings)
    client = app.test_client()
    through_the_door(client)
    cookie = client.get_cookie("known_device", path="/inloggen")
    assert cookie
    assert cookie.http_only
    assert ADDRESS not in cookie.value
    client.post("/uitloggen")
    assert [password(client, "fout").status_code for _ in range(most + 1)] == [200] * most + [429]
    elsewhere = password(client, email="dirk@elders.example")
    assert elsewhere.status_code == 302


def test_two_processes_count_together(make: Make, settings: config.Settings, tmp_path: Path) -> None:
    both = [make(RATELIMIT_ENABLED=True) for _ in range(2)]
    for app in both:
        app.extensions["settings"] = few(settings)
    for i in range(FEW):
        assert password(both[i % 2].test_client(), "fout").status_code == 200
    assert [password(app.test_client()).status_code for app in both] == [429, 429]
    kept = b"".join(path.read_bytes() for path in tmp_path.glob("limits.db*"))
    assert kept
    assert not [word for word in (b"amina", b"127.0.0.1") if word in kept]


@pytest.mark.parametrize(
    "easy",
    ["aaaaaaaaaaaa", "123456789012", "wachtwoord12", "welkom2026!!", "Amina-Amina-Amina", ADDRESS, "Welzijn Zuid 2026"],
)
def test_a_password_that_anybody_would_try_is_refused(amina: FlaskClient, app: Flask, easy: str) -> None:
    data = {"password": PASSWORD, "new_password": easy, "new_password_confirm": easy}
    assert "Dit wachtwoord is makkelijk te raden." in amina.post("/account/wachtwoord", data=data).text
    with pytest.raises(passwords.GuessablePassword):
        edit(app, ADDRESS, lambda account: passwords.give(account, easy, str))


# The name of the site


def test_a_name_that_is_not_ours_gets_400_and_leads_nowhere(make: Make) -> None:
    client = make(BASE_URL="https://samen.example.nl/wijk", HOSTS=["oud.example.nl", ""]).test_client()
    for host in ("samen.example.nl", "samen.example.nl:443", "SAMEN.example.nl.", "oud.example.nl", "[::1]:8000"):
        assert client.get("/inloggen", headers={"Host": host}).status_code == 200, host
    for host in (
        "kwaad.example",
        "samen.example.nl.kwaad.example",
        "",
        "samen.example.nl@kwaad.example",
        "a b",
        "[::2]",
    ):
        for path in ("/inloggen", "/werk", "/bestaat-niet"):
            answer = client.get(path, headers={"Host": host})
            assert (answer.status_code, answer.location) == (400, None), host
            assert not host or host not in answer.text
            assert directives(answer) == {"no-store", "private"}
