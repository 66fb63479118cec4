"""The page of an offer: when, where and until when; two buttons that act, and kind words once it is over."""

from __future__ import annotations

from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.web import places
from tests.web.cast import Cast, Clock
from tests.web.conftest import PLAIN
from tests.web.places import Tables
from web import world
from web.app import create_app
from web.jobs import folder_of, offer_places, send_due
from web.rows import DueLetter, Gathering, Invitation, Offer, TimeSlot, db
from web.rows.invitations import InvitationState, OfferState

pytestmark = pytest.mark.slow

EIGHT = "Ada Bea Cas Dik Eef Fem Guus Han"


@pytest.fixture
def page(app: Flask, cast: Cast) -> Iterator[str]:
    """The address of the offer that Ina got."""
    with app.app_context():
        table = places.laid(app, cast, EIGHT)
        table.waits("Ina", reach="email", note="Graag bij de deur")
        table.leaves("Ada")
        assert offer_places(app) == 1
        yield f"/plek/{table.open()[0].token}"


def offer() -> Offer:
    db.session.expire_all()
    return db.session.query(Offer).one()


def test_it_says_when_where_and_until_when_and_looking_changes_nothing(client: FlaskClient, page: str) -> None:
    for _time in range(2):
        answer = client.get(page)
        assert answer.status_code == 200
        for told in (
            "Er is een plek vrij",
            "dinsdag 12 januari 2027, 18.00 – 20.30 uur",
            "Buurthuis De Brink, Brink 1",
            "za 21 nov, 13.00 uur",
            "Fatma",
        ):
            assert told in answer.text
        assert offer().state == "open"
    client.head(page)
    assert offer().state == "open"


def test_it_tells_nothing_else_about_anybody_and_goes_nowhere(client: FlaskClient, page: str) -> None:
    answer = client.get(page)
    for name in (*EIGHT.split(), "Graag bij de deur", "ina@voorbeeld.example", offer().signup.code):
        assert name not in answer.text
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in answer.headers["X-Robots-Tag"]


def test_yes_is_one_button_and_leads_to_the_invitation(client: FlaskClient, page: str) -> None:
    answer = client.post(page, data={"answer": "yes"}, follow_redirects=True)
    assert offer().state == OfferState.ACCEPTED
    invitation = db.session.query(Invitation).filter_by(signup_id=offer().signup_id, state=InvitationState.ON).one()
    assert "Deze plek is van jou" in answer.text
    assert f"/uitnodiging/{invitation.token}" in answer.text
    assert "Ja, ik kom" not in answer.text
    again = client.post(page, data={"answer": "yes"}, follow_redirects=True)
    assert (again.status_code, "Deze plek is van jou" in again.text) == (200, True)


def test_no_is_one_button_too(client: FlaskClient, page: str) -> None:
    answer = client.post(page, data={"answer": "no"}, follow_redirects=True)
    assert offer().state == OfferState.DECLINED
    assert "Je komt niet" in answer.text and "Je blijft op de lijst" in answer.text
    late = client.post(page, data={"answer": "yes"})
    assert (late.status_code, offer().state) == (409, OfferState.DECLINED)
    assert "Deze plek is net weg. Je blijft op de wachtlijst." in late.text


@pytest.mark.parametrize("sent", [{}, {"answer": ""}, {"answer": "maybe"}, {"answer": "yes\x00"}])
def test_what_is_no_answer_shows_the_page_again(client: FlaskClient, page: str, sent: dict[str, str]) -> None:
    answer = client.post(page, data=sent)
    assert (answer.status_code, offer().state) == (200, "open")
    assert "Ja, ik kom" in answer.text


def test_afterwards_it_says_so_kindly(client: FlaskClient, clock: Clock, page: str) -> None:
    clock.forward(days=1, seconds=1)
    answer = client.get(page)
    assert answer.status_code == 200
    assert "De tijd om te antwoorden is voorbij" in answer.text and "Je blijft op de lijst" in answer.text
    assert "Ja, ik kom" not in answer.text
    assert offer().state == "open", "looking does not act"
    late = client.post(page, data={"answer": "yes"})
    assert (late.status_code, "Je blijft op de wachtlijst" in late.text) == (409, True)


def test_a_table_without_room_says_so_kindly(client: FlaskClient, cast: Cast, page: str) -> None:
    db.session.get_one(TimeSlot, cast.sessions[0]).seats = 7
    db.session.commit()
    late = client.post(page, data={"answer": "yes"})
    assert (late.status_code, "Je blijft op de wachtlijst" in late.text) == (409, True)
    assert "Ja, ik kom" not in late.text


def test_what_was_withdrawn_says_what_is_so_now(app: Flask, client: FlaskClient, cast: Cast, page: str) -> None:
    for gathering in db.session.query(Gathering).filter_by(session_id=cast.sessions[0]):
        gathering.called_off_at = world.now()
    db.session.commit()
    offer_places(app)
    assert "Deze plek is er niet meer" in client.get(page).text


def test_who_left_is_promised_nothing(client: FlaskClient, cast: Cast, app: Flask, page: str) -> None:
    Tables(app, cast, {"Ina": offer().signup}).leaves("Ina")
    for answer in (client.get(page), client.post(page, data={"answer": "yes"})):
        assert "Je bent afgemeld" in answer.text
        assert "op de lijst" not in answer.text and "Ja, ik kom" not in answer.text


def test_an_unknown_address_is_no_page_and_capitals_do_not_matter(client: FlaskClient, page: str) -> None:
    assert client.get("/plek/" + page.removeprefix("/plek/").upper()).status_code == 200
    for wrong in ("/plek/x", page[:-1], "/plek/" + "é" * 26):
        assert client.get(wrong).status_code == 404
        assert client.post(wrong, data={"answer": "yes"}).status_code == 404


def test_another_site_cannot_press_the_button(app: Flask, clock: Clock, page: str, keys, settings, tmp_path) -> None:  # type: ignore[no-untyped-def]
    guarded = create_app(settings, keys, tmp_path, secure=False, clock=clock, **PLAIN | {"WTF_CSRF_ENABLED": True})
    client = guarded.test_client()
    assert client.post(page, data={"answer": "yes"}).status_code == 400
    token = client.get(page).text.split('name="csrf_token" value="')[1].split('"')[0]
    assert client.post(page, data={"answer": "yes", "csrf_token": token}).status_code == 302
    with guarded.app_context():
        db.session.remove()
        db.engine.dispose()


def test_it_speaks_the_language_of_who_was_asked(client: FlaskClient, page: str) -> None:
    offer().signup.language = "en"
    db.session.commit()
    answer = client.get(page)
    assert "There is a free place" in answer.text and "Yes, I am coming" in answer.text
    assert "Er is een plek" not in answer.text


def test_the_own_page_leads_there_as_long_as_it_stands(app: Flask, client: FlaskClient, cast: Cast) -> None:
    with app.app_context():
        table = places.laid(app, cast, EIGHT)
        table.leaves("Ada")
        secret = places.casting.sign_up(app, cast, "Ina", bubbles={}).secret
        own = f"/mijn/{secret}/"
        assert "/plek/" not in client.get(own).text
        offer_places(app)
        assert f"/plek/{offer().token}" in client.get(own).text
        table.no(offer())
        assert "/plek/" not in client.get(own).text


def test_the_question_goes_out_by_mail_with_the_way_to_this_page(app: Flask, page: str) -> None:
    send_due(app)
    letter = db.session.query(DueLetter).filter_by(kind="offer").one()
    assert letter.state == "sent"
    (mail,) = [m for m in mails(app) if letter.offer.signup.contact["email"] in m["To"] and page in words(m)]
    assert "zaterdag 21 november, 13.00 uur" in words(mail)


def mails(app: Flask) -> list[EmailMessage]:
    """What lies in the outbox."""
    files = [path for path in folder_of(app).rglob("*") if path.is_file()]
    return [message_from_bytes(path.read_bytes(), policy=policy.default) for path in files]  # type: ignore[misc]


def words(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    return body.get_content() if body else ""
