"""The work of repair: a published plan, who left and who joined, to a plan with few moves."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

import matcher
from matcher.cli.composing import check_new, run
from matcher.cli.progress import BudgetOptions, ProgressBar
from matcher.cli.telling import counted
from matcher.domain import Plan, Problem, Result
from matcher.tables.files import Files
from matcher.tables.mending import Mending, read_mending

_WORDS = {"lost": "lost their place"}
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
        return {"repair": _told(_changes(mending, result.plan)) | {"keep": keep}}

    return run(mending.inputs, out, budget, search, more)


def _told(changes: dict[str, list[str]]) -> dict[str, Any]:
    for name, people in changes.items():
        some = f": {', '.join(people)}" if people else ""
        click.echo(f"{counted(len(people), 'person', 'people')} {_WORDS.get(name, name)}{some}")
    return dict(changes)


def _changes(mending: Mending, plan: Plan) -> dict[str, list[str]]:
    """Who left, and what becomes of the others."""
    before, after = _seats(mending.plan), _seats(plan)
    stayed = before.keys() - mending.cancelled
    return {
        "cancelled": sorted(mending.cancelled & before.keys()),
        "moved": sorted(p for p in stayed & after.keys() if before[p] != after[p]),
        "lost": sorted(stayed - after.keys()),
        "joined": sorted(after.keys() - before.keys()),
    }


def _seats(plan: Plan) -> dict[str, set[tuple[str, int]]]:
    seats: dict[str, set[tuple[str, int]]] = {}
    for person, group in plan.seats():
        seats.setdefault(person, set()).add((group.session, group.number))
    return seats
