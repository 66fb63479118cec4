"""The page of an invitation: the dates of one person, an answer by a button only, and no reminders in one click."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

import config
from tests.web import cast as casting
from tests.web.calendar_reading import calendar_in, date_in
from tests.web.cast import NOW, Cast, Clock
from tests.web.conftest import PLAIN
from tests.web.moving import several
from web import world
from web.app import create_app
from web.crypto import hashed
from web.rows import Gathering, Invitation, Series, Signup, TimeSlot, db
from web.rows.invitations import Partstat
from web.services import signups
from web.services.invitations import reconciling
from web.services.privacy import export
from web.transaction import transaction

pytestmark = pytest.mark.slow

ONE_CLICK = {"List-Unsubscribe": "One-Click"}
OTHERS = ("Samira", "Greet", "Chantal", "samira@", "greet@", "chantal@")


@pytest.fixture
def page(app: Flask, cast: Cast) -> str:
    """The address of Bart's invitation for the first evening; he sits with Samira and Greet, and came with a secret."""
    with app.app_context():
        people = [casting.sign_up(app, cast, name).signup.id for name in ("Bart", "Samira", "Greet")]
        casting.plan_of(cast, {(cast.sessions[0], 2): people}, leader=cast.chantal)
        told(cast)
        return address()


def told(cast: Cast) -> None:
    """What changed comes to the invitations. Needs an application context."""
    reconciling.reconcile(db.session, db.session.get_one(Series, cast.series), world.now())
    db.session.commit()


def mine() -> Invitation:
    """Bart's newest invitation."""
    of_bart = db.session.query(Signup.id).order_by(Signup.id).limit(1).scalar_subquery()
    return db.session.query(Invitation).filter_by(signup_id=of_bart).order_by(Invitation.id.desc()).first()


def address() -> str:
    return f"/uitnodiging/{mine().token}"


def partstat(app: Flask) -> str:
    with app.app_context():
        return mine().partstat


def said(client: FlaskClient, page: str, answer: str) -> str:
    found = client.post(page, data={"answer": answer})
    assert found.status_code == 302
    return client.get(found.location).text


def test_it_says_when_where_and_at_which_table(client: FlaskClient, page: str) -> None:
    shown = client.get(page).text
    for fact in ("Samen koken", "dinsdag 12 januari 2027, 18.00 – 20.30 uur", "Buurthuis De Brink, Brink 1", "Fatma"):
        assert fact in shown
    assert "<dt>Tafel</dt><dd>2</dd>" in shown
    assert "Nederlands" in shown


def test_it_says_nothing_of_others_nor_of_the_rest_of_the_signup(client: FlaskClient, app: Flask, page: str) -> None:
    with app.app_context():
        code = db.session.query(Signup).order_by(Signup.id).first().code
    everything = (
        client.get(page).text + client.get(f"{page}/agenda.ics").text + client.get(f"{page}/geen-herinnering").text
    )
    for word in (*OTHERS, "bart@", code, "/mijn/"):
        assert word not in everything


def test_online_there_is_a_link_instead_of_a_place(client: FlaskClient, app: Flask, cast: Cast, page: str) -> None:
    with app.app_context():
        evening = mine().gathering.session
        evening.mode, evening.link = "online", "https://praten.example/kamer"
        told(cast)
    assert 'href="https://praten.example/kamer"' in client.get(page).text
    assert date_in(client.get(f"{page}/agenda.ics").data)["LOCATION"] == "https://praten.example/kamer"


@pytest.mark.parametrize(
    ("answer", "kept"), [("yes", Partstat.ACCEPTED), ("maybe", Partstat.TENTATIVE), ("no", Partstat.DECLINED)]
)
def test_an_answer_is_one_button_and_is_shown(
    client: FlaskClient, app: Flask, page: str, answer: str, kept: str
) -> None:
    assert f'name="answer" value="{answer}"' in client.get(page).text
    shown = said(client, page, answer)
    with app.app_context():
        invitation = mine()
        assert (invitation.partstat, invitation.answered_by, invitation.answered_at) == (kept, "page", NOW)
        assert db.session.query(Invitation).filter_by(partstat=Partstat.NEEDS_ACTION).count() == 2, (
            "nobody else answered"
        )
    assert {"yes": "Je komt. Fijn!", "maybe": "Je komt misschien", "no": "Dank je wel dat je het zegt"}[answer] in shown


def test_the_chair_is_somebody_elses_only_after_no_to_every_date(
    client: FlaskClient, app: Flask, cast: Cast, page: str
) -> None:
    with app.app_context():
        several(db.session.get_one(TimeSlot, cast.sessions[0]), 7)
        told(cast)
        later = address()
    assert later != page
    first = said(client, page, "no")
    assert "iemand anders op jouw plek" not in first
    assert "Op de andere dagen blijft je plek van jou." in first
    for one in (said(client, later, "no"), client.get(page).text):
        assert "nu kan iemand anders op jouw plek" in one


def test_who_said_no_can_come_after_all(client: FlaskClient, app: Flask, page: str) -> None:
    shown = said(client, page, "no")
    assert "Toch wel?" in shown
    assert "agenda.ics" not in shown
    assert "Je komt. Fijn!" in said(client, page, "yes")
    assert partstat(app) == Partstat.ACCEPTED


def test_who_comes_after_all_when_the_chair_is_taken_reads_so_kindly(
    client: FlaskClient, app: Flask, page: str, cast: Cast
) -> None:
    said(client, page, "no")
    with app.app_context():
        mine().gathering.session.seats = 2
        db.session.commit()
    answer = client.post(page, data={"answer": "yes"})
    assert answer.status_code == 409
    assert "Jouw plek is intussen voor iemand anders. Wil je toch komen?" in answer.text
    assert "030 123 45 67" in answer.text
    assert partstat(app) == Partstat.DECLINED


@pytest.mark.parametrize("answer", ["", "ja", "ACCEPTED", "yes\x00", "🙂" * 900])
def test_anything_else_is_no_answer(client: FlaskClient, app: Flask, page: str, answer: str) -> None:
    assert client.post(page, data={"answer": answer}).status_code == 422
    assert client.post(page).status_code == 422
    assert partstat(app) == Partstat.NEEDS_ACTION


def test_a_link_only_looks(client: FlaskClient, app: Flask, page: str) -> None:
    """Mail programs and virus scanners open every link."""
    for path in (page, f"{page}?answer=no", f"{page}/agenda.ics", f"{page}/geen-herinnering"):
        assert client.get(path).status_code == 200
        assert client.head(path).status_code == 200
    with app.app_context():
        assert (mine().partstat, mine().signup.quiet) == (Partstat.NEEDS_ACTION, False)
    assert client.get(f"{page}/weer-herinneringen").status_code == 405


def call_off(app: Flask, cast: Cast) -> None:
    mine().gathering.called_off_at = world.now()
    told(cast)


def leave(app: Flask, cast: Cast) -> None:
    with transaction(db.session):
        signups.leave(db.session, mine().signup, now=world.now())


def pass_by(app: Flask, cast: Cast) -> None:
    app.extensions["clock"].now = mine().gathering.ends


@pytest.mark.parametrize(
    ("happens", "says"),
    [(call_off, "gaat niet door"), (leave, "niet meer voor jou"), (pass_by, "is al geweest")],
)
@pytest.mark.parametrize("answer", ["yes", "no"])
def test_when_there_is_nothing_to_answer_it_says_why(
    client: FlaskClient, app: Flask, cast: Cast, page: str, happens, says: str, answer: str
) -> None:
    with app.app_context():
        happens(app, cast)
    shown = client.get(page).text
    assert says in shown
    assert 'name="answer"' not in shown
    refused = client.post(page, data={"answer": answer})
    assert (refused.status_code, says in refused.text) == (409, True)
    assert partstat(app) == Partstat.NEEDS_ACTION


def test_a_wrong_garbled_or_erased_token_is_a_missing_page(client: FlaskClient, app: Flask, page: str) -> None:
    token = page.rpartition("/")[2]
    for wrong in ("x", token[:-1], token[:-1] + ("a" if token[-1] != "a" else "b"), "%00", "é", "a" * 5000):
        for rest in ("", "/agenda.ics", "/geen-herinnering"):
            assert client.get(f"/uitnodiging/{wrong}{rest}").status_code == 404
            assert client.post(f"/uitnodiging/{wrong}{rest}").status_code in (404, 405)
    assert client.get(f"/uitnodiging/{token.upper()}").status_code == 200, "a mail server may change capitals"
    with app.app_context():
        db.session.delete(mine().signup)
        db.session.commit()
    assert client.get(page).status_code == 404


def test_it_goes_to_no_search_engine_and_to_no_other_page(client: FlaskClient, page: str) -> None:
    for path in (page, f"{page}/agenda.ics", f"{page}/geen-herinnering", "/hoe-was-het/x"):
        headers = client.get(path).headers
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["X-Robots-Tag"] == "noindex, nofollow"
        assert headers["Cache-Control"] == "no-store, private"


def test_it_is_in_the_language_of_its_owner_also_the_file(client: FlaskClient, app: Flask, page: str) -> None:
    with app.app_context():
        mine().signup.language = "en"
        db.session.commit()
    assert '<html lang="en"' in client.get(page).text
    assert "Are you coming" in date_in(client.get(f"{page}/agenda.ics?taal=nl").data)["DESCRIPTION"]


def test_the_file_is_the_date_that_was_mailed_and_names_nobody(client: FlaskClient, app: Flask, page: str) -> None:
    answer = client.get(f"{page}/agenda.ics")
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="samen-koken.ics"'
    assert b"\r\nMETHOD:PUBLISH\r\n" in answer.data
    date = date_in(answer.data)
    with app.app_context():
        assert (date["UID"], date["SEQUENCE"]) == (mine().uid, mine().sequence)
    assert "ATTENDEE" not in date
    assert "ORGANIZER" not in date


def test_after_a_move_the_file_is_a_new_version(client: FlaskClient, app: Flask, cast: Cast, page: str) -> None:
    before = date_in(client.get(f"{page}/agenda.ics").data)
    with app.app_context():
        db.session.execute(db.text("update due_letter set state = 'sent'"))
        gathering = mine().gathering
        gathering.starts, gathering.ends = gathering.starts + timedelta(hours=1), gathering.ends + timedelta(hours=1)
        app.extensions["clock"].forward(hours=1)
        told(cast)
    after = date_in(client.get(f"{page}/agenda.ics").data)
    assert (after["UID"], after["SEQUENCE"]) == (before["UID"], before["SEQUENCE"] + 1)
    assert after["DTSTART"].dt - before["DTSTART"].dt == timedelta(hours=1)
    assert after["DTSTAMP"].dt > before["DTSTAMP"].dt


def test_a_date_that_is_off_is_struck_through_in_its_file(
    client: FlaskClient, app: Flask, cast: Cast, page: str
) -> None:
    with app.app_context():
        call_off(app, cast)
    assert "Met dit bestand zie je daar dat hij niet doorgaat" in client.get(page).text
    date = date_in(client.get(f"{page}/agenda.ics").data)
    assert (date["STATUS"], date["SUMMARY"]) == ("CANCELLED", "Geannuleerd: Samen koken in de buurt")


@pytest.fixture
def guarded(stage, settings: config.Settings, keys: config.Secrets, page: str, tmp_path: Path) -> Iterator[Flask]:
    """The same database behind an application as it runs: forms need their token."""
    guarded = create_app(settings, keys, tmp_path, secure=False, clock=Clock(), **{**PLAIN, "WTF_CSRF_ENABLED": True})
    yield guarded
    with guarded.app_context():
        db.session.remove()
        db.engine.dispose()


def test_a_mail_program_stops_reminders_in_one_click(guarded: Flask, page: str) -> None:
    """Without a cookie, a session or a token of a form (RFC 8058); twice is harmless."""
    bare = guarded.test_client(use_cookies=False)
    for _ in range(2):
        answer = bare.post(f"{page}/geen-herinnering", data=ONE_CLICK)
        assert answer.status_code == 200, "no redirect: few programs follow one after a POST"
        assert "Je krijgt geen herinneringen" in answer.text
    with guarded.app_context():
        assert [signup.quiet for signup in db.session.query(Signup).order_by(Signup.id)] == [True, False, False]
        assert mine().partstat == Partstat.NEEDS_ACTION


def test_everything_else_on_the_page_needs_the_token_of_its_form(guarded: Flask, page: str) -> None:
    client = guarded.test_client()
    client.post(f"{page}/geen-herinnering", data=ONE_CLICK)
    for path, data in ((page, {"answer": "no"}), (f"{page}/weer-herinneringen", {})):
        assert client.post(path, data=data).status_code == 400
        token = client.get(f"{page}/geen-herinnering").text.split('name="csrf_token" value="')[1].split('"')[0]
        assert client.post(path, data={**data, "csrf_token": token}).status_code == 302
    with guarded.app_context():
        assert (mine().partstat, mine().signup.quiet) == (Partstat.DECLINED, False)


def test_reminders_are_stopped_and_wanted_again_by_hand(client: FlaskClient, app: Flask, page: str) -> None:
    path = f"{page}/geen-herinnering"
    assert f'action="{path}"' in client.get(path).text
    assert f'action="{page}/weer-herinneringen"' in client.post(path).text
    assert f'action="{path}"' in client.post(f"{page}/weer-herinneringen", follow_redirects=True).text
    with app.app_context():
        assert mine().signup.quiet is False


def test_the_own_page_shows_every_date_with_its_answer_and_its_file(
    client: FlaskClient, app: Flask, cast: Cast
) -> None:
    with app.app_context():
        bart = casting.sign_up(app, cast, sessions=frozenset(cast.sessions))
        casting.plan_of(cast, {(session, 1): [bart.signup.id] for session in cast.sessions[:2]})
        told(cast)
        first, second = (i.token for i in db.session.query(Invitation).order_by(Invitation.id))
        db.session.query(Gathering).filter_by(session_id=cast.sessions[1]).update({"called_off_at": NOW})
        told(cast)
    own = f"/mijn/{bart.secret}/"
    assert "Je zei nog niet of je komt." in client.get(own).text
    client.post(f"/uitnodiging/{first}", data={"answer": "yes"})
    shown = client.get(own).text
    assert "Je zei dat je komt." in shown
    assert f"/uitnodiging/{first}/agenda.ics" in shown
    assert second not in shown


def test_answers_are_among_what_somebody_takes_along(client: FlaskClient, app: Flask, page: str) -> None:
    said(client, page, "no")
    client.post(f"{page}/geen-herinnering", data=ONE_CLICK)
    with app.app_context():
        stored = export.take_along(db.session, mine().signup)
    (invitation,) = stored["invitations"]
    assert (invitation["answer"], invitation["answered_by"], invitation["group"]) == (Partstat.DECLINED, "page", 2)
    assert (stored["no_reminders"], stored["follows_calendar"]) == (True, False)
    assert "Samira" not in str(stored)


def test_one_button_answers_every_date_that_was_not_answered_and_no_other(
    app: Flask, cast: Cast, client: FlaskClient
) -> None:
    with app.app_context():
        bart = casting.sign_up(app, cast)
        several(db.session.get_one(TimeSlot, cast.sessions[0]), 7, 14)
        casting.plan_of(cast, {(cast.sessions[0], 2): [bart.signup.id]})
        told(cast)
        first, *others = [one.token for one in db.session.query(Invitation).order_by(Invitation.id)]
        assert len(others) == 2
    own = f"/mijn/{bart.secret}/"
    client.post(f"/uitnodiging/{first}", data={"answer": "no"})
    assert "Ja, ik kom alle" in client.get(own).text
    assert client.post(f"{own}kom").location == own
    with app.app_context():
        said = [one.partstat for one in db.session.query(Invitation).order_by(Invitation.id)]
    assert said == [Partstat.DECLINED, *(Partstat.ACCEPTED for _ in others)]
    assert "Ja, ik kom alle" not in client.get(own).text


@pytest.fixture
def three(app: Flask, cast: Cast, page: str) -> list[str]:
    """Bart comes three times; the tokens of his dates."""
    with app.app_context():
        several(db.session.get_one(TimeSlot, cast.sessions[0]), 7, 14)
        told(cast)
        of_bart = db.session.query(Invitation).filter_by(signup_id=mine().signup_id).order_by(Invitation.id)
        return [one.token for one in of_bart]


def answers_of(app: Flask, tokens: list[str]) -> list[str]:
    with app.app_context():
        return [db.session.query(Invitation).filter_by(token_hash=hashed(one)).one().partstat for one in tokens]


@pytest.mark.parametrize(("answer", "kept"), [("yes", Partstat.ACCEPTED), ("no", Partstat.DECLINED)])
def test_one_answer_is_for_every_date_and_for_nobody_else(
    client: FlaskClient, app: Flask, page: str, three: list[str], answer: str, kept: str
) -> None:
    shown = client.get(page).text
    assert shown.count("Buurthuis De Brink, Brink 1") == 3
    assert "Ik kom alle 3 keer" in shown and "Ik kom geen enkele keer" in shown
    assert all(word not in shown for word in OTHERS)
    assert client.post(page, data={"answer": answer, "date": "all"}).status_code == 302
    assert answers_of(app, three) == [kept] * 3
    with app.app_context():
        assert db.session.query(Invitation).filter_by(partstat=Partstat.NEEDS_ACTION).count() == 6
    again = client.get(page).text
    assert {"yes": "Je komt. Fijn!", "no": "nu kan iemand anders op jouw plek"}[answer] in again
    assert ("Ik kom alle 3 keer" in again, "Ik kom geen enkele keer" in again) == (answer == "no", answer == "yes")


def test_each_date_has_an_answer_of_its_own_with_one_press(
    client: FlaskClient, app: Flask, page: str, three: list[str]
) -> None:
    fields = re.findall(r'name="(date-\d+)" value="yes"', client.get(page).text)
    assert len(fields) == 3
    chosen = {fields[0]: "yes", fields[2]: "no"}
    assert client.post(page, data={"answer": "each", **chosen}).status_code == 302
    assert answers_of(app, three) == [Partstat.ACCEPTED, Partstat.NEEDS_ACTION, Partstat.DECLINED]
    shown = client.get(page).text
    assert f'name="{fields[0]}" value="yes" checked' in shown and "Je komt niet elke keer" in shown
    assert client.post(page, data={"answer": "each", fields[1]: "ja"}).status_code == 422
    with app.app_context():
        stranger = db.session.query(Invitation).filter(Invitation.signup_id != mine().signup_id).first().id
    client.post(page, data={"answer": "each", f"date-{stranger}": "no"})
    with app.app_context():
        assert db.session.get_one(Invitation, stranger).partstat == Partstat.NEEDS_ACTION


def test_a_yes_to_all_says_which_chair_is_taken_and_keeps_the_rest(
    client: FlaskClient, app: Flask, cast: Cast, page: str, three: list[str]
) -> None:
    client.post(page, data={"answer": "no", "date": "all"})
    with app.app_context():
        mine().gathering.session.seats = 2
        db.session.commit()
    refused = client.post(page, data={"answer": "yes", "date": "all"})
    assert refused.status_code == 409
    assert "Jouw plek is intussen voor iemand anders" in refused.text and "Zet me op de wachtlijst" in refused.text
    assert answers_of(app, three) == [Partstat.DECLINED] * 3


def test_the_file_and_the_own_calendar_hold_every_date_that_somebody_comes_to(
    client: FlaskClient, app: Flask, page: str, three: list[str]
) -> None:
    client.post(f"/uitnodiging/{three[1]}", data={"answer": "no"})
    dates = calendar_in(client.get(f"{page}/alle-data.ics").data).walk("VEVENT")
    assert [date["DTSTART"].dt.day for date in dates] == [12, 26], "not the one that they do not come to"


def test_of_three_dates_the_one_that_is_called_off_says_so_above_the_others(
    client: FlaskClient, app: Flask, cast: Cast, page: str, three: list[str]
) -> None:
    with app.app_context():
        first = db.session.query(Invitation).filter_by(token_hash=hashed(three[0])).one()
        first.gathering.called_off_at = NOW
        told(cast)
    shown = client.get(f"/uitnodiging/{three[0]}").text
    assert "Deze ontmoeting gaat niet door" in shown and "Ik kom beide keren" in shown
