"""Columns with a meaning as people fill them in, languages by their names, numbers in bands, sheets of a workbook."""

from __future__ import annotations

from io import BytesIO

import openpyxl
import pytest

from matcher.tables.languages import codes
from matcher.words import words
from tests.tables.folder import GOOD, Folder

LANGUAGES = {
    "nl": ("nl",),
    "NL": ("nl",),
    "Nederlands": ("nl",),
    "dutch": ("nl",),
    "Engels": ("en",),
    "english": ("en",),
    "English": ("en",),
    "Oekraiens": ("uk",),
    "українська": ("uk",),
    "العربية": ("ar",),
    "Turks": ("tr",),
    "Türkçe": ("tr",),
    "farsi": ("fa",),
    "nl-NL": ("nl",),
    "en_GB": ("en",),
    "eng": ("en",),
    "nl, ar": ("nl", "ar"),
    "Nederlands en Engels": ("nl", "en"),
    "Nederlands/Arabisch": ("nl", "ar"),
    "nl ar": ("nl", "ar"),
    "nl en ar": ("nl en ar",),
    "Klinkhaars": ("klinkhaars",),
}


@pytest.mark.parametrize("word", LANGUAGES)
def test_a_language_by_its_name(word: str) -> None:
    assert codes(word) == LANGUAGES[word]


def notes(folder: Folder) -> list[str]:
    found = folder.read().notes
    assert all(map(words("nl").say, found))
    return [words("en").say(note) for note in found]


def test_words_for_nothing_are_nothing(folder: Folder) -> None:
    rows = ["id,age,colour,needs,buddies,household,organisation,priority,languages,interests"]
    rows += ["a,,,geen,nee,-,n.v.t.,-,onbekend,Koken", "b,,,none,geen,-,geen,,no,koken", "c,,,lift,?,Laan 5,x,1,,koken"]
    people = folder.write({"people.csv": "\n".join([*rows, "-,,,,,laan 5,X,,,"])}).read().problem.people
    nobody, a, b, c = people
    assert (a.needs, a.buddies, a.household, a.organisation, a.priority, a.languages) == (
        frozenset(),
        frozenset(),
        "",
        "",
        0,
        {"nl"},
    )
    assert (b.needs, b.languages, c.needs) == (frozenset(), {"no"}, {"lift"})
    assert {person.household for person in (c, nobody)} == {c.household}
    assert {person.interests for person in (a, b, c)} == {frozenset({"koken"})}
    told = {"needs": 2, "languages": 1, "buddies": 3, "household": 2, "organisation": 2, "priority": 1}
    assert [line.partition(" in all")[0] for line in notes(folder) if "read as empty" in line] == [
        f"people.csv: {column}: read as empty, {n}" for column, n in told.items()
    ]


def test_a_list_with_something_unknown_is_refused_and_says_how_lists_are_written(folder: Folder) -> None:
    folder.write({"people.csv": GOOD["people.csv"] + 'els,old,red,"mon; wed",,\nfin,old,red,mon|-,,\n'})
    assert folder.faults() == [
        "people.csv:6:sessions: unknown session 'mon; wed'; known: mon, tue; several values are separated by |",
        "people.csv:7:sessions: unknown session '-'; known: mon, tue",
    ]


@pytest.mark.parametrize("cell", ["mon|tue", '"mon, tue"', "mon;tue", "mon en tue", "mon tue", "tue / mon"])
def test_ids_that_are_all_known_are_a_list_however_they_are_put_together(folder: Folder, cell: str) -> None:
    folder.write({"people.csv": f"id,age,colour,sessions\nx,old,red,{cell}\n"})
    (person,) = folder.read().problem.people
    assert person.sessions == {"mon", "tue"}
    assert any("separated by |" in line for line in notes(folder)) == (cell != "mon|tue")


def test_an_id_in_other_capitals_is_the_nearest(folder: Folder) -> None:
    folder.write({"people.csv": GOOD["people.csv"] + "amino,old,red,MON,AMINA,\n"})
    assert [line.partition("? ")[0].partition("; ")[2] for line in folder.faults()] == [
        "did you mean 'mon'",
        "did you mean 'amina'",
    ]


BANDS = GOOD["format.toml"] + "[bands]\nage = [18, 30, 65]\n"


def test_bands_make_bubbles_of_numbers(folder: Folder) -> None:
    ages = ["17", "18", "29,5", "30 jaar", "64", "65", "99", "18-29", "?"]
    rows = [f"p{n},{age!r},red".replace("'", '"') for n, age in enumerate(ages)]
    folder.write({"people.csv": "id,age,colour\n" + "\n".join(rows), "format.toml": BANDS})
    people = folder.read().problem.people
    assert [min(person.bubbles.get("age", {""})) for person in people] == [
        *("0-17", "18-29", "18-29", "30-64", "30-64", "65+", "65+", "18-29", "")
    ]
    folder.write({"population.csv": "dimension,bubble,count\nage,65+,5\nage,onbekend,3\ncolour,RED,2\ncolour,pink,1\n"})
    assert folder.read().problem.population == {"age": {"65+": 5.0}, "colour": {"red": 2.0, "pink": 1.0}}


def test_what_cannot_be_put_in_a_band_is_a_fault(folder: Folder) -> None:
    folder.write({"people.csv": "id,age,colour\na,old,red\nb,-3,red\n", "format.toml": BANDS})
    right = "a number of 0 or more, or one of 0-17, 18-29, 30-64, 65+"
    assert folder.faults() == [
        f"people.csv:2:age: 'old' is neither a number nor a band; {right}",
        f"people.csv:3:age: '-3' is neither a number nor a band; {right}",
    ]
    for wrong in ("[]", "[30, 18]", "[18, 18]", "[1.5]", '"x"', "[-1, 5]"):
        folder.write({**GOOD, "format.toml": f"[bands]\nage = {wrong}\nshoe = [1]\n"})
        lines = folder.faults()
        assert lines[0].endswith("is not a list of rising whole numbers; write for instance [18, 30, 45, 65]")
        assert "bands.shoe: unknown dimension 'shoe'" in lines[1]


def test_the_format_says_which_words_are_answers(folder: Folder) -> None:
    rows = "a,weet niet,red\nb,weet niet,geen\nc,eens,geen\n"
    format = GOOD["format.toml"] + '[answers]\nnot_told = ["Geen"]\ntold = ["weet niet"]\n'
    folder.write({"people.csv": "id,age,colour\n" + rows, "format.toml": format})
    told = [person.bubbles for person in folder.read().problem.people]
    assert told == [{"age": {"weet niet"}, "colour": {"red"}}, {"age": {"weet niet"}}, {"age": {"eens"}}]
    assert any("colour: read as not told, 2 in all: geen (2)" in line for line in notes(folder))


def book(**sheets: list[list[object]]) -> bytes:
    made, data = openpyxl.Workbook(), BytesIO()
    made.remove(made.active)
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
        sheet.sheet_state = "hidden" if name.startswith("hidden") else "visible"
    made.save(data)
    return data.getvalue()


TABLE: list[list[object]] = [["id", "age", "colour"], ["a", "old", "red"]]
NEWER: list[list[object]] = [["id", "age", "colour"], ["b", "young", "red"]]


def test_the_first_sheet_with_the_columns_is_read(folder: Folder) -> None:
    folder.write({"people.csv": book(Uitleg=[["lees dit"]], Mensen=TABLE, Ouder=NEWER)})
    assert [person.id for person in folder.read().problem.people] == ["a"]
    assert any("read is the sheet 'Mensen', not Uitleg, Ouder" in line for line in notes(folder))
    folder.write({"people.csv": book(hidden=NEWER, Mensen=TABLE)})
    assert [person.id for person in folder.read().problem.people] == ["a"]


@pytest.mark.parametrize("separator", [",", ";"])
def test_a_title_may_stand_above_the_header(folder: Folder, separator: str) -> None:
    text = GOOD["people.csv"].replace(",", separator)
    folder.write({"people.csv": f"Aanmeldingen, tot en met 1 mei; zie onder\n\n{text}"})
    assert len(folder.read().problem.people) == 4
    assert any("the header is row 3" in line for line in notes(folder))
    folder.write({"people.csv": book(Mensen=[["Aanmeldingen"], [], *TABLE])})
    assert [person.id for person in folder.read().problem.people] == ["a"]


def test_no_sheet_with_the_columns(folder: Folder) -> None:
    folder.write({"people.csv": book(Uitleg=[["lees dit"]], Lijst=[["nr", "age"], [1, "old"]])})
    assert folder.faults() == [
        "people.csv:1:id: there is no column 'id'; a column of that name; the header is 'lees dit'; read was the sheet"
        " 'Uitleg', not Lijst: put the sheet with the table first, or save it as CSV"
    ]


def test_cells_without_a_value_of_their_own_are_faults(folder: Folder) -> None:
    made, data = openpyxl.Workbook(), BytesIO()
    for row in [*TABLE, ["b", "=A1", "#REF!"], ["c", "old", "red"], ["d", None, "blue"]]:
        made.active.append(row)
    made.active.merge_cells("B4:B5")
    made.save(data)
    lines = folder.write({"people.csv": data.getvalue()}).faults()
    assert [line.partition(";")[0] for line in lines] == [
        "people.csv:3:colour: the error value #REF! of a spreadsheet",
        "people.csv:3:age: a formula without a value",
        "people.csv:4:age: cells that are merged: only one of them holds a value",
        "people.csv:5:age: cells that are merged: only one of them holds a value",
    ]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_the_separator_is_the_one_that_fits_the_rows(folder: Folder, separator: str) -> None:
    others = ";" if separator == "," else ","
    header = separator.join(["id", f"age {others}{others}{others}", "colour"])
    rows = [separator.join([f"p{n}", "old", f"a{others}b" if n == 3 else "red"]) for n in range(5)]
    folder.write({"people.csv": "\n".join([header, *rows]), "format.toml": ""})
    people = folder.read().problem.people
    assert [len(person.bubbles) for person in people] == [2] * 5
    named = f"sep={separator}\r\n{header}\r\n{rows[0]}\r\n"
    assert len(folder.write({"people.csv": named}).read().problem.people) == 1
