"""A folder with what goes out, one file per parcel, in a folder per channel; only this account may read it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from config import Sender
from web.channels import email, paper
from web.channels.parcel import Parcel
from web.rows.people import REACH


class Outbox:
    """Takes a parcel for any channel. Sending one twice writes the same file twice."""

    def __init__(self, folder: Path, sender: Sender) -> None:
        self.folder = folder
        self.sender = sender

    def send(self, parcel: Parcel) -> None:
        """Write a parcel. Raises OSError if the disk is full, ValueError for an address that cannot be one."""
        if parcel.channel not in REACH:
            raise ValueError(f"unknown channel {parcel.channel!r}")
        mail = parcel.channel == "email"
        content = email.message(parcel, self.sender) if mail else paper.sheet(parcel)
        room = self.folder / parcel.channel
        room.mkdir(mode=0o700, parents=True, exist_ok=True)
        name = f"{parcel.owner}.{re.sub(r'[^A-Za-z0-9_-]', '-', parcel.key)}"
        _write(room / f"{name}.{'eml' if mail else 'txt'}", content)

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
        return (path for path in self.folder.glob(f"*/{pattern}") if path.is_file())


def _write(path: Path, content: bytes) -> None:
    """All of it or nothing: a worker that is killed leaves no half letter."""
    fresh = path.with_name(f"{path.name}.part")
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
    fresh.replace(path)
