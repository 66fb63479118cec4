"""The work of repair: a published plan, who left and who joined, to a plan with few moves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

import matcher
from matcher.changes import Changes, changes
from matcher.cli.composing import check_new, run
from matcher.cli.progress import BudgetOptions, ProgressBar
from matcher.cli.telling import counted
from matcher.domain import Problem
from matcher.outcome import Result
from matcher.tables.files import Files
from matcher.tables.mending import read_mending

_WORDS = {"lost": "lost their place", "absent": "can no longer come to a session they were told"}
_BUDGET = ("seconds", "iterations", "seed", "workers")


def mend(out: Path, force: bool, plan: Path, cancelled: str | None, keep: float, **given: Any) -> int:
    """Repair from files; the exit code."""
    budget = BudgetOptions(**{name: given.pop(name) for name in _BUDGET})
    mending = read_mending(Files(**given), plan, cancelled)
    check_new(out, force)

    def search(problem: Problem, budget: BudgetOptions, watch: ProgressBar) -> Result:
        arguments = budget.arguments() | {"keep": keep, "progress": watch}
        result: Result = matcher.repair(problem, mending.plan, **arguments)
        return result

    def more(result: Result) -> Mapping[str, Any]:
        return {"repair": _told(changes(mending.inputs.problem, mending.plan, result.plan)) | {"keep": keep}}

    return run(mending.inputs, out, budget, search, more)


def _told(changes: Changes) -> dict[str, Any]:
    told = {name: list(people) for name, people in asdict(changes).items()}
    for name, people in told.items():
        if people or name != "absent":
            some = f": {', '.join(people)}" if people else ""
            click.echo(f"{counted(len(people), 'person', 'people')} {_WORDS.get(name, name)}{some}")
    return told
