"""A real IMAP server (dovecot) on a loopback port with one account."""

from __future__ import annotations

import datetime
import getpass
import itertools
import os
import socket
import ssl
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.programs import DOVECOT
from tests.web.dovecot_conf import conf

USER, PASSWORD = "antwoorden@buurt.example", "geheim é"


@dataclass(frozen=True)
class ImapServer:
    """A running server: STARTTLS or nothing on `port`, TLS on `tls_port`; `context` trusts its certificate."""

    host: str
    port: int
    tls_port: int
    user: str
    password: str
    context: ssl.SSLContext
    mail: Path
    owner: tuple[int, int]

    def deliver(self, raw: bytes) -> None:
        """A mail that arrives now, after all others."""
        name = f"{next(_ARRIVALS)}.test"
        fresh = self.mail / "tmp" / name
        fresh.write_bytes(raw)
        os.chown(fresh, *self.owner)
        fresh.rename(self.mail / "new" / name)

    def lies(self, folder: str = "") -> list[bytes]:
        """What lies in INBOX, or in another folder."""
        room = self.mail / f".{folder}" if folder else self.mail
        return sorted(path.read_bytes() for path in [*room.glob("new/*"), *room.glob("cur/*")])


_ARRIVALS = itertools.count(1_790_000_000)


@contextmanager
def imap_server(password: str = PASSWORD) -> Iterator[ImapServer]:
    """Run dovecot as long as this lasts. Where it is not installed the test fails."""
    program = DOVECOT.needed()
    root = os.getuid() == 0
    owner = (65534, 65534) if root else (os.getuid(), os.getgid())
    # Not in pytest's own folder: the path of a socket is short, and the server's accounts must get in.
    with tempfile.TemporaryDirectory(prefix="imap-") as name, ExitStack() as stack:
        # An application in this process keeps its files to itself, and the server has accounts of its own.
        stack.callback(os.umask, os.umask(0o022))
        folder = Path(name)
        folder.chmod(0o755)
        port, tls_port = _free_ports(2)
        server = ImapServer("localhost", port, tls_port, USER, password, _certificate(folder), folder / "mail", owner)
        for room in (folder / "mail", *(folder / "mail" / inside for inside in ("tmp", "new", "cur"))):
            room.mkdir()
            os.chown(room, *owner)
        (folder / "users").write_text(f"{USER}:{{PLAIN}}{password}\n")
        mine = getpass.getuser()
        accounts = ("dovenull", "dovecot", "dovecot") if root else (mine, mine, mine)
        values = dict(zip(("login", "internal", "group", "uid", "gid"), (*accounts, *owner), strict=True))
        (folder / "conf").write_text(conf(program, folder, port=port, tls_port=tls_port, **values))
        running = subprocess.Popen([program, "-F", "-c", folder / "conf"], stderr=subprocess.PIPE)
        stack.callback(_end, running)
        _wait(running, port, folder / "log")
        yield server


def _end(running: subprocess.Popen[bytes]) -> None:
    running.terminate()
    running.communicate(timeout=20)


def _free_ports(count: int) -> list[int]:
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [one.getsockname()[1] for one in sockets]


def _wait(running: subprocess.Popen[bytes], port: int, log: Path) -> None:
    """Until it answers."""
    for _ in range(400):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=5) as line:
            if line.recv(10):
                return
        if running.poll() is not None:
            break
        time.sleep(0.02)
    raise RuntimeError(f"dovecot does not start: {log.read_text() if log.exists() else running.stderr}")


def _certificate(folder: Path) -> ssl.SSLContext:
    """A certificate for localhost in a folder, and a context that trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = made.public_bytes(serialization.Encoding.PEM)
    (folder / "cert.pem").write_bytes(pem)
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "key.pem").write_bytes(key.private_bytes(*form))
    return ssl.create_default_context(cadata=pem.decode())
