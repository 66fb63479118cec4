"""What this product writes is for its own account only: files 0600, folders 0700, also those of earlier versions."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

OTHERS = 0o077
"""What the account's group and everybody else may do: nothing."""


def make_private(folder: Path) -> None:
    """Make a folder if it is not there, and shut it and everything in it to other accounts, now and for what comes.

    The mask holds for the whole process, so that what a library writes (SQLite beside its database, the queue) is
    private as well. What belongs to another account is left as it is.
    """
    os.umask(OTHERS)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    shut(folder)
    for room, folders, files in os.walk(folder):
        for name in (*folders, *files):
            shut(Path(room, name))


def shut(path: Path) -> None:
    """Take away what others may do with one file or folder."""
    with suppress(OSError):
        mode = path.lstat().st_mode
        if mode & OTHERS and not path.is_symlink():
            path.chmod(mode & 0o7700)


def write_whole(path: Path, content: bytes) -> None:
    """A file that is there in full or not at all, whoever dies meanwhile."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
