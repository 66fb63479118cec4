"""The workbook with the lists to print; there is no bubble on any of its sheets."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from matcher.domain import Problem
from matcher.outcome import Result
from matcher.report import lists
from matcher.report.groups import in_order
from matcher.report.sheets import Names, Sheet, styles
from matcher.report.waiting import reasons
from matcher.words import words

# Text is text: nothing that a resident or a worker typed becomes a formula, a link or a number.
SAFE = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
NOBODY: Mapping[str, str] = {}
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


def write_xlsx(
    path: str | Path,
    problem: Problem,
    result: Result,
    facts: Mapping[str, Any],
    lang: str = "nl",
    names: Mapping[str, str] = NOBODY,
) -> None:
    """Write the lists. Of `facts` only `created` is used; `names` is what people and facilitators are called, by id.

    Raises ValueError for a language without texts.
    """
    text = words(lang)
    source = lists.Source(text, problem, {p.id: p for p in problem.people}, names)
    with xlsxwriter.Workbook(str(path), SAFE) as book:
        about = {"title": text("sheets.title"), "comments": text("page.decide"), "created": _created(facts)}
        book.set_properties(about)
        style, titles = styles(book), Names()
        overview, waiting = titles.take(text("sheets.overview"), ""), titles.take(text("sheets.waiting"), "")
        sessions = in_order(problem, result)
        links = {s.id: titles.take(s.id, text("sheets.nameless")) for s, _ in sessions}
        lists.overview(source, Sheet(book.add_worksheet(overview), style), sessions, links)
        for session, groups in sessions:
            lists.session(source, Sheet(book.add_worksheet(links[session.id]), style), session, groups)
        lists.waiting(source, Sheet(book.add_worksheet(waiting), style), reasons(problem, result))


def _created(facts: Mapping[str, Any]) -> datetime:
    # Left alone, the library writes the time of today, and the same plan gives another file each time.
    try:
        return datetime.fromisoformat(str(facts.get("created", "")))
    except ValueError:
        return EPOCH
