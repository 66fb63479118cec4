"""A folder with good files, a way to run commands, and an engine that seats people row by row."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner, Result

from matcher.checking import check
from matcher.cli import door
from matcher.domain import Group, Plan, Problem
from matcher.messages import Message
from matcher.outcome import Bounds, Phase, Progress, Reason
from matcher.outcome import Result as Found
from tests.tables.folder import Folder

NO_ROOM = Message.of("reason.together"), Message.of("help.search")
Run = Callable[..., Result]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folder:
    monkeypatch.chdir(tmp_path)
    return Folder(tmp_path)


@pytest.fixture
def run() -> Run:
    return lambda *words: CliRunner().invoke(door, [str(word) for word in words])


def found(problem: Problem, plan: Plan, **more: Any) -> Found:
    """A result around a plan, with bounds that say nothing."""
    figures, breaches = (checked := check(problem, plan)).figures, checked.breaches
    everybody = len(problem.people)
    left = sorted({person.id for person in problem.people} - plan.placed())
    usual: dict[str, Any] = {
        "bounds": Bounds(
            everybody, everybody, everybody, figures.bridging * 2, 99, quality=figures.quality + figures.bridging
        ),
        "breaches": breaches,
        "reasons": tuple(Reason(id, *NO_ROOM) for id in left),
        "relaxations": (),
        "warnings": (),
        "phases": (Phase("search", 0.1, 7, figures.placed, figures.bridging),),
        "seed": 1,
        "iterations": 7,
        "seconds": 0.1,
        "stopped_by": "iterations",
    }
    return Found(plan=plan, figures=figures, **usual | more)


class Engine:
    """Stands in for the real one: seats everybody who can come, in order, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: dict[str, Any] = {}
        self.more: dict[str, Any] = {}
        self.rooms = 99

    def match(self, problem: Problem, **asked: Any) -> Found:
        self.asked = {"problem": problem, **asked}
        news = Progress("search", 2, 4, 1.0, 2.0, 7, 0.1)
        self.asked["stop"] = [asked["progress"](news) for _ in range(2)]
        return found(problem, self.plan(problem), **self.more)

    def repair(self, problem: Problem, plan: Plan, **asked: Any) -> Found:
        return self.match(problem, plan=plan, **asked)

    def plan(self, problem: Problem) -> Plan:
        left = list(problem.people)
        groups = []
        for session in problem.sessions[: self.rooms]:
            people = [p for p in left if not p.sessions or session.id in p.sessions][: problem.format.size.max]
            if len(people) >= problem.format.size.min:
                groups.append(Group(session.id, 1, tuple(sorted(p.id for p in people)), "nl"))
                left = [p for p in left if p not in people]
        return Plan(tuple(sorted(groups)))


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Engine:
    fake = Engine()
    monkeypatch.setitem(sys.modules, "matcher.engine", SimpleNamespace(match=fake.match))
    monkeypatch.setattr("matcher.cli.composing.prepared", lambda: True)
    monkeypatch.setitem(sys.modules, "matcher.repairing", SimpleNamespace(repair=fake.repair))
    return fake
