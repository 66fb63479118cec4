"""What is in a backup: of what and when, how many rows, a checksum of every file, and which keys open it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Any

FORMAT = 1
NAME = "manifest.json"
DATABASE, FILES = "database", "files/"
"""In the archive: the database, and the files of the instance folder below a folder."""


class BadBackup(Exception):
    """A file that is no backup, or not whole, or of another kind than is needed; its sentence says so."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """`engine` is that of the database, `schema` its revision, `installation` says which one it is of.

    `keys` and `lookup` are tags: names of keys, from which no key follows. `sums` are SHA-256 by name in the archive.
    """

    taken_at: str
    engine: str
    schema: str
    installation: str
    keys: list[str]
    lookup: str
    counts: dict[str, int]
    sums: dict[str, str]
    product: str = field(default_factory=lambda: _version())
    format: int = FORMAT

    @property
    def moment(self) -> datetime:
        """When it was taken."""
        return datetime.fromisoformat(self.taken_at)

    def written(self) -> bytes:
        """As it stands in the archive."""
        return json.dumps(asdict(self), indent=2, sort_keys=True).encode()


def read(content: bytes) -> Manifest:
    """A manifest from an archive. Raises BadBackup."""
    try:
        told: dict[str, Any] = json.loads(content)
        if told["format"] != FORMAT:
            raise BadBackup(f"it was made by another version of re-bubbelen (format {told['format']!r})")
        return Manifest(**told)
    except (ValueError, KeyError, TypeError):
        raise BadBackup("its list of contents cannot be read") from None


def _version() -> str:
    try:
        return version("re-bubbelen")
    except PackageNotFoundError:
        return "from source"
