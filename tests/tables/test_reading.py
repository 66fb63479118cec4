"""Files as spreadsheets save them: encodings, separators, quotes, workbooks; and files that are no table."""

import time
import tracemalloc
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from matcher.domain import Participant
from matcher.tables.reading import LARGEST
from matcher.tables.sheet import as_text
from tests.tables.folder import GOOD, Folder

pytestmark = pytest.mark.slow

PEOPLE = "id,age,colour,sessions\nzoë,été,€5,mon|tue\nbas,oud,rood,\n"
TOLD = {"age": frozenset({"été"}), "colour": frozenset({"€5"})}
ENCODINGS = ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"]


def first(folder: Folder) -> Participant:
    people = {person.id: person for person in folder.read().problem.people}
    return people["zoë"]


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_any_spreadsheet_can_be_read(folder: Folder, encoding: str, separator: str, newline: str) -> None:
    text = PEOPLE.replace(",", separator).replace("\n", newline)
    person = first(folder.write({"people.csv": text.encode(encoding)}))
    assert person.bubbles == TOLD
    assert person.sessions == {"mon", "tue"}


def test_a_bar_within_quotes_is_still_a_list(folder: Folder) -> None:
    person = first(folder.write({"people.csv": 'id,age,colour,sessions\nzoë,"a,b|c","say ""x""","mon|tue|mon"\n'}))
    assert person.bubbles == {"age": frozenset({"a,b", "c"}), "colour": frozenset({'say "x"'})}
    assert person.sessions == {"mon", "tue"}


def test_spaces_blank_rows_and_missing_cells_do_not_matter(folder: Folder) -> None:
    folder.write({"people.csv": "\n id , AGE, age,colour ,Sessions,\n\n zoë , x| |y ,,\n,,,,\n"})
    person = first(folder.write({"format.toml": "[bridging]\nAGE = 1\n"}))
    assert person.bubbles == {"AGE": frozenset({"x", "y"})}
    assert person.sessions == frozenset()


def test_rows_are_counted_as_in_a_spreadsheet(folder: Folder) -> None:
    folder.write({"people.csv": "\n\nid,age,colour,priority\n\nzoë,,,x\n"})
    assert folder.faults() == ["people.csv:5:priority: 'x' cannot be used; a whole number from 0 to 1000"]


def test_one_letter_may_be_written_in_two_ways(folder: Folder) -> None:
    composed, decomposed = "zo\u00eb", "zoe\u0308"
    folder.write({"people.csv": f"id,age,colour,buddies\n{decomposed},a,b,\nbas,a,b,{composed}\n"})
    assert [sorted(person.buddies) for person in folder.read().problem.people] == [["zoë"], []]


def workbook(rows: list[list[object]]) -> bytes:
    book, data = openpyxl.Workbook(), BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(data)
    return data.getvalue()


def test_a_workbook_is_read_as_its_first_sheet(folder: Folder) -> None:
    rows = [["id", "age", "colour", "priority", "outspoken"], [None], [7, "old", 3.0, 2, True]]
    (person,) = folder.write({"people.csv": workbook(rows)}).read().problem.people
    assert person.id == "7"
    assert person.bubbles == {"age": frozenset({"old"}), "colour": frozenset({"3"})}
    assert (person.priority, person.outspoken) == (2, True)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"PK\x03\x04 and no more", "is not a readable Excel file; save it again as .xlsx or as CSV"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "is an old Excel file; save it as .xlsx or as CSV"),
        (b"id,\x81\n", "is not text in UTF-8, UTF-16 or Windows-1252; save it as CSV in UTF-8"),
        (b" " * (LARGEST + 1), "is larger than 32 MB; split the file and match each part"),
        (
            b'id,age\n"' + b"x" * 140_000,
            "cannot be read (field larger than field limit (131072)); close every",
        ),
        (workbook([]), "the file is empty; a header row with id, and rows below it"),
    ],
    ids=["damaged workbook", "old workbook", "no text", "large", "open quote", "empty workbook"],
)
def test_a_file_that_is_no_table_is_refused(folder: Folder, data: bytes, told: str) -> None:
    (line,) = folder.write({"people.csv": data}).faults()
    assert told in line


def test_a_folder_is_no_file(folder: Folder, tmp_path: Path) -> None:
    (tmp_path / "people.csv").unlink()
    (tmp_path / "people.csv").mkdir()
    (line,) = folder.faults()
    assert line == "people.csv:1:-: cannot be read (Is a directory); name a file with a table"


def test_a_million_rows_are_refused_at_once(folder: Folder) -> None:
    rows = (f"p{i},old,red,mon,," for i in range(1_000_000))
    folder.write({"people.csv": GOOD["people.csv"].partition("\n")[0] + "\n" + "\n".join(rows)})
    tracemalloc.start()
    began = time.process_time()
    lines = folder.faults()
    seconds, peak = time.process_time() - began, tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert lines == ["people.csv:50002:-: more than 50,000 people; split the file and match each part"]
    assert seconds < 10
    assert peak < 400 * 2**20


def test_50_000_people_are_read_in_seconds(folder: Folder) -> None:
    rows = (f"p{i},old,red,mon|tue,p{i ^ 1}," for i in range(50_000))
    folder.write({"people.csv": GOOD["people.csv"].partition("\n")[0] + "\n" + "\n".join(rows)})
    began = time.process_time()
    assert len(folder.read().problem.people) == 50_000
    assert time.process_time() - began < 15


def test_only_so_many_faults_are_shown(folder: Folder) -> None:
    header, row = ",".join(f"c{i // 2}" for i in range(600)), "," * 599
    lines = folder.write({"people.csv": f"id,age,colour,{header}\nx,,,{row}\n"}).faults()
    assert len(lines) == 201
    assert lines[-1] == "and 100 more"


def test_one_fault_on_every_row_is_one_line(folder: Folder) -> None:
    rows = "".join(f"p{i},old,red,{'sun' if i % 2 else 'sat'},,\n" for i in range(1000))
    assert folder.write({"people.csv": GOOD["people.csv"] + rows + "q,old,red,,zoe,\n"}).faults() == [
        "people.csv:6:sessions: unknown session 'sat'; known: mon, tue (1000 rows: 6, 7, 8, 9, 10 and 995 more;"
        " other values: sun)",
        "people.csv:1006:buddies: unknown person 'zoe'; known: amina, bart, chantal, dirk, p0, p1, p2, p3, p4, p5,"
        " p6, p7, p8, p9, p10, p11, p12, p13, p14, p15 and 985 more",
    ]


@pytest.mark.parametrize("rows", [1, 2, 3])
def test_a_fault_on_a_few_rows_is_told_row_by_row(folder: Folder, rows: int) -> None:
    more = "".join(f"p{i},old,red,sun,,\n" for i in range(rows))
    assert len(folder.write({"people.csv": GOOD["people.csv"] + more}).faults()) == rows


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (float("nan"), ""),
        (3.0, "3"),
        (0.5, "0.5"),
        (True, "true"),
        ({"b", "a"}, "a|b"),
        ([2, "x"], "2|x"),
    ],
)
def test_values_become_text(value: object, text: str) -> None:
    assert as_text(value) == text
