"""A lost link: a new one goes where it belongs, and the page tells nobody whether we know an address."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from tests.web import cast as casting
from tests.web.cast import Cast, Clock
from web.rows import DueLetter, Project, db

pytestmark = pytest.mark.slow


@pytest.fixture
def bart(app: Flask, cast: Cast) -> str:
    with app.app_context():
        return f"/mijn/{casting.sign_up(app, cast).secret}/"


def ask(client: FlaskClient, typed: str):
    """The answer as a browser has it, and everything that is done after it."""
    return client.post("/link-kwijt", data={"reach": typed}, buffered=True)


def links(app: Flask) -> list[DueLetter]:
    with app.app_context():
        found = db.session.query(DueLetter).filter(DueLetter.kind == "link").all()
        db.session.expunge_all()
        return found


def test_the_old_link_works_until_a_button_is_pressed_on_the_page_of_the_new_one(
    client: FlaskClient, app: Flask, bart: str
) -> None:
    """Anybody may ask, and programs that read mail open links: neither may shut somebody out."""
    ask(client, " BART@voorbeeld.example ")
    (letter,) = links(app)
    assert letter.channel == "email"
    new = f"/mijn/{letter.content['secret']}/"
    for path in (new, new + "wijzigen", new + "afmelden", bart):
        assert client.get(path).status_code == 200
    assert "Er werken nu twee links" in client.get(new).text
    assert "Er werken nu twee links" not in client.get(bart).text
    assert client.post(new + "alleen-deze-link").status_code == 302
    assert (client.get(bart).status_code, client.get(new).status_code) == (404, 200)
    assert "Er werken nu twee links" not in client.get(new).text


def test_any_button_on_the_new_page_ends_the_old_link(client: FlaskClient, app: Flask, bart: str) -> None:
    ask(client, "bart@voorbeeld.example")
    (letter,) = links(app)
    client.post(f"/mijn/{letter.content['secret']}/andere-tafel")
    assert client.get(bart).status_code == 404


def test_a_button_on_the_old_page_ends_nothing(client: FlaskClient, app: Flask, bart: str) -> None:
    ask(client, "bart@voorbeeld.example")
    (letter,) = links(app)
    client.post(bart + "andere-tafel")
    assert client.get(bart).status_code == 200
    assert client.get(f"/mijn/{letter.content['secret']}/").status_code == 200


def test_asking_again_makes_no_letter_useless(client: FlaskClient, app: Flask, bart: str) -> None:
    for _ in range(3):
        ask(client, "bart@voorbeeld.example")
    secrets = {letter.content["secret"] for letter in links(app)}
    assert len(links(app)) == 2, "a third in one day helps nobody"
    assert [client.get(f"/mijn/{secret}/").status_code for secret in secrets] == [200]


def test_after_the_new_link_was_used_a_next_one_is_another(client: FlaskClient, app: Flask, bart: str) -> None:
    ask(client, "bart@voorbeeld.example")
    first = links(app)[0].content["secret"]
    client.post(f"/mijn/{first}/alleen-deze-link")
    ask(client, "bart@voorbeeld.example")
    second = links(app)[1].content["secret"]
    assert second != first
    assert [client.get(f"/mijn/{secret}/").status_code for secret in (first, second)] == [200, 200]


def test_a_number_is_found_however_it_is_written(client: FlaskClient, app: Flask, cast: Cast) -> None:
    with app.app_context():
        casting.sign_up(app, cast, "Els", reach="call", email=None, phone="+31612345678")
    ask(client, "06-12 34 56 78")
    assert len(links(app)) == 1


def test_everybody_at_a_shared_address_gets_a_link_in_one_letter(client: FlaskClient, app: Flask, cast: Cast) -> None:
    with app.app_context():
        for name in ("Els", "Gijs"):
            casting.sign_up(app, cast, name, email="thuis@voorbeeld.example")
    ask(client, "thuis@voorbeeld.example")
    (letter,) = links(app)
    secrets = {letter.content["secret"], *letter.content["pages"].values()}
    assert [client.get(f"/mijn/{secret}/").status_code for secret in secrets] == [200, 200]


def test_a_text_message_has_one_link_and_who_was_sent_none_comes_first(
    client: FlaskClient, app: Flask, cast: Cast, clock: Clock
) -> None:
    with app.app_context():
        three = [
            casting.sign_up(app, cast, name, reach="text", email=None, phone="+31612345678").signup.id
            for name in ("Els", "Gijs", "Henk")
        ]
    ask(client, "0612345678")
    assert [letter.signup_id for letter in links(app)] == three[:2], "two a day"
    clock.forward(days=1)
    ask(client, "0612345678")
    assert [letter.signup_id for letter in links(app)][2:] == [three[2], three[0]]


def test_what_a_person_brings_over_names_no_other_project(client: FlaskClient, app: Flask, cast: Cast) -> None:
    phone = {"reach": "call", "email": None, "phone": "+31612345678"}
    with app.app_context():
        casting.sign_up(app, cast, "Els", **phone)
        gijs = casting.sign_up(app, cast, "Gijs", **phone).signup
        gijs.project_id = db.session.query(Project).filter(Project.id != cast.project).first().id
        db.session.commit()
    ask(client, "0612345678")
    assert [letter.content.keys() for letter in links(app)] == [{"secret"}, {"secret"}]


def test_the_answer_is_the_same_for_a_stranger(client: FlaskClient, app: Flask, bart: str) -> None:
    known, unknown = ask(client, "bart@voorbeeld.example"), ask(client, "niemand@voorbeeld.example")
    assert (known.status_code, known.data, known.location) == (unknown.status_code, unknown.data, unknown.location)
    assert list(known.headers.keys()) == list(unknown.headers.keys())
    assert len(links(app)) == 1


def test_nobody_is_looked_up_before_the_answer_has_gone(client: FlaskClient, app: Flask, bart: str) -> None:
    asked: list[str] = []
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *a: asked.append(a[2]))
    answer = client.post("/link-kwijt", data={"reach": "bart@voorbeeld.example"})
    assert [statement for statement in asked if "signup" in statement] == []
    answer.close()
    assert [statement for statement in asked if "UPDATE signup" in statement] != []


@pytest.mark.parametrize("typed", ["", "  ", "x", "samira@", "12", "=1+1", "<b>", "x" * 10_000, "\x00", "فاطمة"])
def test_what_is_no_address_is_said_and_kept(client: FlaskClient, app: Flask, bart: str, typed: str) -> None:
    answer = ask(client, typed)
    assert answer.status_code == 422
    assert 'id="error-summary"' in answer.text
    if typed.strip(" \x00") and "<" not in typed:
        assert f'value="{typed}"' in answer.text
    assert links(app) == []


def test_looking_at_the_page_sends_nothing(client: FlaskClient, app: Flask, bart: str) -> None:
    assert client.get("/link-kwijt?reach=bart@voorbeeld.example").status_code == 200
    assert client.get("/link-kwijt/verstuurd").status_code == 200
    assert links(app) == []
