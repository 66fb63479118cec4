"""Rows between the preview and the confirmation: sealed, in a file with a random name, for a day at most."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from web.crypto import Vault, hashed, new_secret
from web.services.signups.importing.lines import ImportLine
from web.services.signups.importing.reading import ImportSheet

KEPT = timedelta(hours=24)
"""As long as any other form may lie open: who is called away with the preview on the screen finds it again."""
FOLDER = "imports"
_TOKEN = re.compile(r"[\w-]{20,40}")


@dataclass(frozen=True, slots=True)
class KeptImport:
    """The rows as they were shown, and what each of them would do then."""

    sheet: ImportSheet
    verdicts: dict[str, str]


@dataclass(frozen=True, slots=True)
class ImportStore:
    """Where the rows of one organiser for one series lie. `instance` is the folder of the application."""

    instance: Path
    vault: Vault
    series: int
    staff: int

    def keep(self, sheet: ImportSheet, columns: list[int], verdicts: dict[str, str], now: datetime) -> str:
        """Seal the rows, only these columns of them; the token that opens them, once."""
        forget_old(self.instance, now)
        token = new_secret()
        owner = {"series": self.series, "staff": self.staff, "verdicts": verdicts}
        sealed = self.vault.seal({**owner, "lines": [_bare(x, columns) for x in (sheet.header, *sheet.lines)]})
        path = self._path(token)
        path.parent.mkdir(mode=0o700, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            file.write(sealed)
        os.utime(path, (now.timestamp(), now.timestamp()))
        return token

    def open(self, token: str, now: datetime) -> KeptImport | None:
        """The rows of a token; None if they are gone, too old, or of somebody else or another series."""
        forget_old(self.instance, now)
        found = self._opened(token) if _TOKEN.fullmatch(token) else None
        if not found or (found["series"], found["staff"]) != (self.series, self.staff):
            return None
        header, *lines = (
            ImportLine(n, tuple(cells), tuple((at, kind) for at, kind in f)) for n, cells, f in found["lines"]
        )
        return KeptImport(ImportSheet(header, tuple(lines)), found["verdicts"])

    def forget(self, token: str) -> None:
        """Throw the rows away."""
        if _TOKEN.fullmatch(token):
            self._path(token).unlink(missing_ok=True)

    def _path(self, token: str) -> Path:
        return self.instance / FOLDER / f"{hashed(token)}.sealed"

    def _opened(self, token: str) -> Any:
        try:
            return self.vault.opened(self._path(token).read_text("ascii"))
        except FileNotFoundError:
            return None


def forget_old(instance: Path, now: datetime) -> int:
    """Throw away what nobody confirmed within the day; how many files that were."""
    oldest, newest, gone = (now - KEPT).timestamp(), (now + KEPT).timestamp(), 0
    for path in (instance / FOLDER).glob("*"):
        # By a clock that was ahead a file would be kept until then.
        if not oldest <= path.stat().st_mtime <= newest:
            path.unlink(missing_ok=True)
            gone += 1
    return gone


def _bare(line: ImportLine, columns: list[int]) -> list[Any]:
    """A row without what we do not read: that is nobody's business."""
    faults = [[columns.index(at), kind] for at, kind in line.faults if at in columns]
    return [line.number, [line.cell(at) for at in columns], faults]
