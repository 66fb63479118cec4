"""A mail server in a process of its own that takes everything and writes down what it took."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from web.bench.server import HOST, PATIENCE, ROOT, free_port, wait_for

NUMBER = re.compile(rb"^Message-ID: <([0-9a-f]+)@", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Letterbox:
    """A server that answers on this port."""

    port: int
    taken: Path

    def numbers(self) -> list[str]:
        """What it took since the last time this was asked, in order, by the number that a mail and its letter share."""
        found = self.taken.read_text().split()
        os.truncate(self.taken, 0)
        return found


@contextmanager
def letterbox(folder: Path) -> Iterator[Letterbox]:
    """A server for as long as the block lasts."""
    port, taken = free_port(), folder / "taken.txt"
    taken.touch()
    process = subprocess.Popen([sys.executable, "-m", __name__, str(port), str(taken)], cwd=ROOT)
    try:
        wait_for(port, process)
        yield Letterbox(port, taken)
    finally:
        process.terminate()
        process.wait(PATIENCE)


def main(port: str, taken: str) -> None:
    """Take mail until somebody stops it."""
    from aiosmtpd.controller import Controller

    # Whole lines appended before the answer: what was said to be taken is in the file.
    file = os.open(taken, os.O_WRONLY | os.O_APPEND)

    class Hand:
        async def handle_DATA(self, server: object, session: object, envelope: Any) -> str:
            (number,) = NUMBER.findall(envelope.original_content)
            os.write(file, number + b"\n")
            return "250 OK"

    Controller(Hand(), hostname=HOST, port=int(port)).start()
    signal.sigwait([signal.SIGTERM, signal.SIGINT])


if __name__ == "__main__":
    main(*sys.argv[1:])
