"""Letters on paper: printed, then posted, and exactly what was printed."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.web import cast as casting
from tests.web import post
from tests.web.call_list import LETTERS, kinds_logged, marks
from tests.web.cast import NOW, Cast
from web.rows import Gathering, Invitation, db
from web.rows.invitations import InvitationState
from web.rows.messages import LetterState

pytestmark = pytest.mark.slow


@pytest.fixture
def people(app: Flask, cast: Cast) -> dict[str, int]:
    with app.app_context():
        return post.delivered(app, cast)


def test_letters_are_printed_and_then_posted(
    app: Flask, cast: Cast, amina: FlaskClient, people: dict[str, int]
) -> None:
    with app.app_context():
        new = casting.sign_up(app, cast, "Ingrid", reach="letter", email=None, via="De Brink").signup.id
    html = amina.get(LETTERS).text
    assert "Je staat op de wachtlijst" in html and "Je bent aangemeld" not in html
    assert html.count("Je hebt een plek") == 1, "of Gijs only what is so by now"
    sent = {"brief": marks(html)[:2]}
    early = amina.post(f"{LETTERS}/verstuurd", data=sent, follow_redirects=True).text
    assert "nog niet geprint" in early and "als PDF" in early, "not before they were printed, and here is how"
    pdf = amina.post(f"{LETTERS}.pdf", data=sent)
    assert (pdf.mimetype, pdf.data[:5]) == ("application/pdf", b"%PDF-")
    assert len(re.findall(rb"/Type\s*/Page\b", pdf.data)) == 2
    with app.app_context():
        assert {row.state for row in post.letters_of(new)} == {LetterState.DUE}, "printing sends nothing"
    page = amina.post(f"{LETTERS}/verstuurd", data=sent, follow_redirects=True).text
    assert "2 brieven zijn verstuurd." in page
    assert "Er zijn geen brieven om te printen." in page
    with app.app_context():
        for letter in (*post.letters_of(new), *post.letters_of(people["Gijs"], "placed")):
            assert letter.state == LetterState.SENT
        assert {"print letters", "letters sent"} <= set(kinds_logged())


def test_exactly_what_was_printed_is_posted(app: Flask, cast: Cast, amina: FlaskClient, people: dict[str, int]) -> None:
    sent = {"brief": marks(amina.get(LETTERS).text)[:2]}
    amina.post(f"{LETTERS}.pdf", data=sent)
    with app.app_context():
        new = casting.sign_up(app, cast, "Ingrid", reach="letter", email=None, via="De Brink").signup.id
        db.session.get_one(Gathering, 1).called_off_at = NOW
        post.told(app, cast)
    page = amina.post(f"{LETTERS}/verstuurd", data=sent, follow_redirects=True).text
    assert "intussen veranderd" in page
    with app.app_context():
        assert [row.state for row in post.letters_of(people["Gijs"], "placed")] == [LetterState.OVERTAKEN]
        assert [row.state for row in post.letters_of(new)] == [LetterState.DUE]
        assert db.session.query(Invitation).filter_by(signup_id=people["Gijs"]).one().state == InvitationState.OFF
