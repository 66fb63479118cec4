"""`make migration` writes the step that is missing, numbered after the last one, and nothing where none is."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from web.rows.drafting import draft
from web.rows.upgrading import MIGRATIONS

LAST = sorted((MIGRATIONS / "versions").glob("*.py"))[-1]


@pytest.fixture
def migrations(tmp_path: Path) -> Path:
    """The migrations as they were before the last one."""
    folder = tmp_path / "migrations"
    shutil.copytree(MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__", LAST.name))
    return folder


def files(migrations: Path) -> set[str]:
    return {path.name for path in (migrations / "versions").glob("*.py")}


def test_the_rows_and_the_migrations_agree() -> None:
    before = files(MIGRATIONS)
    assert draft("nothing") is None
    assert files(MIGRATIONS) == before


def test_the_step_that_is_missing_is_written_and_numbered(migrations: Path) -> None:
    before = files(migrations)
    made = draft("A feed for everybody", migrations)
    assert made is not None
    assert made.name == f"{LAST.name[:4]}_a_feed_for_everybody.py"
    assert files(migrations) == before | {made.name}
    assert made.read_text("utf-8").startswith('"""A feed for everybody"""')


def test_with_the_drafted_step_they_agree(migrations: Path) -> None:
    assert draft("first", migrations) is not None
    assert draft("second", migrations) is None
