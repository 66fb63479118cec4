"""The way to an IMAP account, and what goes wrong on it in the words of web.channels.faults."""

from __future__ import annotations

import imaplib
import re
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from imap_tools import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError, MailboxLoginError, MailboxStarttlsError

from web.channels.faults import Later

TLS, STARTTLS, NONE = "tls", "starttls", "none"
_CODES = {
    "UNAVAILABLE": "busy",
    "INUSE": "busy",
    "LIMIT": "busy",
    "SERVERBUG": "busy",
    "OVERQUOTA": "full",
    "PRIVACYREQUIRED": "secure",
}
"""What a server says in brackets (RFC 5530)."""


@dataclass(frozen=True, slots=True)
class Account:
    """Where to log in, and as whom. `security` is tls, starttls or none; `context` says which certificates we trust."""

    host: str
    port: int
    security: str
    user: str
    password: str = field(repr=False)
    timeout: float = 30
    context: ssl.SSLContext | None = None


def connect(account: Account) -> BaseMailBox:
    """A connection that is logged in. Raises Later."""
    with faults():
        box = _reached(account)
    try:
        with faults():
            _log_in(box, account)
    except Later:
        with suppress(OSError):
            box.client.shutdown()
        raise
    return box


def _reached(account: Account) -> BaseMailBox:
    host, port, timeout = account.host, account.port, account.timeout
    if account.security == NONE:
        return MailBoxUnencrypted(host, port, timeout=timeout)
    # Without a context imaplib believes every certificate.
    context = account.context or ssl.create_default_context()
    if account.security == TLS:
        return MailBox(host, port, timeout=timeout, ssl_context=context)
    try:
        return MailBoxStartTls(host, port, timeout=timeout, ssl_context=context)
    except imaplib.IMAP4.abort as error:
        # imaplib says both with one class: the line was cut, and the server knows no TLS.
        raise Later("secure" if "TLS" in str(error) else "connection", whole=True) from None


def _log_in(box: BaseMailBox, account: Account) -> None:
    plain = (account.user + account.password).isascii()
    # LOGIN knows ASCII only; what else is in a password goes another way.
    login = box.login if plain else box.login_utf8
    try:
        login(account.user, account.password, initial_folder=None)
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error as error:
        raise Later(_code(str(error), "login"), whole=True) from None


@contextmanager
def faults() -> Iterator[None]:
    """What goes wrong here is a Later: for the whole mailbox, or for one command that the server refused."""
    try:
        yield
    except (MailboxLoginError, MailboxStarttlsError) as error:
        kind = "login" if isinstance(error, MailboxLoginError) else "secure"
        raise Later(_code(str(error), kind), whole=True) from None
    except ImapToolsError as error:
        raise Later(_code(str(error), "refused")) from None
    except (ssl.SSLEOFError, ssl.SSLZeroReturnError, imaplib.IMAP4.abort):
        raise Later("connection", whole=True) from None
    except ssl.SSLError:
        raise Later("secure", whole=True) from None
    except (socket.gaierror, UnicodeError):
        raise Later("name", whole=True) from None
    except imaplib.IMAP4.error as error:
        raise Later(_code(str(error), "refused"), whole=True) from None
    except OSError:
        raise Later("connection", whole=True) from None


def _code(said: str, otherwise: str) -> str:
    """The kind of fault that a server names in brackets; its own words may hold names and stay out."""
    found = re.search(r"\[([A-Z]+)\]", said)
    return _CODES.get(found[1], otherwise) if found else otherwise
