"""A mail server that keeps to the script until one line, and then says nonsense, or nothing any more."""

from __future__ import annotations

import socket
from contextlib import suppress
from threading import Thread
from types import TracebackType

LINES = {
    "hello": b"220 x",
    "EHLO": b"250 x",
    "MAIL": b"250 ok",
    "RCPT": b"250 ok",
    "start": b"354 go",
    "DATA": b"250 ok",
}
"""What is said first, to a command, and after the dot."""
QUIT = b"221 bye"


class Script:
    """Speaks to one client after the other on its own port, as long as this lasts. Without nonsense it falls silent."""

    def __init__(self, wrong: str, nonsense: bytes = b"") -> None:
        self._said = {name: line + b"\r\n" for name, line in LINES.items()} | {wrong: nonsense}
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._door.getsockname()[1]

    def __enter__(self) -> Script:
        Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, _kind: type[BaseException] | None, _error: object, _trace: TracebackType | None) -> None:
        # Wakes who waits for the next client; closing alone does not.
        with suppress(OSError):
            self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._door.accept()
                with client, suppress(OSError):
                    self._speak(client)

    def _speak(self, client: socket.socket) -> None:
        client.sendall(self._said["hello"])
        lines, within = client.makefile("rb"), False
        for line in lines:
            word = line[:4].strip().decode("ascii", "replace").upper()
            if within:
                within = line != b".\r\n"
                client.sendall(b"" if within else self._said["DATA"])
            elif word == "QUIT":
                client.sendall(QUIT + b"\r\n")
                return
            else:
                within = word == "DATA"
                client.sendall(self._said.get("start" if within else word, b"250 ok\r\n"))
