"""A Maildir to read answers from: what a mail server, or a person who tries things out, puts in `new` or `cur`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from web.channels.faults import Later
from web.replies.mailboxes import PROCESSED, Received, received
from web.replies.mime import HEAD_BYTES
from web.replies.verdict import MailLimits

_TRASHED = "T"


class MaildirMailbox:
    """A folder with tmp, new and cur; it need not exist yet. What is done goes to its subfolder .Processed."""

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
                    if path.is_file() and _TRASHED not in path.name.partition(":2,")[2]:
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
        """Move it away as read. Raises Later."""
        path = self._folder / received.place
        room = self._folder / f".{PROCESSED}"
        try:
            for name in ("tmp", "new", "cur"):
                (room / name).mkdir(mode=0o700, parents=True, exist_ok=True)
            path.rename(room / "cur" / f"{path.name.partition(':')[0]}:2,S")
        except FileNotFoundError:
            return  # It was put away already, or comes again under another name.
        except OSError:
            raise Later("disk", whole=True) from None

    def close(self) -> None:
        """Nothing is open."""
