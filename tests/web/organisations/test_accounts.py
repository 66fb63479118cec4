"""The door for staff: password and code, recovery codes, passkeys, throttling, and sessions that end (promise 17)."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from flask import Flask
from flask.testing import FlaskClient
from flask_security import hash_password
from passlib.totp import TOTP, TotpToken
from sqlalchemy import select
from werkzeug.test import TestResponse

import config
from tests.web import cast as casting
from tests.web.cast import PASSWORD, Cast, Clock
from tests.web.conftest import PLAIN, Stage
from web.accounts.keys import derived
from web.accounts.settings import SETTINGS
from web.app import create_app
from web.demo import staff
from web.rows import Organisation, Project, Staff, db
from web.services.organisations import passwords

pytestmark = pytest.mark.slow

ADDRESS = "amina@zuid.example"
ELSEWHERE = ("https://kwaad.example/", "//kwaad.example", "/\\kwaad.example", "javascript:alert(1)")
OWN = ("/account/wachtwoord", "/account/app", "/account/herstelcodes", "/account/passkey")
ACTING = (
    "/inloggen",
    "/inloggen/passkey",
    "/uitloggen",
    "/account/wachtwoord",
    "/account/app",
    "/beheer/account/nieuw",
)
Make = Callable[..., Flask]


class Phone(TOTP):
    """An app whose owner waits for the next code every time, because a code opens once."""

    waits = count()

    def generate(self) -> TotpToken:
        """The next code that was not shown yet."""
        return super().generate(time.time() + self.period * next(Phone.waits))


@pytest.fixture(autouse=True)
def fresh_codes() -> None:
    Phone.waits = count()


@pytest.fixture
def make(stage: Stage, settings: config.Settings, keys: config.Secrets, clock: Clock, tmp_path: Path) -> Iterator[Make]:
    """Another application on a database with the cast, with other configuration."""
    stage.put(tmp_path)
    made: list[Flask] = []

    def app(secrets: config.Secrets = keys, *, demo: bool = False, secure: bool = False, **more: object) -> Flask:
        made.append(create_app(settings, secrets, tmp_path, clock=clock, demo=demo, secure=secure, **{**PLAIN, **more}))
        return made[-1]

    yield app
    for each in made:
        with each.app_context():
            db.session.remove()
            db.engine.dispose()


def password(client: FlaskClient, secret: str = PASSWORD, email: str = ADDRESS, **more: str) -> TestResponse:
    """Fill in the first page."""
    return client.post("/inloggen", data={"email": email, "password": secret, **more})


def set_up(client: FlaskClient) -> Phone:
    """Start the set-up of an app, and be that app."""
    page = client.post("/account/app", data={"setup": "authenticator"})
    assert page.status_code == 200
    assert 'src="data:image/svg+xml' in page.text  # what our policy lets a picture be
    key = re.search(r"<dt>Sleutel</dt><dd>([A-Z0-9-]+)</dd>", page.text)
    assert key
    return Phone(key[1].replace("-", ""))


def through_the_door(client: FlaskClient, email: str = ADDRESS) -> Phone:
    """The first log-in of an account: password, app, first code."""
    assert password(client, email=email).location == "/account/app"
    app = set_up(client)
    assert client.post("/inloggen/code", data={"code": app.generate().token}).location == "/werk/"
    return app


def is_in(client: FlaskClient) -> bool:
    return client.get("/account/wachtwoord").status_code == 200


def edit(app: Flask, email: str, change: Callable[[Staff], object]) -> None:
    with app.app_context():
        change(db.session.scalars(select(Staff).where(Staff.email == email)).one())
        db.session.commit()


# The way in


def test_a_code_that_somebody_saw_opens_nothing_a_second_time(client: FlaskClient) -> None:
    app = through_the_door(client)
    seen = {"code": app.generate().token}
    client.post("/uitloggen")
    password(client)
    assert client.post("/inloggen/code", data=seen).location == "/werk/"
    client.post("/uitloggen")
    password(client)
    assert client.post("/inloggen/code", data=seen).status_code == 200
    assert not is_in(client)


def test_a_password_alone_lets_nobody_in(client: FlaskClient) -> None:
    assert password(client).location == "/account/app"
    assert client.get("/werk/").location.startswith("/inloggen?next=")
    assert not is_in(client)


def test_the_first_log_in_sets_up_an_app_then_asks_for_recovery_codes(client: FlaskClient) -> None:
    through_the_door(client, "beatrix@zuid.example")
    assert client.get("/beheer/").location == "/account/herstelcodes"
    page = client.post("/account/herstelcodes", data={"generate_new_codes": "1"})
    assert len(re.findall(r'class="site-code">[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}<', page.text)) == 8
    assert client.get("/beheer/").status_code == 200


def test_later_log_ins_ask_for_the_code_and_refuse_a_wrong_one(client: FlaskClient) -> None:
    app = through_the_door(client)
    client.post("/uitloggen")
    assert not is_in(client)
    assert password(client).location.startswith("/inloggen/code?")
    wrong = client.post("/inloggen/code", data={"code": "000000"})
    assert wrong.status_code == 200
    assert "Deze code klopt niet." in wrong.text
    assert not is_in(client)
    assert client.post("/inloggen/code", data={"code": app.generate().token}).location == "/werk/"
    assert is_in(client)


def test_a_wrong_first_code_sets_nothing_up(client: FlaskClient) -> None:
    password(client)
    set_up(client)
    assert "Terug naar het plaatje" in client.post("/inloggen/code", data={"code": "000000"}).text
    assert password(client).location == "/account/app"


def test_the_code_page_is_nothing_without_a_password(client: FlaskClient) -> None:
    for page in ("/inloggen/code", "/inloggen/herstelcode", "/account/app"):
        assert client.get(page).location == "/inloggen"


@pytest.mark.parametrize("shape", [str.lower, str.upper, lambda code: f" {code.replace('-', ' ')} "])
def test_a_recovery_code_works_once_however_it_is_typed(client: FlaskClient, shape: Callable[[str], str]) -> None:
    through_the_door(client)
    page = client.post("/account/herstelcodes", data={"generate_new_codes": "1"})
    code = re.findall(r'class="site-code">([0-9a-f-]+)<', page.text)[0]
    for expected in (True, False):
        client.post("/uitloggen")
        password(client)
        client.post("/inloggen/herstelcode", data={"code": shape(code)})
        assert is_in(client) is expected


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(client: FlaskClient) -> None:
    pages = [password(client, "fout fout fout", who) for who in (ADDRESS, "niemand@zuid.example")]
    wrong, unknown = (re.sub(r'value="[^"]*"', "", page.text) for page in pages)
    assert wrong == unknown
    assert "horen niet bij elkaar" in wrong


def test_who_is_switched_off_gets_that_answer_too_and_is_out_at_once(app: Flask, client: FlaskClient) -> None:
    through_the_door(client)
    edit(app, ADDRESS, lambda account: setattr(account, "active", False))
    assert not is_in(client)
    assert "horen niet bij elkaar" in password(client).text


@pytest.mark.parametrize("path", ["/register", "/reset", "/inloggen/registreren", "/fs-static/js/webauthn.js"])
def test_nobody_registers_or_resets_a_password_without_a_colleague(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("next_", ELSEWHERE)
def test_the_door_leads_to_no_other_site(client: FlaskClient, next_: str) -> None:
    app = through_the_door(client)
    client.post("/uitloggen")
    first = password(client, next=next_)
    password(client)
    second = client.post("/inloggen/code", query_string={"next": next_}, data={"code": app.generate().token})
    for answer in (first, second):
        assert re.match(r"/(?![/\\])", answer.location or "/"), "a path on this site, however a browser reads it"
    assert is_in(client)


def test_the_door_leads_to_where_somebody_was_going(client: FlaskClient) -> None:
    app = through_the_door(client)
    client.post("/uitloggen")
    location = password(client, next="/beheer/logboek").location
    assert location == "/inloggen/code?next=/beheer/logboek"
    assert client.post(location, data={"code": app.generate().token}).location == "/beheer/logboek"


def test_json_gets_no_token(client: FlaskClient) -> None:
    told, accepts = {"email": ADDRESS, "password": PASSWORD}, {"Accept": "application/json"}
    for sent in ({"json": told}, {"data": told}):
        answer = client.post("/inloggen?include_auth_token", headers=accepts, **sent)
        assert answer.mimetype == "text/html"
        assert "token" not in answer.headers.get("Location", "")


# Passwords


def test_a_new_password_ends_other_sessions(app: Flask, client: FlaskClient) -> None:
    code = through_the_door(client)
    other = app.test_client()
    password(other)
    other.post("/inloggen/code", data={"code": code.generate().token})
    assert is_in(other)
    fresh = {"new_password": "vier heel gewone woorden", "new_password_confirm": "vier heel gewone woorden"}
    assert client.post("/account/wachtwoord", data={"password": PASSWORD, **fresh}).status_code == 302
    assert is_in(client)
    assert not is_in(other)


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        (("fout", "vier heel gewone woorden"), "Dit wachtwoord klopt niet."),
        ((PASSWORD, "kort"), "Kies een wachtwoord van minstens 12 tekens."),
        ((PASSWORD, PASSWORD), "Dit is je oude wachtwoord."),
    ],
)
def test_a_bad_change_of_password_says_what_is_wrong(amina: FlaskClient, told: tuple[str, str], sentence: str) -> None:
    old, new = told
    data = {"password": old, "new_password": new, "new_password_confirm": new}
    assert sentence in amina.post("/account/wachtwoord", data=data).text


def test_a_password_that_somebody_else_chose_must_be_replaced_first(app: Flask, client: FlaskClient) -> None:
    given = passwords.new()
    with app.app_context():
        account = db.session.scalars(select(Staff).where(Staff.email == ADDRESS)).one()
        passwords.give(account, given, hash_password)
        db.session.commit()
    password(client, given)
    client.post("/inloggen/code", data={"code": set_up(client).generate().token})
    assert client.get("/werk/").location == "/account/wachtwoord"
    fresh = {"new_password": "vier heel gewone woorden", "new_password_confirm": "vier heel gewone woorden"}
    assert client.post("/account/wachtwoord", data={"password": given, **fresh}).location == "/werk/"
    assert client.get("/werk/").location == "/account/herstelcodes"


def test_passwords_are_hashed_with_argon2(make: Make) -> None:
    app = make(**{name: SETTINGS[name] for name in PLAIN if name in SETTINGS})
    with app.app_context():
        assert hash_password(PASSWORD).startswith("$argon2id$")


# Keys


def test_codes_survive_new_keys_as_long_as_the_old_one_is_there(make: Make, keys: config.Secrets) -> None:
    old = make().test_client()
    app = through_the_door(old)
    codes = old.post("/account/herstelcodes", data={"generate_new_codes": "1"}).text
    code = re.findall(r'class="site-code">([0-9a-f-]+)<', codes)[0]
    fresh = Fernet.generate_key()
    both = config.Secrets((fresh, *keys.keys), keys.lookup, Fernet.generate_key().decode())
    for data, page in (({"code": app.generate().token}, "/inloggen/code"), ({"code": code}, "/inloggen/herstelcode")):
        client = make(both).test_client()
        assert password(client).location.startswith("/inloggen/code?")
        client.post(page, data=data)
        assert is_in(client)


def test_no_key_of_an_account_is_a_key_of_something_else(keys: config.Secrets) -> None:
    made = derived(keys)
    used = [*made["SECURITY_TOTP_SECRETS"].values(), *made["SECURITY_MULTI_FACTOR_RECOVERY_CODES_KEYS"]]
    used.append(made["SECURITY_PASSWORD_SALT"])
    assert len(set(used)) == len(used)
    assert not {keys.session, *(key.decode() for key in keys.keys)} & set(used)


def test_the_database_shows_no_code(app: Flask, client: FlaskClient) -> None:
    secret = through_the_door(client)
    page = client.post("/account/herstelcodes", data={"generate_new_codes": "1"})
    codes = re.findall(r'class="site-code">([0-9a-f-]+)<', page.text)
    with app.app_context():
        account = db.session.scalars(select(Staff).where(Staff.email == ADDRESS)).one()
        stored = f"{account.tf_totp_secret} {account.mf_recovery_codes}"
    assert not any(code in stored for code in [*codes, secret.base32_key])


# Sessions


def test_a_session_ends_after_eight_hours_whatever_happens_in_it(client: FlaskClient, clock: Clock) -> None:
    through_the_door(client)
    for _ in range(3):
        clock.forward(hours=2.6)
        assert is_in(client)
    clock.forward(hours=0.3)
    assert not is_in(client)
    assert "omdat je 8 uur geleden inlogde" in client.get("/inloggen").text


def test_an_old_cookie_does_not_bring_it_back(client: FlaskClient, clock: Clock) -> None:
    through_the_door(client)
    old = client.get_cookie("session")
    assert old
    clock.forward(hours=9)
    assert not is_in(client)
    client.set_cookie("session", old.value)
    assert not is_in(client)


def test_nobody_is_remembered(client: FlaskClient) -> None:
    password(client, remember="y")
    client.post("/inloggen/code", data={"code": set_up(client).generate().token})
    assert is_in(client)
    assert client.get_cookie("remember_token") is None


def test_logging_out_goes_by_post_only(client: FlaskClient) -> None:
    through_the_door(client)
    assert client.get("/uitloggen").status_code == 405
    assert is_in(client)


# Guessing


def test_guessing_the_password_of_an_account_stops(make: Make, settings: config.Settings) -> None:
    app = make(RATELIMIT_ENABLED=True)
    most = settings.limits.logins_per_account_per_hour
    spelled = [ADDRESS, ADDRESS.upper(), f" {ADDRESS} ", "amina@ｚｕｉｄ.example"]
    for i in range(most):
        assert password(app.test_client(), "fout", spelled[i % len(spelled)]).status_code == 200
    assert password(app.test_client()).status_code == 429, "also the right one: otherwise it could still be guessed"
    assert password(app.test_client(), email="dirk@elders.example").status_code == 302


def test_guessing_from_one_address_stops(make: Make, settings: config.Settings) -> None:
    app = make(RATELIMIT_ENABLED=True)
    for i in range(settings.limits.logins_per_address_per_hour):
        assert password(app.test_client(), "fout", f"mens{i}@zuid.example").status_code == 200
    answer = password(app.test_client(), email="dirk@elders.example")
    assert answer.status_code == 429
    assert "Even wachten" in answer.text
    elsewhere = app.test_client().post(
        "/inloggen", data={"email": ADDRESS, "password": PASSWORD}, environ_base={"REMOTE_ADDR": "192.0.2.7"}
    )
    assert elsewhere.status_code == 302


def test_guessing_codes_stops_also_with_a_new_session(make: Make, settings: config.Settings) -> None:
    app = make(RATELIMIT_ENABLED=True)
    through_the_door(app.test_client())
    for i in range(settings.limits.logins_per_account_per_hour):
        client = app.test_client()
        password(client)
        page = ("/inloggen/code", "/inloggen/herstelcode")[i % 2]
        assert client.post(page, data={"code": "000000"}).status_code == 200
    assert client.post("/inloggen/code", data={"code": "000000"}).status_code == 429


def test_logging_in_often_is_no_guessing(make: Make, settings: config.Settings) -> None:
    app = make(RATELIMIT_ENABLED=True)
    for _ in range(settings.limits.logins_per_account_per_hour + 2):
        assert password(app.test_client()).status_code == 302


# Forms, cookies, headers


@pytest.mark.parametrize(
    "path",
    ["/inloggen", "/inloggen/passkey", "/uitloggen", "/account/wachtwoord", "/account/app", "/beheer/account/nieuw"],
)
def test_nothing_is_accepted_without_the_secret_of_the_form(make: Make, cast: Cast, path: str) -> None:
    client = casting.log_in(make(WTF_CSRF_ENABLED=True).test_client(), cast.beatrix)
    assert client.post(path, data={"email": ADDRESS, "password": PASSWORD}).status_code == 400


def test_the_forms_carry_that_secret(make: Make) -> None:
    client = make(WTF_CSRF_ENABLED=True).test_client()
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/inloggen").text)
    assert token
    assert password(client, csrf_token=token[1]).location == "/account/app"


def test_the_cookie_is_for_the_server_alone(make: Make) -> None:
    client = make(secure=True).test_client()
    answer = client.post("/inloggen", data={"email": ADDRESS, "password": PASSWORD}, base_url="https://localhost")
    cookies = [cookie for cookie in answer.headers.getlist("Set-Cookie") if cookie.startswith("session=")]
    assert len(cookies) == 1
    assert {"Secure", "HttpOnly", "SameSite=Lax"} <= {part.strip() for part in cookies[0].split(";")}


@pytest.mark.parametrize("path", ["/", "/inloggen", "/account/wachtwoord", "/beheer/", "/bestaat-niet"])
def test_every_answer_travels_safely(beatrix: FlaskClient, path: str) -> None:
    headers = beatrix.get(path, base_url="https://localhost").headers
    policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
    assert policy["frame-ancestors"] == "'none'"
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert policy["script-src"] == "'self'"
    assert headers["Strict-Transport-Security"].startswith("max-age=63072000")
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in headers["Cache-Control"]


@pytest.mark.parametrize(
    "path",
    [
        "/inloggen",
        "/inloggen/passkey",
        "/account/wachtwoord",
        "/account/app",
        "/account/herstelcodes",
        "/account/passkey",
    ],
)
@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_pages_are_in_one_language(client: FlaskClient, path: str, language: str) -> None:
    if path.startswith("/account"):
        through_the_door(client)
    page = client.get(path, query_string={"taal": language})
    assert page.status_code == 200
    main = page.text[page.text.index("<main") : page.text.index("</main")]
    foreign = {"nl": ("Password", "Passkey operations", " your "), "en": ("Wachtwoord", " je ", "Inloggen")}[language]
    assert [word for word in foreign if word in main] == []


# Passkeys


def test_a_passkey_can_be_made_by_who_is_in_and_is_a_full_log_in(client: FlaskClient) -> None:
    assert client.get("/account/passkey").location.startswith("/inloggen?next=")
    through_the_door(client)
    page = client.post("/account/passkey", data={"name": "mijn telefoon", "usage": "first"})
    options = page.text[page.text.index("data-options=") :][:3000]
    assert "&#34;residentKey&#34;: &#34;required&#34;" in options
    assert "&#34;userVerification&#34;: &#34;required&#34;" in options
    assert "authenticatorAttachment" not in options
    assert "&#34;id&#34;: &#34;localhost&#34;" in options
    assert "passkey.js" in page.text


def test_a_passkey_is_never_a_second_step(client: FlaskClient) -> None:
    through_the_door(client)
    page = client.post("/account/passkey", data={"name": "mijn telefoon", "usage": "secondary"})
    assert "data-options" not in page.text


@pytest.mark.parametrize("said", ["", "{}", "[]", '{"id": "x"}', "\x00", "null"])
def test_nonsense_instead_of_a_passkey_is_refused(client: FlaskClient, said: str) -> None:
    page = client.post("/inloggen/passkey")
    address = re.search(r'action="(/inloggen/passkey/[^"]+)"', page.text)
    assert address
    assert client.post(address[1], data={"credential": said}).location == "/inloggen/passkey"
    assert client.post("/inloggen/passkey/verzonnen", data={"credential": said}).location == "/inloggen/passkey"
    assert not is_in(client)


# The demo


@pytest.fixture
def demo(make: Make) -> Flask:
    """The demo, with its accounts, on a database of its own."""
    app = make(demo=True)
    with app.app_context():
        for row in db.session.scalars(select(Organisation)):
            row.demo = True
        db.session.commit()
        organisation = db.session.scalars(select(Organisation).where(Organisation.slug == "zuid")).one()
        staff.ready(db.session, organisation, hashing=hash_password)
        db.session.commit()
    return app


@pytest.mark.parametrize(("email", "role"), [(email, role) for email, _name, role in staff.ACCOUNTS])
def test_a_demo_account_comes_in_with_its_password_in_the_demo(demo: Flask, email: str, role: str) -> None:
    client = demo.test_client()
    assert password(client, staff.PASSWORD, email).location == "/werk/"
    assert client.get("/beheer/").status_code == (200 if role == "admin" else 403)


def test_a_demo_account_comes_in_nowhere_else(demo: Flask, make: Make) -> None:
    email = staff.ACCOUNTS[0][0]
    inside = demo.test_client()
    password(inside, staff.PASSWORD, email)
    cookie = inside.get_cookie("session")
    assert cookie
    client = make().test_client()
    assert "horen niet bij elkaar" in password(client, staff.PASSWORD, email).text
    client.set_cookie("session", cookie.value)
    assert not is_in(client)


def test_a_real_account_does_not_come_into_the_demo(make: Make) -> None:
    assert "horen niet bij elkaar" in password(make(demo=True).test_client()).text


def test_the_demo_never_starts_beside_real_people(app: Flask, cast: Cast) -> None:
    with app.app_context():
        organisation = db.session.get_one(Organisation, cast.organisation)
        organisation.demo = True
        db.session.flush()
        with pytest.raises(staff.RealPeople, match="Gemeente Elders"):
            staff.ready(db.session, organisation, hashing=hash_password)


def test_demo_accounts_are_made_once_and_work_in_every_project(demo: Flask) -> None:
    with demo.app_context():
        organisation = db.session.scalars(select(Organisation).where(Organisation.slug == "zuid")).one()
        again = staff.ready(db.session, organisation, hashing=hash_password)
        projects = db.session.scalars(select(Project).where(Project.organisation_id == organisation.id)).all()
        assert [account.email for account in again] == [email for email, _, _ in staff.ACCOUNTS]
        assert all(account.projects == projects for account in again)


def test_the_second_step_cannot_be_waived_outside_the_demo(make: Make) -> None:
    client = make(SECURITY_TWO_FACTOR_REQUIRED=False).test_client()
    assert password(client).location == "/account/app"
