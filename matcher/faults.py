"""What is wrong with the input, said so that whoever made it can mend it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from matcher.messages import Message, Value
from matcher.words import LANGUAGE, Words, words

SHOWN = 200
"""Lines of faults that are read by somebody; the rest is counted."""
ALIKE = 3
"""The same fault on more rows than this is one line."""
_NAMED = 5
"""So many of those rows are named, and so many of the values."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to mend. Rows count as in a spreadsheet: the header is row 1. Column `-` is the whole row."""

    file: str
    row: int
    column: str
    what: Message
    right: Message

    def line(self, words: Words) -> str:
        """Where it is, what is wrong and what would be right, in one language."""
        return f"{self.file}:{self.row}:{self.column}: {words.say(self.what)}; {words.say(self.right)}"

    def __str__(self) -> str:
        return self.line(words(LANGUAGE))


class BadInput(Exception):
    """The input cannot be used; `faults` holds everything that is wrong with it."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(self.faults)

    def lines(self, words: Words) -> Iterator[str]:
        """The first faults in one language, the same one on many rows as one line, and the number of the others."""
        told = list(_alike(self.faults))
        yield from (_line(faults, words) for faults in told[:SHOWN])
        if more := sum(map(len, told[SHOWN:])):
            yield words.say(Message.of("fault.more", n=more))

    def __str__(self) -> str:
        return "\n".join(self.lines(words(LANGUAGE)))


def _alike(faults: Iterable[Fault]) -> Iterator[Sequence[Fault]]:
    """The faults in order, those that differ in no more than row and value together if they are many."""
    kinds: dict[tuple[str, str, str], list[Fault]] = {}
    for fault in faults:
        kinds.setdefault((fault.file, fault.column, fault.what.key), []).append(fault)
    for fault in faults:
        kind = kinds[fault.file, fault.column, fault.what.key]
        if len(kind) <= ALIKE:
            yield [fault]
        elif fault is kind[0]:
            yield kind


def _line(faults: Sequence[Fault], words: Words) -> str:
    """One fault; of the same on many rows the first, the rows, and the values as far as they differ."""
    first, *others = faults
    if not others:
        return first.line(words)
    rows = dict.fromkeys(str(fault.row) for fault in faults)
    values = dict.fromkeys(str(value) for fault in faults for name, value in fault.what.values if name == "value")
    told = [Message.of("fault.on_rows", n=len(rows), rows=several(rows, _NAMED))]
    if len(values) > 1:
        told.append(Message.of("fault.with_values", values=several(list(values)[1:], _NAMED)))
    return f"{first.line(words)} ({'; '.join(map(words.say, told))})"


class FaultList:
    """The faults so far: reading goes on after a fault, so that all of them are told at once."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._files: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._faults)

    def __iter__(self) -> Iterator[Fault]:
        return iter(self._faults)

    def open(self, file: str) -> str:
        """Faults are told file by file, in the order in which these were opened."""
        self._files.setdefault(file, len(self._files))
        return file

    def add(self, file: str, row: int, column: str, what: Message, right: Message) -> None:
        """Remember a fault."""
        self._faults.append(Fault(self.open(file), row, printable(column) or "-", what, right))

    def stop(self) -> None:
        """Raise `BadInput` if there is anything to mend, file by file and from top to bottom."""
        if self._faults:
            raise BadInput(sorted(self._faults, key=lambda f: (self._files[f.file], f.row)))


def printable(value: str, length: int = 60) -> str:
    """A value on one line of a message: control characters escaped, cut at `length`."""
    seen = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in value[: length + 1])
    return seen if len(seen) <= length else f"{seen[: length - 1]}…"


def written(value: object) -> str:
    """A value as it was read, printable; what is no text as TOML writes it."""
    return printable(str(value).lower() if isinstance(value, bool) else str(value))


def several(known: Iterable[str], limit: int = 20, length: int = 60) -> Value:
    """Words in a row; of many, the first few and the number of the others."""
    shown = tuple(printable(word, length) for word in known)
    if len(shown) > limit:
        return Message.of("fault.several", first=shown[:limit], n=len(shown) - limit)
    return shown


def instead(word: str, known: Iterable[str], limit: int = 20) -> Message:
    """What to write instead of an unknown word: the nearest known one if it is near, and the known ones."""
    every = list(known)
    if not every:
        return Message.of("fix.none")
    near = [known for known in every if known.casefold() == word.casefold()]
    # Among thousands of ids a near one says little and takes long to find.
    near = near or (get_close_matches(word[:80], every, n=1, cutoff=0.6) if len(every) <= 2000 else [])
    if near:
        return Message.of("fix.near", near=printable(near[0]), known=several(every, limit))
    return Message.of("fix.known", known=several(every, limit))
