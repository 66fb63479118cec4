"""A document in TOML: its content, where each key stands in it, and the tables in it with their faults."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from matcher.faults import FaultList, instead, written
from matcher.messages import Key, Message
from matcher.toml.kinds import ValueKind

Keys = tuple[str | int, ...]

UNKNOWN_KEY = Key("fault.unknown_key")


def unknown_key(key: str) -> Message:
    """That a table cannot hold this key."""
    return Message.of(UNKNOWN_KEY, value=key)


_HEAD = re.compile(r"\s*(\[\[?)\s*([^\[\]#]+?)\s*\]")
_KEY = re.compile(r"""\s*("[^"]*"|'[^']*'|[\w.-]+)\s*=""")
_LARGEST = 1_000_000


@dataclass(frozen=True, slots=True)
class Document:
    """A document as it was written. `lines` says where a key stands; one that is no file has none."""

    file: str
    content: Mapping[str, Any]
    lines: Mapping[Keys, int] = field(default_factory=dict)

    def line(self, keys: Keys) -> int:
        """The line of a key, or of the nearest table around it."""
        while keys and keys not in self.lines:
            keys = keys[:-1]
        return self.lines.get(keys, 1)


@dataclass(frozen=True, slots=True)
class Section:
    """One table of a document."""

    document: Document
    keys: Keys
    content: Mapping[str, Any]
    faults: FaultList

    @classmethod
    def whole(cls, document: Document, faults: FaultList) -> Section:
        """The document as one table."""
        return cls(document, (), document.content, faults)

    def fault(self, key: str, what: Message, right: Message) -> None:
        """Something is wrong with a key; the column of a fault is its full name."""
        keys = (*self.keys, key) if key else self.keys
        column = ".".join(str(k) for k in keys if isinstance(k, str))
        self.faults.add(self.document.file, self.document.line(keys), column, what, right)

    def refuse_unknown(self, known: Collection[str], what: Callable[[str], Message] = unknown_key) -> None:
        """Every key must be known; `what` is said of one that is not."""
        for key in self.content:
            if key not in known:
                self.fault(key, what(written(key)), instead(key, known))

    def take(self, key: str, kind: ValueKind, default: Any) -> Any:
        """The value of a key, or the default if it is absent or wrong."""
        if key not in self.content:
            return default
        value = self.content[key]
        if kind.fits(value):
            return kind.made(value)
        what = Message.of("fault.not_kind", value=written(value), kind=kind.name)
        self.fault(key, what, Message.of("fix.write", value=kind.example))
        return default

    def inner(self, key: str) -> Section:
        """A table within this one; an absent table is empty."""
        content = self.content.get(key, {})
        if not isinstance(content, Mapping):
            what = Message.of("fault.not_table", value=written(content))
            self.fault(key, what, Message.of("fix.table", key=key))
            content = {}
        return Section(self.document, (*self.keys, key), content, self.faults)

    def repeated(self, key: str) -> list[Section]:
        """The tables of an array of tables."""
        content = self.content.get(key, [])
        if not isinstance(content, list) or not all(isinstance(c, Mapping) for c in content):
            self.fault(key, Message.of("fault.not_tables"), Message.of("fix.tables", key=key))
            content = []
        return [Section(self.document, (key, i), c, self.faults) for i, c in enumerate(content)]


def read_document(path: Path, faults: FaultList) -> Document | None:
    """The document in a TOML file, or None after a fault."""
    file = faults.open(str(path))
    try:
        with path.open("rb") as stream:
            data = stream.read(_LARGEST + 1)
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
    except OSError as error:
        faults.add(file, 1, "-", Message.of("fault.unreadable", why=str(error.strerror)), Message.of("fix.format_file"))
        return None
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start) + 1
        faults.add(file, row, "-", Message.of("fault.not_utf8"), Message.of("fix.format_utf8"))
        return None
    if len(data) > _LARGEST:
        faults.add(file, 1, "-", Message.of("fault.larger", megabytes=1), Message.of("fix.page"))
        return None
    return _parsed(file, text, faults)


def _parsed(file: str, text: str, faults: FaultList) -> Document | None:
    try:
        return Document(file, tomllib.loads(text), lines_of(text))
    except RecursionError:
        faults.add(file, 1, "-", Message.of("fault.brackets"), Message.of("fix.plain_tables"))
    except ValueError as error:
        at = re.search(r"line (\d+)", str(error))
        row = int(at.group(1)) if at else text.count("\n") + 1
        faults.add(file, row, "-", Message.of("fault.not_toml", why=str(error)), Message.of("fix.toml"))
    return None


def lines_of(text: str) -> dict[Keys, int]:
    """The line of every table and key, as far as they stand at the start of a line."""
    lines: dict[Keys, int] = {}
    seen: dict[str, int] = {}
    table: Keys = ()
    for row, line in enumerate(text.split("\n"), start=1):
        if head := _HEAD.match(line):
            table = _table(head.group(1), head.group(2), seen)
            lines.setdefault(table, row)
        elif key := _KEY.match(line):
            lines.setdefault((*table, *_names(key.group(1))), row)
    return lines


def _table(brackets: str, name: str, seen: dict[str, int]) -> Keys:
    if brackets == "[":
        return _names(name)
    seen[name] = seen.get(name, -1) + 1
    return (*_names(name), seen[name])


def _names(key: str) -> Keys:
    return (key[1:-1],) if key[0] in "\"'" else tuple(key.split("."))
