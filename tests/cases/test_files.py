"""Files as people and their spreadsheets make them: what is read of them, what is said of it, and what is refused."""

from __future__ import annotations

from collections import Counter

import pytest

from matcher.domain import Participant
from matcher.faults import BadInput
from matcher.words import words
from tests.cases import inputs

SEX = ("man", "vrouw")


def people(name: str) -> tuple[Participant, ...]:
    return inputs(name).problem.people


def told(name: str, dimension: str) -> Counter[str]:
    """Bubble -> how many people say so."""
    return Counter(value for person in people(name) for value in person.bubbles.get(dimension, ()))


def notes(name: str) -> list[str]:
    """What is said of the files, without where they lie. Each note has words in Dutch too."""
    found = inputs(name).notes
    assert all(map(words("nl").say, found))
    return [words("en").say(note).rpartition(f"{name}/")[2] for note in found]


def faults(name: str) -> list[str]:
    with pytest.raises(BadInput) as error:
        inputs(name)
    assert len(list(error.value.lines(words("nl")))) == len(str(error.value).splitlines())
    return [line.rpartition(f"{name}/")[2] for line in str(error.value).splitlines()]


def says(lines: list[str], *pieces: str) -> bool:
    return any(all(piece in line for piece in pieces) for line in lines)


def test_f04_the_first_line_names_the_separator() -> None:
    assert (len(people("f04_sep_line")), len(told("f04_sep_line", "straat"))) == (15, 3)


def test_f06_a_fault_on_every_row_is_one_line() -> None:
    (line,) = faults("f06_rownames")
    assert line.startswith("people.csv:2:-: '1' stands under no name")
    assert "rows: 2, 3, 4, 5, 6 and " in line


def test_f11_capitals_and_marks_make_no_bubble() -> None:
    name = "f11_case_and_invisible"
    assert told(name, "geslacht") == {"man": 9, "vrouw": 9}
    assert says(notes(name), "geslacht", "6 in all", "'man' (also Man (3))", "'vrouw' (also VROUW (3))")
    assert says(notes(name), "left out of", "geslacht")


def test_f12_a_space_that_does_not_break_is_a_space() -> None:
    name = "f12_nbsp_inside"
    assert set(told(name, "straat")) == {"Lange Laan"}
    assert says(notes(name), "left out of 9 cells", "row 3, 'straat'")


def test_f13_words_for_not_told_are_no_bubbles() -> None:
    name = "f13_not_told_words"
    assert told(name, "geslacht") == {"vrouw": 9}
    assert says(notes(name), "geslacht: read as not told, 8 in all", "N/A (1)")
    assert says(notes(name), "hardly anybody says so, 1 in all: geen (1)")


def test_f14_and_f15_languages_by_name_and_in_a_row() -> None:
    assert {person.languages for person in people("f14_comma_lists")} == {frozenset({"nl", "ar"})}
    assert {person.interests for person in people("f14_comma_lists")} == {frozenset({"koken", "tuin"})}
    assert says(notes("f14_comma_lists"), "interests", "koken, tuin (18)", "separated by |")
    assert says(notes("f14_comma_lists"), "nl, ar = nl + ar (18)")
    assert {person.languages for person in people("f15_language_names")} == {frozenset({"nl"})}
    assert says(notes("f15_language_names"), "Nederlands = nl (5)")


def test_f16_and_u45_ids_in_a_row() -> None:
    name = "f16_buddies_comma"
    assert next(person.buddies for person in people(name) if person.id == "p00") == {"p01", "p02"}
    assert says(notes(name), "buddies", "p01, p02 (1)", "separated by |")
    assert says(notes(name), "not named back", "2 in all: p00 – p01, p00 – p02")
    name = "u45_sessions_semicolon_list"
    both = {session.id for session in inputs(name).problem.sessions}
    assert [person.sessions for person in people(name)[::4]] == [both] * len(people(name)[::4])
    assert says(notes(name), "sessions", "separated by |")


def test_f18_yes_and_no_in_one_letter() -> None:
    assert [person.outspoken for person in people("f18_jn_flags")] == [True, False] * 9


def test_f20_a_band_that_became_a_date() -> None:
    (line,) = faults("f20_xlsx_band_became_date")
    assert line.startswith("people.xlsx:3:leeftijd: '2026-12-10' is a date")
    assert "2026-11-12" in line and "rows: 3, 4, 7, 8, 11 and " in line


def test_f21_an_error_of_a_spreadsheet_is_no_bubble() -> None:
    lines = faults("f21_xlsx_error_cells")
    assert [line.partition(";")[0] for line in lines] == [
        f"people.xlsx:{row}:geslacht: the error value #N/A of a spreadsheet" for row in (2, 8, 14)
    ]


def test_f22_the_table_is_on_the_second_sheet() -> None:
    name = "f22_xlsx_first_sheet_is_notes"
    assert len(people(name)) == 18
    assert says(notes(name), "read is the sheet 'Blad1', not Uitleg", "put it first")


def test_f33_commas_in_the_header_of_a_file_with_semicolons() -> None:
    name = "f33_comma_in_header_semicolon"
    assert len(people(name)) == 18
    assert {dimension for person in people(name) for dimension in person.bubbles} == {
        "geslacht, m/v",
        "straat (a,b,c,d)",
    }


def test_u21_what_nearly_nobody_shares_is_told_before_the_search() -> None:
    name = "u21_raw_age_and_postcode"
    assert says(notes(name), "'leeftijd' has 31 different numbers for 40 people", "[bands]", "leeftijd = [35, 50, 65]")
    assert says(notes(name), "'postcode' has 39 different values for 40 people")


def test_u48_without_a_language_somebody_counts_as_speaking_dutch() -> None:
    name = "u48_english_event"
    assert says(notes(name), f"{len(people(name))} without a language count as speaking nl")
    assert says(notes(name), "Dutch (nl) is no language of zaal")
