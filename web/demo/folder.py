"""The folder of a demo: emptied at every start, with fresh keys, and never one that holds anything else."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cryptography.fernet import Fernet

from config.keys import KEYS, LOOKUP, SESSION

MARK = "DEMO"


class NotOurs(Exception):
    """The folder holds something else than a demo that is over."""


@contextmanager
def fresh(folder: Path) -> Iterator[dict[str, str]]:
    """An empty folder for as long as the demo runs; the environment that names its keys. Raises NotOurs."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_name(f"{folder.name}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise NotOurs(f"{folder}: a demo is running there; stop it, or name another folder") from None
        _empty(folder)
        yield {f"{name}_FILE": str(_key(folder, name)) for name in (KEYS, LOOKUP, SESSION)}


def _empty(folder: Path) -> None:
    if folder.exists() and any(folder.iterdir()):
        if not (folder / MARK).is_file():
            raise NotOurs(f"{folder}: is not empty, and not an earlier demo; nothing was changed: name another folder")
        shutil.rmtree(folder)
    folder.mkdir(mode=0o700, exist_ok=True)
    (folder / MARK).write_text("Everybody in here is made up. The next demo empties this folder.\n")


def _key(folder: Path, name: str) -> Path:
    """A new key in a file that only this account can read."""
    path = folder / f"{name.lower()}.txt"
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(Fernet.generate_key())
    return path
