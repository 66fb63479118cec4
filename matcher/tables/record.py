"""report.json: a result with everything that is needed to judge it and to make it again."""

from __future__ import annotations

import platform
import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from math import isfinite
from pathlib import Path
from typing import Any

from matcher.checking import Seating
from matcher.claims import claims_of
from matcher.domain import Breach, Problem
from matcher.outcome import Reason, Result
from matcher.tables.plans import unplaced
from matcher.terms import View
from matcher.words import LANGUAGE, words

_PACKAGES = ("ortools", "numba", "numpy", "pandas")


def versions() -> dict[str, str]:
    """What made the plan: Python, the packages that decide on it, and re-bubbelen itself."""
    packages = {package: version(package) for package in _PACKAGES}
    return {"python": platform.python_version(), **packages, "re-bubbelen": own_version()}


def own_version() -> str:
    """The version of this package, also where it runs from its source without being installed."""
    try:
        return version("re-bubbelen")
    except PackageNotFoundError:
        project = Path(__file__).parents[2] / "pyproject.toml"
        if not project.is_file():
            return "unknown"
        return str(tomllib.loads(project.read_text("utf-8"))["project"]["version"])


def record_of(problem: Problem, result: Result, facts: Mapping[str, Any]) -> dict[str, Any]:
    """The keys of report.json. Bridging is in units of the format's weights, summed over seats.

    `optimal`: proven that no plan that places as many by priority has more bridging. `proof`: `best` for that,
    `weighed` if it is proven only for the people who have a place, with sizes and weighted rules counted, or empty.
    """
    claims = claims_of(problem, result)
    figures, bounds = asdict(result.figures), asdict(claims.bounds)
    measured = figures | {f"{name}_bound": value for name, value in bounds.items()}
    say = words(LANGUAGE).say
    told: dict[str, Any] = {
        "format": problem.format.name,
        **measured,
        "gap_percent": result.gap_percent,
        "seats_wanted": claims.wanted,
        "optimal": claims.proof == "best",
        "proof": claims.proof,
        "breaches": [breach_record(breach) for breach in result.breaches],
        "groups": _groups(problem, result),
        "unplaced": [_reason(reason) for reason in unplaced(problem, result)],
        "relaxations": [say(message) for message in result.relaxations],
        "warnings": [say(message) for message in result.warnings],
        "seconds": result.seconds,
        "iterations": result.iterations,
        "seed": result.seed,
        "phases": [asdict(phase) for phase in result.phases],
        "stopped_by": result.stopped_by,
    }
    return {key: finite(value) for key, value in (told | dict(facts)).items()}


def breach_record(breach: Breach) -> dict[str, Any]:
    """One breach, with its message in words."""
    fields = {name: getattr(breach, name) for name in ("amount", "firm", "weight", "session", "group", "people")}
    return {"rule": breach.rule, "text": words(LANGUAGE).say(breach.message), **fields}


def _reason(reason: Reason) -> dict[str, str]:
    say = words(LANGUAGE).say
    return {"person": reason.person, "why": say(reason.why), "help": say(reason.help), "rule": reason.rule}


def _groups(problem: Problem, result: Result) -> list[dict[str, Any]]:
    """Every group with its people, its bridging per person, and its mix on the dimensions in use."""
    seating = Seating(View(problem), result.plan)
    rounds = {session.id: session.round for session in problem.sessions}
    told = []
    for group, value in zip(seating.groups, seating.bridging(), strict=True):
        measured = {"bridging": value / max(1, len(group.people)), "mix": _mix(problem, group.people)}
        told.append({"round": rounds[group.session]} | asdict(group) | measured)
    return told


def _mix(problem: Problem, people: tuple[str, ...]) -> dict[str, dict[str, int]]:
    inside = set(people)
    members = [p for p in problem.people if p.id in inside]
    mix = {d: Counter(b for p in members for b in p.bubbles.get(d, ())) for d in used_dimensions(problem)}
    return {dimension: dict(sorted(count.items())) for dimension, count in mix.items()}


def used_dimensions(problem: Problem) -> list[str]:
    """The dimensions that bridging or a rule asks for; others are nobody's business in a report."""
    weighed = [name for name, weight in problem.format.bridging.items() if weight > 0]
    ruled = [rule.dimension for rule in problem.format.rules if hasattr(rule, "dimension")]
    return list(dict.fromkeys(weighed + ruled))


def finite(value: Any) -> Any:
    """JSON knows no infinities; what is not a number is null."""
    if isinstance(value, float):
        return round(value, 6) if isfinite(value) else None
    if isinstance(value, Mapping):
        return {key: finite(v) for key, v in value.items()}
    return [finite(v) for v in value] if isinstance(value, list | tuple) else value
