"""Inputs on which the engine once fell short, as they came from its users; what is right for each stands in its test.

The folders under `data` are invented. A letter says what a case is about: f files, s sizes, t facilitators, k and m
earlier meetings, h and p plans and locks, r and g rounds, l the lottery, u wishes, w wants, x exact search.
"""

from __future__ import annotations

from pathlib import Path

import matcher
from matcher.checking import check
from matcher.cli.telling import summary
from matcher.domain import Problem
from matcher.outcome import Result
from matcher.tables.files import Files, read_inputs
from matcher.tables.problem import Inputs

DATA = Path(__file__).parent / "data"
NAMES = {"facilitators": "fac.csv", "format": "format.toml"}


def inputs(name: str) -> Inputs:
    """What `run.py match` reads in the folder of a case."""
    folder = DATA / name
    parts = ("people", "sessions", "facilitators", "met", "locked", "population", "format")
    files = {part: folder / NAMES.get(part, f"{part}.csv") for part in parts}
    book = folder / "people.xlsx"
    files |= {"people": book} if book.exists() else {}
    return read_inputs(Files(**{part: path for part, path in files.items() if path.exists()}))


def told(case: Problem, iterations: int = 2000) -> tuple[Result, str]:
    """A result, and all that is said of it."""
    result = matcher.match(case, iterations=iterations, workers=1)
    return result, "\n".join(summary(case, result, 1))


def match(problem: Problem, iterations: int = 100_000) -> Result:
    """A result of which every plan is valid."""
    result = matcher.match(problem, iterations=iterations)
    assert check(problem, result.plan).valid
    return result


def case(name: str) -> Problem:
    """The problem of a case."""
    return inputs(name).problem
