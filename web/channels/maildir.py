"""E-mail in a folder that any mail program reads (Maildir): what happens to it as long as there is no mail server."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex

from config import Sender
from web.channels import email
from web.channels.faults import Later, Withdrawn
from web.channels.outbox import mark_of
from web.channels.parcel import Parcel

_ROOMS = ("tmp", "new", "cur")
_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]*(:2,[A-Za-z]*)?")


class Maildir:
    """A channel for e-mail. A parcel has one file name, so sending it twice leaves one mail."""

    def __init__(self, folder: Path, sender: Sender) -> None:
        self.folder, self.sender = folder, sender

    def send(self, parcel: Parcel, sure: Callable[[], bool]) -> None:
        """Lay a parcel in the folder; see `web.channels.faults.Channel`."""
        content = email.message(parcel, self.sender)
        name = _name(parcel)
        fresh = self.folder / "tmp" / f"{name}.{token_hex(4)}"
        try:
            with _disk():
                self._build()
                _write(fresh, content)
            if not sure():
                raise Withdrawn
            with _disk():
                if not self.holds(parcel):
                    fresh.rename(self.folder / "new" / name)
        finally:
            with suppress(OSError):
                fresh.unlink(missing_ok=True)
        _keep(self.folder / "new")

    def holds(self, parcel: Parcel) -> bool:
        """Whether it lies here, read or not."""
        name = _name(parcel)
        return (self.folder / "new" / name).exists() or any(self.folder.glob(f"cur/{name}*"))

    def close(self) -> None:
        """Nothing is open."""

    def messages(self) -> list[str]:
        """The names of all mails, newest first."""
        found = []
        for path in (path for room in ("new", "cur") for path in self.folder.glob(f"{room}/*")):
            with suppress(FileNotFoundError):  # somebody is forgotten at this moment
                found.append((path.stat().st_mtime_ns, path.name))
        return [name for _, name in sorted(found, reverse=True)]

    def read(self, name: str) -> bytes:
        """A mail by its name, which may come from anywhere. Raises KeyError if there is none."""
        for room in ("new", "cur"):
            path = self.folder / room / name
            if _NAME.fullmatch(name) and path.is_file():
                return path.read_bytes()
        raise KeyError(name)

    def _build(self) -> None:
        for room in (self.folder.parent, self.folder, *(self.folder / name for name in _ROOMS)):
            room.mkdir(mode=0o700, exist_ok=True)


@contextmanager
def _disk() -> Iterator[None]:
    """A fault of the disk holds for every parcel."""
    try:
        yield
    except OSError:
        raise Later("disk", whole=True) from None


def file_name(owner: str, key: str) -> str:
    """Owner and key; its hash keeps keys apart that differ only in signs that a file name cannot have."""
    readable = re.sub(r"[^A-Za-z0-9_-]", "-", key)[:100]
    return f"{owner}.{readable}.{mark_of(key)}"


def _name(parcel: Parcel) -> str:
    return file_name(parcel.owner, parcel.key)


def _write(path: Path, content: bytes) -> None:
    """All of it, on the disk, before anybody can find it."""
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _keep(folder: Path) -> None:
    """Have a new name survive a power cut. The mail is handed over all the same if this fails."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
