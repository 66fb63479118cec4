"""One request while it arrives, byte by byte: how much of it there will be, until when that may last, and its text."""

from __future__ import annotations

import re
import tempfile
from typing import IO

HEAD_MOST = 64 * 1024
HEAD_SECONDS = 10.0
BYTES_A_SECOND = 16 * 1024
"""Who sends slower than this, once the head is there, is no browser on the worst of lines."""
IN_MEMORY = 256 * 1024
END = b"\r\n\r\n"
_DIGITS = re.compile(rb"[0-9]{1,15}")


class Refused(Exception):
    """A request that is answered without an application: its status and reason (RFC 9110)."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status, self.reason = status, reason


class Arriving:
    """What came of one request. `recv` gives it to the server's parser, once, as a socket would."""

    def __init__(self, now: float, most: int) -> None:
        self.until = now + HEAD_SECONDS
        self.size = 0
        self._began, self._most = now, most
        self._head: bytearray | None = bytearray()
        self._needs = 0
        self._text: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - until `close`

    def add(self, data: bytes) -> bool:
        """Take in what came; whether the request is whole. Raises Refused."""
        self.size += len(data)
        if self._head is None:
            self._text.write(data)
        else:
            self._head += data
            self._look_at_head(self._head)
        if self._head is not None or self.size < self._needs:
            return False
        self._text.seek(0)
        return True

    def recv(self, size: int) -> bytes:
        """The next piece of a request that is whole; nothing at its end."""
        return self._text.read(size)

    def close(self) -> None:
        """Forget all of it."""
        self._text.close()

    def _look_at_head(self, head: bytearray) -> None:
        end = head.find(END)
        if (len(head) if end < 0 else end) > HEAD_MOST:
            raise Refused(431, "Request Header Fields Too Large")
        if end < 0:
            return
        self._head = None
        first, *lines = bytes(head[:end]).split(b"\r\n")
        length = body_length(lines)
        whole = end + len(END) + length
        # Nobody reads a body that is too large: the application refuses it by its length, and the line is cut.
        self._needs = whole if length <= self._most else end + len(END)
        self.until = self._began + HEAD_SECONDS + self._needs / BYTES_A_SECOND
        if length > self._most or len(head) > whole:
            lines.insert(0, b"Connection: close")
        self._text.write(b"\r\n".join([first, *lines]) + END + head[end + len(END) : self._needs])


def body_length(lines: list[bytes]) -> int:
    """How long the body is, by the lines of a head. Raises Refused for one that does not say so beforehand.

    Browsers always do, and so do proxies that keep a request until it is whole.
    """
    named = [(name.strip().lower(), value.strip()) for name, _colon, value in (line.partition(b":") for line in lines)]
    if any(name == b"transfer-encoding" for name, _value in named):
        raise Refused(411, "Length Required")
    lengths = [value for name, value in named if name == b"content-length"]
    if len(lengths) > 1 or not all(_DIGITS.fullmatch(value) for value in lengths):
        raise Refused(400, "Bad Request")
    return int(lengths[0]) if lengths else 0
