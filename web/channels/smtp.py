"""E-mail by SMTP: one connection for many parcels, and the last word to the database before the final dot."""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from config import MailServer, Sender
from web.channels import email
from web.channels.codes import fault
from web.channels.faults import DeliveryFault, Later, Withdrawn
from web.channels.parcel import Parcel

MOST = 100
"""Parcels on one connection; many servers cut it soon after."""
READING = 120.0
"""Seconds that a server gets to look into a mail before it says yes: some look for viruses (RFC 5321, 4.5.3.2.6)."""
_DOT = re.compile(rb"^\.", re.MULTILINE)


class Smtp:
    """A channel for e-mail. `context` is for a server whose certificate only a test knows."""

    def __init__(
        self, mail: MailServer, password: str, sender: Sender, *, context: ssl.SSLContext | None = None
    ) -> None:
        self.mail, self.sender = mail, sender
        self._password = password
        self._context = context
        self._line: smtplib.SMTP | None = None
        self._sent = 0
        self._broke = False

    def send(self, parcel: Parcel, sure: Callable[[], bool]) -> None:
        """Hand a parcel to the server; see `web.channels.faults.Channel`."""
        content = email.message(parcel, self.sender)
        sender = email.ascii_address(parcel.bounce or parcel.from_address or self.sender.address)
        try:
            line = self._ready()
            with _before():
                _envelope(line, sender, email.ascii_address(parcel.address))
                _body(line, content)
            if not sure():
                raise Withdrawn
            _dot(line, max(READING, self.mail.timeout))
        except BaseException as error:
            self._after(error)
            if self._breaks(error):
                raise Later("connection", whole=True) from None
            raise
        self._sent += 1

    def holds(self, parcel: Parcel) -> bool | None:
        """Nobody can ask a server what it took."""
        return None

    def test(self, parcel: Parcel) -> None:
        """Try the settings: connect, log in and send one mail. The same faults as `send`."""
        self.close()
        try:
            self.send(parcel, lambda: True)
        finally:
            self.close()

    def close(self) -> None:
        """Say goodbye."""
        if self._line is not None:
            with suppress(smtplib.SMTPException, OSError):
                self._line.quit()
            self._cut()

    def _after(self, error: BaseException) -> None:
        """Keep the connection after an answer that ended a command; anything else may be in the middle of a mail."""
        if not isinstance(error, DeliveryFault) or error.whole or not error.code:
            self._cut()

    def _breaks(self, error: BaseException) -> bool:
        """Whether the line broke in the middle of a second mail in a row: then it is the server, and not the mail."""
        broke, self._broke = self._broke, isinstance(error, Later) and error.kind == "connection"
        return broke and self._broke

    def _cut(self) -> None:
        """Without a word: within DATA that would become part of the mail. A server drops a mail without its dot."""
        if self._line is not None:
            self._line.close()
        self._line, self._sent = None, 0

    def _ready(self) -> smtplib.SMTP:
        """A connection at which a mail may begin; an old one may have been cut meanwhile."""
        if self._sent >= MOST:
            self.close()
        if self._line is not None:
            with suppress(smtplib.SMTPException, OSError):
                if self._line.rset()[0] == 250:
                    return self._line
            self._cut()
        with _connecting():
            self._line = self._connect()
        with _connecting():
            self._secure_and_log_in(self._line)
        return self._line

    def _connect(self) -> smtplib.SMTP:
        # A name without asking DNS who we are: that may take longer than the mail.
        own = socket.gethostname()
        name = own if "." in own and own.isascii() else "[127.0.0.1]"
        host, port, timeout = self.mail.host, self.mail.port, self.mail.timeout
        if self.mail.security == "tls":
            return smtplib.SMTP_SSL(host, port, name, timeout=timeout, context=self._trust())
        return smtplib.SMTP(host, port, name, timeout=timeout)

    def _secure_and_log_in(self, line: smtplib.SMTP) -> None:
        # Body and dot are two writes with a commit between them: without this the second waits 40 ms for an answer.
        _socket(line).setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self.mail.security == "starttls":
            _start_tls(line, self._trust())
        line.ehlo_or_helo_if_needed()
        if self.mail.user:
            line.login(self.mail.user, self._password)

    def _trust(self) -> ssl.SSLContext:
        self._context = self._context or ssl.create_default_context()
        return self._context


def _start_tls(line: smtplib.SMTP, context: ssl.SSLContext) -> None:
    """A lock, or nothing at all: never on in the open."""
    line.ehlo_or_helo_if_needed()
    code, _ = line.starttls(context=context)
    if code != 220:
        raise Later("secure", str(code), whole=True)


@contextmanager
def _connecting() -> Iterator[None]:
    """What goes wrong before a mail begins holds for all of them."""
    try:
        yield
    except smtplib.SMTPAuthenticationError as error:
        raise Later("login", str(error.smtp_code), whole=True) from None
    except smtplib.SMTPNotSupportedError as error:
        raise Later("secure" if "STARTTLS" in str(error) else "login", whole=True) from None
    except smtplib.SMTPResponseException as error:
        raise _unwelcome(error.smtp_code) from None
    except ssl.SSLError:
        raise Later("secure", whole=True) from None
    except socket.gaierror:
        raise Later("name", whole=True) from None
    except (smtplib.SMTPException, OSError) as error:
        raise Later("login" if type(error) is smtplib.SMTPException else "connection", whole=True) from None


def _unwelcome(code: int) -> Later:
    if code < 400:  # No mail server speaks there.
        return Later("connection", whole=True)
    return Later("refused" if code >= 500 else "busy", str(code), whole=True)


@contextmanager
def _before() -> Iterator[None]:
    """A line that breaks before the dot: nothing was handed over. Perhaps it is this mail, so others may try."""
    try:
        yield
    except (smtplib.SMTPException, OSError):
        raise Later("connection") from None


def _envelope(line: smtplib.SMTP, sender: str, receiver: str) -> None:
    for phase, rest in (("MAIL", f"FROM:<{sender}>"), ("RCPT", f"TO:<{receiver}>"), ("DATA", "")):
        code, text = line.docmd(phase, rest)
        if code >= 400:
            raise fault(phase, code, text)
        if code // 100 != (3 if phase == "DATA" else 2):
            raise smtplib.SMTPServerDisconnected


def _body(line: smtplib.SMTP, content: bytes) -> None:
    line.send(_DOT.sub(b"..", content))
    if not content.endswith(b"\r\n"):
        line.send(b"\r\n")


def _socket(line: smtplib.SMTP) -> socket.socket:
    if line.sock is None:
        raise ConnectionAbortedError
    return line.sock


def _dot(line: smtplib.SMTP, patience: float) -> None:
    """What cannot be taken back. A refusal afterwards is as certain as one before; silence is not."""
    sock = _socket(line)
    before = sock.gettimeout()
    try:
        line.send(b".\r\n")
        sock.settimeout(patience)
        code, text = line.getreply()
        sock.settimeout(before)
    except (smtplib.SMTPException, OSError):
        raise ConnectionAbortedError from None
    if code >= 400:
        raise fault("DATA", code, text)
    if not 200 <= code < 300:
        raise ConnectionAbortedError
