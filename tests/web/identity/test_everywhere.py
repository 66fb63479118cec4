"""Names, numbers, addresses and codes are refused and recognised alike on the web, at the desk and in an import."""

from __future__ import annotations

import io

import pytest
from flask import Flask
from flask.testing import FlaskClient
from markupsafe import escape

import config
from tests.web import cast as casting
from tests.web.cast import Cast, Clock
from tests.web.import_table import Table
from web.identity import faults
from web.rows import Facilitator, KeyContact, Project, Series, Signup, Venue, db
from web.services import signups
from web.transaction import transaction

pytestmark = pytest.mark.slow

SCREEN = "/doe-mee/zuid/samen-koken/aanmelden/"
NOTHING = ["\u200f", "\u3164", "\u2800", "\u200d", "\u0301", "\u00ad"]


def join(client: FlaskClient, cast: Cast, clock: Clock, name: str = "Bart", **more: object):
    """A sign-up on the web, up to the page after the last button."""
    last = {key: more.pop(key) for key in ("buddy",) if key in more}
    reach = {"reach": "email", "email": "bart@voorbeeld.example", **more}
    client.post(SCREEN + "1", data={"sessions": cast.sessions[:1]})
    client.post(SCREEN + "2", data={"name": name})
    client.post(SCREEN + "3", data=reach)
    clock.forward(seconds=30)
    return client.post(SCREEN + "4", data=last, follow_redirects=True)


def at_desk(client: FlaskClient, cast: Cast, **more: object):
    said = {"name": "Fatma", "contact": "fatma@voorbeeld.example", "sessions": [str(cast.sessions[0])]}
    common = {"channel": "phone", "how": "", "language": "nl", "once": "a" * 22}
    return client.post(f"/werk/{cast.series}/balie", data={**said, **common, **more}, follow_redirects=True)


def everybody(app: Flask) -> list[Signup]:
    with app.app_context():
        found = db.session.query(Signup).order_by(Signup.id).all()
        db.session.expunge_all()
        return found


@pytest.fixture
def table(app: Flask, cast: Cast, settings: config.Settings):
    with app.test_request_context():
        yield Table(app, cast, settings)


def test_a_name_of_nothing_is_refused_on_the_web_and_at_the_desk(
    app: Flask, cast: Cast, client: FlaskClient, amina: FlaskClient
) -> None:
    client.post(SCREEN + "1", data={"sessions": cast.sessions[:1]})
    for name in NOTHING:
        page = client.post(SCREEN + "2", data={"name": name})
        assert (page.status_code, "Vul een voornaam in." in page.text) == (422, True), ascii(name)
        page = at_desk(amina, cast, name=name)
        assert (page.status_code, "Vul een voornaam in." in page.text) == (422, True), ascii(name)
    assert everybody(app) == []


def test_a_name_of_nothing_is_refused_in_every_other_form(
    app: Flask, cast: Cast, amina: FlaskClient, beatrix: FlaskClient
) -> None:
    before = {kind: count(app, kind) for kind in (Venue, Facilitator, KeyContact, Project)}
    for client, path, data, sentence in [
        (amina, "/werk/locaties/nieuw", {}, "Vul een naam in."),
        (amina, "/werk/gespreksleiders/nieuw", {"languages": "nl", "max_groups": 1}, "Vul een voornaam in."),
        (amina, "/werk/sleutelfiguren", {"project": cast.project}, "Vul een naam in."),
        (beatrix, "/beheer/projecten/nieuw", {}, "Vul een naam in."),
    ]:
        for name in NOTHING:
            assert sentence in client.post(path, data={**data, "name": name}).text, (path, ascii(name))
    assert {kind: count(app, kind) for kind in before} == before


def count(app: Flask, kind: type) -> int:
    with app.app_context():
        return db.session.query(kind).count()


def test_a_name_of_nothing_is_refused_in_an_import(table: Table) -> None:
    for entry in table.preview(*([name, "b@voorbeeld.example"] for name in NOTHING), header=["naam", "e-mail"]).entries:
        assert [(fault.column, fault.what) for fault in entry.faults] == [("voornaam", "De voornaam ontbreekt.")]


REFUSED = {
    "06 1234567": faults.TooShort,
    "06 123456789": faults.TooLong,
    "0000000000": faults.NotInUse,
    "12345": faults.TooShort,
    "0800 1234567": faults.ServiceNumber,
    "06 12345678 of 06 87654321": faults.TwoPhones,
    "6,12E+08": faults.CutOff,
}


def test_a_number_nobody_has_is_refused_in_every_form_with_one_sentence(
    app: Flask, cast: Cast, client: FlaskClient, amina: FlaskClient
) -> None:
    client.post(SCREEN + "1", data={"sessions": cast.sessions[:1]})
    client.post(SCREEN + "2", data={"name": "Bart"})
    leader = {"name": "Cor", "languages": "nl", "max_groups": 1}
    for typed, fault in REFUSED.items():
        for page in (
            client.post(SCREEN + "3", data={"reach": "call", "phone": typed}),
            client.post("/link-kwijt", data={"reach": typed}),
            at_desk(amina, cast, contact=typed),
            amina.post("/werk/gespreksleiders/nieuw", data={**leader, "phone": typed}),
        ):
            assert str(escape(fault.sentence)) in page.text, (typed, page.request.path)
    assert everybody(app) == []


def test_a_number_nobody_has_is_refused_in_an_import_with_the_same_sentence(table: Table) -> None:
    shown = table.preview(*(["Bart", "bellen", typed] for typed in REFUSED), header=["naam", "bereik", "telefoon"])
    assert [[one.right for one in entry.faults] for entry in shown.entries] == [[f.sentence] for f in REFUSED.values()]


def test_a_landline_gets_no_text_messages(app: Flask, cast: Cast, client: FlaskClient, amina: FlaskClient) -> None:
    client.post(SCREEN + "1", data={"sessions": cast.sessions[:1]})
    client.post(SCREEN + "2", data={"name": "Bart"})
    page = client.post(SCREEN + "3", data={"reach": "text", "phone": "030 1234567"})
    assert (page.status_code, faults.NoText.sentence in page.text) == (422, True)
    page = at_desk(amina, cast, contact="030 1234567", how="text")
    assert (page.status_code, faults.NoText.sentence in page.text) == (422, True)
    assert client.post(SCREEN + "3", data={"reach": "call", "phone": "030 1234567"}).status_code == 302


def test_an_import_holds_addresses_and_numbers_to_the_same(table: Table) -> None:
    header = ["naam", "bereik", "telefoon", "e-mail"]
    shown = table.preview(
        ["Bart", "sms", "030 1234567", ""],
        ["José", "email", "", "josé@voorbeeld.example"],
        ["Els", "bellen", "06 12345678 (na 18 uur)", ""],
        header=header,
    ).entries
    assert [[one.right for one in entry.faults] for entry in shown] == [
        [faults.NoText.sentence],
        [faults.CannotMail.sentence],
        [],
    ]
    assert shown[2].told.answers.contact() == {"phone": "+31612345678", "phone_note": "na 18 uur"}


def test_what_stands_beside_a_number_is_kept_and_shown(
    app: Flask, cast: Cast, client: FlaskClient, amina: FlaskClient, clock: Clock
) -> None:
    join(client, cast, clock, reach="call", phone="06 12345678 (na 18 uur)")
    at_desk(amina, cast, contact="06 12345678 (na 18 uur)", how="call")
    kept = {"phone": "+31612345678", "phone_note": "na 18 uur"}
    assert [signup.contact for signup in everybody(app)] == [kept, kept]
    assert "na 18 uur" in amina.get(f"/werk/{cast.series}/aanmeldingen").text
    assert "na 18 uur" in amina.get("/werk/bellijst").text


def test_the_note_stays_when_something_else_changes(app: Flask, cast: Cast, client: FlaskClient, clock: Clock) -> None:
    page = join(client, cast, clock, reach="call", phone="06 12345678 (na 18 uur)")
    path = page.request.path.removesuffix("aangemeld") + "wijzigen"
    assert 'value="+31612345678 na 18 uur"' in client.get(path).text
    told = {"name": "Bart", "reach": "call", "phone": "+31612345678 na 18 uur", "sessions": cast.sessions[:2]}
    assert client.post(path, data={**told, "language": "nl"}).status_code == 302
    assert everybody(app)[0].contact == {"phone": "+31612345678", "phone_note": "na 18 uur"}


def test_an_address_we_cannot_mail_is_refused(app: Flask, cast: Cast, client: FlaskClient, amina: FlaskClient) -> None:
    sentence, typed = faults.CannotMail.sentence, "josé@voorbeeld.example"
    client.post(SCREEN + "1", data={"sessions": cast.sessions[:1]})
    client.post(SCREEN + "2", data={"name": "José"})
    page = client.post(SCREEN + "3", data={"reach": "email", "email": typed})
    assert (page.status_code, sentence in page.text) == (422, True)
    assert sentence in at_desk(amina, cast, contact=typed).text
    assert everybody(app) == []


@pytest.mark.parametrize("typed", ["{code}", "#{code}", "{code}.", " {lower} ", "{first} {last}", "{code} (Els)"])
def test_a_buddys_code_binds_however_it_is_typed(
    app: Flask, cast: Cast, client: FlaskClient, clock: Clock, typed: str
) -> None:
    with app.app_context():
        els = casting.sign_up(app, cast, "Els").signup
        code, id = els.code, els.id
    said = typed.format(code=code, lower=code.lower(), first=code[:3], last=code[3:])
    page = join(client, cast, clock, buddy=said)
    assert everybody(app)[1].buddy_id == id
    assert "heeft de code" not in page.text


def test_a_code_that_nobody_has_is_said_and_what_happens_now(
    app: Flask, cast: Cast, client: FlaskClient, amina: FlaskClient, clock: Clock
) -> None:
    page = join(client, cast, clock, buddy="K7Q 2M4")
    assert "Niemand bij deze ontmoeting heeft de code K7Q 2M4. Je aanmelding is bewaard" in page.text
    page = at_desk(amina, cast, buddy="k7q2m4")
    assert "Niemand anders bij deze ontmoeting heeft de code k7q2m4." in page.text
    assert [signup.buddy_id for signup in everybody(app)] == [None, None]


def test_a_name_and_the_own_code_bind_nobody_and_say_so(
    app: Flask, cast: Cast, client: FlaskClient, clock: Clock
) -> None:
    page = join(client, cast, clock, buddy="Hassan")
    assert "Je wilt samen met Hassan aan tafel." in page.text
    path = page.request.path.removesuffix("aangemeld") + "wijzigen"
    told = {"name": "Bart", "reach": "email", "email": "bart@voorbeeld.example", "sessions": cast.sessions[:1]}
    said = {**told, "language": "nl", "buddy": everybody(app)[0].code}
    assert "Je vulde je eigen code in." in client.post(path, data=said, follow_redirects=True).text


def test_an_import_shows_which_codes_nobody_has(app: Flask, cast: Cast, amina: FlaskClient) -> None:
    data = "naam;e-mail;maatje\nBart;b@voorbeeld.example;K7Q2M4\nEls;e@voorbeeld.example;Bart\n"
    sent = {"file": (io.BytesIO(data.encode()), "lijst.csv")}
    page = amina.post(f"/werk/{cast.series}/importeren", data=sent, follow_redirects=True).text
    assert "Niemand heeft deze code van een maatje" in page
    assert "rij 2: Bart, K7Q2M4" in page


def test_a_key_contacts_code_is_read_in_small_letters(app: Flask, cast: Cast) -> None:
    with app.app_context():
        owner = {"organisation_id": cast.organisation, "project_id": cast.project}
        db.session.add(KeyContact(name="Samira", code="K7Q2M", **owner))
        with transaction(db.session):
            signed = signups.sign_up(
                db.session,
                db.session.get_one(Series, cast.series),
                casting.answers(cast, "Bart"),
                channel="web",
                now=casting.NOW,
                once="a" * 22,
                vault=app.extensions["vault"],
                invited_by="#k7q 2m.",
            )
        assert signed.signup.key_contact_id is not None


def test_somebody_is_found_at_the_desk_however_it_is_typed(app: Flask, cast: Cast, amina: FlaskClient) -> None:
    with app.app_context():
        code = casting.sign_up(app, cast, "O’Brien", email="ob@müller.example", phone="+31612345678").signup.code
        casting.sign_up(app, cast, "Els")
    for sought in ("o'brien", "OB@xn--mller-kva.example", "06-12345678", f"#{code[:3]} {code[3:]}.", "brien"):
        page = amina.post(f"/werk/{cast.series}/aanmeldingen", data={"sought": sought}).text
        assert ("O’Brien" in page, ">Els<" in page) == (True, False), sought
