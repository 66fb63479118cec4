"""Lists that nobody made for us: read without a change to the file, asked about where they are unclear, mended here."""

from __future__ import annotations

import io
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

import config
from tests.web import cast as casting
from tests.web import messy, sheets
from tests.web.cast import Cast
from tests.web.import_table import Table
from web.rows import AuditLine, DueLetter, Erasure, Organisation, Signup, db
from web.services.signups import importing, told_by
from web.services.signups.importing.headers import Headings
from web.services.signups.importing.previewing import headings_of
from web.transaction import transaction

pytestmark = pytest.mark.slow


@pytest.fixture
def desk(app: Flask, cast: Cast, settings: config.Settings):
    with app.test_request_context():
        yield Table(app, cast, settings)


@pytest.mark.parametrize("name", messy.LISTS)
def test_a_messy_list_is_read_as_it_is(desk: Table, cast: Cast, name: str) -> None:
    data, people = messy.LISTS[name]
    shown = desk.show(desk.read(data))
    assert [entry.faults for entry in shown.entries if entry.faults] == []
    assert shown.ready and shown.count("new") == len(people)
    found = [entry.told.answers for entry in shown.entries]
    numbers = {id: number for number, id in enumerate(cast.sessions, 1)}
    told = [(a.name, a.email or "", a.phone or "", tuple(sorted(numbers[id] for id in a.sessions))) for a in found]
    assert told == people
    assert [a.reach for a in found] == ["email" if email else "call" for _name, email, *_more in people]
    desk.add(importing.keep(desk.desk, shown, desk.clock()))
    assert db.session.query(Signup).count() == len(people)


@pytest.mark.parametrize(
    ("said", "times"),
    [
        ("dinsdagen", [1]),
        ("Tuesday", [1]),
        ("di 12 januari 18.00 - 20.30 uur", [1]),
        ("12/1/2027", [1]),
        ("'s avonds", [1, 2, 3]),
        ("6 uur", [1, 2, 3]),
        ("maakt niet uit", [1, 2, 3]),
        ("ma, di", [1]),
    ],
)
def test_words_about_when_are_read(desk: Table, cast: Cast, said: str, times: list[int]) -> None:
    assert desk.only(["tijden"], [said]).told.answers.sessions == {cast.sessions[n - 1] for n in times}


@pytest.mark.parametrize("said", ["maandag", "19.00", "niet op dinsdag", "di t/m do", "12 feb", "misschien"])
def test_what_is_not_clear_about_when_is_asked_and_never_every_time(desk: Table, said: str) -> None:
    entry = desk.only(["tijden"], [said])
    assert [(fault.key, fault.said) for fault in entry.faults] == [("sessions", said)]


@pytest.mark.parametrize("cells", [["", ""], ["misschien", "x"]])
def test_below_days_somebody_without_a_clear_cross_is_asked(desk: Table, cells: list[str]) -> None:
    (fault,) = desk.only(["dinsdag", "donderdag"], cells).faults
    assert (fault.row, fault.key) == (2, "sessions")


def test_a_column_about_when_is_never_ignored(desk: Table, cast: Cast) -> None:
    header = ["naam", "e-mail", "Kun je er zijn?"]
    shown = desk.preview(["Bart", "b@voorbeeld.example", "dinsdag"], header=header)
    (asked,) = shown.header.asked
    assert (asked.letter, asked.guess, shown.ready) == ("C", "sessions", False)
    by_cells = desk.preview(["Bart", "b@voorbeeld.example", "dinsdag"], header=["naam", "e-mail", "Zegt Bart"])
    assert [one.letter for one in by_cells.header.asked] == ["C"]
    read = desk.show(importing.mended(shown, importing.Mended(columns={2: "sessions"})))
    assert read.ready and read.entries[0].told.answers.sessions == {cast.sessions[0]}


def test_what_a_column_is_by_hand_is_remembered_for_this_organisation_only(desk: Table, cast: Cast) -> None:
    header = ["Wie is het", "e-mail"]
    shown = desk.preview(["Bart", "b@voorbeeld.example"], header=header)
    assert not shown.header.named
    importing.remember(desk.series.project.organisation, shown, {0: "name", 1: "email", 9: "via"})
    db.session.commit()
    assert desk.preview(["Bart", "b@voorbeeld.example"], header=header).count("new") == 1
    assert db.session.get_one(Organisation, cast.organisation).import_headings == {"wie is het": "name"}
    other = db.session.query(Organisation).filter(Organisation.id != cast.organisation).one()
    assert other.import_headings is None
    known = headings_of(desk.series, desk.settings, desk.clock())
    assert Headings(known.columns, known.times, remembered={"x": "gone"}).key_of("x") == ""


def test_two_people_in_a_cell_are_asked_about(desk: Table) -> None:
    rows = [["Truus & Henk", "t@voorbeeld.example"], ["Jan-Willem", "j@voorbeeld.example"], ["An en Co", "a@b.example"]]
    shown = desk.preview(*rows, header=["naam", "e-mail"])
    assert [entry.kind for entry in shown.entries] == ["refused", "new", "refused"]
    assert shown.entries[0].faults[0].people == ("Truus", "Henk")
    said = importing.Mended(people={2: "apart", 4: "one"})
    after = desk.show(importing.mended(shown, said))
    names = {entry.row: entry.told.answers.name for entry in after.entries}
    assert names == {2: "Truus", 3: "Jan-Willem", 4: "An en Co", 5: "Henk"}
    desk.add(importing.keep(desk.desk, after, desk.clock()))
    reached = [signup.contact["email"] for signup in db.session.query(Signup) if signup.name in ("Truus", "Henk")]
    assert reached == ["t@voorbeeld.example"] * 2


def send(client: FlaskClient, cast: Cast, data: bytes):
    return client.post(f"/werk/{cast.series}/importeren", data={"file": (io.BytesIO(data), "lijst.csv")})


def token_in(page: str) -> str:
    return page.split('name="token" value="')[1].split('"')[0]


def test_a_row_is_mended_in_the_preview(app: Flask, amina: FlaskClient, cast: Cast) -> None:
    header, rows = ["naam", "telefoon", "wanneer"], [["Bart", "bel maar", "dinsdag"], ["Els", "", "alle"]]
    page = send(amina, cast, sheets.table(*rows, header=header).encode()).text
    boxes = re.findall(r'name="(cell-[^"]+)" value="([^"]*)"', page)
    assert boxes == [("cell-2-phone", "bel maar"), ("cell-3-reach", "")]
    token = token_in(page)
    said = {"token": token, "cell-2-phone": "06 12345678", "cell-3-reach": "via", "column-2": "sessions"}
    page = amina.post(f"/werk/{cast.series}/importeren/verbeteren", data=said).text
    assert re.findall(r'name="(cell-[^"]+)"', page) == ["cell-3-via"]
    said = {"token": token, "cell-3-via": "balie", "cell-99-name": "x", "cell-2-nothing": "x"}
    page = amina.post(f"/werk/{cast.series}/importeren/verbeteren", data=said).text
    assert "cell-" not in page
    amina.post(f"/werk/{cast.series}/importeren/toevoegen", data={"token": token})
    with app.app_context():
        assert {s.name: s.reach for s in db.session.query(Signup)} == {"Bart": "call", "Els": "via"}


def test_nothing_is_added_before_it_is_said_what_a_column_is(app: Flask, amina: FlaskClient, cast: Cast) -> None:
    header = ["naam", "e-mail", "Past het?"]
    page = send(amina, cast, sheets.table(["Bart", "b@voorbeeld.example", "dinsdag"], header=header).encode()).text
    token = token_in(page)
    assert re.search(r"<button[^>]*disabled[^>]*>Voeg 1 persoon toe", page)
    assert 'name="column-2"' in amina.post(f"/werk/{cast.series}/importeren/toevoegen", data={"token": token}).text
    page = amina.post(f"/werk/{cast.series}/importeren/verbeteren", data={"token": token, "column-2": "sessions"}).text
    assert "disabled" not in page
    amina.post(f"/werk/{cast.series}/importeren/toevoegen", data={"token": token})
    with app.app_context():
        assert [len(signup.availability) for signup in db.session.query(Signup)] == [1]
    again = send(amina, cast, sheets.table(["Els", "e@voorbeeld.example", "dinsdag"], header=header).encode()).text
    assert "disabled" not in again, "it is remembered"


def test_a_column_that_was_not_kept_is_asked_for_again(amina: FlaskClient, cast: Cast) -> None:
    data = sheets.table([*sheets.BART, "stil"], header=[*sheets.HEADER, "Bijzonders"]).encode()
    token = token_in(send(amina, cast, data).text)
    answer = amina.post(
        f"/werk/{cast.series}/importeren/verbeteren", data={"token": token, "column-6": "note"}, follow_redirects=True
    )
    assert "nog een keer" in answer.text
    assert 'id="ongebruikt"' not in send(amina, cast, data).text


def undo(desk: Table, token: str):
    with transaction(db.session):
        return importing.undo(db.session, desk.series, token, desk=desk.desk, by=desk.amina, now=desk.clock())


def test_a_whole_import_is_taken_back_within_the_hour(app: Flask, cast: Cast, desk: Table) -> None:
    there = casting.sign_up(app, cast, note="komt later").signup
    was = told_by(there)
    header = ["code", "voornaam", "e-mail", "tijden", "opmerking", "toestemming kringen"]
    token = desk.keep(
        [there.code, "Bert", "", "3", "iets", "nee"], ["", "Els", "els@voorbeeld.example", "", "", ""], header=header
    )
    desk.add(token)
    db.session.expire_all()
    assert told_by(there) != was
    desk.clock.forward(minutes=59)
    done = undo(desk, token)
    assert (done.removed, done.restored, done.kept, done.told) == (1, 1, 0, 0)
    db.session.expire_all()
    assert told_by(there) == was
    assert [signup.name for signup in db.session.query(Signup)] == ["Bart"]
    assert {letter.signup_id for letter in db.session.query(DueLetter)} <= {there.id}
    assert db.session.query(Erasure).count() == 1, "no backup brings them back"
    line = db.session.query(AuditLine).filter_by(what="import_undo").one()
    assert line.about.endswith("removed=1 restored=1 kept=0")


def test_who_changed_since_stays_as_they_are(desk: Table) -> None:
    token = desk.keep(sheets.BART, ["Els", *sheets.BART[1:]])
    desk.add(token)
    els = db.session.query(Signup).order_by(Signup.number.desc()).first()
    els.changed_at = desk.clock.now.replace(minute=30)
    db.session.commit()
    done = undo(desk, token)
    assert (done.removed, done.kept) == (1, 1)
    assert [signup.id for signup in db.session.query(Signup)] == [els.id]


def test_after_the_hour_or_by_a_colleague_nothing_is_taken_back(
    app: Flask, amina, beatrix: FlaskClient, cast: Cast
) -> None:
    token = token_in(send(amina, cast, sheets.table(sheets.BART).encode()).text)
    amina.post(f"/werk/{cast.series}/importeren/toevoegen", data={"token": token})
    page = f"/werk/{cast.series}/importeren"
    assert token in amina.get(page).text
    assert token not in beatrix.get(page).text
    beatrix.post(f"{page}/ongedaan", data={"token": token})
    app.extensions["clock"].forward(minutes=61)
    assert token not in amina.get(page).text
    amina.post(f"{page}/ongedaan", data={"token": token})
    with app.app_context():
        assert db.session.query(Signup).count() == 1
