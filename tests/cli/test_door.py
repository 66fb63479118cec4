"""The door: help that needs no manual, one sentence for what goes wrong, files all at once or not at all."""

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import matcher.cli.composing
from tests.cli.conftest import Engine, Run, found
from tests.tables.folder import Folder

ROOT = Path(__file__).resolve().parents[2]
COMMANDS = ["bench", "check", "example", "lottery", "match", "repair"]
POINTS = {
    "match": [
        "--iterations",
        "any other column is a dimension",
        "share_cap  dimension",
        "Example:",
        "unplaced.csv",
    ],
    "check": ["--json", "locked.csv", "1 firm rules are broken", "never_alone  dimension"],
    "repair": ["--cancelled", "--added", "default: 20", "facilitators.csv"],
    "lottery": ["--draw", "portfolio.csv", "quotas.csv", "3 nobody can be chosen"],
    "example": ["944 real survey respondents", "examples/anes96"],
    "bench": ["peers|people|mdgp|golfer|scale", "--assignment", "--schedule"],
}


def outside(*words: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "run.py"), *words]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, encoding="utf-8", check=False)


def test_the_door_names_its_commands() -> None:
    answer = outside("--help")
    assert answer.returncode == 0
    assert [command for command in COMMANDS if f"\n  {command} " not in answer.stdout] == []


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_is_the_manual(run: Run, command: str) -> None:
    answer = run(command, "--help")
    assert answer.exit_code == 0
    assert [point for point in POINTS[command] if point not in answer.output] == []
    assert max(len(line) for line in answer.output.splitlines()) <= 120


def test_bad_input_comes_out_of_the_door(folder: Folder) -> None:
    folder.write({"people.csv": ""})
    answer = outside("match", *folder.arguments(), "--out", "out", cwd=folder.path)
    told = "people.csv:1:-: the file is empty; a header row with id, and rows below it\n"
    assert (answer.returncode, answer.stdout, answer.stderr) == (2, "", told)


def test_an_unknown_command_is_refused(run: Run) -> None:
    assert run("mtch").exit_code == 2


@pytest.mark.parametrize(
    ("error", "code", "told"),
    [
        (RuntimeError("no\nsuch   luck"), 70, "This should not have happened (RuntimeError: no such luck)."),
        (MemoryError(), 70, "There is not enough memory (MemoryError: )."),
        (KeyboardInterrupt(), 130, "Stopped; nothing was written."),
    ],
)
def test_no_traceback(
    folder: Folder,
    run: Run,
    engine: Engine,
    monkeypatch: pytest.MonkeyPatch,
    error: BaseException,
    code: int,
    told: str,
) -> None:
    def fail(problem: Any) -> None:
        raise error

    monkeypatch.setattr(engine, "plan", fail)
    answer = run("match", *folder.arguments(), "--out", "out")
    assert answer.exit_code == code
    assert answer.stderr.startswith(told)
    assert answer.stderr.count("\n") == 1
    assert os.listdir("out") == []
    if code == 70:
        assert "Traceback" in run("--debug", "match", *folder.arguments(), "--out", "out").stderr


def test_a_plan_against_a_firm_rule_is_not_passed_off_as_valid(folder: Folder, run: Run, engine: Engine) -> None:
    folder.write({"people.csv": "id,age,colour,apart\na,old,red,b\nb,old,red,\n"})
    answer = run("match", *folder.arguments(), "--out", "out")
    assert answer.exit_code == 1
    assert "breaks a firm rule" in answer.stderr


def test_an_earlier_plan_survives_a_failure(
    folder: Folder, run: Run, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("match", *folder.arguments(), "--out", "out")
    before = {name: Path("out", name).read_bytes() for name in os.listdir("out")}

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(matcher.cli.composing, "write_xlsx", full)
    answer = run("match", *folder.arguments(), "--out", "out", "--seed", "9", "--force")
    assert answer.exit_code == 2
    right = "name a folder that you may write to"
    assert answer.stderr == f"out:1:--out: cannot be written (No space left on device); {right}\n"
    assert {name: Path("out", name).read_bytes() for name in os.listdir("out")} == before


def test_a_file_is_no_folder(folder: Folder, run: Run, engine: Engine) -> None:
    Path("out").write_text("a file")
    answer = run("match", *folder.arguments(), "--out", "out")
    assert answer.stderr == "out:1:--out: cannot be written (File exists); name a folder that you may write to\n"
    assert (answer.exit_code, engine.asked) == (2, {})


class Terminal(SimpleNamespace):
    """Standard error that says that somebody looks at it."""

    def isatty(self) -> bool:
        return True


def test_progress_is_shown_to_whoever_looks(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    from matcher.cli.progress import BudgetOptions, ProgressBar
    from matcher.outcome import Progress

    told: list[str] = []
    monkeypatch.setattr(sys, "stderr", Terminal(write=told.append, flush=lambda: None))
    with ProgressBar(BudgetOptions(10.0, None, 1, 2)) as watch:
        assert watch(Progress("search", 930, 944, 3000.0, 3200.0, 5, 5.0)) is False
    shown = "".join(told)
    assert "search: 930 of at most 944 placed, mixing 93.8% of its bound" in shown
    assert "50%" in shown


def test_bench_is_handed_on(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    bench = SimpleNamespace(main=lambda *words, **options: asked.append((words, options)))
    monkeypatch.setitem(sys.modules, "matcher.bench", bench)
    assert run("bench", "golfer", "8", "4", "7", "--seconds", "3", "--schedule", "s.csv").exit_code == 0
    options = {"seconds": 3.0, "assignment": None, "schedule": Path("s.csv")}
    assert asked == [(("golfer", ("8", "4", "7")), options)]
    assert run("bench", "golfer", "8").exit_code == 2


def test_the_stand_in_gives_results(folder: Folder, engine: Engine) -> None:
    problem = folder.read().problem
    assert found(problem, engine.plan(problem)).figures.placed == 3
