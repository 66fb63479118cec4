"""A line to a server that breaks."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress


@contextmanager
def breaking_line(port: int, after: int) -> Iterator[int]:
    """A port that leads to another one, and breaks each connection when it has answered so many bytes."""
    listening = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=_serve, args=(listening, port, after), daemon=True).start()
    try:
        yield listening.getsockname()[1]
    finally:
        # Closing alone does not wake the thread that waits.
        with suppress(OSError):
            listening.shutdown(socket.SHUT_RDWR)
        listening.close()


def _serve(listening: socket.socket, port: int, after: int) -> None:
    with suppress(OSError):
        while True:
            here, _ = listening.accept()
            there = socket.create_connection(("127.0.0.1", port))
            threading.Thread(target=_carry, args=(here, there, None), daemon=True).start()
            threading.Thread(target=_carry, args=(there, here, after), daemon=True).start()


def _carry(source: socket.socket, target: socket.socket, most: int | None) -> None:
    """Carry bytes until they end, or as many as `most`; then both ends are cut."""
    with suppress(OSError):
        while (most is None or most > 0) and (piece := source.recv(65536 if most is None else min(most, 65536))):
            target.sendall(piece)
            most = None if most is None else most - len(piece)
    for line in (source, target):
        with suppress(OSError):
            line.shutdown(socket.SHUT_RDWR)
