"""Every page a resident can see, in both languages: no word that hurts, none of an office, and no long sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from config import unwelcome
from matcher.catalogues import forms, written
from tests.web import cast as casting
from tests.web.cast import NOW, Cast
from web.cli.messages import COMMON
from web.languages import TRANSLATIONS
from web.resident.forms import TRAP
from web.rows import Plan, PlanGroup, Seat, Series, Signup, db
from web.rows.people import SignupState

SERIES = "/doe-mee/zuid/samen-koken/"
OPEN = ("/", "/privacy", "/toegankelijkheid", "/zo-maken-we-de-groepen", SERIES, "/link-kwijt", "/link-kwijt/verstuurd")
OWN = ("", "aangemeld", "wijzigen", "afmelden", "gegevens", "wissen")
LANGUAGES = ("nl", "en")
MOST_WORDS = 15
BLOCKS = r"</?(?:p|li|ul|ol|h[1-6]|div|section|aside|dt|dd|dl|span|label|legend|summary|a|button|br|nav)\b"
OFFICE = re.compile(
    r"\b(algoritm\w*|algorithm\w*|optima(?:al|l)|parameter\w*|procedure\w*|conform|middels|inzake|derhalve|tevens"
    r"|optimiser|punten|points|solver|percentage\w*|geplaatst|unplaced|sessie\w*|participant\w*|deelnemer\w*)\b|%"
)
"""Words of whoever made this, or of an office; a resident has others for them."""


def pages(app: Flask, cast: Cast, language: str) -> Iterator[tuple[str, str]]:
    """Every page, and every state of the personal page."""
    client = app.test_client()
    client.get(f"/?taal={language}")
    for path in (*OPEN, "/gewist"):
        yield path, client.get(path).text
    yield from _screens(client, cast)
    with app.app_context():
        signed = casting.sign_up(app, cast)
    own = f"/mijn/{signed.secret}/"
    for path in OWN:
        yield own + path, client.get(own + path).text
    yield own, client.post(own + "wijzigen", data={"reach": "email", "email": "x", "language": "x"}).text
    for state in ("placed", "other", SignupState.LEFT, SignupState.WAITING, "closed"):
        _bring_to(app, cast, state)
        yield f"{own} {state}", client.get(own).text
        yield f"{own}aangemeld {state}", client.get(own + "aangemeld").text
    yield f"{SERIES} closed", client.get(SERIES).text


def _screens(client: FlaskClient, cast: Cast) -> Iterator[tuple[str, str]]:
    answers = {1: {"sessions": cast.sessions}, 2: {"name": "Bart"}, 3: {"reach": "letter", "via": "Fatma"}}
    yield "too early", client.get(f"{SERIES}aanmelden/3", follow_redirects=True).text
    for number in range(1, 5):
        path = f"{SERIES}aanmelden/{number}"
        yield path, client.get(path).text
        yield f"{path} wrong", client.post(path, data={"reach": "text", "phone": "1", TRAP: "x"}).text
        client.post(path, data=answers.get(number, {}))
    yield "too fast", client.post(f"{SERIES}aanmelden/4", data={}).text


def _bring_to(app: Flask, cast: Cast, state: str) -> None:
    with app.app_context():
        series = db.session.get_one(Series, cast.series)
        signup = db.session.query(Signup).one()
        if state == "placed":
            owner = {"organisation_id": series.organisation_id, "project_id": series.project_id, "series_id": series.id}
            plan = Plan(**owner, published_at=NOW, seed=1, input_hash="", config_hash="")
            plan.groups.append(PlanGroup(session_id=cast.sessions[0], number=1, seats=[Seat(signup_id=signup.id)]))
            db.session.add(plan)
        elif state == "other":
            signup.other_wish = True
        elif state == "closed":
            series.state = "closed"
        else:
            db.session.query(Plan).delete()
            signup.state = state
        db.session.commit()


def sentences(html: str) -> list[str]:
    """What one reads on a page, sentence by sentence."""
    body = re.sub(r"<(script|svg|style)\b.*?</\1>", " ", html.partition("<body")[2].partition(">")[2], flags=re.DOTALL)
    lines = re.sub(r"<[^>]*>", " ", re.sub(BLOCKS + r"[^>]*>", "\n", body))
    return [one for line in unescape(lines).splitlines() for one in re.split(r"(?<=[.?!:;])\s+", line.strip()) if one]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_has_a_word_that_makes_the_gap_it_names(app: Flask, cast: Cast, language: str) -> None:
    seen = 0
    for path, html in pages(app, cast, language):
        assert unwelcome(unescape(html)) == "", path
        assert [said for said in sentences(html) if len(said.split()) > MOST_WORDS or OFFICE.search(said)] == [], path
        assert f'<html lang="{language}"' in html, path
        seen += 1
    assert seen > 30


def dutch() -> set[str]:
    """The sentences of the rooms that a resident enters, where English says it otherwise."""
    found = set()
    for room in ("resident", "public", "site", COMMON):
        for message in written(TRANSLATIONS / "en" / f"{room}.po", "en"):
            english = str(message.string)
            found |= {text for text in forms(message.id) if len(text) > 6 and text not in english and "%" not in text}
    return found


def test_no_dutch_is_left_on_an_english_page(app: Flask, cast: Cast) -> None:
    sentences = dutch()
    assert len(sentences) > 150
    for path, html in pages(app, cast, "en"):
        text = re.sub(r'(href|action)="[^"]*"', "", unescape(html))
        assert [sentence for sentence in sentences if sentence in text] == [], path


def test_the_search_for_long_sentences_and_words_of_an_office_finds_them() -> None:
    found = sentences("<body><p>Dit is kort. <b>Dit</b> is er nog een: zo.</p><p>24% van de punten</p>")
    assert found == ["Dit is kort.", "Dit  is er nog een:", "zo.", "24% van de punten"]
    assert [bool(OFFICE.search(one)) for one in found] == [False, False, False, True]


def test_the_search_for_dutch_finds_it(app: Flask, cast: Cast) -> None:
    sentences = dutch()
    page = unescape(app.test_client().get(SERIES).text)
    assert len([sentence for sentence in sentences if sentence in page]) > 10
