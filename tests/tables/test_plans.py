"""Plans out and in again, and files that are all there or not at all."""

import csv
import os
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.domain import Group, Plan, Problem, Session
from matcher.faults import BadInput, FaultList
from matcher.tables.plans import COLUMNS, PLAN, plan_of, plan_rows
from matcher.tables.reading import read_table
from matcher.tables.table import cleaned, escaped
from matcher.tables.writing import csv_of, write_all

PROBLEM = Problem((), (Session("b", 2, round=1), Session("a", 2, round=2)), None)  # type: ignore[arg-type]
PLAN_ = Plan((Group("a", 1, ("p1", "p2"), "nl", "lea"), Group("b", 2, ("=p3", "'+p4"), "ar")))


def read(path: Path) -> Plan:
    faults = FaultList()
    plan = plan_of(read_table(path, PLAN, faults), faults)
    faults.stop()
    return plan


def test_a_plan_comes_back_as_it_went(tmp_path: Path) -> None:
    csv_of(COLUMNS, plan_rows(PROBLEM, PLAN_))(tmp_path / "plan.csv")
    lines = (tmp_path / "plan.csv").read_text("utf-8").splitlines()
    assert lines[1:3] == ["1,b,2,ar,,'=p3", "1,b,2,ar,,''+p4"]
    back = read(tmp_path / "plan.csv")
    assert [(g.session, g.number, set(g.people)) for g in back.groups] == [
        (g.session, g.number, set(g.people)) for g in PLAN_.groups
    ]


def test_a_plan_made_by_hand(tmp_path: Path) -> None:
    (tmp_path / "plan.csv").write_text("person;session;group\nx;mon;1\n\ny;mon;1\nz;tue;2\n")
    assert read(tmp_path / "plan.csv") == Plan((Group("mon", 1, ("x", "y")), Group("tue", 2, ("z",))))


def test_a_plan_without_seats_is_a_plan(tmp_path: Path) -> None:
    (tmp_path / "plan.csv").write_text(",".join(COLUMNS) + "\n")
    assert read(tmp_path / "plan.csv") == Plan()


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (
            ["mon,1,x,nl,", "mon,1,x,nl,"],
            ["3:person: 'x' sits here twice; one row for every person in a group"],
        ),
        (
            ["mon,0,x,,", "mon,,y,,"],
            ["2:group: '0' cannot be used; a whole number of 1 or more", "3:group: is empty;"],
        ),
        ([",1,,,"], ["2:person: is empty; write an id", "2:session: is empty; write an id"]),
        (
            ["mon,1,x,nl,lea", "mon,1,y,ar,kim"],
            ["3:language: 'ar', but 'nl' in row 2;", "3:facilitator: 'kim', but"],
        ),
    ],
)
def test_a_plan_that_contradicts_itself(tmp_path: Path, rows: list[str], told: list[str]) -> None:
    (tmp_path / "plan.csv").write_text("\n".join(["session,group,person,language,facilitator", *rows]))
    with pytest.raises(BadInput) as error:
        read(tmp_path / "plan.csv")
    lines = [line.partition("plan.csv:")[2] for line in str(error.value).splitlines()]
    assert all(line.startswith(start) for line, start in zip(lines, told, strict=True)), lines


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=8))
def test_no_cell_is_a_formula_and_every_cell_comes_back(text: str) -> None:
    cell = cleaned(escaped(text))
    assert escaped(cell)[:1] not in ("=", "+", "-", "@")
    assert cleaned(escaped(cell)) == cell


@given(st.lists(st.text(max_size=5), min_size=1, max_size=4))
def test_rows_survive_quotes_separators_and_line_breaks(row: list[str]) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "x.csv"
        csv_of(["x"] * len(row), [row])(path)
        with path.open(encoding="utf-8", newline="") as stream:
            assert [len(cells) for cells in csv.reader(stream)] == [len(row)] * 2


def test_files_are_written_together_or_not_at_all(tmp_path: Path) -> None:
    out = tmp_path / "new" / "out"
    write_all(
        out,
        {"a": lambda path: path.write_text("1") and None, "b": lambda path: path.write_text("1") and None},
    )

    def fail(path: Path) -> None:
        path.write_text("half")
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        write_all(out, {"a": lambda path: path.write_text("2") and None, "b": fail})
    assert {name: (out / name).read_text() for name in os.listdir(out)} == {"a": "1", "b": "1"}
    write_all(out, {"a": lambda path: path.write_text("3") and None}, absent=["a", "b", "c"])
    assert {name: (out / name).read_text() for name in os.listdir(out)} == {"a": "3"}
