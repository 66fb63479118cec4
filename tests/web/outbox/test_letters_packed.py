"""Letters as they are packed for somebody: in their language, with their own dates and links, and with nobody else."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.web import cast as casting
from tests.web import post
from tests.web.cast import NOW, Cast
from web.channels.parcel import Parcel
from web.rows import DueLetter, TimeSlot, db
from web.services.outbox.packing import pack

pytestmark = pytest.mark.slow


def packed(app: Flask, letter: DueLetter) -> Parcel:
    return pack(db.session, letter, NOW, post.world_of(app))


def everything(parcel: Parcel) -> str:
    return "\n".join((parcel.subject, parcel.text, parcel.html, parcel.short))


def test_nobody_else_is_in_a_letter(app: Flask, cast: Cast) -> None:
    with app.app_context():
        people = post.delivered(app, cast)
        letters = {name: post.letters_of(id) for name, id in people.items()}
        for name, mine in letters.items():
            assert {letter.kind for letter in mine} == {"confirmation", "placed"}
            for letter in mine:
                said = everything(packed(app, letter))
                others = [*(set(people) - {name}), "Chantal", "Ria van de balie", "+316"]
                assert [word for word in others if f" {word}" in said.replace("Bel Fatma", "")] == []


def test_every_date_of_who_gets_no_mail_is_in_one_letter(app: Flask, cast: Cast) -> None:
    with app.app_context():
        people = post.delivered(app, cast, evenings=2)
        (gijs,) = post.letters_of(people["Gijs"], "placed")
        text = packed(app, gijs).text
        assert text.count("Wanneer: ") == 2 and "/uitnodiging/" not in text
        assert len(post.letters_of(people["Bart"], "placed")) == 2


def test_the_letter_is_in_the_language_of_the_person(app: Flask, cast: Cast) -> None:
    with app.app_context():
        english = casting.sign_up(app, cast, language="en").signup
        other = casting.sign_up(app, cast, "Ti", language="ti", email="ti@voorbeeld.example").signup
        told = [packed(app, post.letters_of(who.id)[0]) for who in (english, other)]
    assert told[0].text.startswith("Hello Bart,") and '<html lang="en"' in told[0].html
    assert told[1].text.startswith("Dag Ti,") and '<html lang="nl"' in told[1].html


@pytest.mark.parametrize("form", ["text", "html", "short"])
def test_the_link_of_the_confirmation_leads_to_the_own_page(app: Flask, cast: Cast, form: str) -> None:
    app.config["BASE_URL"] = "https://buurt.example/welzijn"
    with app.app_context():
        signed = casting.sign_up(app, cast)
        parcel = packed(app, post.letters_of(signed.signup.id)[0])
    path = f"/mijn/{signed.secret}/"
    assert f"https://buurt.example/welzijn{path}" in getattr(parcel, form)
    assert app.test_client().get(path).status_code == 200


def test_a_facilitator_gets_link_and_pin_and_no_names(app: Flask, cast: Cast) -> None:
    with app.app_context():
        casting.sign_up(app, cast)
        letter = DueLetter(
            organisation_id=cast.organisation,
            project_id=cast.project,
            series_id=cast.series,
            facilitator_id=cast.chantal,
            kind="list_ready",
            key="list",
            channel="email",
            due_at=NOW,
            content={"secret": "geheim", "pin": "604213", "session_id": cast.sessions[0]},
        )
        said = everything(packed(app, letter))
    assert "/tafel/geheim/" in said and "604213" in said and "dinsdag 12 januari 2027" in said
    assert "Bart" not in said


def test_who_meets_online_gets_the_link_in_every_form(app: Flask, cast: Cast) -> None:
    with app.app_context():
        evening = db.session.get_one(TimeSlot, cast.sessions[0])
        evening.mode, evening.link = "online", "https://praat.example/kamer"
        people = post.delivered(app, cast)
        parcel = packed(app, post.letters_of(people["Bart"], "placed")[0])
    assert "Doe mee via: https://praat.example/kamer\n" in parcel.text
    assert 'href="https://praat.example/kamer"' in parcel.html
