"""A backup while everything runs: the database as it is at one moment and the files beside it, in one archive.

What goes in is put in order, so that nothing falls between: mails that came in are taken before the database (read
twice does no harm), mails that go out after it (what lies there already is not written again). Keys are left out:
whoever finds a backup reads no row of it. Letters that went by no server lie in it as they lie in the folder.
"""

from __future__ import annotations

import io
import os
import tarfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import file_digest, sha256
from pathlib import Path

from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import SQLAlchemyError

from web.crypto import Vault
from web.rows import sqlite_file, upgrading
from web.services.continuity import postgres
from web.services.continuity.manifest import DATABASE, FILES, NAME, BadBackup, Manifest

PREFIX, SUFFIX = "rebubbelen-", ".tar"
INBOX = "inbox"
REPLACED = "replaced-"
"""What a backup that was put back replaced, in the instance folder."""
LEFT_OUT = (upgrading.COPIES, upgrading.LOCK, upgrading.MARK, "running.lock", "restoring", "DEMO")
"""What belongs to one folder only, is made anew, or is a copy itself."""
OF_SQLITE = ("", "-wal", "-shm", "-journal")
KEY_FILE = 10_000
"""Bytes; in a larger file nobody keeps a key."""


class NoBackup(Exception):
    """It could not be made; its sentence says why. An earlier one is still there."""


@dataclass
class _Archive:
    tar: tarfile.TarFile
    at: datetime
    sums: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, content: bytes, seconds: float) -> None:
        self.sums[name] = sha256(content).hexdigest()
        self.tar.addfile(_entry(name, len(content), seconds), io.BytesIO(content))

    def add_file(self, name: str, path: Path) -> None:
        with path.open("rb") as file:
            self.sums[name] = file_digest(file, "sha256").hexdigest()
            file.seek(0)
            seen = path.stat()
            self.tar.addfile(_entry(name, seen.st_size, seen.st_mtime), file)


def _entry(name: str, size: int, seconds: float) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode, entry.mtime = size, 0o600, seconds
    return entry


def take(engine: Engine, instance: Path, out: Path, vault: Vault, secrets: list[str], now: datetime) -> Path:
    """Write a backup to `out`, a file or a folder that exists; where it lies. Raises NoBackup.

    `secrets` are the keys as they stand in files: a file that holds one is left out.
    """
    target = out / f"{PREFIX}{now:%Y%m%dT%H%M%SZ}{SUFFIX}" if out.is_dir() else out
    fresh, database = (target.with_name(f".{target.name}.{end}") for end in ("part", "db"))
    try:
        with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            with tarfile.open(fileobj=file, mode="w") as tar:
                _fill(_Archive(tar, now), engine, instance, database, vault, secrets)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(target)
    except (OSError, SQLAlchemyError, sqlite_file.NoRoom, postgres.Failed) as error:
        raise NoBackup(f"No backup was made: {error}") from None
    finally:
        for path in (fresh, database):
            path.unlink(missing_ok=True)
    return target


def _fill(archive: _Archive, engine: Engine, instance: Path, database: Path, vault: Vault, secrets: list[str]) -> None:
    files = Files(instance, sqlite_file.path_of(engine), secrets)
    _add_all(archive, files.under(INBOX))
    told = _database(engine, database)
    archive.add_file(DATABASE, database)
    _add_all(archive, files.others(INBOX))
    manifest = Manifest(
        taken_at=archive.at.isoformat(),
        engine=engine.dialect.name,
        keys=told.keys or list(vault.tags),
        lookup=vault.lookup_tag,
        schema=told.schema,
        installation=told.installation,
        counts=told.counts,
        sums=archive.sums,
    )
    archive.add(NAME, manifest.written(), archive.at.timestamp())


def _add_all(archive: _Archive, files: Iterator[tuple[str, Path]]) -> None:
    for name, path in files:
        with suppress(FileNotFoundError):  # Somebody is forgotten at this moment, or a mail moves on.
            archive.add(f"{FILES}{name}", path.read_bytes(), path.stat().st_mtime)


@dataclass(frozen=True, slots=True)
class Files:
    """What lies in an instance folder beside the database and is worth keeping."""

    instance: Path
    database: Path | None = None
    secrets: list[str] = field(default_factory=list)

    def under(self, room: str) -> Iterator[tuple[str, Path]]:
        """The files below a folder, by their name in the instance folder."""
        for folder, folders, files in os.walk(self.instance / room):
            folders.sort()
            for name in sorted(files):
                path = Path(folder, name)
                if not self._left_out(path):
                    yield path.relative_to(self.instance).as_posix(), path

    def others(self, room: str) -> Iterator[tuple[str, Path]]:
        """All but those below that folder."""
        return ((name, path) for name, path in self.under("") if not name.startswith(f"{room}/"))

    def top(self) -> list[Path]:
        """What lies directly in the folder and is of those files."""
        names = {name.partition("/")[0] for name, _ in self.under("")}
        return [self.instance / name for name in sorted(names)]

    def _left_out(self, path: Path) -> bool:
        first = path.relative_to(self.instance).parts[0]
        if first in LEFT_OUT or first.startswith((REPLACED, "queue.db", ".")) or path.is_symlink():
            return True
        if path.suffix == SUFFIX:  # Somebody keeps backups in here.
            return True
        if self.database and path in [self.database.with_name(self.database.name + end) for end in OF_SQLITE]:
            return True
        return self._holds_a_key(path)

    def _holds_a_key(self, path: Path) -> bool:
        try:
            if not self.secrets or path.stat().st_size > KEY_FILE:
                return False
            content = path.read_bytes()
        except FileNotFoundError:
            return False
        return any(secret.encode() in content for secret in self.secrets)


@dataclass(frozen=True, slots=True)
class Told:
    """What a database says about itself."""

    schema: str
    installation: str
    keys: list[str]
    counts: dict[str, int]


def tell(connection: Connection) -> Told:
    """What a database, on this connection, says about itself."""
    tables = [name for name in inspect(connection).get_table_names() if name != "alembic_version"]
    counts = {name: int(connection.scalar(text(f'SELECT count(*) FROM "{name}"')) or 0) for name in tables}
    keys, installation = [], ""
    if "key_in_use" in tables:
        keys = list(connection.scalars(text("SELECT tag FROM key_in_use WHERE until IS NULL ORDER BY id")))
        installation = str(connection.scalar(text("SELECT min(since) FROM key_in_use")) or "")
    schema = MigrationContext.configure(connection).get_current_revision() or ""
    return Told(schema, installation, keys, counts)


def _database(engine: Engine, target: Path) -> Told:
    """Write the database as it is at one moment; what it says of itself at that moment. Raises NoBackup."""
    path = sqlite_file.path_of(engine)
    if path is None:
        return postgres.dump(engine, target, tell)
    if not path.exists():
        raise NoBackup(f"No backup was made: there is no database at {path}.")
    sqlite_file.copy(path, target)
    if wrong := sqlite_file.fault(target):
        raise NoBackup(f"No backup was made: the database ({path}): {wrong}. Keep the backups that you have.")
    with sqlite_file.opened(target) as connection:
        told = tell(connection)
    if not told.schema:
        raise NoBackup(f"No backup was made: the database ({path}) is empty.")
    return told


def forget_old(folder: Path, days: int, now: datetime) -> int:
    """Remove backups of ours that are older than this; what somebody erased is still in them. How many."""
    old = [
        path
        for path in folder.glob(f"{PREFIX}*{SUFFIX}")
        if path.stat().st_mtime < (now - timedelta(days=days)).timestamp()
    ]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def open_archive(path: Path) -> tarfile.TarFile:
    """A backup to read from. Raises BadBackup."""
    try:
        return tarfile.open(path, "r:")
    except (OSError, tarfile.TarError) as error:
        raise BadBackup(f"{path} is no backup of ours, or not whole ({error})") from None
