"""The report as one page: it asks for nothing from anywhere and works without scripts."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from matcher.domain import Problem
from matcher.outcome import Result
from matcher.report.dates import moment
from matcher.report.figures import figures, verdict
from matcher.report.groups import gatherings
from matcher.report.mix import dimensions
from matcher.report.overview import overview
from matcher.report.rulebook import states
from matcher.report.waiting import causes, reasons
from matcher.words import Words, readable, words

TEMPLATES = Path(__file__).parent / "templates"
OPEN = 200
"""Groups up to which every session is open at once; beyond, each opens when somebody wants to see it."""


def write_html(path: str | Path, problem: Problem, result: Result, facts: Mapping[str, Any], lang: str = "nl") -> None:
    """Write the report. `facts`: seed, iterations, seconds, input_sha256, format_sha256, versions, created.

    Raises ValueError for a language without texts.
    """
    text = words(lang)
    page = _template(lang).render(_content(text, problem, result), **_making(text, problem, result, facts))
    Path(path).write_text(page, "utf-8")


@cache
def _template(lang: str) -> Template:
    house = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    text = words(lang)
    house.globals |= {"t": text, "number": text.number, "percent": text.percent, "lang": lang}
    house.filters["readable"] = readable
    return house.get_template("report.html")


def _content(text: Words, problem: Problem, result: Result) -> dict[str, Any]:
    shown = dimensions(problem, text("mix.silence"))
    sessions = gatherings(text, problem, result, shown)
    groups = [card.group for session in sessions for card in session.cards]
    people = {p.id: p for p in problem.people}
    waiting = reasons(problem, result)
    return {
        "format": problem.format,
        "verdict": verdict(text, problem, result),
        "figures": figures(text, problem, result),
        "rules": states(text, problem, result),
        "result": result,
        "waiting": len({r.person for r in waiting}),
        "causes": causes(text, waiting),
        "dimensions": shown,
        "overviews": [overview(text, problem, d, groups, people) for d in shown] if groups else [],
        "rounds": [(n, list(each)) for n, each in groupby(sessions, key=lambda s: s.session.round)],
        "groups": len(groups),
        "folded": len(groups) > OPEN,
        "led": any(group.facilitator for group in groups),
        "anchors": {(s.session.id, 0): s.anchor for s in sessions}
        | {(c.group.session, c.group.number): c.anchor for s in sessions for c in s.cards},
        "in_rounds": problem.format.series == "rounds",
    }


def _making(text: Words, problem: Problem, result: Result, facts: Mapping[str, Any]) -> dict[str, Any]:
    """How the plan came about; what the facts leave out is left out."""
    stopped = text.name("stops", result.stopped_by)
    told = {
        "created": moment(text, str(facts.get("created", ""))),
        "seed": facts.get("seed", result.seed),
        "iterations": text.number(int(facts.get("iterations", result.iterations))),
        "seconds": text("made.time", seconds=text.number(float(facts.get("seconds", result.seconds)), 1)),
        "stopped": stopped,
        "input": facts.get("input_sha256", ""),
        "format": facts.get("format_sha256", ""),
    }
    versions = facts.get("versions") or {}
    parts = versions.items() if isinstance(versions, Mapping) else [("", str(versions))]
    return {"made": [(text(f"made.{k}"), v) for k, v in told.items() if v != ""], "versions": sorted(parts)}
