"""Whatever anybody sends to any address: an answer that says what to do, and never a word of the other municipality."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from urllib.parse import quote, urlencode

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

import config
from tests.web import oddities, town
from tests.web.conftest import Stage
from tests.web.doors_of_all import address, rules, typed, values
from tests.web.pages import Form, Page
from tests.web.season import HERE, THERE
from tests.web.town import Town

pytestmark = pytest.mark.slow

FIRM = {"deadline": None, "derandomize": True, "database": None}
ODD = st.sampled_from(oddities.ALL)
FORM_TYPE = "application/x-www-form-urlencoded"
QUERIES = ["taal", "via", "kies", "tafel", "naast", "only", "in", "pagina", "start", "end", "who", "what", "project"]
QUERIES += ["channel", "next", "keer"]


@pytest.fixture(scope="module")
def place(
    stage: Stage,
    settings: config.Settings,
    keys: config.Secrets,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Town]:
    with town.built(stage, settings, keys, tmp_path_factory.mktemp("town")) as built:
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


@pytest.mark.parametrize("who", ["visitor", "beatrix"])
def test_every_argument_may_be_odd(place: Town, who: str) -> None:
    for rule in (rule for rule in rules(place.app) if rule.arguments):
        known = {name: quote(str(value)) for name, value in values(rule, place.season, place.season.ours).items()}
        for name in sorted(rule.arguments):
            for odd in oddities.IN_PATHS:
                path = typed(rule, {**known, name: odd})
                for method in ("GET", "POST"):
                    check(place, who, place.callers[who].open(path, method=method), rule, path, method)
        place.put_back()


def opened(client: FlaskClient, paths: Iterable[str]) -> Iterator[tuple[str, TestResponse]]:
    """Pages, and of the groups editor also what opens when somebody, or a table, is chosen."""
    for path in paths:
        answer = client.get(path)
        yield path, answer
        for chosen in ("kies=", "tafel="):
            links = (given.get("href", "") for _, given in Page(answer.text).tags) if "groepen" in path else ()
            for link in [link for link in links if chosen in link][:1]:
                yield link, client.get(link)


def forms_of(place: Town, who: str) -> list[tuple[Rule, str, Form]]:
    """Every form on every page that somebody can open, once per address it goes to."""
    found: dict[tuple[str, str, frozenset[str]], tuple[Rule, str, Form]] = {}
    ids = place.season.theirs if who == "dirk" else place.season.ours
    match = place.app.url_map.bind("localhost").match
    known = (
        address(place.app, r, values(r, place.season, ids)) for r in rules(place.app) if "GET" in (r.methods or ())
    )
    for path, answer in opened(place.callers[who], known):
        for form in Page(answer.text).forms if answer.mimetype == "text/html" else ():
            to = form.action or path
            bare = to.partition("?")[0].partition("#")[0]
            aim = match(bare, method=form.method.upper(), return_rule=True)[0]
            found.setdefault((aim.rule, form.method, frozenset(form.names)), (aim, to, form))
    return [found[key] for key in sorted(found, key=lambda key: (key[0], key[1], sorted(key[2])))]


def test_there_are_forms_to_fill_in(place: Town) -> None:
    """Else the next test would try nothing."""
    named = {aim.endpoint: form.names for aim, _, form in forms_of(place, "amina")}
    assert {"organiser.desk_save", "organiser.session", "organiser.import_preview", "resident.screen"} <= named.keys()
    assert {"name", "sessions", "contact", "once"} <= named["organiser.desk_save"]
    assert len(forms_of(place, "beatrix")) > 25


def filled(data: st.DataObject, form: Form) -> list[tuple[str | bytes, str | bytes]]:
    """A form as its page gives it, with some answers left out, some repeated, and some odd."""
    sent: list[tuple[str | bytes, str | bytes]] = []
    for name in sorted(form.names):
        own = [value for field, value in form.fields if field == name]
        how = data.draw(st.sampled_from(["own", "own", "fit", "odd", "many", "absent"]))
        if how == "own":
            sent += [(name, value) for value in own[:2] if value]
        elif how == "many":
            sent += [(name, value) for value in data.draw(st.lists(ODD, min_size=2, max_size=3))]
        elif how != "absent":
            sent.append((name, data.draw(ODD if how == "odd" else st.sampled_from(oddities.FIT))))
    return [*sent, *data.draw(st.lists(st.tuples(ODD, ODD), max_size=1))]


@pytest.mark.parametrize("who", ["visitor", "amina", "beatrix", "chantal"])
def test_whatever_is_filled_in_on_whatever_form(place: Town, who: str) -> None:
    forms = forms_of(place, who)

    @settings(max_examples=150, suppress_health_check=list(HealthCheck), **FIRM)
    @given(data=st.data())
    def try_one(data: st.DataObject) -> None:
        aim, path, form = data.draw(st.sampled_from(forms))
        sent = urlencode(filled(data, form))
        client = place.callers[who]
        fragment = {"X-Fragment": "1"} if data.draw(st.booleans()) else {}
        if form.method == "post":
            answer = client.post(path, data=sent, content_type=FORM_TYPE, headers=fragment)
        else:
            answer = client.get(f"{path.partition('?')[0]}?{sent}", headers=fragment)
        check(place, who, answer, aim, path, sent)
        for page in data.draw(st.lists(st.sampled_from(forms), max_size=2)):
            check(place, who, client.get(page[1]), page[0], "after", path, sent)
        if answer.status_code in (200, 302):
            place.put_back()

    try_one()


@settings(max_examples=150, suppress_health_check=list(HealthCheck), **FIRM)
@given(data=st.data())
def test_any_query_goes_with_any_address(place: Town, data: st.DataObject) -> None:
    who = data.draw(st.sampled_from(list(place.callers)))
    rule = data.draw(st.sampled_from([rule for rule in rules(place.app) if "GET" in (rule.methods or ())]))
    names = st.sampled_from(QUERIES)
    query = urlencode(data.draw(st.lists(st.tuples(names, ODD), min_size=1, max_size=4)))
    path = address(place.app, rule, values(rule, place.season, place.season.ours))
    check(place, who, place.callers[who].get(f"{path}?{query}"), rule, query)
    place.callers[who].delete_cookie("taal")


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


COOKIES = st.one_of(
    st.sampled_from(
        ["", "x", "gAAAAA", ".eJw", "nl", "en", "ar", "../x", "x" * 5000, "Zo\xeb", "a.b.c", "eyJhIjoxfQ.x.y"]
    ),
    st.text(st.characters(min_codepoint=33, max_codepoint=126, exclude_characters=';,"\\'), max_size=30),
)


@settings(max_examples=80, suppress_health_check=list(HealthCheck), **FIRM)
@given(data=st.data(), taal=COOKIES, session=COOKIES, draft=COOKIES)
def test_any_cookie_may_come_along(place: Town, data: st.DataObject, taal: str, session: str, draft: str) -> None:
    rule = data.draw(st.sampled_from(rules(place.app)))
    method = data.draw(st.sampled_from(["GET", "POST"]))
    path = address(place.app, rule, values(rule, place.season, place.season.ours))
    cookies = f"taal={taal}; session={session}; aanmelding={draft}; remember_token={draft}"
    answer = place.app.test_client(use_cookies=False).open(path, method=method, headers={"Cookie": cookies})
    check(place, "visitor", answer, rule, cookies)
    if answer.status_code in (200, 302):
        place.put_back()


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
