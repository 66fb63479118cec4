"""Signing up in four screens: what each needs, what is kept, what never happens twice, and who is turned away."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from tests.web.cast import NOW, Cast, Clock
from tests.web.pages import Page
from tests.web.tabs import Tab, drafts
from web.resident import forms
from web.rows import KeyContact, Project, Series, Signup, db
from web.rows.meetings import SeriesState
from web.rows.people import SignupState
from web.services import audit
from web.transaction import transaction

pytestmark = pytest.mark.slow

PAGE = "/doe-mee/zuid/samen-koken/"
SCREEN = PAGE + "aanmelden/"
NASTY = {
    "emoji": "👩‍👩‍👧 Zoë 🌷",
    "right to left": "فاطمة",
    "markup": "<script>alert(1)</script><b>x</b>",
    "formula": '=HYPERLINK("http://x","y")',
    "template": "{{ 7*7 }} %(name)s %s",
    "sql": "Robert'); DROP TABLE signup;--",
}


def tell(client: FlaskClient, cast: Cast, **more: object):
    """Fill in the first three screens."""
    client.get(SCREEN + "1")
    client.post(SCREEN + "1", data={"sessions": cast.sessions[:2], "prefers": cast.sessions[:1]})
    client.post(SCREEN + "2", data={"name": more.pop("name", "Bart")})
    return client.post(SCREEN + "3", data={"reach": "email", "email": "bart@voorbeeld.example", **more})


def signups(app: Flask) -> list[Signup]:
    with app.app_context():
        found = db.session.query(Signup).all()
        for signup in found:
            _ = signup.availability, signup.consents
        db.session.expunge_all()
        return found


@pytest.fixture
def patient(client: FlaskClient, cast: Cast, clock: Clock) -> FlaskClient:
    """A visitor with three screens behind them, after half a minute."""
    assert tell(client, cast).location.endswith("/aanmelden/4")
    clock.forward(seconds=30)
    return client


def test_the_shortest_way_is_one_time_a_name_and_one_way_to_be_reached(
    patient: FlaskClient, app: Flask, cast: Cast
) -> None:
    assert signups(app) == []
    done = patient.post(SCREEN + "4", data={})
    assert (done.status_code, done.location[:6], done.location[-9:]) == (302, "/mijn/", "aangemeld")
    (signup,) = signups(app)
    assert (signup.name, signup.contact, signup.state) == ("Bart", {"email": "bart@voorbeeld.example"}, SignupState.IN)
    assert {(a.session_id, a.prefers) for a in signup.availability} == {
        (cast.sessions[0], True),
        (cast.sessions[1], False),
    }
    assert [consent.given for consent in signup.consents] == [False, False, False]
    assert signup.bubbles == {}
    page = patient.get(done.location).text
    assert signup.code in page
    assert f"{urlsplit(done.location).path.removesuffix('aangemeld')}" in page


MOST = 13
"""The series twice, who was left out, the lock, what is there, five for the rows, three for the line in the log."""


def test_the_last_button_asks_the_database_few_things(patient: FlaskClient, app: Flask) -> None:
    asked: list[str] = []
    with app.app_context(), transaction(db.session):
        # The first line of a log begins its chain.
        audit.note(db.session, db.session.query(Series).one(), "read signups", by=audit.NIGHTLY, now=NOW)
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    told = {"languages": ["nl"], "note": "Bij de deur", "bubbles_age": "26-40", "consent_bubbles": "y"}
    assert patient.post(SCREEN + "4", data=told).status_code == 302
    assert len(asked) <= MOST, asked
    # Others wait from the lock on: nothing but what needs it comes after.
    (lock,) = (place for place, statement in enumerate(asked) if statement.startswith("UPDATE series"))
    assert len(asked) - lock <= MOST - 2


def test_everything_that_was_told_is_stored(patient: FlaskClient, app: Flask) -> None:
    more = {"languages": ["nl", "ar"], "needs": ["step_free"], "note": "Bij de deur\nzitten", "interests": ["koken"]}
    more["consent_needs"] = "y"
    bubbles = {"bubbles_age": "26-40", "bubbles_days": ["work", "study"], "bubbles_household": ""}
    patient.post(SCREEN + "4", data={**more, **bubbles, "buddy": "Els", "consent_bubbles": "y"})
    (signup,) = signups(app)
    assert (signup.languages, signup.needs, signup.note) == (["nl", "ar"], ["step_free"], "Bij de deur\nzitten")
    assert signup.bubbles == {"age": ["26-40"], "days": ["work", "study"]}
    assert signup.buddy == "Els"


def test_answers_without_a_yes_are_asked_about_once_and_then_thrown_away(patient: FlaskClient, app: Flask) -> None:
    tab = Tab(patient).go(SCREEN + "4")
    assert "Zet je hier geen vinkje? Dan bewaren we die antwoorden niet." in tab.now.text
    answers = {"bubbles_age": "26-40", "note": "Bij de deur"}
    tab.send(answers)
    assert (tab.now.status_code, signups(app)) == (422, [])
    assert 'href="#consent_bubbles"' in tab.now.text
    assert "er staat geen vinkje bij" in tab.now.text
    assert re.search(r'name="bubbles_age" value="26-40"[^>]* checked', tab.now.text)
    tab.send(answers)
    assert "Niet bewaard, want daar is geen ja op gezegd: Vragen over jou" in tab.now.text
    assert (signups(app)[0].bubbles, signups(app)[0].note) == ({}, "Bij de deur")


def test_a_yes_after_the_question_keeps_the_answers(patient: FlaskClient, app: Flask) -> None:
    tab = Tab(patient).go(SCREEN + "4").send({"bubbles_age": "26-40"})
    tab.send({"bubbles_age": "26-40", "consent_bubbles": "y"})
    assert "Niet bewaard" not in tab.now.text
    assert signups(app)[0].bubbles == {"age": ["26-40"]}


@pytest.mark.parametrize(("language", "spoken"), [("nl", ["nl"]), ("en", ["en"])])
def test_the_language_of_the_page_is_one_that_somebody_speaks(
    client: FlaskClient, app: Flask, cast: Cast, clock: Clock, language: str, spoken: list[str]
) -> None:
    client.get(f"/?taal={language}")
    tell(client, cast)
    clock.forward(seconds=30)
    tab = Tab(client).go(SCREEN + "4")
    ticked = re.findall(r'name="languages" value="(\w+)"[^>]* checked', tab.now.text)
    assert ticked == spoken
    tab.send({"languages": ticked})
    assert signups(app)[0].languages == spoken


def test_a_language_that_was_unticked_stays_so(patient: FlaskClient, app: Flask) -> None:
    patient.get("/?taal=en")
    tab = Tab(patient).go(SCREEN + "4").send({"languages": ["ar"], "note": "n" * 5000})
    assert re.findall(r'name="languages" value="(\w+)"[^>]* checked', tab.now.text) == ["ar"]


def test_a_favourite_time_that_was_not_chosen_is_asked_about(client: FlaskClient, cast: Cast) -> None:
    tab = Tab(client).join().send({"sessions": cast.sessions[:1], "prefers": cast.sessions[1:2]})
    assert (tab.now.status_code, "die je ook hierboven koos" in tab.now.text) == (422, True)


def test_nothing_is_ticked_beforehand_but_the_language_of_the_page(patient: FlaskClient) -> None:
    page = patient.get(SCREEN + "4").text
    assert 'name="consent_bubbles"' in page
    page, ticked = re.subn(r'name="languages" value="nl"[^>]* checked', "", page)
    assert ticked == 1
    silent = re.findall(r'value=""[^>]* checked', page)  # 'Dat zeg ik liever niet'
    asked = set(re.findall(r'type="radio"[^>]* name="(\w+)"', page))
    assert len(silent) == page.count(" checked") == len(asked) >= 4


def test_a_double_click_is_one_sign_up_with_one_link(patient: FlaskClient, app: Flask) -> None:
    (cookie,) = drafts(patient)
    first = patient.post(SCREEN + "4", data={})
    patient.set_cookie(cookie.key, cookie.value, path=SCREEN.rstrip("/"))
    second = patient.post(SCREEN + "4", data={})
    assert first.location == second.location
    assert len(signups(app)) == 1


@pytest.mark.parametrize("number", ["2", "4"])
def test_the_back_button_after_the_end_signs_nobody_up(patient: FlaskClient, app: Flask, number: str) -> None:
    patient.post(SCREEN + "4", data={})
    assert drafts(patient) == []
    again = patient.post(SCREEN + number, data={"name": "Bart"}, follow_redirects=True)
    assert "Dan hoef je niets te doen" in again.text
    assert len(signups(app)) == 1


def test_going_back_shows_what_was_typed(patient: FlaskClient, cast: Cast) -> None:
    second = patient.get(SCREEN + "2").text
    assert 'value="Bart"' in second
    first = re.search(r'href="([^"]+)">Terug</a>', second)
    page = patient.get(first[1]).text
    assert f'value="{cast.sessions[1]}" class' in page
    assert page.count(" checked") == 3
    assert 'value="bart@voorbeeld.example"' in patient.get(SCREEN + "3").text


@pytest.mark.parametrize("number", [2, 3, 4])
def test_a_later_screen_leads_to_the_first_that_needs_an_answer(client: FlaskClient, number: int) -> None:
    answer = client.get(f"{SCREEN}{number}")
    assert answer.location == SCREEN + "1"
    client.get(SCREEN + "1")
    assert client.get(f"{SCREEN}{number}", follow_redirects=True).text.count("Vul eerst dit in") == 1


@pytest.mark.parametrize("cookie", ["", "x", "gAAAAA" + "x" * 3000, "%00", "é"])
def test_a_cookie_that_is_not_ours_is_no_cookie(client: FlaskClient, cookie: str) -> None:
    client.set_cookie("aanmelding", cookie, path=SCREEN.rstrip("/"))
    assert client.get(SCREEN + "4").location == SCREEN + "1"
    assert client.post(SCREEN + "4", data={}).location == SCREEN + "1"


def test_a_cookie_of_another_series_is_no_cookie(patient: FlaskClient, app: Flask, cast: Cast) -> None:
    with app.app_context():
        old = db.session.get_one(Series, cast.series)
        fields = {"organisation_id": old.organisation_id, "project_id": old.project_id, "created_at": old.created_at}
        db.session.add(Series(title="Anders", slug="anders", format="koken", state="open", **fields))
        db.session.commit()
    (cookie,) = drafts(patient)
    patient.set_cookie(cookie.key, cookie.value, path="/doe-mee/zuid/anders/aanmelden")
    assert patient.get("/doe-mee/zuid/anders/aanmelden/4").location == "/doe-mee/zuid/anders/aanmelden/1"


def test_the_cookie_shows_nothing_and_travels_no_further_than_the_form(patient: FlaskClient) -> None:
    (cookie,) = drafts(patient)
    assert (cookie.http_only, cookie.same_site, cookie.path) == (True, "Lax", SCREEN.rstrip("/"))
    assert "bart" not in cookie.value.lower()
    assert len(cookie.value) < 3800


@pytest.mark.parametrize(
    ("number", "sent", "says"),
    [
        (1, {}, "Kies minstens één tijd"),
        (1, {"sessions": ["x"]}, "bestaat niet meer"),
        (1, {"sessions": ["99999999999999999999"]}, "bestaat niet meer"),
        (2, {}, "Vul een voornaam in"),
        (2, {"name": " \u200b\x00\x07 "}, "Vul een voornaam in"),
        (2, {"name": "x" * 10_000}, "te lang"),
        (3, {}, "Kies hoe we je kunnen bereiken"),
        (3, {"reach": "duif"}, "Kies hoe we je kunnen bereiken"),
        (3, {"reach": "email", "email": "samira@"}, "heel e-mailadres"),
        (3, {"reach": "email", "phone": "0612345678"}, "Vul een e-mailadres in"),
        (3, {"reach": "text", "phone": "12"}, "nummer is te kort"),
        (3, {"reach": "call", "phone": "=1+1"}, "heel telefoonnummer"),
        (3, {"reach": "letter"}, "bij wie of via wie"),
        (3, {"reach": "email", "email": "a" * 10_000 + "@x.nl"}, "te lang"),
    ],
)
def test_what_cannot_be_is_said_and_what_was_typed_is_kept(
    client: FlaskClient, number: int, sent: dict, says: str
) -> None:
    client.get(SCREEN + "1")
    answer = client.post(f"{SCREEN}{number}", data=sent)
    assert answer.status_code == 422
    assert answer.text.count('id="error-summary"') == 1
    assert says in answer.text
    typed = sent.get("email" if sent.get("reach") == "email" else "phone") or sent.get("name", "")
    if typed.strip(" \u200b\x00\x07"):
        assert f'value="{typed}"' in answer.text


def test_only_the_way_that_was_chosen_is_kept(client: FlaskClient, cast: Cast, clock: Clock, app: Flask) -> None:
    tell(client, cast, phone="06 12345678", via="Fatma")
    clock.forward(seconds=30)
    client.post(SCREEN + "4", data={})
    assert signups(app)[0].contact == {"email": "bart@voorbeeld.example"}


@pytest.mark.parametrize("name", NASTY.values(), ids=NASTY)
def test_a_strange_name_is_stored_as_it_is_and_shown_as_text(
    client: FlaskClient, cast: Cast, clock: Clock, app: Flask, name: str
) -> None:
    tell(client, cast, name=name)
    clock.forward(seconds=30)
    done = client.post(SCREEN + "4", data={"note": name, "buddy": name}, follow_redirects=True)
    assert done.status_code == 200
    assert signups(app)[0].name == name
    assert "<b>x" not in done.text
    assert "49" not in done.text.partition("<h1")[2].partition("</h1>")[0]


def test_control_characters_are_left_out(client: FlaskClient, cast: Cast, clock: Clock, app: Flask) -> None:
    tell(client, cast, name="Ba\x00r\u202et\n\n")
    clock.forward(seconds=30)
    client.post(SCREEN + "4", data={})
    assert signups(app)[0].name == "Bart"


def test_who_is_faster_than_a_person_gets_another_try_with_everything_kept(
    client: FlaskClient, cast: Cast, clock: Clock, app: Flask
) -> None:
    tell(client, cast)
    hasty = client.post(SCREEN + "4", data={"note": "Bij de deur"})
    assert (hasty.status_code, "heel snel" in hasty.text, "Bij de deur" in hasty.text) == (422, True, True)
    assert signups(app) == []
    clock.forward(seconds=4)
    assert client.post(SCREEN + "4", data={"note": "Bij de deur"}).status_code == 302


def test_a_field_that_people_do_not_see_stops_a_machine(patient: FlaskClient, app: Flask) -> None:
    spam = {forms.TRAP: "https://spam.example"}
    for _ in range(5):
        caught = patient.post(SCREEN + "4", data=spam)
        assert (caught.status_code, "leeg moet blijven" in caught.text) == (422, True)
        assert "spam.example" not in caught.text
    assert signups(app) == []


def test_a_program_for_passwords_that_fills_it_in_keeps_nobody_out(
    patient: FlaskClient, app: Flask, clock: Clock
) -> None:
    tab, filled = Tab(patient).go(SCREEN + "4"), {forms.TRAP: "Bart de Vries", "note": "Bij de deur"}
    tab.send(filled)
    for said in ("programma voor wachtwoorden", "Bij de deur", "Fatma", "030 123 45 67"):
        assert said in tab.now.text
    clock.forward(seconds=forms.FASTEST)
    tab.send(filled)
    assert "Je bent aangemeld, Bart" in tab.now.text
    assert signups(app)[0].note == "Bij de deur"


def test_the_field_has_a_name_that_no_program_knows(patient: FlaskClient) -> None:
    (field,) = [given for tag, given in Page(patient.get(SCREEN + "4").text).tags if given.get("name") == forms.TRAP]
    known = "name|mail|tel|phone|mobile|address|street|city|post|zip|country|site|url|web|company|birth|user|pass|code"
    assert not re.search(known, forms.TRAP)
    assert (field["autocomplete"], field["tabindex"]) == ("off", "-1")
    assert field["data-lpignore"] == "true"


def test_who_is_too_fast_is_told_whom_to_call_and_let_in_at_the_second_slow_press(
    client: FlaskClient, app: Flask, cast: Cast, clock: Clock
) -> None:
    tell(client, cast)
    tab = Tab(client).go(SCREEN + "4")
    for _ in range(2):
        assert "030 123 45 67" in tab.send({}).now.text
    clock.forward(seconds=forms.FASTEST)
    assert "Je bent aangemeld, Bart" in tab.send({}).now.text


def test_too_much_on_the_last_screen_is_said(patient: FlaskClient, app: Flask) -> None:
    answer = patient.post(SCREEN + "4", data={"note": "n" * 5000, "buddy": "b" * 5000})
    assert answer.status_code == 422
    assert "n" * 5000 in answer.text
    assert "b" * 5000 in answer.text
    assert signups(app) == []


def test_a_time_that_went_away_meanwhile_is_asked_again(patient: FlaskClient, app: Flask, cast: Cast) -> None:
    with app.app_context():
        for session in db.session.get_one(Series, cast.series).sessions[:2]:
            db.session.delete(session)
        db.session.commit()
    answer = patient.post(SCREEN + "4", data={})
    assert answer.location.startswith(SCREEN + "1?nr=")
    assert "intussen iets veranderd" in patient.get(answer.location).text
    assert signups(app) == []


def test_the_code_of_a_key_contact_travels_along(client: FlaskClient, app: Flask, cast: Cast, clock: Clock) -> None:
    with app.app_context():
        project = db.session.get_one(Project, cast.project)
        key = KeyContact(organisation_id=project.organisation_id, project_id=project.id, name="Wim", code="BRUG")
        db.session.add(key)
        db.session.commit()
        known = key.id
    assert SCREEN.rstrip("/") + "?via=brug" in client.get(PAGE + "?via=brug").text
    Tab(client).go(SCREEN.rstrip("/") + "?via=brug")
    tell(client, cast)
    clock.forward(seconds=30)
    client.post(SCREEN + "4", data={})
    assert signups(app)[0].key_contact_id == known


def test_a_code_that_nobody_has_stops_nobody(client: FlaskClient, app: Flask, cast: Cast, clock: Clock) -> None:
    client.get(SCREEN + "1?via=" + "x" * 5000)
    tell(client, cast)
    clock.forward(seconds=30)
    client.post(SCREEN + "4", data={})
    assert signups(app)[0].key_contact_id is None


def test_who_comes_after_the_last_place_reads_what_that_means(patient: FlaskClient, app: Flask, cast: Cast) -> None:
    with app.app_context():
        db.session.get_one(Series, cast.series).capacity = 0
        db.session.commit()
    assert "Zet me op de wachtlijst" in patient.get(PAGE).text
    done = patient.post(SCREEN + "4", data={}, follow_redirects=True).text
    assert "Je staat op plek 1 van de wachtlijst" in done
    assert "Komt er een plek vrij? Dan doe je mee, en krijg je bericht." in done
    assert signups(app)[0].state == SignupState.WAITING


def test_a_closed_series_says_so_and_takes_nobody(patient: FlaskClient, app: Flask, cast: Cast) -> None:
    with app.app_context():
        db.session.get_one(Series, cast.series).state = SeriesState.CLOSED
        db.session.commit()
    assert "De aanmelding is gesloten" in patient.get(PAGE).text
    assert "/aanmelden" not in patient.get(PAGE).text
    for number in "1234":
        assert patient.get(SCREEN + number).location == PAGE
        assert patient.post(SCREEN + number, data={}).location == PAGE
    assert signups(app) == []


def test_after_the_closing_time_nobody_comes_in(patient: FlaskClient, app: Flask, cast: Cast, clock: Clock) -> None:
    with app.app_context():
        db.session.get_one(Series, cast.series).closes_at = clock.now
        db.session.commit()
    assert "De aanmelding is gesloten" in patient.get(PAGE).text
    assert patient.post(SCREEN + "4", data={}).location == PAGE


def test_a_draft_a_foreign_and_a_missing_series_are_the_same(client: FlaskClient, app: Flask, cast: Cast) -> None:
    with app.app_context():
        db.session.get_one(Series, cast.series).state = SeriesState.DRAFT
        db.session.commit()
    paths = (PAGE, "/doe-mee/elders/samen-koken/", "/doe-mee/zuid/niets/", SCREEN + "1", "/doe-mee/x%00/y/")
    answers = [client.get(path) for path in paths]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.text.partition("<main")[2] for answer in answers}) == 1


@pytest.mark.parametrize("number", ["0", "5", "x", "-1"])
def test_there_are_four_screens(client: FlaskClient, number: str) -> None:
    assert client.get(SCREEN + number).status_code == 404


def test_the_same_address_gets_the_same_answer_twice(client: FlaskClient, cast: Cast, clock: Clock, app: Flask) -> None:
    pages = []
    for _ in range(2):
        tell(client, cast)
        clock.forward(seconds=30)
        pages.append(client.post(SCREEN + "4", data={}, follow_redirects=True))
    assert len(signups(app)) == 2
    assert pages[0].text.count("Bart") == pages[1].text.count("Bart")
