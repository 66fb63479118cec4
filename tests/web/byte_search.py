"""Looking for somebody in every byte of an instance folder, also inside mails, archives and base64."""

from __future__ import annotations

import io
import sqlite3
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import closing
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

LEAST = 20
"""Characters of hashes, tokens and sealed texts; a shorter one may be any word."""


def stored(folder: Path) -> set[str]:
    """Every hash, token and sealed text that stands in a row of the database now."""
    with closing(sqlite3.connect(folder / "rebubbelen.db")) as database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        rows = [row for name in tables for row in database.execute(f'SELECT * FROM "{name}"')]
    return {value for row in rows for value in row if _tells(value)}


def _tells(value: object) -> bool:
    return isinstance(value, str) and len(value) >= LEAST and " " not in value


def found(folder: Path, wanted: Iterable[str]) -> list[tuple[str, str]]:
    """Which of these stand in which file, whoever wrote it."""
    everything = [(str(path.relative_to(folder)), _read(path)) for path in folder.rglob("*") if path.is_file()]
    return [
        (one, name) for one in sorted(wanted) for name, content in everything if any(_piece(one) in c for c in content)
    ]


def _piece(text: str) -> bytes:
    """Of what is sealed a part that no other has, as a page of the database may have been cut in two."""
    return (text[20:60] if len(text) > 60 else text).encode()


def _read(path: Path) -> list[bytes]:
    content = path.read_bytes()
    return [path.name.encode(), content, *_unpacked(content)]


def _unpacked(content: bytes) -> Iterator[bytes]:
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            yield from (archive.read(name) for name in archive.namelist())
    elif b"\nMIME-Version:" in content[:4000]:
        mail = message_from_bytes(content, EmailMessage, policy=policy.default)
        yield "\n".join(f"{name}: {value}" for name, value in mail.items()).encode()
        yield from (part.get_payload(decode=True) or b"" for part in mail.walk() if not part.is_multipart())
