"""A PostgreSQL and a Redis of one's own: in a temporary folder, for nobody else, and gone when the block is left."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from web.bench.server import HOST, free_port

DEBIAN = Path("/usr/lib/postgresql")
"""Where Debian keeps the servers, by version; on no PATH."""
ACCOUNTS = ("postgres", "nobody")
"""Who runs them when we are root: PostgreSQL refuses that."""
PATIENCE = 180.0
CAREFREE = ("fsync=off", "full_page_writes=off", "synchronous_commit=off")
"""For tests, where nobody pulls the plug out of the machine."""
QUICK = 0.02


def program(name: str) -> str:
    """Where a server is on this machine, the newest one; empty where there is none."""
    versions = sorted(DEBIAN.glob("*/bin"), key=lambda path: -int(path.parent.name))
    places = [os.environ.get("PATH", os.defpath), "/usr/sbin", *map(str, versions)]
    return shutil.which(name, path=os.pathsep.join(places)) or ""


def address(folder: str, database: str) -> str:
    """A database of the PostgreSQL that runs in a folder, as REBUBBELEN_DATABASE."""
    return f"postgresql+psycopg://postgres@/{database}?host={folder}"


@dataclass
class OwnServer:
    """A server that can be stopped, killed and started again, with all that it kept."""

    words: Sequence[str]
    folder: Path
    account: dict[str, Any]
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def start(self) -> None:
        """And wait until it answers."""
        with (self.folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(self.words, cwd=self.folder, stdout=log, stderr=log, **self.account)
        until = time.monotonic() + PATIENCE
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"{self.words[0]} did not start:\n{(self.folder / 'server.log').read_text()}")
            time.sleep(QUICK)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """At once; whoever was connected is no more."""
        if self.process is not None:
            self.process.send_signal(how)
            self.process.wait(PATIENCE)
            self.process = None

    def answers(self) -> bool:
        """Whether it takes connections."""
        raise NotImplementedError


class Postgres(OwnServer):
    """A PostgreSQL behind a socket in its folder, in which everybody may do everything."""

    def url(self, database: str) -> str:
        """As REBUBBELEN_DATABASE."""
        return address(str(self.folder), database)

    def sql(self, statement: str, database: str = "postgres") -> None:
        """Do something outside any transaction."""
        import psycopg

        with psycopg.connect(
            host=str(self.folder), user="postgres", dbname=database, autocommit=True, connect_timeout=5
        ) as connection:
            connection.execute(statement.encode())

    def create(self, database: str) -> str:
        """A new and empty database; its address."""
        self.sql(f'CREATE DATABASE "{database}"')
        return self.url(database)

    def answers(self) -> bool:
        import psycopg

        try:
            self.sql("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True


class Redis(OwnServer):
    """A Redis on a port of this machine that keeps nothing when it is stopped."""

    port: int = 0

    @property
    def url(self) -> str:
        """As REBUBBELEN_REDIS."""
        return f"redis://{HOST}:{self.port}"

    def answers(self) -> bool:
        import redis

        try:
            with redis.Redis(HOST, self.port) as connection:
                return bool(connection.ping())
        except redis.RedisError:
            return False


@contextmanager
def postgres(*, carefree: bool) -> Iterator[Postgres]:
    """A PostgreSQL as it is installed; a `carefree` one waits for no disk. Texts are ordered as in Dutch."""
    server = program("postgres")
    with _folder() as (folder, account):
        # Beside the real file, wherever a link to it is.
        data, tool = folder / "data", Path(server).resolve().with_name("initdb")
        words = [str(tool), "-D", str(data), "--auth=trust", "--username=postgres", "--encoding=UTF8", "--no-sync"]
        words += ["--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=nl"]
        subprocess.run(words, cwd=folder, check=True, stdout=subprocess.DEVNULL, **account)
        more = [f"unix_socket_directories={folder}", "listen_addresses=", "max_connections=200"]
        settings = [word for setting in (*more, *(CAREFREE if carefree else ())) for word in ("-c", setting)]
        made = Postgres([server, "-D", str(data), *settings], folder, account)
        yield from _running(made)


@contextmanager
def redis() -> Iterator[Redis]:
    """A Redis as it is installed."""
    with _folder() as (folder, account):
        port = free_port()
        made = Redis([program("redis-server"), "--bind", HOST, "--port", str(port), "--save", ""], folder, account)
        made.port = port
        yield from _running(made)


def _running(server: Any) -> Iterator[Any]:
    server.start()
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def _folder() -> Iterator[tuple[Path, dict[str, Any]]]:
    """A folder, and as whom a server runs in it."""
    with TemporaryDirectory(prefix="re-bubbelen-") as name:
        folder, account = Path(name), {}
        if os.geteuid() == 0:
            known = {entry.pw_name: entry for entry in pwd.getpwall()}
            who = next(known[name] for name in ACCOUNTS if name in known)
            os.chown(folder, who.pw_uid, who.pw_gid)
            account = {"user": who.pw_uid, "group": who.pw_gid, "extra_groups": []}
        yield folder, account
