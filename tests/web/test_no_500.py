"""Whatever anybody sends to any address: an answer that says what to do, and never a word of the other municipality."""

from __future__ import annotations

import io
import json
import os
import random
import time
from collections.abc import Iterator
from datetime import timedelta
from itertools import cycle

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

import config
from tests.web import fuzz_checks, fuzzing, oddities, town
from tests.web.conftest import Stage
from tests.web.doors_of_all import address, rules, values
from tests.web.fuzz_checks import Target
from tests.web.pages import Page
from tests.web.season import HERE, THERE
from tests.web.town import Town

pytestmark = pytest.mark.slow

STAFF = ("amina", "beatrix", "coordinator", "dirk")


@pytest.fixture(scope="module")
def place(
    stage: Stage,
    settings: config.Settings,
    keys: config.Secrets,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Town]:
    with town.built(stage, settings, keys, tmp_path_factory.mktemp("town")) as built:
        fuzzing.enter_other_administrator(built)
        yield built


@pytest.fixture(autouse=True)
def as_it_was(place: Town) -> Iterator[None]:
    yield
    place.put_back()


def check(place: Town, who: str, answer: TestResponse, rule: Rule, *about: object) -> None:
    """No fault of ours, and nothing of the others; what is public may be read by all."""
    place.held(answer, who, rule.rule, *about)
    if rule.endpoint.startswith(("organiser.", "admin.", "security.")) or who == "chantal":
        foreign = HERE if who == "dirk" else THERE
        assert rule.endpoint.startswith(("resident.", "public.")) or foreign.encode() not in answer.data, (rule, about)


def test_the_marks_of_both_are_seen_by_their_own(place: Town) -> None:
    """Else the search for a mark could not fail."""
    ours, theirs = place.season.ours, place.season.theirs
    seen = {"amina": (HERE, ours), "beatrix": (HERE, ours), "dirk": (THERE, theirs)}
    for who, (mark, ids) in seen.items():
        for path in ("venues", "facilitators", "contacts", "signups", "series"):
            rule = next(rule for rule in rules(place.app) if rule.endpoint == f"organiser.{path}")
            page = place.callers[who].get(address(place.app, rule, values(rule, place.season, ids)))
            assert mark in page.text, (who, path)


@pytest.fixture(scope="module")
def aims(place: Town) -> list[Target]:
    """Every form and every route, with everybody."""
    return fuzzing.targets(place)


def test_there_is_something_to_try(aims: list[Target]) -> None:
    """Else the next test would try nothing."""
    named = {aim.rule.endpoint: aim.form.names for aim in aims if aim.who == "amina" and aim.form}
    assert {"organiser.desk_save", "organiser.session", "organiser.import_preview", "resident.screen"} <= named.keys()
    assert {"name", "sessions", "contact", "once"} <= named["organiser.desk_save"]
    assert len([aim for aim in aims if aim.who == "beatrix" and aim.form]) > 25
    assert {aim.who for aim in aims} == {"visitor", *STAFF, "chantal", "daan"}


def asked() -> tuple[int, int]:
    """How many requests, and with which seed; `make fuzz` asks for more of them."""
    return int(os.environ.get("FUZZ", "300")), int(os.environ.get("FUZZ_SEED", "1"))


def test_whatever_is_sent_to_whatever_route(
    place: Town, aims: list[Target], capsys: pytest.CaptureFixture[str]
) -> None:
    """A few requests of many: `make fuzz` sends more, and others with another seed. The first failure says how."""
    number, seed = asked()
    started = time.perf_counter()
    tally = fuzzing.fire(place, aims, number, seed)
    with capsys.disabled():
        if "FUZZ" in os.environ:
            print(fuzz_checks.table(tally, seed, time.perf_counter() - started))
    assert {kind for kind, _ in tally.kinds.items()} == {"urlencoded", "multipart", "json", "mistaken", "query"}
    wrong = [*tally.faults, *tally.canaries, *tally.losses]
    assert not wrong, f"{len(wrong)} of {number}:\n" + "\n\n".join(wrong[:20])


def test_whatever_is_told_on_the_four_screens(place: Town) -> None:
    """Each leads on to the next, or says what is wrong; and goes on being a page."""
    number, seed = asked()
    before = len(fuzz_checks.rows(place)["signup"])
    for turn in range(number // 20):
        dice, client = random.Random(f"{seed} {turn}"), place.app.test_client()
        for screen in range(1, 5):
            place.app.extensions["clock"].forward(seconds=5)
            path = f"/doe-mee/zuid/samen-koken/aanmelden/{screen}"
            # Cookies are kept: a browser without any is told so with 400, in test_resident_joining.py.
            client.get(path)
            body = fuzzing.garbled(dice, {**TOLD, "sessions": str(place.cast.sessions[0])})
            answer = client.post(path, data=body.content, content_type=body.content_type)
            assert answer.status_code in (302, 422, *((400, 415) if body.kind != "urlencoded" else ())), body
            assert client.get(path).status_code in (200, 302), body
    assert len(fuzz_checks.rows(place)["signup"]) >= before


TOLD = {"name": "Sam", "reach": "via", "via": "Ria", "language": "nl", "consent_bubbles": "y", "buddy": "", "note": ""}
TOLD |= {"prefers": "", "email": "", "phone": "", "needs": "", "bubbles_age": "", "laat_leeg": "", "nr": "", "wish": ""}
JSON_BODIES = ({"email": ["x"], "reach": {"a": 1}, "name": 1, "csrf_token": [1]}, [1], "x", 0, 10**30)


def test_json_and_files_are_no_answers_to_a_form(place: Town) -> None:
    """Whatever reads a form was written for text: anything else is refused, in a sentence, before it is read."""
    sent = cycle(JSON_BODIES)
    for rule in (rule for rule in rules(place.app) if "POST" in (rule.methods or ())):
        path = address(place.app, rule, values(rule, place.season, place.season.ours))
        client = place.callers["beatrix" if rule.endpoint.startswith("admin.") else "amina"]
        assert client.post(path, json=next(sent)).status_code == 415, rule
        if rule.endpoint not in ("organiser.import_preview", "admin.style"):
            names = ("email", "reach", "name", "sessions", "version", "csrf_token")
            answer = client.post(path, data={name: (io.BytesIO(b"x"), "x.txt") for name in names})
            assert answer.status_code == 415, rule
            assert "laad de pagina opnieuw" in answer.text


def test_no_depth_of_json_is_a_fault_of_ours(place: Town) -> None:
    """Flask-Security looked for a token in the JSON of every visitor's request, also on the page that says sorry."""
    for who in ("visitor", "amina"):
        for method in ("GET", "POST"):
            deep = {"data": "[" * 100_000, "content_type": "application/json"}
            assert place.callers[who].open("/link-kwijt", method=method, **deep).status_code == 415, (who, method)


def test_any_file_may_be_uploaded(place: Town) -> None:
    path = f"/werk/{place.cast.series}/importeren"
    rule = next(rule for rule in rules(place.app) if rule.endpoint == "organiser.import_preview")
    seen = set()
    for name, content in oddities.files().items():
        for field in ("file", "x"):
            answer = place.callers["amina"].post(path, data={field: (io.BytesIO(content), name)})
            check(place, "amina", answer, rule, name)
            seen.add(answer.status_code)
    assert 200 in seen, "a good file is shown"
    bodies = {
        "multipart/form-data": b"x",
        "multipart/form-data; boundary=a": b'--a\r\nContent-Disposition: form-data; name="file"; filename="x',
        "application/json": b"{",
        "application/x-www-form-urlencoded": b"token=\xff\xfe&add=\xed\xa0\xbd&&==;",
        "application/x-www-form-urlencoded; charset=utf-7": b"+/v8-=%",
        "\xff": b"file=1",
    }
    for kind, body in bodies.items():
        check(place, "amina", place.callers["amina"].post(path, data=body, content_type=kind), rule, kind)


SAID = {"id": "eA", "rawId": "eA", "type": "public-key"}
IN_JSON = [
    "",
    "{",
    "[" * 100_000,
    '{"a":' * 50_000,
    "[]",
    "1",
    '"x"',
    "null",
    "NaN",
    "\ud83d".encode("utf-8", "replace"),
]
IN_JSON += [json.dumps({**SAID, "response": response}) for response in (1, [], {}, {"clientDataJSON": "x"})]
IN_JSON += [
    json.dumps({**SAID, **odd, "response": dict.fromkeys(names, value)})
    for names in [("clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle", "transports")]
    for value in ("e30", "x", "é", ["x"])
    for odd in ({}, {"id": "é", "rawId": "é", "extensions": {"a": 1}})
]


def test_a_passkey_may_say_anything(app: Flask, client: FlaskClient, amina: FlaskClient) -> None:
    """A field of text in which JSON is expected, of a visitor and of who makes one."""
    # Who makes one just typed a password: that is a test of the accounts.
    app.config["SECURITY_FRESHNESS"] = timedelta(minutes=-1)
    doors = ((client, "/inloggen/passkey", {}), (amina, "/account/passkey", {"name": "sleutel", "usage": "first"}))
    for who, path, told in doors:
        for said in IN_JSON:
            aim = next(form.action for form in Page(who.post(path, data=told).text).forms if "credential" in form.names)
            assert who.post(aim, data={"credential": said}).status_code == 302, (path, said[:200])
        assert who.get(path).status_code == 200


def test_a_sealed_value_of_another_kind_is_no_draft(place: Town) -> None:
    """Such as the cookie of an older version."""
    vault, path = place.app.extensions["vault"], "/doe-mee/zuid/samen-koken/aanmelden/2"
    for held in (["x"], {"a": 1}, "x", 1, {"series": place.cast.series, "once": "x"}):
        client = place.app.test_client()
        client.set_cookie("aanmelding", vault.seal(held))
        place.held(client.get(path), held)


@pytest.mark.parametrize("name", ["needs", "languages", "interests", "bubbles_days", "bubbles_clubs", "bubbles_age"])
@pytest.mark.parametrize("sneaked", [["", "vrije tekst"], [" "], ["vrije tekst"]])
def test_no_answer_to_a_list_is_free_text(place: Town, name: str, sneaked: list[str]) -> None:
    """After an empty value any other was once let through; bubbles come from a list (promise 2)."""
    path, client = f"/mijn/{place.season.secret}/", place.callers["visitor"]
    told = {"name": "Sam", "sessions": place.cast.sessions, "reach": "via", "via": "Ria", "language": "nl"}
    told["consent_bubbles"] = "y"
    assert client.post(f"{path}wijzigen", data=told).status_code == 302
    before = client.get(f"{path}gegevens.json").json
    client.post(f"{path}wijzigen", data={**told, name: sneaked})
    assert client.get(f"{path}gegevens.json").json == before


def test_what_goes_wrong_is_logged_without_what_was_typed(place: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where it happened is enough to find it; the words of an error may be somebody's own."""

    def clumsy(*_: object) -> None:
        raise ValueError("@".join(["bart", "voorbeeld.example"]))

    monkeypatch.setattr("web.services.schedule.public_series.open_series", clumsy)
    assert place.callers["visitor"].get("/").status_code == 500
    assert "ValueError" in place.faults.seen[-1]
    assert "clumsy" in place.faults.seen[-1]
    assert "bart@voorbeeld" not in place.faults.seen[-1]
