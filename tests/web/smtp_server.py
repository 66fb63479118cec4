"""A real SMTP server on loopback: it keeps what it gets, says what a test wants, and can cut the line."""

from __future__ import annotations

import ssl
from collections import defaultdict, deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from threading import Condition
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

CUT = "cut"
"""Instead of an answer: the line breaks."""
PATIENCE = 10.0


@dataclass(frozen=True)
class Caught:
    """A mail as it arrived, with its envelope and whether that was under a lock."""

    sender: str
    receivers: tuple[str, ...]
    raw: bytes
    locked: bool
    user: str | None


@dataclass
class Sink:
    """What the server got, and what it is to say."""

    port: int = 0
    context: ssl.SSLContext | None = None
    """What a client needs to trust it."""
    mails: list[Caught] = field(default_factory=list)
    opened: int = 0
    closed: int = 0
    script: dict[str, deque[str]] = field(default_factory=lambda: defaultdict(deque))
    changed: Condition = field(default_factory=Condition)

    def say(self, phase: str, *answers: str) -> None:
        """The next answers to EHLO, MAIL, RCPT or DATA (its end) instead of yes; CUT breaks the line."""
        self.script[phase].extend(answers)

    def wait_closed(self, count: int) -> None:
        """Until so many connections have ended: then nothing of them can still arrive."""
        with self.changed:
            assert self.changed.wait_for(lambda: self.closed >= count, PATIENCE)

    def note(self, what: str) -> None:
        with self.changed:
            setattr(self, what, getattr(self, what) + 1)
            self.changed.notify_all()


class _Handler:
    def __init__(self, sink: Sink) -> None:
        self.sink = sink

    def _answer(self, server: SMTP, phase: str) -> str:
        waiting = self.sink.script[phase]
        said = waiting.popleft() if waiting else ""
        if said == CUT:
            server.transport.abort()
        return said

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, host: str, answers: list[str]
    ) -> list[str]:
        session.host_name = host
        said = self._answer(server, "EHLO")
        return [said] if said else answers

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if said := self._answer(server, "MAIL"):
            return said
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if said := self._answer(server, "RCPT"):
            return said
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        waiting = self.sink.script["DATA"]
        if waiting and waiting[0] != CUT:
            return waiting.popleft()
        user = session.auth_data.login.decode() if session.auth_data else None
        content = envelope.original_content or b""
        locked = server.transport.get_extra_info("sslcontext") is not None
        mail = Caught(envelope.mail_from or "", tuple(envelope.rcpt_tos), content, locked, user)
        self.sink.mails.append(mail)
        return self._answer(server, "DATA") or "250 OK"


class _Server(SMTP):
    sink: Sink

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self.sink.note("opened")

    def connection_lost(self, error: Exception | None) -> None:
        super().connection_lost(error)
        self.sink.note("closed")


class _Controller(Controller):
    def __init__(self, sink: Sink, **options: Any) -> None:
        self.sink = sink
        super().__init__(_Handler(sink), hostname="127.0.0.1", port=0, **options)

    def factory(self) -> SMTP:
        server = _Server(self.handler, **self.SMTP_kwargs)
        server.sink = self.sink
        return server

    def _trigger_server(self) -> None:
        """The look whether it answers; the port was chosen by the machine, and that look is not counted."""
        self.sink.port = self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()
        self.sink.wait_closed(1)
        self.sink.opened = self.sink.closed = 0


@contextmanager
def smtp_sink(
    *, security: str = "none", user: str = "", password: str = "", folder: Path | None = None
) -> Iterator[Sink]:
    """A server for the time of a test. `starttls` and `tls` need a folder for the certificate."""
    sink = Sink()
    options: dict[str, Any] = {}
    if security != "none":
        assert folder is not None
        server, sink.context = _contexts(folder)
        options |= {"ssl_context": server} if security == "tls" else {"tls_context": server, "require_starttls": True}
    if user:

        def check(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object) -> AuthResult:
            said = data.login.decode(), data.password.decode()
            return AuthResult(success=said == (user, password), auth_data=data, handled=False)

        options |= {"authenticator": check, "auth_required": True, "auth_require_tls": security == "starttls"}
    controller = _Controller(sink, **options)
    controller.start()
    try:
        yield sink
    finally:
        controller.stop()


def _contexts(folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server's certificate that it signed itself, and a client that trusts only that."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "loopback")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "server.pem").write_bytes(secret + certificate.public_bytes(pem))
    (folder / "trusted.pem").write_bytes(certificate.public_bytes(pem))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(folder / "server.pem")
    return server, ssl.create_default_context(cafile=str(folder / "trusted.pem"))
