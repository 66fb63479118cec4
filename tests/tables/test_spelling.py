"""One bubble in many spellings is not split in silence, and what differs in a letter or an accent stays apart."""

from __future__ import annotations

from unicodedata import normalize

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matcher.faults import FaultList
from matcher.messages import Message
from matcher.tables.people import PEOPLE, People, people_of
from matcher.tables.sheet import SheetRow
from matcher.tables.silence import is_nothing, is_silence
from matcher.tables.spelling import folded, near
from matcher.tables.tabling import tabled

WORDS = [
    "A",
    "Ä",
    "AA",
    "Å",
    "o'r",
    "or",
    "o r",
    "café",
    "cafe",
    "straße",
    "strasse",
    "18-29",
    "18-30",
    "1 2",
    "12",
    "ı",
    "i",
]
"""No two of these are one bubble."""
GAPS = [" ", "\u00a0", "  ", "\u2009", " \u200b"]
UNSEEN = ["", "", "", "\u200b", "\ufeff", "\u00ad", "\u200e"]
SILENT = ["", "-", "–", "?", "N/A", "n.v.t.", "Onbekend", "weet niet", "Prefer not to say"]


@st.composite
def dirty(draw: st.DrawFn, word: str) -> str:
    """A spelling of a word as a keyboard, a form or a spreadsheet leaves it."""
    # Capital i is that of the letter with a dot; ß has no capital of its own here.
    cases = [str, str.upper, str.capitalize] if not set(word) & set("ßıi") else [str]
    text = draw(st.sampled_from(cases))(word)
    text = "".join(draw(st.sampled_from(GAPS)) if sign == " " else sign for sign in text)
    text = text.replace("-", draw(st.sampled_from("-–‑"))).replace("'", draw(st.sampled_from("'’")))
    text = normalize(draw(st.sampled_from(["NFC", "NFD"])), text)
    at = draw(st.integers(0, len(text)))
    outside = [draw(st.sampled_from(["", " ", "\u00a0"])) for _ in range(2)]
    return outside[0] + text[:at] + draw(st.sampled_from(UNSEEN)) + text[at:] + outside[1]


CELLS = st.sampled_from([*WORDS, ""]).flatmap(
    lambda word: st.tuples(st.just(word), dirty(word) if word else st.sampled_from(SILENT))
)


def read(cells: list[str], column: str = "d") -> People:
    faults = FaultList()
    records = [SheetRow(1, ("id", column)), *(SheetRow(n + 2, (f"p{n:03}", cell)) for n, cell in enumerate(cells))]
    people = people_of([tabled("people.csv", records, PEOPLE, faults)], None, faults)
    faults.stop()
    assert people is not None
    return people


def keys(notes: list[Message]) -> set[str]:
    return {note.key for note in notes}


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(CELLS, min_size=1, max_size=20))
def test_who_means_the_same_is_in_one_bubble_and_nobody_else(cells: list[tuple[str, str]]) -> None:
    people = read([cell for _, cell in cells])
    means = {f"p{n:03}": word for n, (word, _) in enumerate(cells)}
    bubble = {id: min(person.bubbles["d"]) if person.bubbles else "" for id, person in people.people.items()}
    assert {(means[id], bubble[id]) for id in means} == {(word, bubble[id]) for id, word in means.items()}
    pairs = {(means[id], bubble[id]) for id in means}
    assert len(pairs) == len({word for word, _ in pairs}) == len({value for _, value in pairs})
    assert all((word == "") == (value == "") for word, value in pairs)
    # What is read as something else than it looks like is told.
    looks = {normalize("NFC", cell).strip(" ") for word, cell in cells if word}
    if len(looks) > len({value for value in bubble.values() if value}):
        assert keys(people.notes) & {"note.spelling", "note.marks"}
    silent = sum(bool(cell) for word, cell in cells if not word)
    assert sum(note["n"] for note in people.notes if note.key == "note.not_told") == silent  # type: ignore[misc]


@given(st.sampled_from(WORDS), st.data())
def test_folding_again_changes_nothing(word: str, data: st.DataObject) -> None:
    spelling = data.draw(dirty(word))
    assert folded(folded(spelling)) == folded(spelling)
    assert folded("A") != folded("Ä") != folded("a")


def test_the_commonest_spelling_is_kept() -> None:
    people = read(["Lange Laan", "lange laan", "lange laan", "LANGE  LAAN", "Korte Laan"])
    assert [min(person.bubbles["d"]) for person in people.people.values()] == ["lange laan"] * 4 + ["Korte Laan"]
    (note,) = (note for note in people.notes if note.key == "note.spelling")
    assert note["n"] == 2


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ({"vrouw": 9, "vrow": 1}, [("vrow", "vrouw")]),
        ({"vrouw": 9, "vruow": 1}, [("vruow", "vrouw")]),
        ({"Caféstraat": 8, "Cafestraat": 1}, [("Cafestraat", "Caféstraat")]),
        ({"Lange Laan": 8, "LangeLaan": 2}, [("LangeLaan", "Lange Laan")]),
        ({"vrouw": 3, "vrow": 1}, []),
        ({"18-29": 8, "18-30": 1}, []),
        ({"straat a": 8, "straat b": 1}, []),
        ({"oost": 8, "west": 1, "man": 8, "ma": 1}, []),
    ],
)
def test_slips_are_near_a_common_value(counts: dict[str, int], told: list[tuple[str, str]]) -> None:
    assert list(near(counts)) == told


@pytest.mark.parametrize(
    "word", ["Geen antwoord", "weet ik niet", "N.V.T.", "n/a", "NA", "—", "...", "Don’t know", "(onbekend)"]
)
def test_no_answer(word: str) -> None:
    assert is_silence(word) and is_nothing(word)


@pytest.mark.parametrize("word", ["na", "geen", "nee", "anders", "NB", "0", "+", "niet binair", "blanco", "nl"])
def test_an_answer(word: str) -> None:
    assert not is_silence(word)
    assert is_nothing(word) == (word in ("geen", "nee"))


def test_none_is_an_answer_where_people_share_it() -> None:
    people = read(["geen", "Geen", *["katholiek"] * 30])
    assert sum("d" in person.bubbles for person in people.people.values()) == 32
    assert keys(people.notes) >= {"note.unclear", "note.spelling"}
    people = read(["geen", *["katholiek"] * 18])
    assert sum("d" in person.bubbles for person in people.people.values()) == 18
    assert "note.unclear_silent" in keys(people.notes)


def test_beside_plus_a_minus_is_an_answer() -> None:
    assert {min(person.bubbles["d"]) for person in read(["+", "-", "++", "-"]).people.values()} == {"+", "-", "++"}
