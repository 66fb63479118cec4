"""Rows between the preview and the confirmation: sealed, in a file with a random name, for a day at most."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from web.crypto import Vault, hashed, new_secret
from web.services.signups.importing.lines import ImportLine, ImportSheet

KEPT = timedelta(hours=24)
"""As long as any other form may lie open: who is called away with the preview on the screen finds it again."""
UNDO = timedelta(hours=1)
"""As long as an import can be taken back."""
FOLDER = "imports"
KEPT_ROWS, NOTED, RECEIPT = ".sealed", ".work", ".done"
READING, ADDING = "reading", "adding"
SILENCE = timedelta(minutes=2)
"""Longer than a file may be read, and than a thousand rows take on a busy machine."""
_TOKEN = re.compile(r"[\w-]{20,40}")


@dataclass(frozen=True, slots=True)
class KeptImport:
    """The rows as they were shown, and what each of them would do then."""

    sheet: ImportSheet
    verdicts: dict[str, str]


@dataclass(frozen=True, slots=True)
class ImportWork:
    """How far the work on a file is: `what` is READING or ADDING, and `done` of `of` rows are ready.

    `end` is what came of it. `silent`: nothing was heard of it for so long that its process must have ended.
    """

    what: str
    done: int = 0
    of: int = 0
    end: dict[str, Any] | None = None
    silent: bool = False


@dataclass(frozen=True, slots=True)
class ImportReceipt:
    """What an import did and when, to take it back: `once` of who came in, and by it what others told before."""

    token: str
    at: datetime
    added: list[str]
    changed: dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class ImportStore:
    """Where the rows of one organiser for one series lie. `instance` is the folder of the application."""

    instance: Path
    vault: Vault
    series: int
    staff: int

    @property
    def folder(self) -> Path:
        """Where files lie that wait for somebody."""
        return self.instance / FOLDER

    def keep(self, sheet: ImportSheet, columns: list[int], verdicts: dict[str, str], now: datetime, token: str) -> str:
        """Seal the rows, only these columns of them, until `token` opens them."""
        forget_old(self.instance, now)
        # What a column is called is about nobody, and may be looked at once more.
        lines = [_bare(sheet.header, range(len(sheet.header.cells))), *(_bare(line, columns) for line in sheet.lines)]
        said = {"leaf": sheet.leaf, "chosen": sorted(sheet.chosen.items()), "alone": sorted(sheet.alone)}
        self._write(self._path(token), {"verdicts": verdicts, "lines": lines, **said}, now)
        return token

    def note(self, token: str, work: ImportWork, now: datetime) -> None:
        """Write down how far the work on a file is, for whoever looks at its page."""
        self._write(self._path(token, NOTED), {**asdict(work), "at": now.timestamp()}, now)

    def noted(self, token: str, now: datetime) -> ImportWork | None:
        """How far the work on a file is; None if there is none, or it is of somebody else."""
        found = self._owned(token, NOTED)
        if found is None:
            return None
        heard = datetime.fromtimestamp(found["at"], now.tzinfo)
        return ImportWork(found["what"], found["done"], found["of"], found["end"], silent=now - heard > SILENCE)

    def sign(self, receipt: ImportReceipt) -> None:
        """Write down what an import does."""
        said = {**asdict(receipt), "at": receipt.at.isoformat()}
        self._write(self._path(receipt.token, RECEIPT), said, receipt.at)

    def receipts(self, now: datetime) -> list[ImportReceipt]:
        """What this organiser imported within the hour, the last one first."""
        found = [self.vault.opened(path.read_text("ascii")) for path in self.folder.glob(f"*{RECEIPT}")]
        mine = [said for said in found if said and self._is_mine(said)]
        receipts = [
            ImportReceipt(said["token"], datetime.fromisoformat(said["at"]), said["added"], said["changed"])
            for said in mine
        ]
        return sorted((one for one in receipts if now - one.at <= UNDO), key=lambda one: one.at, reverse=True)

    def forget_receipt(self, token: str) -> None:
        """Throw away what an import did: it cannot be taken back any more."""
        if self.valid(token):
            self._path(token, RECEIPT).unlink(missing_ok=True)

    def _write(self, path: Path, said: dict[str, Any], now: datetime) -> None:
        sealed = self.vault.seal({"series": self.series, "staff": self.staff, **said})
        path.parent.mkdir(mode=0o700, exist_ok=True)
        half = path.with_suffix(f".{new_secret()}")
        with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            file.write(sealed)
        os.utime(half, (now.timestamp(), now.timestamp()))
        half.replace(path)

    def open(self, token: str, now: datetime) -> KeptImport | None:
        """The rows of a token; None if they are gone, too old, or of somebody else or another series."""
        forget_old(self.instance, now)
        found = self._owned(token, KEPT_ROWS)
        if found is None:
            return None
        header, *lines = (
            ImportLine(n, tuple(cells), tuple((at, kind) for at, kind in f)) for n, cells, f in found["lines"]
        )
        chosen, alone = dict(map(tuple, found["chosen"])), frozenset(found["alone"])
        sheet = ImportSheet(header, tuple(lines), found["leaf"], True, chosen, alone)
        return KeptImport(sheet, found["verdicts"])

    def valid(self, token: str) -> bool:
        """Whether this can be a token at all."""
        return _TOKEN.fullmatch(token) is not None

    def forget(self, token: str) -> None:
        """Throw the rows away, and how far the work on them was."""
        if self.valid(token):
            for kind in (KEPT_ROWS, NOTED):
                self._path(token, kind).unlink(missing_ok=True)

    def _path(self, token: str, kind: str = KEPT_ROWS) -> Path:
        return self.folder / f"{hashed(token)}{kind}"

    def _owned(self, token: str, kind: str) -> Any:
        """What lies in a file, if it is of this organiser and this series."""
        if not self.valid(token):
            return None
        try:
            found = self.vault.opened(self._path(token, kind).read_text("ascii"))
        except FileNotFoundError:
            return None
        return found if found and self._is_mine(found) else None

    def _is_mine(self, found: dict[str, Any]) -> bool:
        return (found["series"], found["staff"]) == (self.series, self.staff)


def forget_old(instance: Path, now: datetime) -> int:
    """Throw away what nobody confirmed within the day; how many files that were."""
    oldest, newest, gone = (now - KEPT).timestamp(), (now + KEPT).timestamp(), 0
    for path in (instance / FOLDER).glob("*"):
        late = path.suffix == RECEIPT and path.stat().st_mtime < (now - UNDO).timestamp()
        # By a clock that was ahead a file would be kept until then.
        if path.suffix != ".lock" and (late or not oldest <= path.stat().st_mtime <= newest):
            path.unlink(missing_ok=True)
            gone += 1
    return gone


def _bare(line: ImportLine, columns: Sequence[int]) -> list[Any]:
    """A row without what we do not read: that is nobody's business. Every column keeps its letter."""
    faults = [[at, kind] for at, kind in line.faults if at in columns]
    return [line.number, [line.cell(at) if at in columns else "" for at in range(max(columns, default=-1) + 1)], faults]
