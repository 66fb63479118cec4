"""A Maildir to read answers from: what a mail server, or a person who tries things out, puts in `new` or `cur`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from web.channels.faults import Later
from web.replies.mailboxes import PROCESSED, Received, received
from web.replies.mime import HEAD_BYTES
from web.replies.verdict import MailLimits

_TRASHED = "T"


class MaildirMailbox:
    """A folder with tmp, new and cur; it need not exist yet."""

    def __init__(self, folder: Path, *, domain: str, limits: MailLimits | None = None) -> None:
        self._folder = folder
        self._domain = domain
        self._most = (limits or MailLimits()).mail_bytes

    def messages(self) -> Iterator[Received]:
        """What lies there, oldest first; a file that cannot be read is reported after all others. Raises Later."""
        failed = False
        for path in self._waiting():
            try:
                found = self._read(path)
            except FileNotFoundError:
                continue  # A mail program has moved it meanwhile: it comes the next time.
            except OSError:
                failed = True
            else:
                yield found
        if failed:
            raise Later("disk")

    def _waiting(self) -> list[Path]:
        found = []
        try:
            for path in (path for name in ("new", "cur") for path in self._folder.glob(f"{name}/[!.]*")):
                with suppress(FileNotFoundError):
                    if path.is_file() and not _is_trashed(path):
                        found.append((path.stat().st_mtime_ns, path.name, path))
        except OSError:
            raise Later("disk", whole=True) from None
        return [path for *_, path in sorted(found)]

    def _read(self, path: Path) -> Received:
        with path.open("rb") as file:
            size = path.stat().st_size
            raw = file.read() if size <= self._most else file.read(HEAD_BYTES)
        return received(raw, size, self._domain, f"{path.parent.name}/{path.name}")

    def done(self, received: Received) -> None:
        """Erase it. Raises Later."""
        with _disk():
            # It may be gone already, or come again under another name.
            (self._folder / received.place).unlink(missing_ok=True)

    def clear(self, before: datetime) -> None:
        """Erase what is not read any more; see `web.replies.mailboxes.Mailbox`."""
        with _disk():
            for path in [path for path in self._folder.rglob("*") if path.is_file()]:
                old = path.stat().st_mtime < before.timestamp()
                if path.is_relative_to(self._folder / f".{PROCESSED}") or (old and not self._is_to_read(path)):
                    path.unlink(missing_ok=True)

    def _is_to_read(self, path: Path) -> bool:
        return path.parent in (self._folder / "new", self._folder / "cur") and not _is_trashed(path)

    def close(self) -> None:
        """Nothing is open."""


def _is_trashed(path: Path) -> bool:
    return _TRASHED in path.name.partition(":2,")[2]


@contextmanager
def _disk() -> Iterator[None]:
    """What is wrong with a disk is wrong for every mail."""
    try:
        yield
    except OSError:
        raise Later("disk", whole=True) from None
