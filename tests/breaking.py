"""Promises broken on purpose: one line of a copy is changed, its few tests run, and somebody should notice.

`make mutants` does so for every row of mutants.toml, `make mutants ONLY="secure_delete feeds"` for those with one of
these words in them. A row whose text is not in its file exactly once is an error: it would break nothing.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
SOURCES = ("config", "docs", "matcher", "tests", "web", "examples", "pyproject.toml", "run.py", "README.md")
FOLDER = ROOT / "build" / "mutants"
SECONDS = 1800
"""What one run of tests gets; a change that lets them hang is noticed too."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """One line broken: in `file`, `old` becomes `new`, and one of `tests` should fail."""

    promise: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]

    def found(self) -> int:
        """How often the text to change is there."""
        return (ROOT / self.file).read_text("utf-8").count(self.old)

    @property
    def title(self) -> str:
        """For a line of a table."""
        return f"{self.promise} ({self.file})"


def mutants() -> list[Mutant]:
    """All rows of the list."""
    rows = tomllib.loads((Path(__file__).parent / "mutants.toml").read_text("utf-8"))["mutant"]
    return [Mutant(**{**row, "tests": tuple(row["tests"])}) for row in rows]


@contextmanager
def copy() -> Iterator[Path]:
    """The sources in a folder that is gone afterwards; always the same one, for which numba keeps what it compiled."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    try:
        for name in SOURCES:
            put = shutil.copytree if (ROOT / name).is_dir() else shutil.copy2
            put(ROOT / name, FOLDER / name)
        yield FOLDER
    finally:
        shutil.rmtree(FOLDER)


def is_noticed(mutant: Mutant, folder: Path) -> bool:
    """Whether one of its tests fails while the line is broken. Raises ValueError if they cannot run."""
    path = folder / mutant.file
    whole = path.read_text("utf-8")
    path.write_text(whole.replace(mutant.old, mutant.new), "utf-8")
    try:
        return _fails(mutant.tests, folder)
    finally:
        path.write_text(whole, "utf-8")


def _fails(tests: Iterable[str], folder: Path) -> bool:
    command = [sys.executable, "-m", "pytest", "-n", "0", "-x", "-q", "-p", "no:cacheprovider", *tests]
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return True
    if done.returncode not in (0, 1):
        raise ValueError(f"{tests}: pytest ended with {done.returncode}\n{done.stdout.decode()[-2000:]}")
    return done.returncode == 1


def main(words: list[str]) -> int:
    """Break them one by one; 1 if something went unnoticed."""
    chosen = [one for one in mutants() if not words or any(word in f"{one.title} {one.old}" for word in words)]
    lost = [one.title for one in chosen if one.found() != 1]
    if lost:
        print("not there exactly once:", *lost, sep="\n  ")
        return 2
    unnoticed = 0
    with copy() as folder:
        # A test that fails anyway would notice everything.
        if _fails(sorted({test for one in chosen for test in one.tests}), folder):
            print("some of these tests fail with nothing broken: run them, and mend that first")
            return 2
        for number, mutant in enumerate(chosen, 1):
            noticed = is_noticed(mutant, folder)
            unnoticed += not noticed
            print(f"{number:3} {'noticed    ' if noticed else 'NOT NOTICED'} {mutant.title}", flush=True)
    print(f"{len(chosen) - unnoticed} of {len(chosen)} noticed")
    return int(unnoticed > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
