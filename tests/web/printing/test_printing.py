"""What leaves the printer: everything asked is on the paper, hostile text stays text, spreadsheets run nothing."""

import csv
import io
import re
import subprocess
from dataclasses import fields, is_dataclass, replace
from typing import Any

import openpyxl
import pytest

from tests.programs import PDFTOTEXT
from web.printing import (
    ConsentLine,
    GroupList,
    Letters,
    ListedGroup,
    ListedPerson,
    PaperForm,
    Poster,
    PosterTime,
    PrintedLetter,
    Question,
    group_list,
    group_list_csv,
    group_list_xlsx,
    letters,
    paper_form,
    papers,
    poster,
)
from web.printing.papers import form_data, poster_data
from web.printing.plain import plain, without_emoji
from web.printing.typesetting import fonts, typeset

pytestmark = pytest.mark.slow

POSTER = Poster(
    title="Samen koken",
    times=(PosterTime("Dinsdag 12 januari", "18.00–20.30", "De Brink, Brinkstraat 12"),),
    url="https://tafels.example/k7m2pq?via=poster",
    short_url="tafels.example/k7m2pq",
    intro="Je kookt met 7 buren.",
    contact="Fatma",
    phone="030 123 45 67",
    languages=("Nederlands", "العربية"),
    sender="Buurttafels",
)
FORM = PaperForm(
    title="Samen koken",
    code="K7M2PQ",
    times=("Dinsdag 12 januari, 18.00 uur", "Zaterdag 16 januari, 12.00 uur"),
    hand_in="De Brink",
    privacy="Acht weken na de laatste keer wissen we je gegevens.",
    intro="Je kookt met 7 buren.",
    languages=("Nederlands", "English"),
    url="https://buurt.example/zuid/koken",
    needs=("Rolstoel", "Oppas"),
    meal=True,
    diets=("Ik eet geen vlees", "Ik eet halal"),
    questions=(Question("Hoe oud ben je?", "Jong en oud aan één tafel.", ("15-25", "26-40"), several=True),),
    consents=(ConsentLine("Ja, gebruik mijn antwoorden.", "Zonder mag je ook meedoen."),),
    version="2025-1",
    contact="Fatma",
    phone="030 123 45 67",
    sender="Buurttafels",
)
AMINA = ListedPerson("Amina", "Nederlands", "Rolstoel", "Bart")
TABLE = ListedGroup("3", "De Brink", "Dinsdag, 18.00 uur", (AMINA, ListedPerson("Bart")), "Nederlands", "Chantal")
LIST = GroupList("Samen koken", "maandag, 16.02 uur", (TABLE, replace(TABLE, table="4")))
TOLD = (("Dag Bart,",), ("Wanneer: dinsdag 12 januari", "Waar: De Brink"), ("Groet van Buurttafels",))
LETTERS = Letters(
    "Buurttafels",
    (PrintedLetter("Bart", "De Brink", "Je hebt een plek", TOLD), PrintedLetter("Amina", "", "A place", TOLD, "en")),
)

DATA = {
    "poster": papers.poster_data,
    "form": papers.form_data,
    "list": papers.list_data,
    "letters": papers.letters_data,
}
PAPERS: dict[str, Any] = {"poster": POSTER, "form": FORM, "list": LIST, "letters": LETTERS}
PRINT: dict[str, Any] = {"poster": poster, "form": paper_form, "list": group_list, "letters": letters}

HOSTILE = {
    "typst": '#eval("1/0") *x* _y_ $z$ \\u{41} <a> @b `c` = // /* #import "/etc/passwd"',
    "quotes": "\"'\\ }{ ][ %s {name} {{7*7}} <script>",
    "long": "A" * 10_000,
    "wordy": "woord " * 2_000,
    "controls": "a\x00\x07\r\n\tb\ud800\u202ec\u2028",
    "scripts": "مريم שלום 漢字 👩‍👩‍👧 🇳🇱",
    "marks": "e" + "\u0301" * 500,
    "formula": "=1+1",
    "nothing": "",
}
KEPT = ("url", "reach", "lang")


def filled(value: Any, text: str) -> Any:
    """The same paper with this text wherever somebody can type."""
    if is_dataclass(value) and not isinstance(value, type):
        named = {f.name: getattr(value, f.name) for f in fields(value) if f.name not in KEPT}
        return replace(value, **{name: filled(held, text) for name, held in named.items()})
    if isinstance(value, tuple):
        return tuple(filled(inner, text) for inner in value)
    return text if isinstance(value, str) else value


def drawn(kind: str, paper: Any, lang: str = "nl") -> list[bytes]:
    """Every page as SVG."""
    found = typeset(kind, DATA[kind](paper, lang), "svg")
    return found if isinstance(found, list) else [found]


def glyphs(pages: list[bytes]) -> int:
    return sum(page.count(b"<use ") for page in pages)


@pytest.mark.parametrize("lang", ["nl", "en"])
@pytest.mark.parametrize("kind", PAPERS)
def test_every_paper_is_a_pdf_in_every_language(kind: str, lang: str) -> None:
    assert PRINT[kind](PAPERS[kind], lang).startswith(b"%PDF-")


@pytest.mark.parametrize("kind", PAPERS)
def test_papers_are_made_for_readers_aloud_too(kind: str) -> None:
    """PDF/UA: tagged, with a title and a language; a sign that no font has costs the label, never the paper."""
    assert b"pdfuaid" in PRINT[kind](PAPERS[kind])
    assert b"pdfuaid" not in PRINT[kind](filled(PAPERS[kind], "漢字"))


def test_a_language_without_words_of_its_own_prints_the_dutch() -> None:
    assert poster_data(POSTER, "de")["words"] == poster_data(POSTER, "nl")["words"]


def test_an_unknown_way_to_reach_somebody_is_refused() -> None:
    with pytest.raises(KeyError, match="pigeon"):
        paper_form(replace(FORM, reach=("pigeon",)))


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_every_way_to_reach_somebody_has_words(lang: str) -> None:
    words = form_data(FORM, lang)["words"]
    assert {key.removeprefix("ways.") for key in words if key.startswith("ways.")} == set(FORM.reach)
    assert all(form_data(FORM, lang)["reach"])


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("kind", PAPERS)
def test_hostile_text_makes_a_paper_all_the_same(kind: str, text: str) -> None:
    assert PRINT[kind](filled(PAPERS[kind], text)).startswith(b"%PDF-")


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_poster_is_one_page_whatever_it_says(text: str) -> None:
    assert len(drawn("poster", filled(POSTER, text))) == 1
    assert len(drawn("poster", replace(POSTER, times=POSTER.times * 60))) == 1


def test_what_looks_like_typst_is_printed_sign_by_sign() -> None:
    def signs(name: str) -> int:
        return glyphs(drawn("list", GroupList("t", "m", (replace(TABLE, people=(ListedPerson(name),)),))))

    # Digits beside it: where a word is hyphenated there is a sign more.
    assert signs("*x* _y_ $z$ #w [`v`]") == signs("111 222 333 44 55555")


@pytest.mark.parametrize("kind", PAPERS)
def test_every_field_reaches_the_paper(kind: str) -> None:
    """A field that no template reads is a question that nobody is asked."""
    paper = PAPERS[kind]
    before = drawn(kind, paper)
    for field in fields(paper):
        held = getattr(paper, field.name)
        if isinstance(held, bool):
            other: Any = not held
        elif isinstance(held, int):
            other = held + 1
        else:
            other = held[:-1] if isinstance(held, tuple) else "Wat anders"
        assert drawn(kind, replace(paper, **{field.name: other})) != before, field.name


@pytest.mark.parametrize("field", [f.name for f in fields(ListedPerson)])
def test_everything_about_a_person_reaches_the_list(field: str) -> None:
    other = replace(TABLE, people=(replace(AMINA, **{field: "Wat anders"}), *TABLE.people[1:]))
    assert drawn("list", replace(LIST, groups=(other,))) != drawn("list", replace(LIST, groups=(TABLE,)))


def test_more_times_than_a_page_holds_stand_on_the_back_of_the_form() -> None:
    """And the front says so: nobody hands in a form without a time."""
    call = [PDFTOTEXT.needed(), "-layout", "-", "-"]
    many = replace(FORM, questions=FORM.questions * 5, times=tuple(f"dinsdag {k} mei, 19.00–21.00" for k in range(60)))
    said = subprocess.run(call, input=paper_form(many), capture_output=True, check=True).stdout.decode()
    front, back = said.rstrip("\f").split("\f")
    assert "De tijden staan op de achterkant." in front
    assert "Draai om" in front
    assert "mei" not in front
    assert all(time in back for time in many.times)


def test_the_boxes_of_the_consents_are_separate_and_empty() -> None:
    """One more consent is one more box, of the same empty kind as the box of a moment."""
    frame = b'fill="none"'
    one, two = (sum(p.count(frame) for p in drawn("form", replace(FORM, consents=FORM.consents * n))) for n in (1, 2))
    assert two == one + 1


def test_a_language_is_printed_in_its_own_script() -> None:
    """A sign that no font has makes a paper that says it is not for readers aloud."""
    assert b"pdfuaid" in paper_form(replace(FORM, languages=("Nederlands", "ትግርኛ", "العربية")))


def test_each_time_on_a_poster_has_its_days_large_and_its_own_street() -> None:
    other = PosterTime("dinsdagen 1, 8 en 15 december", "19.00–21.00", "De Linde, Lindelaan 12")
    call = [PDFTOTEXT.needed(), "-layout", "-", "-"]
    paper = poster(replace(POSTER, times=(*POSTER.times, other)))
    said = subprocess.run(call, input=paper, capture_output=True, check=True).stdout.decode()
    assert "Brinkstraat 12" in said and "Lindelaan 12" in said and "dinsdagen 1, 8 en 15 december" in said


def test_dates_and_phone_of_a_poster_are_large_however_much_stands_on_it() -> None:
    """Letters of 5% of the width, and of 13 mm; a line of Noto Sans is 1.36 times as high as its letters."""
    other = PosterTime("dinsdagen 1, 8 en 15 december", "19.00–21.00", "De Linde, Lindelaan 12")
    for paper in (POSTER, replace(POSTER, times=(other,) * 4, intro="Je kookt en eet met buren. " * 4)):
        call = [PDFTOTEXT.needed(), "-bbox", "-", "-"]
        boxes = subprocess.run(call, input=poster(paper), capture_output=True, check=True).stdout.decode()
        found = re.findall(r'yMin="([\d.]+)" xMax="[\d.]+" yMax="([\d.]+)">([^<]+)<', boxes)
        high = {word: float(below) - float(above) for above, below, word in found}
        assert high[paper.times[0].days.split()[0]] >= 1.36 * 0.05 * 595
        assert high["030"] >= 1.36 * 13 / 25.4 * 72 - 1


def test_every_group_starts_on_a_page_of_its_own() -> None:
    assert len(drawn("list", LIST)) == 2
    assert len(drawn("list", replace(LIST, groups=()))) == 1


def test_the_machine_has_no_say_in_the_letters() -> None:
    carried = {"DejaVu Sans Mono", "Libertinus Serif", "New Computer Modern", "New Computer Modern Math"}
    assert set(fonts().families()) - carried == {"Noto Sans", "Noto Sans Arabic", "Noto Sans Ethiopic"}


def test_a_reader_finds_the_words_and_every_page_says_destroy() -> None:
    def read(pdf: bytes) -> str:
        call = [PDFTOTEXT.needed(), "-layout", "-", "-"]
        answer = subprocess.run(call, input=pdf, capture_output=True, check=True)
        return answer.stdout.decode()

    wall = " ".join(read(poster(POSTER)).split())
    for said in ("Meedoen is gratis.", "Je hebt geen account nodig.", POSTER.short_url, "Fatma: 030 123 45 67"):
        assert said in wall
    crowd = replace(LIST, groups=(replace(TABLE, people=(AMINA,) * 60),))
    pages = read(group_list(crowd)).rstrip("\f").split("\f")
    assert len(pages) > 2
    assert all("Vernietig deze lijst na afloop." in page and "maandag, 16.02 uur" in page for page in pages)
    assert HOSTILE["typst"][:20] in read(group_list(filled(LIST, HOSTILE["typst"])))


def test_plain_text_is_one_line_without_what_turns_or_hides() -> None:
    assert plain("a\x00\x07\r\n\tb\ud800\u202ec\u2028d") == "a bc d"
    assert plain("é") == "é"


def test_plain_text_that_is_too_long_is_cut_and_says_so() -> None:
    assert plain("a" * 300) == "a" * 300
    assert plain("a" * 301) == plain("a" * 10_000) == "a" * 299 + "…"
    assert plain(" " * 5_000 + "a").endswith("…")


@pytest.mark.parametrize(
    ("typed", "printed"), [("Zoë 🌷", "Zoë"), ("👩‍👩‍👧", "👩‍👩‍👧"), ("می‌خواهم", "می‌خواهم"), ("", "")]
)
def test_emoji_leave_the_paper_unless_they_are_the_name(typed: str, printed: str) -> None:
    assert without_emoji(typed) == printed


def read_csv(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))


def test_the_csv_opens_in_a_dutch_excel() -> None:
    data = group_list_csv(LIST)
    assert data.startswith(b"\xef\xbb\xbf")
    assert read_csv(data)[:2] == [
        ["Tafel", "Plaats", "Tijd", "Is er", "Voornaam", "Spreekt", "Nodig", "Samen met"],
        ["3", "De Brink", "Dinsdag, 18.00 uur", "", "Amina", "Nederlands", "Rolstoel", "Bart"],
    ]
    assert read_csv(group_list_csv(LIST, "en"))[0][4] == "First name"


@pytest.mark.parametrize("formula", ["=1+1", "+31", "-2", "@SUM(A1)", "\t=1+1", "\r=1", " =1", "'=1"])
def test_no_cell_is_a_formula(formula: str) -> None:
    paper = filled(LIST, formula)
    cells = [cell for row in read_csv(group_list_csv(paper))[1:] for cell in row if cell]
    assert cells and all(cell.startswith("'") for cell in cells)
    book = openpyxl.load_workbook(io.BytesIO(group_list_xlsx(paper)))
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None}
    assert kinds == {"s"}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_makes_spreadsheets_all_the_same(text: str) -> None:
    paper = filled(LIST, text)
    assert len(read_csv(group_list_csv(paper))) == 5
    assert len(openpyxl.load_workbook(io.BytesIO(group_list_xlsx(paper))).sheetnames) == 2


def test_the_workbook_has_a_sheet_per_group_with_room_for_who_comes_in() -> None:
    book = openpyxl.load_workbook(io.BytesIO(group_list_xlsx(LIST)))
    assert book.sheetnames == ["Tafel 3", "Tafel 4"]
    sheet = book["Tafel 3"]
    assert [cell.value for cell in sheet[3]] == ["Is er", "Voornaam", "Spreekt", "Nodig", "Samen met"]
    assert [cell.value for cell in sheet["B"][3:]] == ["Amina", "Bart", None, None, None]
    assert sheet.oddFooter.left.text == "Vernietig deze lijst na afloop."
    assert "maandag, 16.02 uur" in sheet["A2"].value


def test_a_workbook_without_groups_says_so() -> None:
    assert openpyxl.load_workbook(io.BytesIO(group_list_xlsx(replace(LIST, groups=())))).sheetnames == ["Geen groepen"]


@pytest.mark.parametrize("make", [group_list, group_list_csv, group_list_xlsx, lambda _: poster(POSTER)])
def test_the_same_values_give_the_same_file(make: Any) -> None:
    assert make(LIST) == make(LIST)
