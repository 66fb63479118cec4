"""Moving and calling off on the screen: first who hears of it, by name and channel, and then only a button acts."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.web import cast as casting
from tests.web.cast import Cast
from tests.web.evening import come_in, opened, table
from tests.web.moving import JANUARY, due, post, publish, several
from tests.web.pages import Page
from web.rows import AuditLine, Gathering, Plan, PlanGroup, Seat, Series, TimeSlot, db
from web.services.invitations import reconciling

pytestmark = pytest.mark.slow

NEW = {"start_1": "19:00", "end_1": "21:30", "day_1": "2027-01-12", "mode": "here"}


@pytest.fixture
def url(app: Flask, cast: Cast) -> str:
    """A published evening; Bart gets mail, Kees is called, Els sits at the second evening."""
    one, two, _three = cast.sessions
    with app.app_context():
        here = table(app, cast, "Bart")
        here |= table(app, cast, "Kees", reach="call", phone="+31612345678", email=None)
        publish(cast, {(one, 1): list(here.values()), (two, 1): list(table(app, cast, "Els").values())})
    return f"/werk/{cast.series}/tijd/{one}"


def kinds(app: Flask) -> list[str]:
    with app.app_context():
        return sorted(kind for letters in due().values() for kind in letters)


def state(app: Flask) -> list[tuple[object, ...]]:
    with app.app_context():
        return [
            (g.id, g.starts, g.sequence, g.called_off_at) for g in db.session.query(Gathering).order_by(Gathering.id)
        ]


def sure(html: str) -> dict[str, str]:
    """The fields of the form on the page that shows who hears of it."""
    return next(dict(form.fields) for form in Page(html).forms if "version" in dict(form.fields))


def test_moving_takes_a_form_a_look_and_a_button(app: Flask, cast: Cast, amina: FlaskClient, url: str) -> None:
    asked = amina.get(f"{url}/verplaats").text
    assert 'value="2027-01-12"' in asked
    before = state(app)
    looked = amina.post(f"{url}/verplaats", data={**NEW, "venue": cast.venue}).text
    assert "dinsdag 12 januari, 18.00–20.30" in looked
    assert "dinsdag 12 januari, 19.00–21.30" in looked
    for text in ("Bart (e-mail)", "Kees (bellen)", "2 bewoners", "1 persoon bel je", "Chantal", "Vraag het na"):
        assert text in looked
    assert "Els" not in looked
    assert (state(app), kinds(app)) == (before, []), "looking changes nothing"
    done = amina.post(f"{url}/verplaats", data=sure(looked), follow_redirects=True)
    assert "Verplaatst." in done.text
    assert "dinsdag 12 januari, 19.00–21.30" in done.text
    assert kinds(app) == ["changed", "changed"]
    with app.app_context():
        assert [line.what for line in db.session.query(AuditLine).filter(AuditLine.who != "resident")] == [
            "read signups",
            "move session",
        ]


def test_calling_off_says_that_it_does_not_come_back_before_the_button(
    app: Flask, cast: Cast, amina: FlaskClient, url: str
) -> None:
    before = state(app)
    looked = amina.get(f"{url}/gaat-niet-door").text
    for text in (
        "Bart (e-mail)",
        "Kees (bellen)",
        "Dit kun je niet terugdraaien",
        "2 mensen hebben dan geen plek meer",
    ):
        assert text in looked
    assert (state(app), kinds(app)) == (before, []), "a GET changes nothing"
    done = amina.post(f"{url}/gaat-niet-door", data=sure(looked), follow_redirects=True).text
    assert "Afgelast." in done
    assert "<del>dinsdag 12 januari, 18.00–20.30</del>" in done
    assert "Kies een nieuwe datum" in done
    assert "2 mensen hebben geen plek: hun ontmoeting gaat niet door. Stel nieuwe groepen voor." in done
    assert kinds(app) == ["cancelled", "cancelled"]
    again = amina.post(f"{url}/gaat-niet-door", data=sure(looked))
    assert (again.status_code, kinds(app)) == (302, ["cancelled", "cancelled"])
    assert amina.get(f"{url}/gaat-niet-door").status_code == 302


@pytest.mark.parametrize("page", ["gaat-niet-door", "publiceer"])
def test_who_is_called_and_who_gets_paper_is_counted_apart(
    app: Flask, cast: Cast, amina: FlaskClient, url: str, page: str
) -> None:
    """Text messages without a service are calls; with one they are not."""
    called, paper = "2 mensen bel je, sms je of geef je een boodschap.", "1 persoon krijgt een brief op papier."
    with app.app_context():
        for reach in ("text", "letter"):
            seated = table(app, cast, f"Op{reach}", reach=reach, phone="+31612345678", email=None)
            here = db.session.query(PlanGroup).filter_by(session_id=cast.sessions[0]).one()
            here.seats.extend(Seat(signup_id=id) for id in seated.values())
            db.session.commit()
        reconciling.reconcile(db.session, db.session.get_one(Series, cast.series), casting.NOW)
        post()
        if page == "publiceer":
            db.session.query(Plan).delete()
            db.session.commit()
            proposal = casting.propose(app, cast).id
            url = f"/werk/{cast.series}/groepen/{proposal}"
    seen = amina.get(f"{url}/{page}").text
    assert called in seen and paper in seen
    texts = replace(app.extensions["settings"].text_messages, kind="http", url="https://sms.example/")
    app.extensions["settings"] = replace(app.extensions["settings"], text_messages=texts)
    seen = amina.get(f"{url}/{page}").text
    assert "1 persoon bel je, sms je of geef je een boodschap." in seen and paper in seen


def test_one_date_of_several(app: Flask, cast: Cast, amina: FlaskClient) -> None:
    with app.app_context():
        row = db.session.get_one(TimeSlot, cast.sessions[0])
        several(row, 7)
        publish(cast, {(row.id, 1): list(table(app, cast, "Bart Els").values())})
        second = row.gatherings[1].id
    url = f"/werk/{cast.series}/tijd/{cast.sessions[0]}/gaat-niet-door"
    shown = amina.get(f"/werk/{cast.series}").text
    assert f"{url}?datum={second}" in shown
    looked = amina.get(f"{url}?datum={second}").text
    assert "dinsdag 19 januari" in looked
    assert "dinsdag 12 januari" not in looked
    amina.post(url, data=sure(looked))
    assert [bool(off) for id, _starts, _sequence, off in state(app) if id == second] == [True]
    page = amina.get(f"/werk/{cast.series}").text
    assert "<del>dinsdag 19 januari, 18.00–20.30</del>" in page
    assert "dinsdag 12 januari, 18.00–20.30" in page
    assert kinds(app) == ["cancelled", "cancelled"]


@pytest.mark.parametrize("page", ["verplaats", "gaat-niet-door"])
def test_foreign_and_missing_times_are_the_same_404(
    app: Flask, cast: Cast, amina: FlaskClient, dirk: FlaskClient, url: str, page: str
) -> None:
    before = state(app)
    for client, address in ((dirk, url), (amina, f"/werk/{cast.series}/tijd/999999")):
        for answer in (client.get(f"{address}/{page}"), client.post(f"{address}/{page}", data={**NEW, "sure": "1"})):
            assert answer.status_code == 404
    assert amina.get(f"{url}/gaat-niet-door?datum=999999").status_code == 404
    assert amina.get(f"{url}/gaat-niet-door?datum=x").status_code == 404
    assert state(app) == before


def test_the_second_of_two_organisers_sees_what_the_first_did(
    app: Flask, cast: Cast, amina: FlaskClient, url: str
) -> None:
    first = sure(amina.post(f"{url}/verplaats", data={**NEW, "venue": cast.venue}).text)
    second = sure(
        amina.post(f"{url}/verplaats", data={**NEW, "start_1": "20:00", "end_1": "22:00", "venue": cast.venue}).text
    )
    off = sure(amina.get(f"{url}/gaat-niet-door").text)
    amina.post(f"{url}/verplaats", data=first)
    late = amina.post(f"{url}/verplaats", data=second)
    assert late.status_code == 409
    assert "Iemand anders heeft dit net veranderd" in late.text
    assert "dinsdag 12 januari, 19.00–21.30" in late.text
    late = amina.post(f"{url}/gaat-niet-door", data=off)
    assert (late.status_code, "Iemand anders heeft dit net veranderd" in late.text) == (409, True)
    assert state(app)[0][1:] == (JANUARY + timedelta(hours=1), 1, None)
    assert amina.post(f"{url}/verplaats", data=sure(late.text) | second | {"version": "-7"}).status_code == 409


def test_two_at_once_are_one_change(app: Flask, cast: Cast, url: str) -> None:
    """One moves it and one calls it off, on the same version: one of them is told to look again."""
    clients = [casting.log_in(app.test_client(), cast.amina) for _ in range(2)]
    move = sure(clients[0].post(f"{url}/verplaats", data={**NEW, "venue": cast.venue}).text)
    off = sure(clients[1].get(f"{url}/gaat-niet-door").text)
    start = Barrier(2)

    def go(client: FlaskClient, address: str, data: dict[str, str]) -> int:
        start.wait()
        return client.post(address, data=data).status_code

    with ThreadPoolExecutor(2) as pool:
        answers = [
            pool.submit(go, clients[0], f"{url}/verplaats", move),
            pool.submit(go, clients[1], f"{url}/gaat-niet-door", off),
        ]
    assert sorted(answer.result() for answer in answers) == [302, 409]
    assert state(app)[0][2] == 1
    assert kinds(app) in (["changed", "changed"], ["cancelled", "cancelled"])


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("day_1", "", "Vul een datum in."),
        ("day_1", "2026-02-02", "Deze dag is voorbij."),
        ("day_1", "2027-03-28", "gaat de klok een uur vooruit: 02.30 uur bestaat dan niet"),
        ("day_1", "2027-10-31", "gaat de klok een uur terug: 02.30 uur is er dan twee keer"),
        ("end_1", "01:00", "Het eind moet na het begin zijn."),
        ("start_1", "", "Vul een tijd in."),
        ("start_1", "half drie", "Vul een tijd in."),
        ("venue", "999", "Deze plek bestaat niet meer."),
        ("mode", "thuis", "Kies: op een plek, of online."),
    ],
)
def test_a_time_that_cannot_be_is_refused_with_a_sentence(
    app: Flask, cast: Cast, amina: FlaskClient, url: str, field: str, value: str, sentence: str
) -> None:
    said = {
        **NEW,
        "start_1": "02:30",
        "end_1": "04:00",
        "venue": cast.venue,
        "link": "https://kamer.example",
        field: value,
    }
    for more in ({}, {"sure": "1", "version": "1"}):
        answer = amina.post(f"{url}/verplaats", data={**said, **more})
        assert (answer.status_code, sentence in answer.text) == (422, True)
        assert "https://kamer.example" in answer.text
    assert kinds(app) == []


def test_nothing_changed_is_said_and_nothing_is_sent(app: Flask, cast: Cast, amina: FlaskClient, url: str) -> None:
    same = {**NEW, "start_1": "18:00", "end_1": "20:30", "venue": cast.venue}
    answer = amina.post(f"{url}/verplaats", data=same)
    assert (answer.status_code, "Er verandert niets." in answer.text) == (422, True)


def test_a_time_that_people_know_of_keeps_its_time_on_its_own_page(
    app: Flask, cast: Cast, amina: FlaskClient, url: str
) -> None:
    page = amina.get(url).text
    assert "day_1" not in page
    assert f'href="{url}/verplaats"' in page
    assert f'href="{url}/weg"' not in page
    amina.post(url, data={"groups": "4", "facilitators": [str(cast.chantal)], "day_1": "2027-05-05", "start": "10:00"})
    with app.app_context():
        row = db.session.get_one(TimeSlot, cast.sessions[0])
        assert (row.groups, row.starts, [one.id for one in row.facilitators]) == (4, JANUARY, [cast.chantal])
    free = f"/werk/{cast.series}/tijd/{cast.sessions[2]}"
    assert amina.get(f"{free}/verplaats").headers["Location"] == free
    assert amina.get(f"{free}/gaat-niet-door").status_code == 409


def test_a_called_off_time_gets_a_new_date(app: Flask, cast: Cast, amina: FlaskClient, url: str) -> None:
    amina.post(f"{url}/gaat-niet-door", data=sure(amina.get(f"{url}/gaat-niet-door").text))
    assert amina.get(url).status_code == 404
    assert "Kies een nieuwe datum" in amina.get(f"{url}/verplaats").text
    said = {**NEW, "day_1": "2027-01-26", "venue": cast.venue}
    looked = amina.post(f"{url}/verplaats", data=said).text
    assert "Nieuwe datum:" in looked
    amina.post(f"{url}/verplaats", data=sure(looked))
    page = amina.get(f"/werk/{cast.series}").text
    assert "dinsdag 26 januari, 19.00–21.30" in page
    assert "<del>dinsdag 12 januari, 18.00–20.30</del>" in page


OFF = "<del>dinsdag 12 januari, 18.00–20.30</del>"


def test_everybody_sees_what_is_off(
    app: Flask, cast: Cast, clock: casting.Clock, amina: FlaskClient, client: FlaskClient, url: str
) -> None:
    with app.app_context():
        secret = casting.sign_up(app, cast, "Nieuw").secret
        seated = casting.sign_up(app, cast, "Ria")
        group = db.session.query(PlanGroup).filter_by(session_id=cast.sessions[0]).one()
        group.seats.append(Seat(signup_id=seated.signup.id))
        door = opened(app, cast.chantal, cast.sessions[0])
    amina.post(f"{url}/gaat-niet-door", data=sure(amina.get(f"{url}/gaat-niet-door").text))
    for page in (
        "/doe-mee/zuid/samen-koken/",
        f"/mijn/{secret}/",
        f"/mijn/{seated.secret}/",
        f"/werk/{cast.series}/indeling",
    ):
        answer = (amina if page.startswith("/werk") else client).get(page)
        assert OFF in answer.text, page
    assert "van de wachtlijst" in client.get(f"/mijn/{seated.secret}/").text
    assert "Waarom deze tafel?" not in client.get(f"/mijn/{seated.secret}/").text
    assert "2 tijden" in client.get("/").text
    changing = client.get(f"/mijn/{secret}/wijzigen").text
    assert "donderdag 14 januari" in changing
    assert "dinsdag 12 januari" not in changing, "nobody can choose it any more"
    clock.now = JANUARY
    shown = come_in(client, door).get(f"/tafel/{door[0]}/").text
    assert OFF in shown
    assert "Bart" not in shown


def test_when_everything_is_off_nobody_is_asked_to_sign_up(
    app: Flask, cast: Cast, amina: FlaskClient, client: FlaskClient
) -> None:
    with app.app_context():
        tables = {(id, 1): [casting.sign_up(app, cast, f"Buur{id}").signup.id] for id in cast.sessions}
        publish(cast, tables)
    for id in cast.sessions:
        url = f"/werk/{cast.series}/tijd/{id}/gaat-niet-door"
        amina.post(url, data=sure(amina.get(url).text))
    page = client.get("/doe-mee/zuid/samen-koken/").text
    assert "Dit gaat niet door" in page
    assert "Ik doe mee" not in page
    assert client.get("/").status_code == 200
