"""The lists to print: complete, legal for a spreadsheet, and without any bubble."""

import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook import Workbook

from matcher.messages import DimensionName, Message, NeedKey
from matcher.report import write_xlsx
from tests.report import plans
from tests.report.plans import FACTS, Case

Made = Callable[[], Case]
each_case = pytest.mark.parametrize("made", plans.CASES)


def book(folder: Path, case: Case, lang: str = "nl") -> Workbook:
    write_xlsx(folder / "groups.xlsx", *case, FACTS, lang=lang)
    return openpyxl.load_workbook(folder / "groups.xlsx")


def content(folder: Path) -> str:
    with zipfile.ZipFile(folder / "groups.xlsx") as parts:
        return "".join(parts.read(name).decode() for name in parts.namelist())


def cells(workbook: Workbook) -> list[object]:
    return [c.value for sheet in workbook for row in sheet.iter_rows() for c in row if c.value is not None]


@each_case
def test_a_sheet_for_all_one_per_session_and_one_for_who_has_no_place(made: Made, tmp_path: Path) -> None:
    problem, result = made()
    names = book(tmp_path, (problem, result)).sheetnames
    assert names[0] == "Overzicht" and names[-1] == "Geen plek"
    assert len(names) == 2 + len({g.session for g in result.plan.groups})
    assert len({n.lower() for n in names}) == len(names)
    assert all(0 < len(n) <= 31 and not set(n) & set("[]:*?/\\'") and n.lower() != "history" for n in names)


@each_case
def test_nothing_is_a_formula_and_nothing_is_a_macro(made: Made, tmp_path: Path) -> None:
    workbook = book(tmp_path, made())
    assert {c.data_type for sheet in workbook for row in sheet.iter_rows() for c in row} <= {"s", "n"}
    assert all(isinstance(value, str | int) for value in cells(workbook))
    text = content(tmp_path)
    assert "<f>" not in text and "vbaProject" not in text
    assert 'TargetMode="External"' not in text


@each_case
def test_every_seat_stands_on_the_sheet_of_its_session(made: Made, tmp_path: Path) -> None:
    _, result = made()
    workbook = book(tmp_path, made())
    rows = [r for sheet in workbook.worksheets[1:-1] for r in sheet.iter_rows(min_row=4, values_only=True)]
    seats = Counter((r[0], r[2]) for r in rows if isinstance(r[0], int))
    assert seats == Counter((g.number, p) for p, g in result.plan.seats())


@each_case
def test_everybody_without_a_place_is_on_the_last_sheet(made: Made, tmp_path: Path) -> None:
    problem, result = made()
    left = {p.id for p in problem.people} - result.plan.placed() | {r.person for r in result.reasons}
    sheet = book(tmp_path, (problem, result)).worksheets[-1]
    assert Counter(r[0] for r in sheet.iter_rows(min_row=4, values_only=True)) == Counter(left)


@each_case
def test_no_bubble_is_anywhere(made: Made, tmp_path: Path) -> None:
    problem, result = made()
    workbook = book(tmp_path, (problem, result))
    bubbles = {b for p in problem.people for held in p.bubbles.values() for b in held} - {"x"}
    said = [str(value) for value in cells(workbook)]
    assert [(b, s) for b in bubbles for s in said if b in s] == []


def test_a_reason_that_tells_a_bubble_is_told_without_it(tmp_path: Path) -> None:
    problem, result = plans.ordinary()
    on_age, help = {"dimension": DimensionName("age_band")}, plans.MORE_GROUPS
    personal = Message.private("reason.alone", **on_age)
    by_a_need = Message.of("reason.access", needs=(NeedKey("65+"),))
    case = (
        problem,
        plans.replace(
            result,
            reasons=(
                plans.Reason("p014", personal, help, "never_alone: age_band"),
                plans.Reason("p015", by_a_need, help, "access"),
                plans.Reason("p016", plans.FULL, help, "seats"),
            ),
        ),
    )
    rows = list(book(tmp_path, case).worksheets[-1].iter_rows(min_row=4, max_row=6, values_only=True))
    assert rows[0][3:] == ("Regel: Nooit de enige. De uitleg staat in het verslag.", None)
    assert rows[1][3:] == ("Regel: Toegankelijk. De uitleg staat in het verslag.", None)
    full = "Alle groepen op de tijden die kunnen, zijn vol (mensen: 21, plekken: 14)."
    assert rows[2][3:] == (full, "Maak een groep meer in tijdvak mon.")


def test_a_group_reads_as_its_facilitator_needs_it(tmp_path: Path) -> None:
    sheet = book(tmp_path, plans.ordinary())["mon"]
    rows = [[c.value for c in row] for row in sheet.iter_rows(max_row=8)]
    assert rows[0][0] == "Maandag 11 januari 2027, 19.00–21.30 uur – De Brink"
    assert rows[1][0] == "2 groepen · 14 mensen · Tijdvak mon"
    assert rows[2] == ["Groep", "Nr.", "Deelnemer", "Talen", "Nodig", "Maatje", "Aanwezig"]
    assert rows[3][0] == "Groep 1 · gespreksleider: f1 · taal: Nederlands · 7 mensen"
    assert rows[4][:6] == [1, 1, "p000", "Nederlands", "ringleiding", "p001"]
    assert rows[5][:6] == [1, 2, "p001", "Nederlands", None, "p000"]
    assert rows[7][3] == "Arabisch, Nederlands"


def test_the_overview_leads_to_the_sheets_and_adds_up(tmp_path: Path) -> None:
    sheet = book(tmp_path, plans.ordinary())["Overzicht"]
    assert sheet["A4"].hyperlink.location == "'mon'!A1"
    rows = list(sheet.iter_rows(min_row=4, values_only=True))
    assert rows[0][:6] == ("mon", "Maandag 11 januari 2027, 19.00–21.30 uur", "De Brink", 1, 7, "f1")
    assert rows[0][7] == "ringleiding (p000)"
    assert rows[-1][:5] == ("Totaal", None, None, 2, 14)


def test_a_series_has_a_box_for_every_date(tmp_path: Path) -> None:
    sheet = book(tmp_path, plans.several_answers())["s"]
    assert [c.value for c in sheet[3]][6:] == ["ma 11 jan", "ma 18 jan"]


def test_rounds_are_told(tmp_path: Path) -> None:
    workbook = book(tmp_path, plans.rounds())
    assert workbook.sheetnames == ["Overzicht", "r1", "r2", "r3", "Geen plek"]
    assert workbook["r2"]["A2"].value == "Ronde 2 · 2 groepen · 12 mensen · Tijdvak r2"
    assert [row[5] for row in workbook["Overzicht"].iter_rows(min_row=3, max_row=5, values_only=True)] == [
        "Ronde",
        1,
        1,
    ]


@each_case
def test_every_sheet_is_ready_for_paper(made: Made, tmp_path: Path) -> None:
    for sheet in book(tmp_path, made()):
        assert sheet.page_setup.orientation == "landscape" and sheet.page_setup.paperSize == 9
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
        assert sheet.print_title_rows == "$1:$3" and sheet.freeze_panes == "A4"
        assert sheet.oddFooter.left.text == "Vernietig deze lijst na afloop"
        assert all(sheet.column_dimensions[c].width for c in "ABC")


def test_a_page_never_breaks_inside_a_group(tmp_path: Path) -> None:
    problem, result = plans.large()
    sheet = book(tmp_path, (problem, result)).worksheets[1]
    breaks = [b.id for b in sheet.row_breaks.brk]
    assert breaks and all(str(sheet.cell(b + 1, 1).value).startswith("Groep ") for b in breaks)


def test_what_people_typed_stays_text_even_when_it_is_edited(tmp_path: Path) -> None:
    workbook = book(tmp_path, plans.hostile())
    found = [c for row in workbook.worksheets[1].iter_rows(min_row=4) for c in row if c.value == "=cmd()"]
    assert [(c.data_type, c.quotePrefix) for c in found] == [("s", True)]
    assert max(len(str(value)) for value in cells(workbook)) <= 32_767


def test_the_same_plan_gives_the_same_file(tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        write_xlsx(tmp_path / name, *plans.ordinary(), {})
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
