"""The side that waits: it starts the process that reads, two at once at most, and ends it when it takes too long."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path
from typing import Any

import web
from web.uploads.reading import ReadLimits, Unread, UploadedRow, UploadedRows
from web.uploads.shapes import ImageShape

SLOTS = 2
"""Files that are read at once, by whatever process of this installation."""
_LOOK = 0.05
_ROOT = str(Path(web.__file__).parents[1])


def read_apart(data: bytes, limits: ReadLimits, folder: Path) -> UploadedRows:
    """The rows of a file, read by another process; `folder` is where those who wait find each other. Raises Unread."""
    said = _apart(data, "table", limits, folder)
    rows = UploadedRows(
        UploadedRow(number, tuple(cells), tuple((at, what) for at, what in faults))
        for number, cells, faults in said["rows"]
    )
    rows.leaf = said["leaf"]
    return rows


def image_apart(data: bytes, shape: ImageShape, folder: Path) -> bytes:
    """A picture made anew by another process: see `images.image_within`. Raises Unread."""
    return base64.b64decode(_apart(data, "image", shape, folder)["image"])


def _apart(data: bytes, task: str, limits: ReadLimits | ImageShape, folder: Path) -> dict[str, Any]:
    began = time.monotonic()
    with _slot(folder, began + limits.wall):
        said = _said(data, task, limits, max(1.0, began + limits.wall - time.monotonic()))
    if "kind" in said:
        raise Unread(said["kind"], said["row"])
    return said


def _said(data: bytes, task: str, limits: ReadLimits | ImageShape, seconds: float) -> dict[str, Any]:
    words = [sys.executable, "-P", "-m", "web.uploads", task, json.dumps(asdict(limits))]
    # No more of our surroundings than it needs: the keys stand there.
    surroundings = {"PYTHONPATH": _ROOT, "PYTHONIOENCODING": "utf-8", "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(
            words, input=data, capture_output=True, timeout=seconds, env=surroundings, cwd=_ROOT, check=False
        )
    except subprocess.TimeoutExpired:
        raise Unread("TooSlow") from None
    if done.returncode < 0:
        # It was ended: by its own limit of seconds, or by who ran out of memory.
        raise Unread("TooSlow")
    if done.returncode:
        raise Unread("TooLarge" if b"MemoryError" in done.stderr else "NoTable")
    said: dict[str, Any] = json.loads(done.stdout)
    return said


@contextmanager
def _slot(folder: Path, until: float) -> Iterator[None]:
    """One of few places; whoever finds none waits. A place comes free when its process ends, however it ends."""
    folder.mkdir(mode=0o700, exist_ok=True)
    files = [(folder / f"reading-{number}.lock").open("a") for number in range(SLOTS)]
    try:
        while not any(_taken(file.fileno()) for file in files):
            if time.monotonic() > until:
                raise Unread("Busy")
            time.sleep(_LOOK)
        yield
    finally:
        for file in files:
            file.close()


def _taken(file: int) -> bool:
    try:
        flock(file, LOCK_EX | LOCK_NB)
    except OSError:
        return False
    return True
