"""What every cell may say, in both languages and as spreadsheets mangle it, and what is told when it may not."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask

import config
from tests.web import sheets
from tests.web.cast import Cast
from tests.web.import_table import Table
from web.errors import Overtaken
from web.services.signups import importing
from web.services.signups.importing import faults
from web.services.signups.importing.blanks import examples
from web.services.signups.importing.columns import columns_of

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def context(app: Flask):
    with app.test_request_context():
        yield


@pytest.fixture
def desk(app: Flask, cast: Cast, settings: config.Settings) -> Table:
    return Table(app, cast, settings)


@pytest.mark.parametrize(
    "header",
    [
        ["voornaam", "bereik", "e-mail", "telefoon", "via", "tijden"],
        ["  VOORNAAM ", "Béreik", "E Mail", "TELEFOON:", "Via", "Tijden"],
        ["first name", "reach", "email", "phone", "via", "times"],
    ],
)
def test_names_of_columns_in_both_languages_whatever_their_spelling(desk: Table, cast: Cast, header: list[str]) -> None:
    entry = desk.preview(sheets.BART, header=header).entries[0]
    assert entry.told.answers.sessions == frozenset(cast.sessions[:2])


def test_an_empty_cell_of_times_is_every_time_and_every_separator_works(desk: Table, cast: Cast) -> None:
    label = columns_of(desk.settings, desk.series)[5].options[0].said[0]
    for said, chosen in [
        ("", cast.sessions),
        ("1|3", [cast.sessions[0], cast.sessions[2]]),
        ("1; 2", cast.sessions[:2]),
        ("1,2", cast.sessions[:2]),
        (f"{label} | 2", cast.sessions[:2]),
    ]:
        assert desk.only(["tijden"], [said]).told.answers.sessions == frozenset(chosen), said


@pytest.mark.parametrize("said", ["612345678", "31612345678", "31612345678.0", "'0612345678", "06-1234 5678"])
def test_numbers_that_a_spreadsheet_mangled_are_mended(desk: Table, said: str) -> None:
    entry = desk.preview(["Bart", "sms", said], header=["naam", "bereik", "telefoon"]).entries[0]
    assert entry.told.answers.phone == "+31612345678"


def test_one_way_that_is_filled_in_needs_no_word_about_reach(desk: Table) -> None:
    shown = desk.preview(
        ["Bart", "b@voorbeeld.example", ""],
        ["Els", "", "0612345678"],
        ["Gijs", "g@voorbeeld.example", "0612345678"],
        ["Ria", "", ""],
        header=["voornaam", "e-mail", "telefoon"],
    )
    assert [entry.told and entry.told.answers.reach for entry in shown.entries] == ["email", "call", "email", None]
    assert shown.entries[2].told.answers.contact() == {"email": "g@voorbeeld.example", "phone": "+31612345678"}


@pytest.mark.parametrize(
    ("column", "said", "field", "value"),
    [
        ("talen", "Nederlands | English", "languages", ("nl", "en")),
        ("behoeften", "step_free; Ik heb vervoer nodig", "needs", ("step_free", "transport")),
        ("interesses", "koken, Tuin en moestuin", "interests", ("koken", "moestuin")),
        ("Met wie woon je?", "anders, bijvoorbeeld met huisgenoten", "bubbles", {"household": ["other"]}),
        ("days", "I have a paid job | study", "bubbles", {"days": ["work", "study"]}),
        ("toestemming kringen", "ja", "consents", frozenset({"bubbles"})),
        ("toestemming volgende keer", "WAAR", "consents", frozenset({"next_time"})),
        ("opmerking", "=cmd|' /C calc'!A0", "note", "=cmd|' /C calc'!A0"),
        ("maatje", "Fat\x07ma\u202e", "buddy", "Fatma"),
    ],
)
def test_what_a_cell_may_say(desk: Table, column: str, said: str, field: str, value: object) -> None:
    assert desk.only([column], [said]).told.answers.get(field) == value


@pytest.mark.parametrize(
    ("column", "said"),
    [
        ("tijden", "4"),
        ("tijden", "1.2"),
        ("tijden", "2027-02-01T00:00:00"),
        ("liever", "overmorgen"),
        ("talen", "Klingon"),
        ("behoeften", "sauna"),
        ("Hoe oud ben je?", "26-40 | 41-60"),
        ("Hoe oud ben je?", "33"),
        ("toestemming kringen", "misschien"),
        ("kanaal", "postduif"),
        ("opmerking", "x" * 10_000),
        ("via", "x" * 10_000),
        ("code", "ZZZZZZ"),
        ("telefoon", "6.12346E+08"),
        ("telefoon", "bel maar"),
    ],
)
def test_what_a_cell_may_not_say_is_named_with_what_would_be_right(desk: Table, column: str, said: str) -> None:
    entry = desk.only([column], [said])
    assert entry.kind == "refused"
    (fault,) = entry.faults
    assert (fault.row, fault.column) == (2, column)
    assert fault.what and fault.right
    assert len(fault.what) < 100


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (["", "email", "b@voorbeeld.example"], "voornaam"),
        (["x" * 10_000, "email", "b@voorbeeld.example"], "voornaam"),
        (["Bart", "email", ""], "e-mail"),
        (["Bart", "email", "bart"], "e-mail"),
        (["Bart", "sms", ""], "telefoon"),
        (["Bart", "bellen", "b@voorbeeld.example"], "telefoon"),
        (["Bart", "brief", ""], "via"),
        (["Bart", "via", ""], "via"),
        (["Bart", "postduif", ""], "bereik"),
        (["Bart", "", ""], "bereik"),
    ],
)
def test_a_name_and_a_way_to_reach_somebody_are_needed(desk: Table, row: list[str], column: str) -> None:
    (fault,) = desk.preview(row, header=["voornaam", "bereik", "e-mail"]).entries[0].faults
    assert fault.column == column


def test_a_near_miss_is_told(desk: Table) -> None:
    assert "bellen" in desk.preview(["Bart", "belen", ""]).entries[0].faults[0].right
    (unused,) = desk.preview([*sheets.BART, "x"], header=[*sheets.HEADER, "inteeresses"]).unused
    assert (unused.letter, unused.near) == ("G", "interesses")


@pytest.mark.parametrize(
    ("header", "asked"),
    [(["Straat", "Huisnummer"], []), (["e-mail", "telefoon"], []), (["voornaam", "e-mail", "E Mail"], ["C"])],
)
def test_columns_that_do_not_say_who_is_who_are_asked_about(desk: Table, header: list[str], asked: list[str]) -> None:
    shown = desk.preview(["x"] * len(header), header=header)
    assert (shown.ready, [one.letter for one in shown.header.asked]) == (False, asked)
    assert shown.header.named or not shown.entries
    with pytest.raises(Overtaken):
        desk.add(importing.keep(desk.desk, shown, desk.clock()))


def test_a_row_of_one_word_or_with_an_address_is_no_row_of_names(desk: Table) -> None:
    for header in (["Straat"], ["Truus", "truus@voorbeeld.example"]):
        with pytest.raises(faults.NoHeader) as told:
            desk.preview(["x"], header=header)
        assert told.value.sentence % told.value.values


def test_people_are_counted_below_the_names_of_the_columns(desk: Table) -> None:
    few = replace(desk.settings, limits=replace(desk.settings.limits, import_people=1))
    desk.settings = few
    titles = [["Lijst"], [], sheets.HEADER]
    assert desk.show(desk.read(sheets.workbook([*titles, sheets.BART]))).count("new") == 1
    with pytest.raises(faults.TooMany):
        desk.show(desk.read(sheets.workbook([*titles, sheets.BART, sheets.BART])))


def test_a_merged_name_of_a_column_is_refused(desk: Table) -> None:
    sheet = desk.read(sheets.workbook([sheets.HEADER, sheets.BART], ["B1:C1"]))
    with pytest.raises(faults.MergedHeader) as told:
        desk.show(sheet)
    assert told.value.values == {"row": 1, "column": "B"}


def test_a_merged_cell_and_a_formula_are_named_by_row_and_column(desk: Table) -> None:
    rows = [sheets.HEADER, sheets.BART, ["Els", "email", "=A1", "", "", ""]]
    shown = desk.show(desk.read(sheets.workbook(rows, ["B2:C2"])))
    named = [(fault.row, fault.column) for entry in shown.entries for fault in entry.faults]
    assert [fault.row for fault in shown.entries[1].faults] == [3]
    assert named[:2] == [(2, "bereik (B)"), (2, "e-mail (C)")]
    assert (3, "e-mail (C)") in named


def test_who_speaks_no_dutch_gets_letters_in_a_language_of_the_screens(desk: Table) -> None:
    for said, letters in [("", "nl"), ("ar | en", "en"), ("nl | en", "nl"), ("tr", "nl")]:
        assert desk.only(["talen"], [said]).told.answers.language == letters


def test_the_examples_of_the_empty_file_are_right(desk: Table) -> None:
    columns = columns_of(desk.settings, desk.series)
    rows = [[person.get(column.key, "") for column in columns] for person in examples(columns)]
    shown = desk.preview(*rows, header=[column.name for column in columns])
    assert [entry.faults for entry in shown.entries] == [(), (), ()]
