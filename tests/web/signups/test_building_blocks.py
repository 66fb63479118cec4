"""A building block that is switched off is nowhere in its project, and what is sent anyway is ignored (P5)."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

import config
from tests.web import cast as casting
from tests.web.cast import NOW, Cast, Clock
from tests.web.import_table import Table
from tests.web.signups.test_organiser_desk import save
from tests.web.signups.test_resident_joining import PAGE, SCREEN, tell
from web.organiser import papers
from web.rows import KeyContact, Project, Series, Signup, db
from web.rows.organisation import BLOCKS, Block
from web.services.signups.importing.columns import columns_of

pytestmark = pytest.mark.slow

EXTRA = {"buddy": "Els", "interests": ["koken"]}
Off = Callable[..., None]


@pytest.fixture
def off(app: Flask, cast: Cast) -> Off:
    """Switch blocks off."""

    def switch(*blocks: str) -> None:
        with app.app_context():
            project = db.session.get_one(Project, cast.project)
            project.blocks = [block for block in BLOCKS if block not in blocks]
            db.session.commit()

    return switch


def only(app: Flask) -> Signup:
    with app.app_context():
        found = db.session.scalars(select(Signup)).one()
        db.session.expunge(found)
        return found


def asks(page: str, field: str) -> bool:
    return f'name="{field}"' in page


def with_code(app: Flask, cast: Cast) -> None:
    with app.app_context():
        db.session.add(
            KeyContact(organisation_id=cast.organisation, project_id=cast.project, name="Fatma", code="FATMA7")
        )
        db.session.commit()


# The questions on the web, at the desk and afterwards


@pytest.mark.parametrize("block", [None, Block.BUDDIES, Block.INTERESTS])
def test_the_last_screen_asks_what_is_on(
    client: FlaskClient, app: Flask, cast: Cast, clock: Clock, off: Off, block: str | None
) -> None:
    off(block or "")
    tell(client, cast)
    page = client.get(SCREEN + "4").text
    assert (asks(page, "buddy"), asks(page, "interests")) == (block != Block.BUDDIES, block != Block.INTERESTS)
    assert ("Kom je met iemand samen?" in page, "Wat doe je graag?" in page) == (
        block != Block.BUDDIES,
        block != Block.INTERESTS,
    )
    clock.forward(seconds=30)
    assert "/mijn/" in client.post(SCREEN + "4", data=EXTRA).location
    signup = only(app)
    assert signup.buddy == (None if block == Block.BUDDIES else "Els")
    assert signup.interests == ([] if block == Block.INTERESTS else ["koken"])


def test_a_block_that_goes_off_halfway_is_not_asked_and_not_stored(
    client: FlaskClient, app: Flask, cast: Cast, clock: Clock, off: Off
) -> None:
    tell(client, cast)
    assert asks(client.get(SCREEN + "4").text, "buddy")
    off(Block.BUDDIES, Block.INTERESTS)
    clock.forward(seconds=30)
    done = client.post(SCREEN + "4", data=EXTRA, follow_redirects=True)
    assert (only(app).buddy, only(app).interests) == (None, [])
    for question in ("Wil je samen met iemand aan tafel?", "Wat doe je graag?"):
        assert f"Niet bewaard, want deze vraag is er niet meer: {question}" in done.text


def test_the_desk_asks_what_is_on(app: Flask, cast: Cast, amina: FlaskClient, off: Off) -> None:
    path = f"/werk/{cast.series}/balie"
    page = amina.get(path).text
    assert all(asks(page, field) for field in ("buddy", "interests", "channel"))
    off(Block.BUDDIES, Block.INTERESTS, Block.PAPER)
    page = amina.get(f"{path}?channel=paper").text
    assert not any(asks(page, field) for field in ("buddy", "interests", "channel"))
    assert save(amina, cast, channel="paper", **EXTRA).status_code == 302
    signup = only(app)
    assert (signup.buddy, signup.interests, signup.channel) == (None, [], "phone")


def test_a_change_leaves_what_was_told_before(
    client: FlaskClient, app: Flask, cast: Cast, amina: FlaskClient, off: Off
) -> None:
    """What a question of before brought stays, and whose it is may still see it."""
    with app.app_context():
        signed = casting.sign_up(app, cast, buddy="Els", interests=("koken",))
        mine, id = f"/mijn/{signed.secret}/", signed.signup.id
    off(Block.BUDDIES, Block.INTERESTS)
    page = client.get(mine + "wijzigen").text
    assert not asks(page, "buddy")
    assert not asks(page, "interests")
    said = {"name": "Bartje", "reach": "email", "email": "b@voorbeeld.example", "sessions": cast.sessions[:1]}
    client.post(mine + "wijzigen", data={**said, "language": "nl", "buddy": "Iemand", "interests": ["muziek"]})
    assert (only(app).name, only(app).buddy, only(app).interests) == ("Bartje", "Els", ["koken"])
    seen = client.get(mine + "gegevens").text
    assert "Els" in seen
    assert "Wat doe je graag?" in seen
    edit = f"/werk/{cast.series}/aanmeldingen/{id}/wijzigen"
    assert not asks(amina.get(edit).text, "buddy")
    amina.post(edit, data={**said, "name": "Bart", "buddy": "Iemand"})
    assert (only(app).name, only(app).buddy) == ("Bart", "Els")


# Paper


def test_without_paper_there_is_no_form_to_print(cast: Cast, amina: FlaskClient, off: Off) -> None:
    path, page = f"/werk/{cast.series}/formulier.pdf", f"/werk/{cast.series}"
    assert path in amina.get(page).text
    assert amina.get(path).content_type == "application/pdf"
    off(Block.PAPER)
    assert path not in amina.get(page).text
    assert f"/werk/{cast.series}/poster.pdf" in amina.get(page).text
    assert amina.get(path).status_code == 404


@pytest.mark.parametrize("block", [None, Block.BUDDIES, Block.INTERESTS])
def test_paper_asks_what_the_web_asks(
    app: Flask, cast: Cast, settings: config.Settings, off: Off, block: str | None
) -> None:
    off(block or "")
    with app.test_request_context():
        form = papers.form_of(db.session.get_one(Series, cast.series), settings, NOW)
    assert form.buddy == (block != Block.BUDDIES)
    assert ("Wat doe je graag?" in [question.label for question in form.questions]) == (block != Block.INTERESTS)
    assert len(form.questions) >= len([d for d in settings.dimensions if not d.special])


# A spreadsheet


def test_the_column_of_a_block_that_is_off_is_ignored_with_a_note(
    app: Flask, cast: Cast, settings: config.Settings, amina: FlaskClient, off: Off
) -> None:
    header, row = ["voornaam", "bereik", "e-mail", "Maatje", "interesses"], ["Bart", "email", "b@x.example", "Els", "?"]
    off(Block.BUDDIES, Block.INTERESTS)
    with app.test_request_context():
        desk = Table(app, cast, settings)
        shown = desk.preview(row, header=header)
        assert [(u.name, u.letter, u.near, u.off) for u in shown.unused] == [
            ("Maatje", "D", "", True),
            ("interesses", "E", "", True),
        ]
        assert desk.add(desk.keep(row, header=header)).added == 1
        assert not {"buddy", "interests"} & {column.key for column in columns_of(settings, desk.series)}
    assert (only(app).buddy, only(app).interests) == (None, [])
    page = amina.get(f"/werk/{cast.series}/importeren").text
    assert "maatje" not in page
    assert amina.get(f"/werk/{cast.series}/importeren/leeg.xlsx").status_code == 200


def test_the_preview_says_why_a_column_is_ignored(cast: Cast, amina: FlaskClient, off: Off) -> None:
    off(Block.BUDDIES)
    data = b"voornaam;bereik;e-mail;maatje;schoenmaat\nBart;email;b@voorbeeld.example;Els;44\n"
    page = amina.post(f"/werk/{cast.series}/importeren", data={"file": (io.BytesIO(data), "x.csv")}).text
    assert re.search(r"<strong>maatje</strong> \(kolom D\): dit project vraagt hier niet naar", page)
    assert page.count("dit project vraagt hier niet naar") == 1


# Key contacts


def test_without_key_contacts_their_page_is_gone(app: Flask, cast: Cast, amina: FlaskClient, off: Off) -> None:
    path = "/werk/sleutelfiguren"
    assert path in amina.get("/werk/").text
    assert amina.get(path).status_code == 200
    off(Block.KEY_CONTACTS)
    assert path not in amina.get("/werk/").text
    assert amina.get(path).status_code == 404
    assert amina.post(path, data={"name": "Hasan", "project": str(cast.project)}).status_code == 404
    with app.app_context():
        assert db.session.scalars(select(KeyContact)).all() == []


def test_the_page_shows_only_the_projects_that_have_it(app: Flask, cast: Cast, beatrix: FlaskClient, off: Off) -> None:
    with app.app_context():
        second = Project(organisation_id=cast.organisation, name="Overvecht", slug="overvecht")
        db.session.add(second)
        db.session.commit()
        assert second.blocks == list(BLOCKS)
    off(Block.KEY_CONTACTS)
    page = beatrix.get("/werk/sleutelfiguren").text
    assert "Overvecht" in page
    assert "Zuidwest" not in page
    refused = beatrix.post("/werk/sleutelfiguren", data={"name": "Hasan", "project": str(cast.project)})
    assert refused.status_code == 422


@pytest.mark.parametrize("on", [True, False])
def test_a_code_of_a_key_contact_counts_only_when_it_is_on(
    client: FlaskClient, app: Flask, cast: Cast, clock: Clock, off: Off, on: bool
) -> None:
    with_code(app, cast)
    off(*([] if on else [Block.KEY_CONTACTS]))
    client.get(PAGE + "?via=fatma7")
    client.get(SCREEN + "1?via=fatma7")
    tell(client, cast)
    clock.forward(seconds=30)
    client.post(SCREEN + "4", data={})
    assert (only(app).key_contact_id is not None) == on
