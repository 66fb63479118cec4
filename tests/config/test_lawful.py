"""Questions that the law protects, and words that no resident should read, do not get in (promises 1, 2, 4)."""

from __future__ import annotations

import pytest

from config import load, unwelcome
from tests.config.folder import Folder

QUESTION = """
[{key}]
question = {{ nl = "{question}", en = "What about you?" }}
reason = {{ nl = "Zo mengen we.", en = "This way we mix." }}
several = false
{more}
[{key}.bubbles]
a = {{ nl = "{bubble}", en = "This" }}
b = {{ nl = "Dat", en = "That" }}
"""


def ask(folder: Folder, key: str = "extra", question: str = "Wat?", bubble: str = "Dit", more: str = "") -> int:
    """Add a question; the line where it begins."""
    path = folder.path / "dimensions.toml"
    before = path.read_text("utf-8")
    path.write_text(before + QUESTION.format(key=key, question=question, bubble=bubble, more=more), "utf-8")
    return before.count("\n") + 2


@pytest.mark.parametrize(
    "said",
    [
        {"key": "religion"},
        {"key": "country_of_birth"},
        {"key": "afkomst"},
        {"question": "Waar ben je geboren?"},
        {"question": "Wat is je GELOOF?"},
        {"question": "Op welke politieke partij stem je?"},
        {"question": "Hoe is je gezondheid?"},
        {"question": "Wat is je geaardheid?"},
        {"question": "Eet je halal?"},
        {"bubble": "Ik eet koosjer"},
        {"bubble": "Ik ben allergisch"},
        {"bubble": "Ik kom vaak in de kerk"},
        {"bubble": "Bij de moskee"},
        {"bubble": "Ik ben lid van een vakbond"},
        {"bubble": "Ik heb een beperking"},
        {"bubble": "Ik ben homoseksueel"},
    ],
    ids=str,
)
def test_a_special_dimension_is_refused(folder: Folder, said: dict[str, str]) -> None:
    line = ask(folder, **said)
    fault = folder.fault()
    assert (fault.row, fault.column) == (line, said.get("key", "extra"))
    assert "AVG art. 9" in fault.what
    assert "special = true with a legal_basis and a dpia" in fault.right


def test_a_special_dimension_needs_a_basis_and_a_dpia(folder: Folder) -> None:
    ask(folder, key="religion", more="special = true")
    assert [fault.right.partition(" =")[0] for fault in folder.faults()] == ["add legal_basis", "add dpia"]


@pytest.mark.parametrize("empty", ["legal_basis", "dpia"])
def test_an_empty_basis_is_none(folder: Folder, empty: str) -> None:
    given = {"legal_basis": "art. 9 lid 2 a AVG", "dpia": "DPIA 2027-3"} | {empty: ""}
    ask(folder, key="religion", more="special = true\n" + "\n".join(f'{k} = "{v}"' for k, v in given.items()))
    assert folder.fault().column == f"religion.{empty}"


def test_a_special_dimension_with_both_is_marked(folder: Folder) -> None:
    ask(folder, key="religion", more='special = true\nlegal_basis = "art. 9 lid 2 a AVG"\ndpia = "DPIA 2027-3"')
    religion = load(folder.path).dimension("religion")
    assert (religion.special, religion.legal_basis, religion.dpia) == (True, "art. 9 lid 2 a AVG", "DPIA 2027-3")


@pytest.mark.parametrize(
    "question", ["Wat is je postcode?", "Welke taal spreek je?", "Wat is je mening?", "Wat is je BSN?"]
)
def test_what_never_mixes_groups_is_no_dimension_even_when_special(folder: Folder, question: str) -> None:
    ask(folder, question=question, more='special = true\nlegal_basis = "x"\ndpia = "y"')
    assert "is no dimension" in folder.fault().what


@pytest.mark.parametrize(
    "bubble", ["Op het terras", "Met vervoer of transport", "Een verslag", "Op het gras", "Op de racefiets"]
)
def test_everyday_words_are_no_offence(folder: Folder, bubble: str) -> None:
    ask(folder, bubble=bubble)
    assert load(folder.path).dimension("extra").bubble("a").texts["nl"] == bubble


@pytest.mark.parametrize(
    "word", ["polarisatie", "Radicalisering", "allochtonen", "autochtoon", "doelgroepen", "uit je bubbel"]
)
@pytest.mark.parametrize(
    ("file", "old"),
    [
        ("settings.toml", "Koken"),
        ("dimensions.toml", "Hoe oud ben je?"),
        ("dimensions.toml", "Ik woon alleen"),
        ("formats/dialoog.toml", "Buurttafel"),
    ],
)
def test_no_resident_reads_a_word_that_makes_the_gap(folder: Folder, file: str, old: str, word: str) -> None:
    line = folder.change(file, f'"{old}"', f'"Tegen {word} nu"')
    fault = folder.fault()
    assert fault.row == line
    assert word in fault.what


def test_the_name_of_the_product_is_welcome() -> None:
    assert unwelcome("Re-bubbelen: je hoort bij meer kringen") == ""
