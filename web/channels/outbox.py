"""The folder with everything that was written for people, so that it can be erased with them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path


class Outbox:
    """Every file in it is called after whose it is: signup-12.placed-3.eml, in whatever folder below."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def owners(self) -> set[str]:
        """Everybody for whom something lies here."""
        return {path.name.partition(".")[0] for path in self._files("*")}

    def forget(self, owner: str) -> int:
        """Erase everything for somebody; how many files that were."""
        files = list(self._files(f"{owner}.*"))
        for path in files:
            path.unlink(missing_ok=True)
        return len(files)

    def _files(self, pattern: str) -> Iterator[Path]:
        return (path for path in self.folder.rglob(pattern) if path.is_file())
