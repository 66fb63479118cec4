"""The promises about who sees what, and about the doors, one by one and for every route that there is."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select
from werkzeug.routing import Rule
from werkzeug.test import EnvironBuilder, TestResponse

import config
from tests.web import cast as casting
from tests.web import evening as evenings
from tests.web import town
from tests.web.cast import Cast
from tests.web.conftest import Stage
from tests.web.databases import dump
from tests.web.doors_of_all import address, rules, values
from tests.web.pages import Page, addresses, directives
from tests.web.season import HERE
from tests.web.town import Town
from web.app import FORM_BYTES
from web.crypto import SECRET_BYTES, new_secret
from web.headers import ALWAYS
from web.rows import DueLetter, Project, Series, Signup, Staff, db
from web.services.signups import lost_link
from web.transaction import transaction

pytestmark = pytest.mark.slow

STATIC = Path(__file__).parents[3] / "web" / "static"
NOBODY = 987_654_321
"""A number that no row has."""
NOTED = {"audit_line", "audit_chain"}
"""What may change by looking: that somebody looked."""
ELSEWHERE = re.compile(r"^\s*(?:[a-z][a-z0-9+.-]*:)?//", re.IGNORECASE)
OURS = ("http://localhost/", "webcal://localhost/")
PRESSED = ("https://www.openstreetmap.org/search?query=", "https://wa.me/?text=")
"""Where somebody goes who presses a link that says so; nothing is asked there before, and it is not told from where."""


@pytest.fixture(scope="module")
def place(
    stage: Stage, settings: config.Settings, keys: config.Secrets, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Town]:
    with town.built(stage, settings, keys, tmp_path_factory.mktemp("town")) as built:
        yield built


@pytest.fixture(scope="module")
def guarded(
    stage: Stage, settings: config.Settings, keys: config.Secrets, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Town]:
    """The same, but forms need their token, as in reality."""
    with town.built(stage, settings, keys, tmp_path_factory.mktemp("guarded")) as built:
        built.app.config["WTF_CSRF_ENABLED"] = True
        yield built


@pytest.fixture(autouse=True)
def as_it_was(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    for name in {"place", "guarded"} & set(request.fixturenames):
        request.getfixturevalue(name).put_back()


def changed(before: dict[str, str], after: dict[str, str]) -> set[str]:
    return {name for name in before if before[name] != after[name]} - NOTED


def pages(town: Town, who: str) -> Iterator[tuple[Rule, str, TestResponse]]:
    """Every page somebody can get, and every file."""
    for rule in rules(town.app):
        if "GET" in (rule.methods or ()):
            path = address(town.app, rule, values(rule, town.season, town.season.ours))
            yield rule, path, town.callers[who].get(path)


def test_9_a_facilitator_sees_no_contact_data_and_no_bubbles(app: Flask, cast: Cast) -> None:
    told = {"bubbles": {"age": ["26-40"], "household": ["alone"]}, "consents": frozenset({"bubbles"})}
    with app.app_context():
        asked = app.extensions["settings"].dimensions
        bubbles = [text for d in asked for b in d.bubbles for text in (b.key, b.texts["nl"], b.texts["en"])]
    evening = evenings.perform(app, cast)
    with app.app_context():
        casting.sign_up(app, cast, "Later", **told)
    client = evenings.come_in(app.test_client(), evening.chantal_door)
    path = f"/tafel/{evening.chantal_door[0]}/"
    book = load_workbook(io.BytesIO(client.get(f"{path}lijst.xlsx").data))
    cells = " ".join(str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row)
    for shown in (client.get(path).text, client.get(f"{path}lijst.csv").text, cells):
        assert "Bart" in shown
        assert "Gijs" not in shown, "another table"
        for word in ("bart@voorbeeld", "@voorbeeld.example", "612345678", "687654321", *bubbles):
            assert not re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", shown), word


def test_10_an_organiser_sees_the_own_projects_only(app: Flask, cast: Cast, amina: FlaskClient) -> None:
    with app.app_context():
        other = Project(organisation_id=cast.organisation, name="Noord", slug="noord")
        db.session.add(other)
        db.session.flush()
        venue = db.session.get_one(casting.Venue, cast.venue)
        series, sessions = casting.series_of(other, venue, slug="noord-koken")
        db.session.commit()
        theirs = Cast(cast.organisation, other.id, series.id, [s.id for s in sessions], *[cast.venue] * 5)
        signed = casting.sign_up(app, theirs, "Noortje").signup.id
    beatrix = casting.log_in(app.test_client(), cast.beatrix)
    for page in ("", "/aanmeldingen", f"/aanmeldingen/{signed}", "/groepen", "/balie", "/cijfers", "/importeren"):
        path = f"/werk/{theirs.series}{page}"
        assert (amina.get(path).status_code, beatrix.get(path).status_code) == (404, 200), path
    assert "Noortje" not in amina.get(f"/werk/{cast.series}/aanmeldingen").text


def test_10_bubbles_of_a_person_show_only_where_the_project_allows_it(place: Town) -> None:
    asked = [f"bubbles_{dimension.key}" for dimension in place.app.extensions["settings"].dimensions]
    signup = place.season.ours["signup_id"][0]
    edit = f"/werk/{place.cast.series}/aanmeldingen/{signup}/wijzigen"
    board = f"/werk/{place.cast.series}/groepen/{place.season.ours['id'][0]}"
    amina = place.callers["amina"]
    assert all(name in amina.get(edit).text for name in asked)
    assert amina.get(f"{board}/beeld").status_code == 200
    with place.app.app_context():
        db.session.get_one(Project, place.cast.project).sees_bubbles = False
        db.session.commit()
    assert not any(name in amina.get(edit).text for name in asked)
    assert amina.get(f"{board}/beeld").status_code == 404
    settings = place.app.extensions["settings"]
    words = [bubble.texts["nl"] for d in settings.dimensions for bubble in d.bubbles if d.key == "age"]
    person = amina.get(f"{board}/kies?kies={signup}").text
    assert HERE in person
    assert not any(word in person for word in words)


def test_12_a_secret_has_128_bits_is_stored_hashed_and_can_be_revoked(app: Flask, cast: Cast) -> None:
    assert SECRET_BYTES * 8 >= 128
    assert len({new_secret() for _ in range(200)}) == 200
    with app.app_context():
        signed = casting.sign_up(app, cast)
        assert len(signed.secret) * 4 >= 128
        assert re.fullmatch("[0-9a-f]{32,}", signed.secret)
        stored = repr(db.session.execute(select(Signup.__table__)).all())
        assert signed.secret not in stored
    client = app.test_client()
    assert client.get(f"/mijn/{signed.secret}/").status_code == 200
    with app.app_context():
        now, vault = app.extensions["clock"](), app.extensions["vault"]
        with transaction(db.session):
            lost_link.send_links(db.session, "bart@voorbeeld.example", now=now, vault=vault)
        other = db.session.query(DueLetter).filter_by(kind="link").one().content["secret"]
        assert re.fullmatch("[0-9a-f]{32,}", other)
    client.post(f"/mijn/{other}/alleen-deze-link")
    assert client.get(f"/mijn/{signed.secret}/").status_code == 404


@pytest.mark.parametrize("who", ["visitor", "amina", "beatrix", "chantal"])
def test_12_looking_changes_nothing(place: Town, who: str) -> None:
    """GET and HEAD of every route, also of those that only act; a look at a list is noted."""
    before, seen = dump(place.app), 0
    for rule in rules(place.app):
        path = address(place.app, rule, values(rule, place.season, place.season.ours))
        for method in ("GET", "HEAD"):
            answer = place.callers[who].open(f"{path}?sure=1&again=1", method=method)
            seen += answer.status_code == 405
    assert changed(before, dump(place.app)) == set()
    assert seen >= 20, "routes that act by POST only"


@pytest.mark.parametrize("who", ["visitor", "amina", "beatrix", "chantal"])
def test_19_every_answer_carries_the_headers(place: Town, who: str) -> None:
    client = place.callers[who]
    odd = [client.get("/bestaat-niet"), client.get("/mijn/x/"), client.get("/static/x.css"), client.post("/privacy")]
    for answer in [*(answer for _, _, answer in pages(place, who)), *odd]:
        for name, value in ALWAYS.items():
            known = {value, "no-referrer"} if name == "Referrer-Policy" else {value}
            assert answer.headers.get(name) in known, (answer.request.path, name)
        assert "unsafe" not in answer.headers["Content-Security-Policy"]
        if answer.request.path.startswith("/agenda/"):
            assert directives(answer) == {"private", "no-cache"}, "kept by one program, asked about every time"
        elif answer.request.path.startswith("/static/") and answer.status_code < 400:
            assert directives(answer) == {"public", "max-age"}
        else:
            assert directives(answer) == {"no-store", "private"}, answer.request.path
    assert "max-age" in client.get("https://localhost/").headers["Strict-Transport-Security"]


@pytest.mark.parametrize("who", ["visitor", "amina", "beatrix", "chantal"])
def test_19_no_button_works_without_its_token(guarded: Town, who: str) -> None:
    """But one: mail programs stop reminders without having seen the page (RFC 8058)."""
    before, tried = dump(guarded.app), 0
    for rule in rules(guarded.app):
        if "POST" in (rule.methods or ()) and rule.endpoint != "resident.no_reminders":
            path = address(guarded.app, rule, values(rule, guarded.season, guarded.season.ours))
            for token in ({}, {"csrf_token": "x"}):
                answer = guarded.callers[who].post(path, data=token)
                assert answer.status_code == 400, (rule, token)
                tried += 1
    assert {name for name, rows in dump(guarded.app).items() if rows != before[name]} == set(), "not even the log"
    assert tried > 80


def test_19_cookies_are_out_of_reach(stage: Stage, settings: config.Settings, keys: config.Secrets, app: Flask) -> None:
    """As it runs: secure ones; only the choice of language may travel without https."""
    app.config["SESSION_COOKIE_SECURE"] = True
    client, seen = app.test_client(), set()
    for path in ("/inloggen", "/?taal=en", "/doe-mee/zuid/samen-koken/aanmelden/1"):
        for cookie in client.get(f"https://localhost{path}").headers.getlist("Set-Cookie"):
            name = cookie.partition("=")[0].partition("-")[0]
            seen.add(name)
            assert "HttpOnly" in cookie, name
            assert re.search("SameSite=(Lax|Strict)", cookie), name
            assert "Secure" in cookie, name
    assert {"session", "taal", "aanmelding"} <= seen


def test_19_too_large_an_upload_is_refused(place: Town) -> None:
    large = place.app.extensions["settings"].limits.upload_bytes + 1
    path, before = f"/werk/{place.cast.series}/importeren", dump(place.app)
    answer = place.callers["amina"].post(path, data={"file": (io.BytesIO(b"x" * large), "x.csv")})
    assert answer.status_code == 413
    assert "te groot" in answer.text
    # A form without a file has no need of so much, whoever sends it and however.
    for path in ("/link-kwijt", f"/werk/{place.cast.series}/stand", "/inloggen"):
        for kind in ("multipart/form-data", "application/x-www-form-urlencoded"):
            told_much = {"reach": "x" * (FORM_BYTES + 1)}
            assert place.callers["amina"].post(path, data=told_much, content_type=kind).status_code == 413, (path, kind)
    assert changed(before, dump(place.app)) == set()


@pytest.mark.parametrize("begin", ["=", "+", "-", "@"])
def test_19_no_export_holds_a_formula(app: Flask, cast: Cast, begin: str) -> None:
    evening = evenings.perform(app, cast)
    with app.app_context():
        person = db.session.get_one(Signup, evening.seated["Bart"])
        person.name, person.note = f"{begin}1+1", f"{begin}HYPERLINK(1)"
        db.session.get_one(Staff, cast.amina).name = f"{begin}2+2"
        db.session.commit()
    client = evenings.come_in(app.test_client(), evening.chantal_door)
    beatrix, amina = casting.log_in(app.test_client(), cast.beatrix), casting.log_in(app.test_client(), cast.amina)
    amina.get(f"/werk/{cast.series}/aanmeldingen")
    own = f"/tafel/{evening.chantal_door[0]}/"
    for text in (client.get(f"{own}lijst.csv").text, beatrix.get("/beheer/logboek.csv").text):
        cells = [cell.strip('"') for line in text.lstrip("\ufeff").splitlines() for cell in re.split("[;,]", line)]
        assert any(f"{begin}{n}" in cell for n in ("1+1", "2+2") for cell in cells), "it is there"
        assert [cell for cell in cells if cell.startswith(begin)] == []
    for page in (client.get(f"{own}lijst.xlsx"), amina.get(f"/werk/{cast.series}/indeling.xlsx")):
        for row in load_workbook(io.BytesIO(page.data)).active.iter_rows():
            assert [cell.value for cell in row if cell.data_type == "f"] == []


def told(answer: TestResponse, *own: object) -> tuple[int, str]:
    """What an answer says, without the address itself."""
    text = re.sub(r'name="csrf_token"[^>]*', "", unquote(answer.text))
    for path in own:
        text = text.replace(str(path), "@")
    return answer.status_code, text


@pytest.mark.parametrize("who", ["amina", "beatrix", "coordinator"])
def test_20_what_is_foreign_is_as_what_does_not_exist(place: Town, who: str) -> None:
    """Each number by itself, in routes with one and with two; to look and to act."""
    client, tried, before = place.callers[who], 0, dump(place.app)
    for rule in rules(place.app):
        own = values(rule, place.season, place.season.ours)
        for name in [name for name in rule.arguments if name == "id" or name.endswith("_id")]:
            foreign = {**own, name: values(rule, place.season, place.season.theirs)[name]}
            paths = [address(place.app, rule, some) for some in (foreign, {**own, name: NOBODY})]
            for method in ("GET", "POST"):
                one, two = (told(client.open(path, method=method), path) for path in paths)
                assert one == two, (rule, name, method)
                assert one[0] in (403, 404, 405), (rule, name, method, one[0])
                tried += 1
    assert tried > 80
    assert changed(before, dump(place.app)) == set()


def test_20_nor_can_a_foreign_row_be_chosen_in_a_form(place: Town) -> None:
    """Ids also travel in forms and in queries."""
    amina, series, theirs = place.callers["amina"], place.cast.series, place.season.theirs
    board = f"/werk/{series}/groepen/{place.season.ours['id'][0]}"
    for foreign in (theirs["signup_id"][0], NOBODY):
        assert amina.get(f"{board}/kies?kies={foreign}").status_code == 404
        assert amina.post(f"{board}/verplaats", data={"wie": foreign, "naar": ""}).status_code == 404
    for foreign in (theirs["session_id"][0], NOBODY):
        assert amina.get(f"{board}/kies?tafel={foreign}.1").status_code == 404
    mine = place.season.ours["id"][0]
    shown = [amina.get(f"/werk/{series}/groepen/vergelijk?naast={mine}&naast={n}") for n in (theirs["id"][0], NOBODY)]
    assert told(shown[0], f"naast={theirs['id'][0]}") == told(shown[1], f"naast={NOBODY}")
    day = {"day_1": "2027-03-01", "start": "19:00", "end": "21:00", "groups": "1", "mode": "here"}
    for name in ("venue", "facilitators"):
        foreign = theirs["venue_id" if name == "venue" else "facilitator_id"][0]
        assert amina.post(f"/werk/{series}/tijd/nieuw", data={**day, name: foreign}).status_code == 422, name
    assert (
        amina.post("/werk/sleutelfiguren", data={"name": "Ria", "project": theirs["project_id"][0]}).status_code == 422
    )


def test_21_a_known_address_is_answered_as_an_unknown_one(app: Flask, cast: Cast) -> None:
    """In content, in headers, and in what is done before the answer is out: nothing, for neither."""
    with app.app_context():
        casting.sign_up(app, cast)
        assert db.session.scalars(select(Signup.next_secret_hash)).one() is None
    answers = {}
    for typed in ("niemand@voorbeeld.example", "bart@voorbeeld.example"):
        heard: list[object] = []
        request = EnvironBuilder("/link-kwijt", method="POST", data={"reach": typed}).get_environ()
        answer = app.wsgi_app(request, lambda status, headers, *_, heard=heard: heard.extend([status, headers]))
        heard.append(list(answer))
        with app.app_context():
            assert db.session.query(DueLetter).filter_by(kind="link").count() == 0, "not before the answer has gone"
        answer.close()
        answers[typed] = heard
    assert len(set(map(repr, answers.values()))) == 1
    with app.app_context():
        assert db.session.query(DueLetter).filter_by(kind="link").count() == 1
        assert db.session.scalars(select(Signup.next_secret_hash)).one() is not None


def test_21_signing_up_with_a_known_address_is_answered_as_with_a_new_one(app: Flask, cast: Cast) -> None:
    clock, answers = app.extensions["clock"], []
    with app.app_context():
        casting.sign_up(app, cast)
    for mail in ("bart@voorbeeld.example", "nieuw@voorbeeld.example"):
        client = app.test_client()
        said = ({"sessions": cast.sessions}, {"name": "Bart"}, {"reach": "email", "email": mail}, {})
        for number, sent in enumerate(said, 1):
            clock.forward(seconds=10)
            path = f"/doe-mee/zuid/samen-koken/aanmelden/{number}"
            client.get(path)
            answer = client.post(path, data=sent)
        own = answer.headers["Location"].split("/")[2]
        page = re.sub(r"\b[A-Z2-9]{6}\b", "CODE", told(client.get(answer.headers["Location"]), own)[1])
        answers.append(page)
    assert answers[0] == answers[1]
    with app.app_context():
        assert db.session.query(Series).one().counted == 3


@pytest.mark.parametrize("who", ["visitor", "amina", "beatrix", "coordinator", "chantal"])
def test_22_no_page_refers_to_another_host(place: Town, who: str) -> None:
    seen = 0
    for rule, path, answer in pages(place, who):
        if answer.mimetype == "text/html":
            seen += 1
            page = Page(answer.text)
            for load in page.loads:
                assert not ELSEWHERE.match(load) or load.startswith(("http://localhost/", "data:")), (path, load)
            linked = [(tag, value) for tag, name, value in addresses(page) if ELSEWHERE.match(value)]
            elsewhere = [(tag, link) for tag, link in linked if not link.startswith(OURS)]
            assert [link for tag, link in elsewhere if tag != "a" or not link.startswith(PRESSED)] == [], rule
            goes = [given for tag, given in page.tags if tag == "a" and given.get("href", "").startswith(PRESSED)]
            assert all("noreferrer" in given.get("rel", "") for given in goes) and len(goes) == len(elsewhere), rule
            assert [given for _, given in page.tags if "style" in given or any(n.startswith("on") for n in given)] == []
    assert seen > 25


def test_22_no_style_and_no_script_fetches_from_elsewhere() -> None:
    files = [path for path in STATIC.rglob("*") if path.suffix in (".css", ".js", ".svg")]
    assert len(files) > 6
    for path in files:
        text = path.read_text("utf-8")
        code = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
        assert set(re.findall(r"(?:https?:)?//[a-z0-9-]+\.[a-z0-9.-]+", code)) <= {"http://www.w3.org"}, path.name
        assert [url for url in re.findall(r"url\(\s*['\"]?([^)'\"]+)", text) if ELSEWHERE.match(url)] == [], path.name
        assert not re.search(r"@import\s+(?:url\()?['\"]?(?:https?:)?//", text), path.name
    assert not any(path.suffix in (".woff", ".ttf") for path in STATIC.rglob("*"))
