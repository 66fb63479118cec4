"""What is wrong with the input, said so that whoever made it can mend it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

SHOWN = 200
"""Lines of faults that are read by somebody; the rest is counted."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to mend. Rows count as in a spreadsheet: the header is row 1. Column `-` is the whole row."""

    file: str
    row: int
    column: str
    what: str
    right: str

    def __str__(self) -> str:
        return f"{self.file}:{self.row}:{self.column}: {self.what}; {self.right}"


class BadInput(Exception):
    """The input cannot be used; `faults` holds everything that is wrong with it."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(self.faults)

    def __str__(self) -> str:
        lines = [str(fault) for fault in self.faults[:SHOWN]]
        more = len(self.faults) - len(lines)
        return "\n".join([*lines, f"and {more} more"] if more else lines)


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

    def add(self, file: str, row: int, column: str, what: str, right: str) -> None:
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


def quoted(value: object) -> str:
    """A value as it was read, between quotes."""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return f"'{printable(text)}'"


def listed(known: Iterable[str], limit: int = 20) -> str:
    """The known words in a row; of many, the first few and their number."""
    words: Sequence[str] = [printable(word) for word in known]
    if len(words) > limit:
        return f"{', '.join(words[:limit])} and {len(words) - limit} more"
    return ", ".join(words)


def instead(word: str, known: Iterable[str], limit: int = 20) -> str:
    """What to write instead of an unknown word: the nearest known one if it is near, and the known ones."""
    words = list(known)
    # Among thousands of ids a near one says little and takes long to find.
    near = get_close_matches(word[:80], words, n=1, cutoff=0.6) if len(words) <= 2000 else []
    guess = f"did you mean {quoted(near[0])}? " if near else ""
    return f"{guess}known: {listed(words, limit)}" if words else "there are none"
