"""Projects by their administrator: begun small, changed with a line in the log, and of the own organisation only."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.web import log_kinds
from tests.web.cast import Cast
from tests.web.organisations.test_admin import make_admin, tokens_out
from web.admin.words import KINDS, happened
from web.rows import AuditLine, Project, Series, db
from web.rows.organisation import BLOCKS, ProjectState

pytestmark = pytest.mark.slow

LIST, NEW = "/beheer/projecten", "/beheer/projecten/nieuw"
SAID = {"name": "Samen in Oost", "district": "Oost", "contact_name": "Hasan", "contact_phone": "030 765 43 21"}


def address(cast: Cast) -> str:
    return f"{LIST}/{cast.project}"


def as_it_is(**more: object) -> dict[str, object]:
    """What the form of the project of the cast sends when nobody changes anything."""
    said = {"name": "Zuidwest", "district": "Zuidwest", "contact_name": "Fatma", "contact_phone": "030 123 45 67"}
    return {**said, "state": ProjectState.RUNNING, "blocks": list(BLOCKS), **more}


def project(app: Flask, name: str) -> Project:
    with app.app_context():
        found = db.session.scalars(select(Project).where(Project.name == name)).one()
        db.session.expunge(found)
        return found


def lines(app: Flask) -> list[tuple[str, str, str, int | None]]:
    with app.app_context():
        return [
            (line.who, line.what, line.about, line.project_id)
            for line in db.session.scalars(select(AuditLine).where(AuditLine.who != "resident"))
        ]


def small(app: Flask, cast: Cast) -> None:
    with app.app_context():
        db.session.get_one(Project, cast.project).state = ProjectState.ORIENTATION
        db.session.commit()


# Who may come in


@pytest.mark.parametrize("path", [LIST, NEW, f"{LIST}/1"])
def test_a_visitor_goes_to_the_door_and_an_organiser_is_refused(
    client: FlaskClient, amina: FlaskClient, path: str
) -> None:
    for method in ("get",) if path == LIST else ("get", "post"):
        assert getattr(client, method)(path).location.startswith("/inloggen?next=")
        assert getattr(amina, method)(path).status_code == 403


def test_the_administrator_of_another_organisation_sees_and_changes_nothing(
    app: Flask, dirk: FlaskClient, cast: Cast
) -> None:
    make_admin(app, cast.dirk)
    page = dirk.get(LIST).text
    assert "Elders" in page
    assert "Zuidwest" not in page
    for method in ("get", "post"):
        foreign = getattr(dirk, method)(address(cast), data=as_it_is(name="Gekaapt"))
        unknown = getattr(dirk, method)(f"{LIST}/999999", data=as_it_is())
        assert foreign.status_code == unknown.status_code == 404
        assert tokens_out(foreign.text) == tokens_out(unknown.text)
    assert project(app, "Zuidwest").slug == "zuidwest"
    assert lines(app) == []


# A new one


def test_a_new_project_begins_small_with_everything_on(app: Flask, beatrix: FlaskClient, cast: Cast) -> None:
    assert beatrix.post(NEW, data={**SAID, "state": ProjectState.RUNNING, "sees_bubbles": "y"}).location == LIST
    made = project(app, "Samen in Oost")
    assert (made.slug, made.district, made.state, made.evaluation) == (
        "samen-in-oost",
        "Oost",
        ProjectState.ORIENTATION,
        "",
    )
    assert (made.contact_name, made.contact_phone) == ("Hasan", "030 765 43 21")
    assert (made.blocks, made.sees_bubbles, made.organisation_id) == (list(BLOCKS), False, cast.organisation)
    assert lines(app) == [(f"staff:{cast.beatrix}", "project_added", f"project:{made.id}", made.id)]
    page = beatrix.get(LIST).text
    assert "Samen in Oost is er." in page
    assert "Begint klein" in page


def test_the_address_follows_from_the_name_and_is_never_taken(app: Flask, beatrix: FlaskClient) -> None:
    for name in ("Zuid-West!", "Zuidwest", "  zuidwest ", "حي", "Café Ône"):
        beatrix.post(NEW, data={"name": name})
    with app.app_context():
        made = db.session.scalars(select(Project).order_by(Project.id)).all()
        assert [one.slug for one in made[2:]] == ["zuid-west", "zuidwest-2", "zuidwest-3", "project", "cafe-one"]
        assert [one.district for one in made[2:]] == ["Zuid-West!", "Zuidwest", "zuidwest", "حي", "Café Ône"]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"name": " "}, "Vul een naam in."),
        ({"name": "x" * 10_000}, "Dit is te lang."),
        ({"contact_phone": "geen nummer"}, "Vul een heel telefoonnummer in."),
        ({"contact_name": "x" * 81}, "Dit is te lang."),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_kept(
    app: Flask, beatrix: FlaskClient, cast: Cast, change: dict[str, str], sentence: str
) -> None:
    for path, said in ((NEW, SAID), (address(cast), as_it_is())):
        assert sentence in beatrix.post(path, data={**said, **change}).text
    assert lines(app) == []
    with app.app_context():
        assert sorted(db.session.scalars(select(Project.name))) == ["Elders", "Zuidwest"]


def test_names_are_shown_as_they_are_typed(beatrix: FlaskClient) -> None:
    beatrix.post(NEW, data={**SAID, "name": "<b>Oost</b> {{ 7*7 }}"})
    page = beatrix.get(LIST).text
    assert "&lt;b&gt;Oost&lt;/b&gt; {{ 7*7 }}" in page
    assert "<b>Oost" not in page


# A change


def test_a_change_is_a_line_without_what_was_typed(app: Flask, beatrix: FlaskClient, cast: Cast) -> None:
    said = as_it_is(contact_name="Hasan", sees_bubbles="y", blocks=["paper", "buddies"])
    assert beatrix.post(address(cast), data=said).location == LIST
    changed = project(app, "Zuidwest")
    assert (changed.contact_name, changed.sees_bubbles) == ("Hasan", True)
    assert changed.blocks == ["buddies", "paper"]
    about = f"project:{cast.project} contact_name sees_bubbles=True blocks=['buddies', 'paper']"
    assert lines(app) == [
        (f"staff:{cast.beatrix}", "project_changed", about, cast.project),
        (f"staff:{cast.beatrix}", "bubbles opened", f"project:{cast.project}", cast.project),
    ]
    page = beatrix.get("/beheer/logboek").text
    assert "Project veranderd" in page
    assert "Hasan" not in page
    assert "Kringen zichtbaar" in beatrix.get(LIST).text


def test_no_change_is_no_line(app: Flask, beatrix: FlaskClient, cast: Cast) -> None:
    assert beatrix.post(address(cast), data=as_it_is()).location == LIST
    assert lines(app) == []


def test_the_form_holds_what_is_kept(beatrix: FlaskClient, cast: Cast) -> None:
    page = beatrix.get(address(cast)).text
    for value in ("Zuidwest", "Fatma", "030 123 45 67"):
        assert f'value="{value}"' in page
    ticked = [re.findall(r'value="(\w+)"', box)[-1] for box in re.findall(r"<input[^>]* checked[^>]*>", page)]
    assert ticked == [ProjectState.RUNNING, *BLOCKS]
    assert "hooguit 2 groepen en 16 mensen per keer" in page
    assert "komt in het logboek" in page


@pytest.mark.parametrize("said", [{"state": "klaar"}, {"blocks": ["paper", "spionnen"]}])
def test_what_there_is_not_cannot_be_chosen(
    app: Flask, beatrix: FlaskClient, cast: Cast, said: dict[str, object]
) -> None:
    assert "error-summary" in beatrix.post(address(cast), data=as_it_is(**said)).text
    assert lines(app) == []


# It stays small until somebody wrote down how it went (P10)


@pytest.mark.parametrize("empty", ["", "   \n "])
def test_only_an_evaluation_ends_the_small_start(app: Flask, beatrix: FlaskClient, cast: Cast, empty: str) -> None:
    small(app, cast)
    page = beatrix.post(address(cast), data=as_it_is(name="Anders", evaluation=empty)).text
    assert "Schrijf eerst op hoe het ging." in page
    assert 'value="Anders"' in page
    assert project(app, "Zuidwest").state == ProjectState.ORIENTATION
    assert lines(app) == []
    told = "Het was gezellig.\nDe zaal was te klein."
    assert beatrix.post(address(cast), data=as_it_is(evaluation=told)).location == LIST
    done = project(app, "Zuidwest")
    assert (done.state, done.evaluation) == (ProjectState.RUNNING, told)
    assert [line[2] for line in lines(app)] == [f"project:{cast.project} state=running evaluation"]
    page = beatrix.get(address(cast)).text
    assert "De zaal was te klein." in page
    assert "<textarea" not in page


def test_an_evaluation_may_be_written_before_the_end_and_survives_a_new_small_start(
    app: Flask, beatrix: FlaskClient, cast: Cast
) -> None:
    small(app, cast)
    beatrix.post(address(cast), data=as_it_is(state=ProjectState.ORIENTATION, evaluation="Half"))
    assert project(app, "Zuidwest").evaluation == "Half"
    beatrix.post(address(cast), data=as_it_is(evaluation="Heel"))
    beatrix.post(address(cast), data=as_it_is(state=ProjectState.ORIENTATION, evaluation="weg ermee"))
    again = project(app, "Zuidwest")
    assert (again.state, again.evaluation) == (ProjectState.ORIENTATION, "Heel")


def test_the_organiser_notices_the_state(app: Flask, beatrix: FlaskClient, amina: FlaskClient, cast: Cast) -> None:
    assert "Klein beginnen" not in amina.get(f"/werk/{cast.series}").text
    beatrix.post(address(cast), data=as_it_is(state=ProjectState.ORIENTATION))
    assert "Klein beginnen" in amina.get(f"/werk/{cast.series}").text
    with app.app_context():
        assert db.session.get_one(Series, cast.series).project.state == ProjectState.ORIENTATION


# In one language


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_pages_are_in_one_language(app: Flask, beatrix: FlaskClient, cast: Cast, language: str) -> None:
    small(app, cast)
    foreign = {"nl": ("Save", "District", "Bubbles"), "en": ("Opslaan", "Wijk", "Kringen", "Onderdelen", "Hoe ging")}
    for path in (LIST, NEW, address(cast)):
        answer = beatrix.get(path, query_string={"taal": language})
        assert answer.status_code == 200
        main = answer.text[answer.text.find("<main") :]
        assert [word for word in foreign[language] if word in main] == []
        assert 'aria-current="true"' in main or path == LIST


# Every kind of line has words

MADE = {
    "web.facilitator.routes: f'list_{kind}'": {"list_csv", "list_pdf", "list_xlsx"},
    "web.services.organisations.directory: f'save {type(row).__name__.lower()}'": {"save facilitator", "save venue"},
    "web.services.signups.answers: what": {"consent given", "consent withdrawn"},
    "web.services.schedule.manage: f'{state} series'": {"open series", "closed series", "finished series"},
}
"""Kinds that are made on the spot -> all that come of it."""


def test_every_kind_of_line_in_the_log_has_words_in_both_languages(app: Flask) -> None:
    found, made = log_kinds.kinds()
    assert {"publish", "read signup", "unlock", "remember", "project_changed", "log_exported"} <= found
    assert made == set(MADE), "a kind made on the spot: say here what can come of it"
    everything = found.union(*MADE.values())
    assert everything == set(KINDS)
    said = {}
    for language in ("nl", "en"):
        with app.test_request_context(f"/?taal={language}"):
            said[language] = [happened(kind) for kind in sorted(everything)]
            assert len(set(said[language])) == len(everything)
            assert not everything & set(said[language])
    assert all(dutch != english for dutch, english in zip(*said.values(), strict=True))
