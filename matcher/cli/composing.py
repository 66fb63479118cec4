"""From files to files: read, search, write and tell; shared by match, repair and example."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import click

import matcher
from matcher.cli.progress import BudgetOptions, ProgressBar
from matcher.cli.telling import summary, tell_notes
from matcher.domain import Problem
from matcher.faults import BadInput, Fault
from matcher.messages import Message
from matcher.outcome import Result
from matcher.report import write_html, write_xlsx
from matcher.search.chain import warm_up
from matcher.search.compiled import prepared
from matcher.tables.files import Files, read_inputs
from matcher.tables.plans import COLUMNS, UNPLACED, plan_rows, unplaced_rows
from matcher.tables.problem import Inputs
from matcher.tables.record import record_of, versions
from matcher.tables.writing import Write, csv_of, json_of, write_all
from matcher.words import LANGUAGE, words

LONGEST_START = 4.0
"""Seconds of starting the search that count: compiling it, once in an installation, is not part of a run."""
PLAN = "plan.csv"
NOBODY = 3
BROKEN = 1
_EXAMPLE_FILES = ("people.csv", "sessions.csv", "facilitators.csv", "format.toml")
EXAMPLE = Path(matcher.__file__).parents[1] / "examples" / "anes96"

Search = Callable[[Problem, BudgetOptions, ProgressBar], Result]


def compose(
    out: Path, begun: float, force: bool, seconds: float, iterations: int | None, seed: int, workers: int, **files: Any
) -> int:
    """Match from files; the exit code. The run has been going on since `begun`."""
    loaded = time.perf_counter()
    inputs = read_inputs(Files(**files))
    check_new(out, force)
    read = time.perf_counter()
    prepare()
    spent = loaded - begun + min(LONGEST_START, time.perf_counter() - read)
    budget = BudgetOptions(seconds, iterations, seed, workers).after(spent, reading=read - loaded)
    return run(inputs, out, budget, _match)


def demonstrate(out: Path, **budget: Any) -> int:
    """Match the example that comes along; the exit code."""
    inputs = read_inputs(Files(**{name.partition(".")[0]: EXAMPLE / name for name in _EXAMPLE_FILES}))
    problem = inputs.problem
    groups = sum(session.groups for session in problem.sessions)
    click.echo(f"{len(problem.people)} people who answered a survey in 1996, {len(problem.sessions)} sessions with")
    click.echo(f"room for {groups} groups, {len(problem.facilitators)} facilitators (from {EXAMPLE}).\n")
    code = run(inputs, out, BudgetOptions(**budget), _match)
    click.echo(f"\nOpen {out / 'report.html'} in a browser, and {out / 'groups.xlsx'} for the lists of the evening.")
    return code


def _match(problem: Problem, budget: BudgetOptions, watch: ProgressBar) -> Result:
    result: Result = matcher.match(problem, **budget.arguments(), progress=watch)
    return result


def run(
    inputs: Inputs,
    out: Path,
    budget: BudgetOptions,
    search: Search,
    more: Callable[[Result], Mapping[str, Any]] = lambda _: {},
) -> int:
    """Search within a budget, write what was found and tell it; the exit code."""
    check_folder(out)
    tell_notes(inputs.notes)
    prepare()
    with ProgressBar(budget) as watch:
        result = search(inputs.problem, budget, watch)
    facts = _facts(inputs, budget, result) | dict(more(result))
    written = write(out, _files(inputs, result, facts))
    for line in summary(inputs.problem, result, budget.workers):
        click.echo(line)
    click.echo(f"Files in {out}: {', '.join(path.name for path in written)}")
    return _code(result)


def prepare() -> None:
    """Compile the search where it is used for the first time, and say so."""
    if not prepared():
        click.echo("Preparing the search: once after an installation, about half a minute.", err=True)
    warm_up()


def _code(result: Result) -> int:
    if any(breach.firm for breach in result.breaches):
        click.echo("This plan breaks a firm rule: do not use it, and please report it.", err=True)
        return BROKEN
    return 0 if result.figures.placed else NOBODY


def _facts(inputs: Inputs, budget: BudgetOptions, result: Result) -> dict[str, Any]:
    return {
        "created": datetime.now().astimezone().isoformat(timespec="seconds"),
        "seed": budget.seed,
        "workers": budget.workers,
        "budget": {"seconds": None if budget.iterations else budget.seconds, "iterations": budget.iterations},
        "input_sha256": inputs.input_sha256,
        "format_sha256": inputs.format_sha256,
        "versions": versions(),
        "notes": [words(LANGUAGE).say(note) for note in inputs.notes],
    }


def _files(inputs: Inputs, result: Result, facts: Mapping[str, Any]) -> dict[str, Write]:
    problem = inputs.problem
    return {
        PLAN: csv_of(COLUMNS, plan_rows(problem, result.plan)),
        "unplaced.csv": csv_of(UNPLACED, unplaced_rows(problem, result)),
        "report.json": json_of(record_of(problem, result, facts)),
        "report.html": lambda path: write_html(path, problem, result, dict(facts)),
        "groups.xlsx": lambda path: write_xlsx(path, problem, result, dict(facts), names=inputs.names),
    }


def check_new(out: Path, force: bool) -> None:
    """A plan that people were told is not written over by accident. Raises BadInput."""
    if not force and (out / PLAN).exists():
        raise BadInput([Fault(str(out), 1, "--out", Message.of("fault.holds_plan"), Message.of("fix.new_folder"))])


def check_folder(out: Path) -> None:
    """Tell before a long search that nothing could be written after it. Raises BadInput."""
    write(out, {})


def write(out: Path, files: Mapping[str, Write], absent: Iterable[str] = ()) -> list[Path]:
    """Write the files. Raises BadInput where the folder does not take them."""
    try:
        return write_all(out, files, absent)
    except OSError as error:
        what = Message.of("fault.unwritable", why=error.strerror or str(error))
        raise BadInput([Fault(str(out), 1, "--out", what, Message.of("fix.folder"))]) from None
