"""Requests that come slowly, in half, or in a shape that nobody should send: everybody else is answered meanwhile."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterable, Iterator
from contextlib import closing
from types import SimpleNamespace
from typing import Any

import pytest
from gunicorn.config import Config
from gunicorn.glogging import Logger

from web.cli import arriving, receiving
from web.cli.receiving import PER_ADDRESS, Receiver

MOST = 200_000
PATIENCE = 10.0
HALF = b"POST /halve HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nnaam=Ba"
WHOLE = b"GET /heel HTTP/1.1\r\nHost: localhost\r\n\r\n"


def echo(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Says what arrived; a body that is too large it refuses by its length, as Flask does."""
    if int(environ.get("CONTENT_LENGTH") or 0) > MOST:
        start_response("413 Content Too Large", [("Content-Length", "0")])
        return []
    if environ["PATH_INFO"] == "/fout":
        raise ValueError(environ["HTTP_X_TYPED"])
    body = environ["wsgi.input"].read()
    said = f"{environ['PATH_INFO']} {len(body)} {sum(body)}".encode()
    start_response("200 OK", [("Content-Length", str(len(said)))])
    return [said]


class InThread(Receiver):
    """Signals are of the main thread."""

    def init_signals(self) -> None:
        """None."""


@pytest.fixture
def port() -> Iterator[int]:
    """Where a process with two threads answers."""
    config = Config()
    config.set("threads", 2)
    config.set("worker_connections", 300)
    config.set("graceful_timeout", 1)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        app = SimpleNamespace(wsgi=lambda: echo, most=MOST, behind_proxy=False)
        worker = InThread(1, os.getppid(), [listener], app, 30, config, Logger(config))
        thread = threading.Thread(target=worker.init_process)
        thread.start()
        yield listener.getsockname()[1]
        worker.handle_exit(None, None)
        thread.join(PATIENCE)


@pytest.fixture
def lines(port: int) -> Iterator[list[socket.socket]]:
    """Every connection of a test, closed at its end."""
    made: list[socket.socket] = []
    yield made
    for each in made:
        each.close()


def send(port: int, data: bytes, lines: list[socket.socket] | None = None) -> socket.socket:
    line = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
    if lines is not None:
        lines.append(line)
    line.sendall(data)
    return line


def heard(line: socket.socket) -> bytes:
    """One answer, with its body."""
    said = b""
    while b"\r\n\r\n" not in said:
        piece = line.recv(4096)
        assert piece, said
        said += piece
    head, _, body = said.partition(b"\r\n\r\n")
    length = next(int(row.split(b":")[1]) for row in head.split(b"\r\n") if row.lower().startswith(b"content-length"))
    while len(body) < length:
        body += line.recv(4096)
    return head.split(b"\r\n")[0] + b"\n" + body


def asked(port: int, data: bytes = WHOLE) -> bytes:
    with closing(send(port, data)) as line:
        return heard(line)


def test_sixty_halves_hold_up_nobody(port: int, lines: list[socket.socket]) -> None:
    halves = [send(port, HALF, lines) for _ in range(60)]
    assert asked(port).endswith(b"/heel 0 0")
    # An address has so many at once; the newest may still be finished, the oldest had to go.
    halves[-1].sendall(b"x" * 93)
    assert heard(halves[-1]).startswith(b"HTTP/1.1 200 OK\n/halve 100 ")
    assert halves[0].recv(100) == b""
    assert len(halves) > PER_ADDRESS


def test_who_never_hangs_up_holds_up_nobody(port: int, lines: list[socket.socket]) -> None:
    closing_down = WHOLE.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
    for _ in range(12):
        assert b"/heel" in heard(send(port, closing_down, lines))
    assert asked(port).endswith(b"/heel 0 0")


def test_who_is_too_slow_is_told_so(port: int, lines: list[socket.socket], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arriving, "HEAD_SECONDS", 0.1)
    late = send(port, b"POST / HTTP/1.1\r\nHost: local", lines)
    assert heard(late).startswith(b"HTTP/1.1 408 ")
    silent = send(port, b"", lines)
    assert silent.recv(100) == b""


def test_a_body_arrives_as_it_was_sent_and_the_line_stays_open(port: int, lines: list[socket.socket]) -> None:
    body = bytes(range(256)) * 700
    head = b"POST /stuk HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n" % len(body)
    line = send(port, (head + body)[:50], lines)
    for at in range(50, len(head + body), 50_000):
        line.sendall((head + body)[at : at + 50_000])
    assert heard(line).endswith(b"/stuk %d %d" % (len(body), sum(body)))
    line.sendall(WHOLE)
    assert heard(line).endswith(b"/heel 0 0")


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"Transfer-Encoding: chunked", 411),
        (b"Content-Length: 5\r\nContent-Length: 6", 400),
        (b"Content-Length: +5", 400),
        (b"Content-Length: 999999999999", 413),
        (b"X: " + b"x" * (arriving.HEAD_MOST + 1), 431),
    ],
)
def test_what_nobody_should_send_is_refused_at_once(port: int, head: bytes, status: int) -> None:
    assert asked(port, b"POST / HTTP/1.1\r\nHost: localhost\r\n%s\r\n\r\nhallo" % head).startswith(
        b"HTTP/1.1 %d " % status
    )
    assert asked(port).endswith(b"/heel 0 0")


def test_too_much_at_once_costs_whoever_sends_most(
    port: int, lines: list[socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receiving, "MOST_BYTES", 100_000)
    small = send(port, HALF, lines)
    large = send(port, b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 190000\r\n\r\n" + b"x" * 120_000, lines)
    with pytest.raises(ConnectionError):
        assert large.recv(100) == b""
        raise ConnectionError
    small.sendall(b"x" * 93)
    assert b"/halve 100" in heard(small)


def test_no_log_says_who_asked_for_what(port: int, caplog: pytest.LogCaptureFixture) -> None:
    assert asked(port, b"GET /geheim/abc HTTP/9.9\r\nHost: x\r\n\r\n").startswith(b"HTTP/1.1 400")
    assert asked(port, WHOLE.replace(b"GET /heel", b"/geheim")).startswith(b"HTTP/1.1 400")
    assert asked(port, WHOLE.replace(b"/heel", b"/fout").replace(b"Host", b"X-Typed: Bart\r\nHost")).startswith(
        b"HTTP/1.1 500"
    )
    log = caplog.text
    assert [
        kind for kind in ("InvalidHTTPVersion", "InvalidRequestLine", "unexpected ValueError") if kind not in log
    ] == []
    assert [word for word in ("127.0.0.1", "geheim", "/fout", "Bart") if word in log] == []
