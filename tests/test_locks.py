"""Two lock files: one to run, one for all else; complete, hashed, and naming nobody's index."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PIN = re.compile(r"^([a-z0-9-]+)==\S+(?: ; .*)? \\\n(?:    --hash=sha256:\w{64}(?: \\)?\n)+", re.MULTILINE)
ONLY_WHERE_TESTS_ARE = {"aiosmtpd": ["letterbox.py"], "playwright": ["visiting.py"]}
"""What `make bench` may use beside what is installed to run: it sets up the tests' packages first."""
OF_AN_EXTRA = {"distributed": ["cluster.py"], "psycopg": ["own_servers.py"], "redis": ["own_servers.py", "worker.py"]}
"""What `re-bubbelen[cluster,postgres,redis]` brings; imported only where somebody set up such a server."""


def locked(name: str) -> list[str]:
    return PIN.findall((ROOT / name).read_text("utf-8"))


def asked(requirements: list[str]) -> set[str]:
    return {re.split(r"[\[<>=~! ]", requirement)[0] for requirement in requirements}


RUN, TEST = locked("requirements.lock"), locked("requirements-test.lock")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-test.lock"])
def test_every_line_is_a_pin_with_hashes_or_says_why_it_is_there(name: str) -> None:
    rest = PIN.sub("", (ROOT / name).read_text("utf-8"))
    assert [line for line in rest.splitlines() if not line.lstrip().startswith("#")] == []
    assert "://" not in rest


def test_what_is_asked_is_locked_once() -> None:
    extras = {name for requirements in PROJECT["optional-dependencies"].values() for name in asked(requirements)}
    assert asked(PROJECT["dependencies"]) <= set(RUN)
    assert extras <= set(TEST) | set(RUN)
    assert len(set(RUN + TEST)) == len(RUN + TEST)


def test_running_it_takes_few_packages() -> None:
    assert len(RUN) <= 75


def test_one_package_writes_to_a_folder() -> None:
    # Both bring the folder `phonenumbers`, each in its own version.
    assert not {"phonenumbers", "phonenumberslite"} <= set(RUN + TEST)


def test_what_runs_imports_nothing_that_only_tests_have() -> None:
    owners = packages_distributions()
    inside = {"matcher", "web", "config", *sys.stdlib_module_names}
    strangers: dict[str, list[str]] = {}
    for path in sorted(path for folder in ("matcher", "web", "config") for path in (ROOT / folder).rglob("*.py")):
        for package in imported(path) - inside:
            if not {_plain(name) for name in owners[package]} & set(RUN):
                strangers.setdefault(package, []).append(path.name)
    assert strangers == ONLY_WHERE_TESTS_ARE | OF_AN_EXTRA


def imported(path: Path) -> set[str]:
    """The top-level packages that a module names, wherever in it."""
    nodes = list(ast.walk(ast.parse(path.read_bytes())))
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    parts = {node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module and not node.level}
    return {name.partition(".")[0] for name in plain | parts}


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
