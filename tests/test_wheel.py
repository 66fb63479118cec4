"""What is installed: everything that the product reads beside its modules, and the command `rebubbelen`."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("matcher", "web", "config")
CACHES = shutil.ignore_patterns("__pycache__", "*.py[co]", "*.nb[ic]")
PIP = [sys.executable, "-m", "pip", "--disable-pip-version-check", "-q"]


def run(*words: str, cwd: Path, **environ: str) -> str:
    answer = subprocess.run(
        words, cwd=cwd, env=os.environ | environ, capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert answer.returncode == 0, answer.stderr[-2000:]
    return answer.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy, so that building leaves nothing behind in the project."""
    folder = tmp_path_factory.mktemp("wheel")
    for name in FOLDERS:
        shutil.copytree(ROOT / name, folder / "source" / name, ignore=CACHES)
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, folder / "source")
    options = ("--no-deps", "--no-build-isolation", "--no-index")
    run(*PIP, "wheel", *options, "--wheel-dir", str(folder), str(folder / "source"), cwd=folder)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path) -> Path:
    """The folder that the wheel is installed in; what it needs comes from the environment of the tests."""
    folder = wheel.parent / "site"
    run(*PIP, "install", "--no-deps", "--no-index", "--target", str(folder), str(wheel), cwd=wheel.parent)
    return folder


def ours() -> Iterator[str]:
    for path in (path for name in FOLDERS for path in (ROOT / name).rglob("*")):
        if path.is_file() and path.suffix not in {".pyc", ".pyo", ".nbi", ".nbc"}:
            yield path.relative_to(ROOT).as_posix()


def test_every_file_of_the_product_is_in_the_wheel_and_no_other(wheel: Path) -> None:
    held = {name for name in ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert held == set(ours())


def test_the_command_opens_what_is_installed(installed: Path, tmp_path: Path) -> None:
    said = run(str(installed / "bin" / "rebubbelen"), "--help", cwd=tmp_path, PYTHONPATH=str(installed))
    assert said.startswith("Usage: rebubbelen ")
    assert "\n  demo " in said and "\n  match " in said
