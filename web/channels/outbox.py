"""The folder with everything that was written for people, so that it can be erased with them."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from contextlib import suppress
from datetime import datetime
from hashlib import sha256
from pathlib import Path

_FILE = re.compile(r"(?P<owner>[^.]+)\..*\.(?P<mark>[0-9a-f]{8})(?::2,[A-Za-z]*)?")


def mark_of(key: str) -> str:
    """What the name of a file has of the key of its letter."""
    return sha256(key.encode()).hexdigest()[:8]


class Outbox:
    """Every file in it is called after whose it is, and which letter: signup-12.placed-3.1f3a9c02, in any folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def owners(self) -> set[str]:
        """Everybody for whom something lies here."""
        return {path.name.partition(".")[0] for path in self._files("*")}

    def forget(self, owner: str) -> int:
        """Erase everything for somebody; how many files that were."""
        return self._erase(self._files(f"{owner}.*"))

    def keep_only(self, marks: Container[str], of: str) -> int:
        """Erase every letter of owners of this kind but those with these marks; how many files that were.

        What is written at this very moment has its mark only when it is done.
        """
        written = ((path, _FILE.fullmatch(path.name)) for path in self._files(f"{of}-*") if path.parent.name != "tmp")
        return self._erase(path for path, found in written if found and found["mark"] not in marks)

    def forget_older(self, before: datetime) -> int:
        """Erase what was laid down before, whatever it is called by now; how many files that were."""
        return self._erase(path for path in self._files("*") if path.stat().st_mtime < before.timestamp())

    def _erase(self, paths: Iterator[Path]) -> int:
        count = 0
        for path in list(paths):
            with suppress(FileNotFoundError):  # a mail program moved it: it is found again the next time
                path.unlink()
                count += 1
        return count

    def _files(self, pattern: str) -> Iterator[Path]:
        return (path for path in self.folder.rglob(pattern) if path.is_file())
