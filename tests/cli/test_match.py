"""run.py match: files in, files out, and what it says about them."""

import csv
import json
import os
import signal
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from matcher.domain import Plan
from matcher.messages import Message
from matcher.outcome import Bounds
from matcher.words import words
from tests.cli.conftest import NO_ROOM, Engine, Run
from tests.tables.folder import Folder

TOGETHER = "The search found no new group of those without a seat that keeps all firm rules. More time to search."
FILES = ["groups.xlsx", "plan.csv", "report.html", "report.json", "unplaced.csv"]
KEYS = {
    "people",
    "placed",
    "placed_bound",
    "placed_priority",
    "placed_priority_bound",
    "bridging",
    "bridging_bound",
    "gap_percent",
    "worst_group",
    "breaches",
    "met_again",
    "distinct_pairs",
    "distinct_pairs_bound",
    "groups",
    "seconds",
    "iterations",
    "seed",
    "phases",
    "stopped_by",
    "input_sha256",
    "format_sha256",
    "versions",
}


def rows(path: str) -> list[list[str]]:
    with open(path, encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream))


def report() -> dict[str, Any]:
    told: dict[str, Any] = json.loads(Path("out/report.json").read_text("utf-8"))
    return told


def test_a_plan_is_written(folder: Folder, run: Run, engine: Engine) -> None:
    folder.write({"sessions.csv": "id,groups\nmon,1\n"})
    folder.write({"people.csv": "id,age,colour\namina,old,red\nbart,young,red\nchantal,old,blue\ndirk,young,blue\n"})
    answer = run("match", *folder.arguments(), "--out", "out")
    assert answer.exit_code == 0, answer.output
    assert sorted(os.listdir("out")) == FILES
    seats = [["1", "mon", "1", "nl", "", person] for person in ("amina", "bart", "chantal")]
    assert rows("out/plan.csv") == [
        ["round", "session", "group", "language", "facilitator", "person"],
        *seats,
    ]
    told = ["dirk", *map(words("en").say, NO_ROOM)]
    assert rows("out/unplaced.csv") == [["person", "reason", "what_would_help"], told]


def test_the_summary_says_what_was_reached(folder: Folder, run: Run, engine: Engine) -> None:
    engine.rooms = 1
    answer = run("match", *folder.arguments(), "--out", "out", "--workers", "1")
    assert answer.stdout.splitlines() == [
        "Placed 3 of 4 people in 1 group; at most 4 is possible.",
        "Bridging 3.0 of at most 6.0 for as many people (gap 50.0%); the least mixed group reaches 1.00 a person.",
        "No rule is broken.",
        "1 person has no place:",
        f"      1  {TOGETHER}",
        "Searched 0.1 s, 7 iterations; stopped by their number.",
        "To get this very plan again: --iterations 7 --seed 1 --workers 1",
        "Files in out: plan.csv, unplaced.csv, report.json, report.html, groups.xlsx",
    ]
    assert answer.stderr == ""


def test_the_gap_beside_two_figures_is_theirs_and_what_wishes_cost_is_told_apart(
    folder: Folder, run: Run, engine: Engine
) -> None:
    engine.rooms = 1
    engine.more = {"bounds": Bounds(4, 4, 4, 6.0, 6, 6.0, quality=4.5)}
    said = run("match", *folder.arguments(), "--out", "out", "--workers", "1").stdout
    assert "of at most 6.0 for as many people (gap 50.0%; 25.0% with what wishes and sizes off the target cost)" in said


def test_who_waits_for_the_first_search_is_told_why(
    folder: Folder, run: Run, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("matcher.cli.composing.prepared", lambda: False)
    assert "Preparing the search" in run("match", *folder.arguments(), "--out", "out").stderr


def test_the_report_holds_all_that_the_contract_names(folder: Folder, run: Run, engine: Engine) -> None:
    run("match", *folder.arguments(), "--out", "out", "--seed", "5", "--iterations", "9")
    told = report()
    assert told.keys() >= KEYS
    assert (told["people"], told["placed"], told["seed"], told["stopped_by"]) == (4, 3, 5, "iterations")
    assert told["budget"] == {"seconds": None, "iterations": 9}
    assert told["groups"][0]["people"] == ["amina", "bart", "chantal"]
    assert told["groups"][0]["mix"] == {"age": {"old": 2, "young": 1}, "colour": {"blue": 1, "red": 2}}
    assert [reason["person"] for reason in told["unplaced"]] == ["dirk"]
    assert told["versions"].keys() == {"python", "ortools", "numba", "numpy", "pandas", "re-bubbelen"}
    inputs = folder.read()
    assert (told["input_sha256"], told["format_sha256"]) == (inputs.input_sha256, inputs.format_sha256)


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        ([], {"seconds": 10.0, "iterations": None, "seed": 1, "workers": 2}),
        (["--seconds", "2.5"], {"seconds": 2.5, "iterations": None}),
        (["--iterations", "7", "--seed", "3"], {"seconds": None, "iterations": 7, "seed": 3}),
    ],
)
def test_the_engine_gets_the_budget(
    folder: Folder, run: Run, engine: Engine, words: list[str], asked: dict[str, Any]
) -> None:
    run("match", *folder.arguments(), "--out", "out", *words)
    assert engine.asked.items() >= asked.items()
    assert engine.asked["stop"] == [False, False]


@pytest.mark.parametrize("seconds", ["0", "-1", "nan", "inf", "1e9", "x"])
def test_time_is_a_number_of_seconds(folder: Folder, run: Run, engine: Engine, seconds: str) -> None:
    answer = run("match", *folder.arguments(), "--out", "out", "--seconds", seconds)
    assert (answer.exit_code, engine.asked) == (2, {})


def test_nobody_can_be_placed(folder: Folder, run: Run, engine: Engine) -> None:
    engine.rooms = 0
    engine.more = {"relaxations": (Message.of("relaxation.nothing"),), "warnings": (Message.of("warning.no_weight"),)}
    answer = run("match", *folder.arguments(), "--out", "out")
    assert answer.exit_code == 3
    assert sorted(os.listdir("out")) == FILES
    assert answer.stdout.splitlines()[:5] == [
        "Warning: No dimension has a weight: the groups are not mixed on purpose.",
        "Nobody of 4 people was placed; at most 4 is possible.",
        "4 people have no place:",
        f"      4  {TOGETHER}",
        "What would help: None of the changes that were tried would place more people: a rule as a wish, a smaller "
        "group, one more group or facilitator, more seats.",
    ]
    assert len(rows("out/unplaced.csv")) == 5
    assert len(rows("out/plan.csv")) == 1


def test_all_faults_are_told_and_nothing_is_written(folder: Folder, run: Run, engine: Engine) -> None:
    folder.write({"people.csv": "id,priority\na,x\na,\n", "format.toml": "goal = 1\n", "met.csv": ""})
    answer = run("match", *folder.arguments(), "--out", "out")
    assert answer.exit_code == 2
    assert answer.stdout == ""
    assert answer.stderr.splitlines() == [
        "people.csv:2:priority: 'x' cannot be used; a whole number from 0 to 1000",
        "people.csv:3:id: 'a' stands here twice; every row needs an id of its own",
        "met.csv:1:-: the file is empty; a header row with a, b, and rows below it",
        "format.toml:1:goal: '1' is not one of bridging, bonding; write for instance \"bridging\"",
    ]
    assert not Path("out").exists()
    assert engine.asked == {}


def test_what_is_odd_but_not_wrong_is_noted(folder: Folder, run: Run, engine: Engine) -> None:
    people = "id,age,colour,languges\namina,old,red,ar\nbart,old,red,ar\n"
    folder.write({"people.csv": people, "met.csv": "a,b\namina,bart\namina,zoe\n"})
    answer = run("match", *folder.arguments(), "--out", "out")
    assert answer.stderr.splitlines() == [
        "Note: people.csv: the column 'languges' is read as a dimension; did you mean 'languages'?",
        "Note: people.csv: the format does not use languges",
        "Note: met.csv: 1 of 2 pairs name somebody who is not among the people",
    ]
    assert answer.exit_code == 0
    assert "1 meeting is of people who met before." in answer.stdout


def test_ctrl_c_writes_the_best_plan_so_far(
    folder: Folder, run: Run, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = engine.plan

    def interrupted(problem: Any) -> Any:
        # A solver may leave Ctrl-C as it likes it.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        engine.asked["progress"](None)
        os.kill(os.getpid(), signal.SIGINT)
        engine.asked["stop"].append(engine.asked["progress"](None))
        return plan(problem)

    monkeypatch.setattr(engine, "plan", interrupted)
    answer = run("match", *folder.arguments(), "--out", "out")
    assert engine.asked["stop"] == [False, False, True]
    assert answer.exit_code == 0
    assert "Stopping with the best plan so far" in answer.stderr
    assert sorted(os.listdir("out")) == FILES


def test_formulas_are_harmless_and_come_back(folder: Folder, run: Run, engine: Engine) -> None:
    folder.write({"people.csv": "id,age,colour\n=1+1,old,red\n'-x,old,red\n@y,young,blue\n"})
    folder.write({"sessions.csv": "id,groups\n=mon,1\n"})
    run("match", *folder.arguments(), "--out", "out")
    seats = [(row[1], row[5]) for row in rows("out/plan.csv")[1:]]
    assert seats == [("'=mon", "'-x"), ("'=mon", "'=1+1"), ("'=mon", "'@y")]
    answer = run("check", "--plan", "out/plan.csv", *folder.arguments())
    assert answer.exit_code == 0, answer.output


def test_a_plan_is_written_over_another_one_only_when_asked(folder: Folder, run: Run, engine: Engine) -> None:
    run("match", *folder.arguments(), "--out", "out")
    before = Path("out/plan.csv").read_bytes()
    folder.write({"people.csv": "id,age,colour\nels,old,red\nfin,old,red\n"})
    engine.asked = {}
    answer = run("match", *folder.arguments(), "--out", "out")
    right = "name a new folder, or add --force to write over that plan"
    assert answer.stderr == f"out:1:--out: holds a plan already; {right}\n"
    assert (answer.exit_code, engine.asked, Path("out/plan.csv").read_bytes()) == (2, {}, before)
    assert run("match", *folder.arguments(), "--out", "new").exit_code == 0
    assert run("match", *folder.arguments(), "--out", "out", "--force").exit_code == 0
    assert Path("out/plan.csv").read_bytes() == Path("new/plan.csv").read_bytes() != before


def test_names_stand_in_the_lists_of_the_evening_and_nowhere_else(folder: Folder, run: Run, engine: Engine) -> None:
    people = (
        "id,name,age,colour,needs,buddies\na1,Amina Ünal,old,red,lift,a2\na2,Bart=x,young,red,,a1\na3,,old,blue,,\n"
    )
    folder.write({"people.csv": people + "a4,Zoë Zonderplek,old,red,,\n"})
    folder.write({"sessions.csv": "id,groups,access\nmon,1,lift\n", "facilitators.csv": "id,name\nlea,Léa Leider\n"})
    plan = engine.plan
    engine.plan = lambda problem: Plan(tuple(replace(g, facilitator="lea") for g in plan(problem).groups))  # type: ignore[method-assign]
    answer = run("match", *folder.arguments(), "--out", "out")
    assert answer.exit_code == 0, answer.output
    book = openpyxl.load_workbook("out/groups.xlsx")
    cells = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    for name in ("Amina Ünal (a1)", "Bart=x (a2)", "Zoë Zonderplek (a4)", "Léa Leider (lea)", "a3"):
        assert name in cells
    assert any("lift (Amina Ünal (a1))" in cell for cell in cells)
    others = set(os.listdir("out")) - {"groups.xlsx"}
    for word in ("Amina", "Bart", "Zonderplek", "Leider"):
        assert [name for name in sorted(others) if word in Path("out", name).read_text("utf-8")] == []
        assert word not in answer.output
    told = report()["input_sha256"]
    folder.write({"people.csv": people.replace("Amina Ünal", "") + "a4,,old,red,,\n"})
    assert folder.read().input_sha256 == told
