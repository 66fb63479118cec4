"""gunicorn's worker with threads, but a request gets a thread only when it has arrived as a whole.

Left to itself it gives a thread to whoever sent half a request, and waits: sixty halves held up everybody. Nor does it
wait for a visitor to hang up, which it did before anything else. docs/security.md tells what was tried.
"""

from __future__ import annotations

import selectors
import socket
import struct
import time
from collections import Counter
from contextlib import suppress
from functools import partial
from traceback import format_tb
from typing import Any

from gunicorn import http, util
from gunicorn.http.errors import ParseException
from gunicorn.workers.gthread import ThreadWorker

from web.cli.arriving import Arriving, Refused

MOST = 400
"""So many requests may be on their way to one process; more, and the oldest has to go."""
MOST_BYTES = 256_000_000
PER_ADDRESS = 40
"""So many of one address, where addresses are those of visitors; a library sends its requests whole."""
PIECE = 64 * 1024
STUCK = 20
"""Seconds after which somebody who reads nothing of an answer is given up."""
GOODBYE = 2.0


class Receiver(ThreadWorker):  # type: ignore[misc]
    """A process that answers. `most` and `behind_proxy` are said by the application around which it runs."""

    def init_process(self) -> None:
        """Before the first visitor."""
        self.arriving: dict[Any, Arriving] = {}
        self.leaving: dict[Any, float] = {}
        self.most: int = self.app.most
        self.behind_proxy: bool = self.app.behind_proxy
        super().init_process()

    def enqueue_req(self, conn: Any) -> None:
        """Wait for a request on a new connection, or for the next one."""
        self.arriving[conn] = Arriving(time.monotonic(), self.most)
        try:
            conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", STUCK, 0))
            conn.sock.setblocking(False)
            self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._receive, conn))
        except (OSError, ValueError):
            self._drop(conn)
            return
        self._make_room(conn)

    def finish_request(self, conn: Any, fs: Any) -> None:
        """After an answer: keep the line for a next request, or say goodbye."""
        conn.parser.unreader.sock.close()
        if fs.cancelled() or fs.exception() or not fs.result():
            self._leave(conn)
        else:
            super().finish_request(conn, fs)

    def murder_pending(self) -> None:
        """Every second: who is too late, and who never hung up."""
        now = time.monotonic()
        for conn in [conn for conn, one in self.arriving.items() if one.until < now or not (self.alive or one.size)]:
            if self.arriving[conn].size:
                _answer(conn.sock, 408, "Request Timeout")
            self._drop(conn)
        for conn in [conn for conn, until in self.leaving.items() if until < now]:
            self._hang_up(conn)

    def handle_error(self, req: Any, client: Any, addr: Any, exc: Exception) -> None:
        """Say no, and log what kind of fault it was: who asked, and for what, belongs in no log."""
        if isinstance(exc, ParseException):
            self.log.warning("a request that cannot be read: %s", type(exc).__name__)
            _answer(client, 400, "Bad Request")
        else:
            self.log.error("unexpected %s\n%s", type(exc).__name__, "".join(format_tb(exc.__traceback__)))
            _answer(client, 500, "Internal Server Error")

    def _receive(self, conn: Any, _sock: object) -> None:
        one = self.arriving[conn]
        try:
            data = conn.sock.recv(PIECE)
            whole = one.add(data)
        except BlockingIOError:
            return
        except Refused as no:
            _answer(conn.sock, no.status, no.reason)
            self._forget(conn)
            self._leave(conn)
            return
        except OSError:
            data = b""
        if not data:
            self._drop(conn)
        elif whole:
            self._hand_over(conn, one)
        else:
            self._make_room(conn)

    def _hand_over(self, conn: Any, one: Arriving) -> None:
        self._forget(conn)
        conn.parser = http.get_parser(self.cfg, one, conn.client)
        conn.initialized = conn.data_ready = True
        super().enqueue_req(conn)

    def _make_room(self, conn: Any) -> None:
        """The oldest goes: who sends a whole request is through before that is ever theirs."""
        if len(self.arriving) > MOST:
            self._drop(next(iter(self.arriving)))
        if sum(one.size for one in self.arriving.values()) > MOST_BYTES:
            self._drop(max(self.arriving, key=lambda each: self.arriving[each].size))
        if self.behind_proxy or len(self.arriving) <= PER_ADDRESS:
            return
        if Counter(each.client[0] for each in self.arriving)[conn.client[0]] > PER_ADDRESS:
            self._drop(next(each for each in self.arriving if each.client[0] == conn.client[0]))

    def _forget(self, conn: Any) -> None:
        del self.arriving[conn]
        self._unregister(conn)

    def _drop(self, conn: Any) -> None:
        self.arriving.pop(conn).close()
        self._unregister(conn)
        self.nr_conns -= 1
        conn.close()

    def _leave(self, conn: Any) -> None:
        """Say that this was all, and let the visitor hang up: cut at once, the end of an answer would be lost."""
        self.leaving[conn] = time.monotonic() + GOODBYE
        try:
            conn.sock.shutdown(socket.SHUT_WR)
            conn.sock.setblocking(False)
            self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._hear_out, conn))
        except (OSError, ValueError):
            self._hang_up(conn)

    def _hear_out(self, conn: Any, _sock: object) -> None:
        try:
            gone = not conn.sock.recv(PIECE)
        except BlockingIOError:
            gone = False
        except OSError:
            gone = True
        if gone:
            self._hang_up(conn)

    def _hang_up(self, conn: Any) -> None:
        del self.leaving[conn]
        self._unregister(conn)
        self.nr_conns -= 1
        conn.close()

    def _unregister(self, conn: Any) -> None:
        with suppress(KeyError, ValueError, OSError):
            self.poller.unregister(conn.sock)


def _answer(sock: Any, status: int, reason: str) -> None:
    """Two lines, for who still listens."""
    with suppress(OSError):
        util.write_error(sock, status, reason, "")
