"""A copy of the shipped configuration in which a test changes a line."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from config import load
from config.folder import SHIPPED
from matcher.faults import BadInput
from matcher.words import words


@dataclass(frozen=True)
class Said:
    """A fault as whoever made the configuration reads it, in English."""

    file: str
    row: int
    column: str
    what: str
    right: str


class Folder:
    """The files of a configuration, by name."""

    def __init__(self, path: Path) -> None:
        self.path = path
        (path / "formats").mkdir(parents=True)
        for name in ("settings.toml", "dimensions.toml", "formats/dialoog.toml"):
            shutil.copy(SHIPPED / name, path / name)

    def change(self, name: str, old: str, new: str) -> int:
        """Put other words in the place of some; the line where these stand."""
        before = (self.path / name).read_text("utf-8")
        assert before.count(old) >= 1, f"{old!r} does not stand in {name}"
        (self.path / name).write_text(before.replace(old, new, 1), "utf-8")
        return before[: before.index(old)].count("\n") + 1

    def write(self, name: str, text: str) -> None:
        (self.path / name).write_text(text, "utf-8")

    def faults(self) -> tuple[Said, ...]:
        """What is wrong with it. Each fault has words in Dutch too."""
        with pytest.raises(BadInput) as refused:
            load(self.path)
        say = words("en").say
        assert len(list(refused.value.lines(words("nl")))) == len(str(refused.value).splitlines())
        return tuple(Said(f.file, f.row, f.column, say(f.what), say(f.right)) for f in refused.value.faults)

    def fault(self) -> Said:
        """The one thing that is wrong with it."""
        (only,) = self.faults()
        return only
