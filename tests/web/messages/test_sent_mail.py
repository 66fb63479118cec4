"""The mails of a demo on a page: only in a demo, and locked up so that nothing in them runs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from config import MailServer
from tests.web import cast as casting
from tests.web.cast import Cast
from tests.web.organisations.test_admin_mail import configured
from web.jobs import send_due
from web.rows import Organisation, db

pytestmark = pytest.mark.slow

LIST = "/werk/verstuurd"


@pytest.fixture
def demo(app: Flask, cast: Cast) -> Iterator[FlaskClient]:
    """An organiser in a demo in which Bart just signed up."""
    app.config["DEMO"] = True
    with app.app_context():
        db.session.get_one(Organisation, cast.organisation).demo = True
        db.session.commit()
        casting.sign_up(app, cast, "Bart <b>&", email="bart@voorbeeld.example")
        send_due(app)
    return casting.log_in(app.test_client(), cast.amina)


def name_of(app: Flask) -> str:
    (mail,) = (Path(app.instance_path) / "outbox/mail/new").iterdir()
    return mail.name


def test_the_organiser_finds_them_and_sees_one(app: Flask, demo: FlaskClient) -> None:
    assert LIST in demo.get("/werk/").text
    assert "Je bent aangemeld" in demo.get(LIST).text
    answer = demo.get(f"{LIST}/{name_of(app)}")
    assert "Bart &lt;b&gt;&amp;" in answer.text and "<b>&" not in answer.text
    assert f'src="{LIST}/{name_of(app)}/mail"' in answer.text
    assert "frame-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "unsafe" not in answer.headers["Content-Security-Policy"]


def test_the_mail_itself_is_locked_up(app: Flask, demo: FlaskClient) -> None:
    answer = demo.get(f"{LIST}/{name_of(app)}/mail")
    policy = answer.headers["Content-Security-Policy"]
    assert "sandbox allow-popups" in policy and "allow-scripts" not in policy and "allow-same-origin" not in policy
    assert "default-src 'none'" in policy and "script-src" not in policy
    assert '<base target="_blank">' in answer.text
    assert "Bart &lt;b&gt;&amp;" in answer.text


@pytest.mark.parametrize("name", ["x", "..", "%2e%2e%2frebubbelen.db", "tmp", "signup-1.x"])
def test_no_other_file_is_a_mail(demo: FlaskClient, name: str) -> None:
    answer = demo.get(f"{LIST}/{name}", follow_redirects=True)
    # Dots behind an address are taken for the end of a sentence: then this is the list, and no file.
    assert (answer.status_code, answer.request.path) == (200, LIST) if name == ".." else answer.status_code == 404
    assert demo.get(f"{LIST}/{name}/mail", follow_redirects=True).status_code == 404


def test_a_demo_that_sends_keeps_nothing(app: Flask, demo: FlaskClient) -> None:
    name = name_of(app)
    with configured(app, mail=MailServer(host="post.example")):
        for path in (LIST, f"{LIST}/{name}", f"{LIST}/{name}/mail"):
            assert demo.get(path).status_code == 404
        assert LIST not in demo.get("/werk/").text


def test_anywhere_else_there_is_no_such_page(app: Flask, cast: Cast, amina: FlaskClient) -> None:
    with app.app_context():
        casting.sign_up(app, cast, "Bart")
        send_due(app)
    for path in (LIST, f"{LIST}/{name_of(app)}", f"{LIST}/{name_of(app)}/mail"):
        assert amina.get(path).status_code == 404
    assert LIST not in amina.get("/werk/").text


def test_a_visitor_of_the_demo_goes_to_the_door(app: Flask, demo: FlaskClient) -> None:
    assert app.test_client().get(LIST).location.startswith("/inloggen")
