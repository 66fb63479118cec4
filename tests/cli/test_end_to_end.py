"""The whole way with the real engine: from files to a plan, its check, the same plan again, and a repair."""

import csv
import json
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Run
from tests.tables.folder import Folder

ROOT = Path(__file__).resolve().parents[2]
FORMAT = """\
name = "tea"
facilitator = "required"
[size]
min = 3
target = 4
max = 5
[bridging]
age = 1.0
colour = 0.5
[[rule]]
name = "never_alone"
dimension = "age"
firm = true
"""
LEADERS = "id,max_groups\nlea,2\nkim,2\njan,2\n"
BUDGET = ["--iterations", "20000", "--workers", "1"]


def neighbours(count: int) -> str:
    draw = random.Random(1)
    rows = [
        [
            f"p{i:02}",
            draw.choice(["old", "young"]),
            draw.choice(["red", "blue", ""]),
            draw.choice(["", "mon", "tue"]),
        ]
        for i in range(count)
    ]
    return "\n".join(["id,age,colour,sessions", *(",".join(row) for row in rows), ""])


@pytest.fixture(autouse=True)
def tea(folder: Folder) -> Folder:
    folder.write({"people.csv": neighbours(24), "format.toml": FORMAT})
    sessions = "mon,3,2027-01-11T19:00,2027-01-11T21:00\ntue,2,2027-01-12T19:00,2027-01-12T21:00\n"
    return folder.write({"sessions.csv": f"id,groups,start,end\n{sessions}", "facilitators.csv": LEADERS})


def test_both_solvers_fit_into_one_process() -> None:
    """Two packages with a shared library of the same name take each other's."""
    for order in ("matcher.bound, matcher.lottery.engine", "matcher.lottery.engine, matcher.bound"):
        answer = subprocess.run([sys.executable, "-c", f"import {order}"], cwd=ROOT, capture_output=True, check=False)
        assert answer.returncode == 0, answer.stderr[-300:]


def report(out: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(Path(out, "report.json").read_text("utf-8"))
    return told


def test_a_plan_is_valid_and_can_be_made_again(tea: Folder, run: Run) -> None:
    answer = run("match", *tea.arguments(), "--out", "out", *BUDGET)
    assert answer.exit_code == 0, answer.output
    told = report("out")
    assert told["placed"] >= 15
    assert told["placed"] <= told["placed_bound"]
    assert told["bridging"] <= told["bridging_bound"] * (1 + 1e-9)
    assert [breach for breach in told["breaches"] if breach["firm"]] == []
    checked = run("check", "--plan", "out/plan.csv", *tea.arguments())
    assert (checked.exit_code, checked.stdout.splitlines()[-1]) == (0, "Valid.")
    again = ["--iterations", str(told["iterations"]), "--workers", "1", "--out", "again"]
    assert run("match", *tea.arguments(), *again).exit_code == 0
    assert Path("again/plan.csv").read_bytes() == Path("out/plan.csv").read_bytes()


def test_whoever_has_no_place_has_a_reason(tea: Folder, run: Run) -> None:
    tea.write({"people.csv": neighbours(40)})
    assert run("match", *tea.arguments(), "--out", "out", *BUDGET).exit_code == 0
    with open("out/unplaced.csv", encoding="utf-8", newline="") as stream:
        unplaced = list(csv.DictReader(stream))
    assert len(unplaced) == 40 - report("out")["placed"]
    assert all(row["reason"] and row["what_would_help"] for row in unplaced)


def test_nobody_can_come(tea: Folder, run: Run) -> None:
    tea.write({"facilitators.csv": "id,max_groups\nlea,0\n"})
    answer = run("match", *tea.arguments(), "--out", "out", *BUDGET)
    assert answer.exit_code == 3, answer.output
    assert "Nobody of 24 people can be placed." in answer.stdout
    assert report("out")["placed"] == 0


@pytest.mark.parametrize(
    "people",
    [
        "id,age,colour\n" + "".join(f"p{i},old,\n" for i in range(9)),
        "id,age,colour\n" + "".join(f"p{i},,b{i}\n" for i in range(9)),
    ],
    ids=["one bubble", "a bubble per person"],
)
def test_odd_dimensions_make_a_plan_all_the_same(tea: Folder, run: Run, people: str) -> None:
    tea.write({"people.csv": people})
    answer = run("match", *tea.arguments(), "--out", "out", *BUDGET)
    assert answer.exit_code == 0, answer.output
    assert report("out")["placed"] == 9


def test_weights_of_zero_everywhere_make_a_plan(tea: Folder, run: Run) -> None:
    tea.write({"format.toml": FORMAT.replace("age = 1.0", "age = 0").replace("colour = 0.5", "colour = 0")})
    assert run("match", *tea.arguments(), "--out", "out", *BUDGET).exit_code == 0
    assert (report("out")["bridging"], report("out")["gap_percent"]) == (0, 0)


def test_a_repair_moves_few(tea: Folder, run: Run) -> None:
    run("match", *tea.arguments(), "--out", "out", *BUDGET)
    before = report("out")
    gone = before["groups"][0]["people"][0]
    tea.write({"added.csv": "id,age,colour\nnew,old,red\n"})
    words = ["--plan", "out/plan.csv", "--cancelled", gone, "--added", "added.csv", "--out", "mended"]
    answer = run("repair", *words, *tea.arguments(), *BUDGET)
    assert answer.exit_code == 0, answer.output
    told = report("mended")
    assert told["placed"] >= before["placed"] - 1
    assert told["repair"]["cancelled"] == [gone]
    assert told["repair"]["lost"] == []
    assert len(told["repair"]["moved"]) <= 4


@pytest.mark.slow
def test_the_example_says_what_to_open(folder: Folder, run: Run) -> None:
    answer = run("example", "--out", "out", "--iterations", "3000000")
    assert answer.exit_code == 0, answer.output
    assert answer.stdout.startswith("944 people who answered a survey in 1996, 18 sessions")
    assert answer.stdout.rstrip().endswith(
        "Open out/report.html in a browser, and out/groups.xlsx for the lists of the evening."
    )
    assert report("out")["placed"] >= 900
