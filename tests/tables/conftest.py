"""Every test of the tables has a folder of its own."""

from pathlib import Path

import pytest

from tests.tables.folder import Folder


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folder:
    monkeypatch.chdir(tmp_path)
    return Folder(tmp_path)
