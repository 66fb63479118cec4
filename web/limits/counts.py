"""What is counted, for all processes of a machine: a small SQLite file, where no Redis is.

Counted by each process alone, every limit would be as many times itself as there are processes.
"""

from __future__ import annotations

import hashlib
import sqlite3
import time
from pathlib import Path
from threading import local
from urllib.parse import unquote

from limits.storage import Storage

FILE = "limits.db"
PREPARE = """
    PRAGMA journal_mode=WAL;
    PRAGMA synchronous=OFF;
    CREATE TABLE IF NOT EXISTS counted (key TEXT PRIMARY KEY, amount INTEGER NOT NULL, ends REAL NOT NULL);
    CREATE INDEX IF NOT EXISTS counted_ends ON counted (ends);
"""
ADD = """
    INSERT INTO counted (key, amount, ends) VALUES (:key, :amount, :ends)
    ON CONFLICT (key) DO UPDATE SET
        amount = CASE WHEN ends <= :now THEN excluded.amount ELSE amount + excluded.amount END,
        ends = CASE WHEN ends <= :now THEN excluded.ends ELSE ends END
    RETURNING amount
"""


def address(folder: Path) -> str:
    """How Flask-Limiter is told to count in a folder."""
    return f"{Counts.STORAGE_SCHEME[0]}://{folder.resolve() / FILE}"


class Counts(Storage):
    """Counters that end by themselves. Addresses of visitors and accounts stand in it as keyed hashes only."""

    STORAGE_SCHEME = ["rebubbelen+sqlite"]  # noqa: RUF012 - the type that `limits` gives it

    def __init__(self, uri: str = "", wrap_exceptions: bool = False, key: str = "", **options: str) -> None:
        super().__init__(uri, wrap_exceptions=wrap_exceptions)
        self._path = unquote(uri.partition("://")[2])
        self._key = hashlib.sha256(key.encode()).digest()
        self._mine = local()

    @property
    def base_exceptions(self) -> type[Exception]:
        """What can go wrong."""
        return sqlite3.Error

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """Count, and forget what is over; how many that makes."""
        now = time.time()
        told = {"key": self._hidden(key), "amount": amount, "ends": now + expiry, "now": now}
        with self._file() as file:
            file.execute("DELETE FROM counted WHERE ends <= ?", (now,))
            return int(file.execute(ADD, told).fetchone()[0])

    def get(self, key: str) -> int:
        """How many there are."""
        return int(self._found(key)[0])

    def get_expiry(self, key: str) -> float:
        """When the counter ends."""
        return self._found(key)[1]

    def check(self) -> bool:
        """Whether it can be read."""
        return bool(self._file().execute("SELECT 1").fetchone())

    def reset(self) -> int:
        """Forget everything; how many counters that were."""
        with self._file() as file:
            return file.execute("DELETE FROM counted").rowcount

    def clear(self, key: str) -> None:
        """Forget one counter."""
        with self._file() as file:
            file.execute("DELETE FROM counted WHERE key = ?", (self._hidden(key),))

    def _found(self, key: str) -> tuple[int, float]:
        now = time.time()
        query = "SELECT amount, ends FROM counted WHERE key = ? AND ends > ?"
        found = self._file().execute(query, (self._hidden(key), now)).fetchone()
        return found or (0, now)

    def _hidden(self, key: str) -> str:
        return hashlib.blake2b(key.encode(), key=self._key, digest_size=20).hexdigest()

    def _file(self) -> sqlite3.Connection:
        """A connection for each thread, made when it is first needed: after the processes parted."""
        if not hasattr(self._mine, "file"):
            self._mine.file = sqlite3.connect(self._path, timeout=15)
            self._mine.file.executescript(PREPARE)
        file: sqlite3.Connection = self._mine.file
        return file
