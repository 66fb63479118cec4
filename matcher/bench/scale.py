"""Time and memory of a whole run, from reading to the report, as the number of people grows; and with which power."""

from __future__ import annotations

import csv
import json
import math
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from matcher.bench.growing import grow
from matcher.bench.problems import EXAMPLES

SIZES = (500, 1000, 2000, 5000, 10_000, 20_000)
MOVES = 200
"""Moves per person in the runs whose power is fitted."""
TIMED = {
    5000: (30.0, "all who can; <= 1.2%; <= 35 s; <= 800 MB"),
    20_000: (120.0, ">= 99.5%; <= 2.5%; <= 134 s; <= 2000 MB"),
}


@dataclass(frozen=True)
class WholeRun:
    """What one run took, and what it found."""

    people: int
    placed: int
    bound: int
    gap: float
    seconds: float
    megabytes: float

    def __str__(self) -> str:
        took = f"{self.seconds:.1f} s in all; {self.megabytes:.0f} MB"
        return f"{self.placed} of {self.people} placed, at most {self.bound}; gap {self.gap:.2f}%; {took}"


def rows(seconds: float | None) -> Iterator[tuple[str, str, str]]:
    """Runs of as many moves per person, the powers of their time and memory, and runs against the clock."""
    runs = []
    for people in SIZES:
        runs.append(whole_run(people, "--iterations", str(MOVES * people)))
        yield f"{people} people, {MOVES} moves each", str(runs[-1]), ""
    least = runs[0].megabytes
    spent = power([(r.people, r.seconds - runs[0].seconds) for r in runs[2:]])
    held = power([(r.people, r.megabytes - least) for r in runs[2:]])
    yield "power of the number of people", f"time {spent:.2f}, memory {held:.2f}", "<= 1.2, <= 1.1"
    for people, (budget, target) in TIMED.items():
        given = seconds or budget
        yield f"grown {people} people, {given:g} s", str(whole_run(people, "--seconds", str(given))), target


def power(points: list[tuple[int, float]]) -> float:
    """The slope of a line through the logarithms: 1 is in proportion, 2 is quadratic."""
    logs = [(math.log(x), math.log(max(y, 1e-3))) for x, y in points]
    x0, y0 = (sum(values) / len(logs) for values in zip(*logs, strict=True))
    slope: float = sum((x - x0) * (y - y0) for x, y in logs) / sum((x - x0) ** 2 for x, _ in logs)
    return slope


def whole_run(people: int, *budget: str) -> WholeRun:
    """`run.py match` in a process of its own."""
    with TemporaryDirectory() as folder:
        given, out = Path(folder) / "in", Path(folder) / "out"
        grow(people, given)
        names = ("people", "sessions", "facilitators")
        files = [part for n in names for part in (f"--{n}", str(given / f"{n}.csv"))]
        door = [sys.executable, "run.py", "match", *files, "--format", str(given / "format.toml"), "--out", str(out)]
        begun = time.perf_counter()
        run = subprocess.Popen([*door, *budget], cwd=EXAMPLES.parent, stdout=subprocess.DEVNULL)
        _, status, used = os.wait4(run.pid, 0)
        seconds = time.perf_counter() - begun
        if os.waitstatus_to_exitcode(status):
            raise RuntimeError(f"run.py match ended with {status} at {people} people")
        record = json.loads((out / "report.json").read_text("utf-8"))
        with (out / "plan.csv").open(encoding="utf-8", newline="") as file:
            placed = len({row["person"] for row in csv.DictReader(file)})
    return WholeRun(people, placed, record["placed_bound"], record["gap_percent"], seconds, used.ru_maxrss / 1024)
