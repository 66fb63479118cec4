"""A real IMAP server (dovecot) on a loopback port with one account, and a line to it that breaks."""

from __future__ import annotations

import datetime
import getpass
import itertools
import os
import shutil
import socket
import ssl
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

USER, PASSWORD = "antwoorden@buurt.example", "geheim é"
CONFIG = """
protocols = imap
listen = 127.0.0.1
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
ssl = yes
ssl_cert = <{folder}/cert.pem
ssl_key = <{folder}/key.pem
disable_plaintext_auth = no
default_login_user = {login}
default_internal_user = {internal}
default_internal_group = {group}
mail_location = maildir:{folder}/mail
first_valid_uid = 1
auth_mechanisms = plain login
auth_failure_delay = 0
passdb {{
  driver = passwd-file
  args = username_format=%u {folder}/users
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
  # Or everybody waits longer after each wrong password.
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
"""


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


def dovecot() -> str | None:
    """Where dovecot is, if it is installed."""
    return shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")


@contextmanager
def imap_server(password: str = PASSWORD) -> Iterator[ImapServer]:
    """Run dovecot as long as this lasts. Where it is not installed the test is skipped."""
    program = dovecot()
    if program is None:
        pytest.skip("dovecot is not installed")
    root = os.getuid() == 0
    owner = (65534, 65534) if root else (os.getuid(), os.getgid())
    # Not in pytest's own folder: the path of a socket is short, and the server's accounts must get in.
    with tempfile.TemporaryDirectory(prefix="imap-") as name, ExitStack() as stack:
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
        (folder / "conf").write_text(CONFIG.format(folder=folder, port=port, tls_port=tls_port, **values))
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
