"""The house itself: what an import drags in, who may import whom, and what no file may carry."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
# Patterns that do not match themselves: this file is searched too.
REGISTRY = re.compile(rb"pypi[.]org|python[h]osted|registry[.]npmjs|deb[.]debian|proxy[.]golang", re.IGNORECASE)
MACHINE = re.compile(rb"(?<![\w.])/(?:work|farm|root|Users)/")


def run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(words, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False)


def imported(*arguments: str) -> set[str]:
    """The top-level packages that a fresh Python imports for these arguments."""
    answer = run(sys.executable, "-X", "importtime", *arguments)
    assert answer.returncode == 0, answer.stderr[-2000:]
    return set(re.findall(r"^import time:.*\| +(\w+)", answer.stderr, re.MULTILINE))


def files() -> list[Path]:
    """Every file of the project: what git tracks, or would."""
    answer = run("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    assert answer.returncode == 0, answer.stderr
    return [path for name in answer.stdout.split("\0") if name and (path := ROOT / name).is_file()]


def modules(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def test_the_matcher_is_a_library_without_a_web() -> None:
    assert imported("-c", "import matcher").isdisjoint({"flask", "sqlalchemy", "web", "config"})


def test_asking_for_help_waits_for_no_solver_and_no_catalogue() -> None:
    brought = imported("run.py", "match", "--help")
    assert "click" in brought
    assert brought.isdisjoint({"ortools", "highspy", "numba", "pandas", "babel"})


def test_imports_point_down() -> None:
    linter = "from importlinter.cli import lint_imports_command as lint; lint()"
    answer = run(sys.executable, "-c", linter, "--no-cache")
    assert answer.returncode == 0, answer.stdout


@pytest.mark.parametrize("pattern", [REGISTRY, MACHINE], ids=["package registry", "developer's machine"])
def test_no_file_names_what_is_somebody_elses_place(pattern: re.Pattern[bytes]) -> None:
    found = ((path.name, pattern.search(path.read_bytes())) for path in files())
    assert [(name, hit.group()) for name, hit in found if hit] == []


def test_no_module_of_the_matcher_is_long() -> None:
    assert [path.name for path in modules("matcher") if len(path.read_text("utf-8").splitlines()) > 300] == []


def test_every_module_says_what_it_is_for() -> None:
    opening = {path: ast.get_docstring(ast.parse(path.read_bytes())) for path in modules("matcher", "config", "web")}
    assert [path.name for path, sentence in opening.items() if not sentence] == []
