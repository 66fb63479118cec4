"""The registry of sign-up fields is whole: every column is accounted for, and every question is where it should be."""

from __future__ import annotations

import inspect
import subprocess
from collections.abc import Iterable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import force_locale
from sqlalchemy import inspect as mapped
from werkzeug.datastructures import MultiDict

import config
from tests.programs import PDFTOTEXT
from tests.web import cast as casting
from tests.web.cast import NOW, Cast, Clock
from tests.web.import_table import Table
from tests.web.pages import Page
from tests.web.signups.test_resident_joining import SCREEN, tell
from web.organiser import papers
from web.printing import Question, paper_form
from web.printing.papers import form_data
from web.printing.typesetting import typeset
from web.rows import Availability, Base, Consent, Project, Sealed, Series, Signup, db
from web.services.privacy import erase, export
from web.services.signups import Answers, told_by
from web.services.signups import answers as storing
from web.services.signups.importing import answering, columns
from web.services.signups.importing.differences import differences
from web.signup_fields import FIELDS, LATER, NO_ANSWERS, Absent, Elsewhere, Fact, Heading, Kind, PaperLine, SignupField
from web.signup_fields.choices import fixed
from web.signup_forms import BUBBLES, answer_form

pytestmark = pytest.mark.slow

FIELD = {asked.key: asked for asked in FIELDS}
PLACES = ("page", "desk", "storage", "heading", "paper", "fact", "export")


def holes(fields: Iterable[SignupField]) -> list[str]:
    """What a registry leaves out: columns of nobody, and places without a word about them."""
    fields = tuple(fields)
    owned = {key for asked in fields for key in asked.holds}
    columns = {column.key for column in Signup.__table__.columns}
    said = {
        (asked.key, place): value
        for asked in fields
        for place in PLACES
        if (value := getattr(asked, place)) is not None
    }
    silent = [(key, place) for (key, place), value in said.items() if not _words(value)]
    return [
        *(f"{key}: nobody's column" for key in sorted(columns - owned - NO_ANSWERS.keys())),
        *(f"{key}: no column" for key in sorted((owned | NO_ANSWERS.keys()) - columns)),
        *(f"{key}: a question fills it" for key in sorted(owned & NO_ANSWERS.keys())),
        *(f"{key}: no {place}, and no reason" for key, place in silent),
        *(f"{asked.key}: sealed?" for asked in fields if asked.storage is None and asked.sealed != _is_sealed(asked)),
    ]


def _words(value: Any) -> str:
    match value:
        case Absent(why=text) | Elsewhere(where=text) | Heading(name=text) | Fact(label=text) | PaperLine(reason=text):
            return str(text)
    return str(value)


def _is_sealed(asked: SignupField) -> bool:
    return isinstance(Signup.__table__.columns[asked.key].type, Sealed)


@pytest.fixture
def within(app: Flask):
    with app.test_request_context():
        yield app


def told_everything(series: Series, settings: config.Settings) -> Answers:
    """An answer to every question, and to no two the same."""
    told = {
        "email": "bart@voorbeeld.example",
        "phone": "+31612345678",
        "via": "zz-via",
        "sessions": frozenset(s.id for s in series.sessions),
        "prefers": frozenset(s.id for s in series.sessions[:1]),
        "bubbles": {"age": ["26-40"]},
        "consents": frozenset({"bubbles", "needs", "food", "next_time"}),
    }
    return Answers.of({asked.key: _some(asked, series, settings) for asked in FIELDS if asked.storage is None} | told)


def _some(asked: SignupField, series: Series, settings: config.Settings) -> Any:
    values = list(asked.texts(series, settings))
    if asked.kind is Kind.CHOICES:
        return tuple(values[-2:])
    return {Kind.CHOICE: values[0] if values else "", Kind.YES_NO: True, Kind.NUMBER: 1}.get(asked.kind, asked.key)


@pytest.fixture
def everything(within: Flask, cast: Cast, settings: config.Settings) -> Signup:
    """Somebody who answered every question."""
    told = told_everything(db.session.get_one(Series, cast.series), settings)
    signed = casting.signups.sign_up(
        db.session,
        db.session.get_one(Series, cast.series),
        told,
        channel="web",
        now=within.extensions["clock"](),
        once="everything",
        vault=within.extensions["vault"],
    )
    db.session.commit()
    return signed.signup


# The registry itself


def test_every_column_is_a_questions_or_says_why_not_and_every_place_is_filled(within: Flask) -> None:
    assert holes(FIELDS) == []
    assert all(NO_ANSWERS.values())
    assert len(FIELD) == len(FIELDS)


@pytest.mark.parametrize(
    ("lost", "hole"),
    [
        ({"export": ""}, "note: no export, and no reason"),
        ({"heading": Absent("")}, "note: no heading, and no reason"),
        ({"paper": Absent("")}, "note: no paper, and no reason"),
        ({"fact": Absent("")}, "note: no fact, and no reason"),
        ({"desk": Absent("")}, "note: no desk, and no reason"),
        ({"sealed": False}, "note: sealed?"),
        ({"key": "nota", "storage": Elsewhere("x")}, "note: nobody's column"),
    ],
)
def test_a_hole_is_noticed(within: Flask, lost: dict[str, Any], hole: str) -> None:
    broken = [replace(asked, **lost) if asked.key == "note" else asked for asked in FIELDS]
    assert hole in holes(broken)


def test_a_question_cannot_forget_to_speak_of_import_paper_page_and_export() -> None:
    needed = inspect.signature(SignupField).parameters
    assert all(needed[place].default is inspect.Parameter.empty for place in ("heading", "paper", "fact", "export"))


# Storage, export, erasing


def test_what_was_told_comes_back_and_stands_in_the_export(everything: Signup, settings: config.Settings) -> None:
    told, back = told_everything(everything.series, settings), told_by(everything)
    taken = export.take_along(db.session, everything)
    for asked in FIELDS:
        if asked.storage is None:
            assert back.get(asked.key) == told.get(asked.key) != asked.nothing or asked.key == "language", asked.key
        if isinstance(asked.export, str):
            assert taken.get(asked.export), asked.key
        if isinstance(asked.export, str) and asked.storage is None:
            assert taken[asked.export] == told.get(asked.key), asked.key
    assert taken["contact"] == {"email": told.email, "phone": told.phone, "via": told.via}
    assert [when["prefers"] for when in taken["sessions"]] == [True, False, False]
    assert taken["bubbles"] == told.bubbles
    assert {consent["kind"] for consent in taken["consents"] if consent["given"]} == told.consents


def test_whoever_is_erased_leaves_no_answer(everything: Signup, within: Flask) -> None:
    """Answers stand in the row itself and in rows that go along with it."""
    below = {Availability.__table__, Consent.__table__}
    assert {m.target for m in mapped(Signup).relationships if m.direction.name == "ONETOMANY"} == below
    erase.erase(db.session, everything, within.extensions["vault"], now=casting.NOW)
    for table in (Signup.__table__, *below):
        assert db.session.execute(db.select(db.func.count()).select_from(table)).scalar() == 0, table
    assert Base.metadata.tables["signup"] is Signup.__table__


# Pages


def names(client: FlaskClient, path: str) -> set[str]:
    return {name for form in Page(client.get(path).text).forms for name in form.names}


def inputs(asked: SignupField, settings: config.Settings) -> set[str]:
    if asked.kind is Kind.BUBBLES:
        return {BUBBLES + d.key for d in settings.dimensions if not d.special}
    return {asked.key}


def test_a_resident_is_asked_everything_and_can_change_it(
    app: Flask, client: FlaskClient, cast: Cast, clock: Clock, settings: config.Settings
) -> None:
    tell(client, cast)
    shown = {number: names(client, f"{SCREEN}{number}") for number in range(1, LATER)}
    clock.forward(seconds=30)
    mine = client.post(SCREEN + "4").location.replace("aangemeld", "wijzigen")
    shown[0] = names(client, mine)
    for asked in FIELDS:
        assert inputs(asked, settings) <= shown.get(asked.screen, shown[0]) & shown[0], asked.key


def test_the_desk_and_the_organiser_are_asked_what_they_may_see(
    app: Flask, cast: Cast, amina: FlaskClient, settings: config.Settings
) -> None:
    with app.app_context():
        id = casting.sign_up(app, cast).signup.id
    desk = names(amina, f"/werk/{cast.series}/balie")
    edit = f"/werk/{cast.series}/aanmeldingen/{id}/wijzigen"
    closed = names(amina, edit)
    with app.app_context():
        db.session.get_one(Project, cast.project).sees_bubbles = True
        db.session.commit()
    open_ = names(amina, edit)
    for asked in FIELDS:
        assert asked.desk is not None or inputs(asked, settings) <= desk, asked.key
        assert asked.screen == LATER or inputs(asked, settings) <= open_, asked.key
        assert not asked.private or not inputs(asked, settings) & closed, asked.key


def test_the_organisers_page_of_one_person_says_what_it_names(
    everything: Signup, cast: Cast, amina: FlaskClient, settings: config.Settings
) -> None:
    shown = {asked.fact: asked.shown_in(everything, settings) for asked in FIELDS if isinstance(asked.fact, Fact)}
    page = amina.get(f"/werk/{cast.series}/aanmeldingen/{everything.id}").text
    assert len(shown) > 3
    assert all(said and str(fact.label) in page and said in page for fact, said in shown.items())


# Import and paper


def test_an_import_reads_every_column_that_it_offers(within: Flask, cast: Cast, settings: config.Settings) -> None:
    table = Table(within, cast, settings)
    told = told_everything(table.series, settings)
    offered = {column.key: column for column in columns.columns_of(settings, table.series)}
    headed = [asked for asked in FIELDS if isinstance(asked.heading, Heading)]
    assert {asked.key for asked in headed} <= offered.keys()
    cells = {asked.key: _cell(offered[asked.key], asked, told) for asked in headed}
    [entry] = table.preview(list(cells.values()), header=[offered[key].name for key in cells]).entries
    assert entry.told is not None, entry.faults
    for asked in headed:
        if asked.kind is not Kind.CONSENT:
            assert entry.told.answers.get(asked.key) == told.get(asked.key), asked.key
    assert entry.told.answers.consents == told.consents


def _cell(column: columns.Column, asked: SignupField, told: Answers) -> str:
    if asked.kind in (Kind.CONSENT, Kind.YES_NO):
        return column.shown(columns.YES)
    said = told.get(asked.key)
    return " | ".join(column.shown(str(value)) for value in said) if column.several else column.shown(str(said))


def test_a_preview_says_of_every_column_that_it_changes(within: Flask, cast: Cast, settings: config.Settings) -> None:
    """And of what is closed to an organiser not how (promise 10)."""
    series = db.session.get_one(Series, cast.series)
    offered = {column.key: column for column in columns.columns_of(settings, series)}
    before, after = Answers("Els", "call", frozenset()), told_everything(series, settings)
    changed = {one.column: one for one in differences(before, after, offered)}
    for asked in FIELDS:
        if isinstance(asked.heading, Heading):
            shown = changed[offered[asked.key].name]
            assert bool(shown.after) is not asked.closed, asked.key


def test_paper_asks_what_has_a_line(within: Flask, cast: Cast, settings: config.Settings) -> None:
    form = papers.form_of(db.session.get_one(Series, cast.series), settings, NOW)
    lines = {line.label: line for line in form.questions}
    for asked in FIELDS:
        if isinstance(asked.paper, PaperLine):
            assert lines[str(asked.ask)].reason == str(asked.paper.reason), asked.key


def test_every_format_has_a_form_of_one_page_in_every_language(
    within: Flask, cast: Cast, settings: config.Settings
) -> None:
    """With six times, each of three dates at an own place: as many as a new meeting has boxes for."""
    series = db.session.get_one(Series, cast.series)
    for series.format in settings.formats:
        for code in settings.languages:
            with force_locale(code):
                form = papers.form_of(series, settings, NOW)
                time = "dinsdagen 1, 8 en 15 december, 19.00–21.30, Buurthuis De Brink"
                pages = typeset("form", form_data(replace(form, times=(time,) * 6), code), "svg")
            assert isinstance(pages, bytes) or len(pages) == 1, (series.format, code)
            assert (form.meal, len(form.consents)) == (settings.serves_meal(series.format), 3 + form.meal)


def test_a_question_in_own_words_has_a_line_to_write_on(within: Flask, cast: Cast, settings: config.Settings) -> None:
    """Without answers to tick and without a reason the page is still set, and gives no reason."""
    form = papers.form_of(db.session.get_one(Series, cast.series), settings, NOW)
    call = [PDFTOTEXT.needed(), "-", "-"]
    printed = paper_form(replace(form, questions=(Question("Wat nu?", "", ()),)))
    text = subprocess.run(call, input=printed, capture_output=True, check=True).stdout.decode()
    assert "Wat nu?" in text
    assert "Zo mengen we" not in text


# A new question of a common kind is one entry: invented ones, that no column holds

INVENTED = SignupField(
    key="invented",
    kind=Kind.TEXT,
    ask="Wat nu?",
    screen=4,
    heading=Heading("wat nu"),
    paper=PaperLine(),
    fact=Fact("Nu"),
    export="invented",
)
CHOICES = fixed({"a": "Appel", "b": "Banaan"})
KINDS = {
    Kind.TEXT: (INVENTED, "zo", "zo", "zo", "zo"),
    Kind.LINES: (INVENTED, "zo\nen zo", "zo\nen zo", "zo\nen zo", "zo\nen zo"),
    Kind.NUMBER: (replace(INVENTED, most=lambda limits: 9), "7", 7, "7.0", "7"),
    Kind.YES_NO: (INVENTED, "y", True, "ja", "ja"),
    Kind.CHOICE: (replace(INVENTED, choices=CHOICES), "b", "b", "banaan", "Banaan"),
    Kind.CHOICES: (replace(INVENTED, choices=CHOICES), "b", ("b",), "Banaan", "Banaan"),
}


def test_a_form_is_made_once_and_again_when_a_time_began_or_the_settings_changed(
    within: Flask, cast: Cast, settings: config.Settings
) -> None:
    series = db.session.get_one(Series, cast.series)
    one = answer_form(series, settings, now=NOW)
    assert answer_form(series, settings, now=NOW) is one
    later = series.sessions[0].starts
    assert set(answer_form(series, settings, now=later)().sessions.choices) < set(one().sessions.choices)
    fewer = replace(settings, interests=settings.interests[:1])
    assert len(answer_form(series, fewer, now=NOW)().interests.choices) == 1
    # It serves every series with these times: no other question may look at the series.
    for asked in FIELDS:
        assert asked.kind is Kind.TIMES or asked.texts(None, settings) is not None


@pytest.mark.parametrize("kind", KINDS)
def test_an_ordinary_question_needs_nothing_but_its_entry(
    within: Flask, cast: Cast, settings: config.Settings, monkeypatch: pytest.MonkeyPatch, kind: Kind
) -> None:
    asked, sent, answer, cell, shown = KINDS[kind]
    asked = replace(asked, kind=kind)
    series = db.session.get_one(Series, cast.series)
    form = answer_form(series, settings, [asked], now=NOW)(formdata=MultiDict({"invented": sent}))
    assert form.validate(), form.errors
    assert asked.answer(form.data["invented"]) == answer
    row = SimpleNamespace(invented=asked.kept(answer), series=series)
    assert asked.told_in(row) == answer
    assert asked.shown_in(row, settings) == shown
    for module in (columns, answering):
        monkeypatch.setattr(module, "FIELDS", (*FIELDS, asked))
    monkeypatch.setitem(storing._NOTHING, "invented", asked.nothing)
    entry = Table(within, cast, settings).only(["wat nu"], [cell])
    assert entry.told is not None, entry.faults
    assert entry.told.answers.get("invented") == answer


@pytest.mark.parametrize("kind", KINDS)
def test_an_ordinary_question_may_be_left_open(
    within: Flask, cast: Cast, settings: config.Settings, kind: Kind
) -> None:
    asked = replace(KINDS[kind][0], kind=kind)
    form = answer_form(db.session.get_one(Series, cast.series), settings, [asked], now=NOW)(formdata=MultiDict())
    assert form.validate(), form.errors
    assert asked.answer(form.data["invented"]) == asked.nothing
    row = SimpleNamespace(invented=asked.kept(asked.nothing), series=None)
    assert asked.told_in(row) == asked.nothing


@pytest.mark.parametrize("kind", [Kind.NUMBER, Kind.CHOICE, Kind.CHOICES, Kind.YES_NO])
def test_a_cell_that_means_nothing_is_a_fault(
    within: Flask, cast: Cast, settings: config.Settings, monkeypatch: pytest.MonkeyPatch, kind: Kind
) -> None:
    asked = replace(KINDS[kind][0], kind=kind)
    for module in (columns, answering):
        monkeypatch.setattr(module, "FIELDS", (*FIELDS, asked))
    entry = Table(within, cast, settings).only(["wat nu"], ["12"])
    assert [fault.column for fault in entry.faults] == ["wat nu"]
