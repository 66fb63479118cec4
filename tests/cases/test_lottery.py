"""The lottery with bubbles of nobody, households, who drops out, and a clock that runs out."""

import csv
from collections import Counter
from itertools import count
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from matcher.cli import door
from matcher.lottery import Quota, lottery
from matcher.lottery.quotas import one_per_household
from matcher.lottery.replacing import NotChosenError, replaced
from tests.cases import DATA
from tests.lottery.cases import people, quotas
from tests.lottery.oracle import leximin, meets

pytestmark = pytest.mark.slow


def run(name: str, out: Path, *words: str) -> Result:
    files = ["--people", str(DATA / name / "people.csv"), "--quotas", str(DATA / name / "quotas.csv")]
    return CliRunner().invoke(door, ["lottery", *files, "--places", "30", "--out", str(out), *words])


def column(path: Path, name: str) -> list[str]:
    with open(path, encoding="utf-8", newline="") as stream:
        return [row[name] for row in csv.DictReader(stream)]


def test_a_line_for_a_bubble_of_nobody_is_kept_with_a_note(tmp_path: Path) -> None:
    answer = run("l01_quota_value_nobody_0_0", tmp_path)
    assert answer.exit_code == 0, answer.output
    assert "row 4: nobody belongs to 'anders'" in answer.stderr
    assert "row 16: nobody belongs to '0-15'" in answer.stderr


def test_of_a_household_at_most_one_has_a_place_unless_said_otherwise(tmp_path: Path) -> None:
    name = "l04_household"
    home = dict(zip(*(column(DATA / name / "people.csv", key) for key in ("id", "household")), strict=True))

    def most(*words: str) -> tuple[int, bool]:
        answer = run(name, tmp_path, *words)
        panels = column(tmp_path / "portfolio.csv", "people")
        together = max(max(Counter(home[id] for id in panel.split("|")).values()) for panel in panels)
        return together, "at most one person of a household is chosen" in answer.stderr

    assert (most(), most("--no-household")) == ((1, True), (2, False))


def test_a_reserved_column_is_no_dimension(tmp_path: Path) -> None:
    answer = run("l14_household_type_quota", tmp_path)
    assert answer.exit_code == 2
    assert [line.partition("quotas.csv")[2] for line in answer.stderr.splitlines()] == [
        ":16:dimension: 'household' is a column with a meaning of its own, and no dimension; "
        "give that column of the people another name, also here"
    ]


def test_households_leave_chances_as_equal_as_they_can_be() -> None:
    folk = people("""
        id  | age   | household
        ann | old   | h1
        bo  | young | h1
        cy  | old   | h2
        dan | old   | h2
        eve | young |
        fay | old   |
    """)
    lines = [*quotas("age old 1-2\nage young 1-2"), *one_per_household(folk)]
    assert [q.bubble for q in lines[2:]] == ["h1", "h2"]
    found = lottery(folk, lines, 3)
    assert found.proven
    assert found.probabilities == pytest.approx(leximin(folk, lines, 3), abs=1e-6)


def test_who_drops_out_is_replaced_by_the_first_in_reserve_who_fits(tmp_path: Path) -> None:
    name = "l04_household"
    run(name, tmp_path)
    reserve = column(tmp_path / "reserve.csv", "person")
    assert run(name, tmp_path, "--draw", "123456").exit_code == 0
    first = column(tmp_path / "selected.csv", "person")
    assert sorted(reserve) == column(DATA / name / "people.csv", "id") and reserve != sorted(reserve)
    gone = [first[3], first[17]]
    answer = run(name, tmp_path, "--draw", "123456", "--replace", ",".join(gone))
    assert answer.exit_code == 0, answer.output
    chosen, instead = column(tmp_path / "selected.csv", "person"), column(tmp_path / "replaced.csv", "instead")
    assert set(chosen) == {*first, *instead} - set(gone) and len(chosen) == 30
    asked = [*csv.reader((DATA / name / "quotas.csv").open())][1:]
    with open(DATA / name / "people.csv", encoding="utf-8", newline="") as stream:
        told = {row["id"]: row for row in csv.DictReader(stream)}
    lines = [Quota(dimension, bubble, int(low), int(high)) for dimension, bubble, low, high in asked]
    lines += one_per_household(told)
    assert meets(told, lines, chosen)
    # Whoever stands earlier in reserve would have broken a line in the place of the first.
    left = [id for id in first if id != gone[0]]
    for earlier in reserve[: reserve.index(instead[0])]:
        assert earlier in {*left, *gone} or not meets(told, lines, [*left, earlier])
    again = run(name, tmp_path, "--draw", "123456", "--replace", ",".join([*gone, instead[0]]))
    assert column(tmp_path / "replaced.csv", "instead")[:2] == instead, again.output


def test_a_place_goes_to_who_is_nearest_to_the_quotas_and_never_to_a_second_of_a_household() -> None:
    folk = people("""
        id  | age   | household
        ann | old   | h1
        bo  | young | h1
        cy  | young | h2
        dan | old   |
        eve | old   |
    """)
    lines = [*quotas("age old 1-1\nage young 1-1"), *one_per_household(folk)]
    reserve = ["bo", "eve", "dan", "cy", "ann"]
    chosen, changes = replaced(folk, lines, ["ann", "cy"], reserve, ["cy"])
    assert chosen == ("ann", "eve")
    assert [(c.gone, c.instead, [str(q) for q in c.missed]) for c in changes] == [
        ("cy", "eve", ["age 'old' 1 to 1", "age 'young' 1 to 1"])
    ]
    # Bo may, once nobody of that household has a place.
    assert replaced(folk, lines, ["ann", "cy"], reserve, ["ann", "cy"])[0] == ("bo", "eve")
    with pytest.raises(NotChosenError):
        replaced(folk, lines, ["ann", "cy"], reserve, ["dan"])


def test_replacing_needs_a_draw_and_somebody_with_a_place(tmp_path: Path) -> None:
    name = "l04_household"
    assert run(name, tmp_path, "--replace", "r0001").exit_code == 2
    answer = run(name, tmp_path, "--draw", "1", "--replace", "nobody")
    assert answer.exit_code == 2
    assert answer.stderr.splitlines()[-1] == "--replace:1:-: 'nobody' has no place; somebody of selected.csv"


def test_time_that_runs_out_leaves_a_lottery_that_says_so() -> None:
    folk = {f"p{i}": {"a": "xyz"[i % 3], "b": "uv"[i % 2 if i < 9 else 0]} for i in range(14)}
    lines = quotas("a x 1-2\na y 1-2\na z 1-2\nb u 2-3\nb v 1-2")
    ticks = count()
    stopped = lottery(folk, lines, 4, seconds=3, clock=lambda: float(next(ticks)))
    assert stopped.feasible and not stopped.proven
    assert all(meets(folk, lines, panel.people) for panel in stopped.portfolio)
    proven = lottery(folk, lines, 4, seconds=1e9)
    assert proven.proven and stopped.maximin <= proven.maximin <= stopped.bound + 1e-6


def test_a_draw_reads_what_was_published_also_where_the_clock_had_stopped_it(tmp_path: Path) -> None:
    name = "l04_household"
    assert "stopped before it was proven" in run(name, tmp_path, "--seconds", "0.001").output
    before = (tmp_path / "portfolio.csv").read_text("utf-8")
    assert run(name, tmp_path, "--draw", "999999").exit_code == 0
    assert (tmp_path / "portfolio.csv").read_text("utf-8") == before
    assert sorted(before.splitlines()[-1].rpartition(",")[2].split("|")) == column(tmp_path / "selected.csv", "person")
