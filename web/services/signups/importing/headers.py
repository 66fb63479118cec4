"""Which column of a file is which: names in every language, whatever their capitals, spaces and accents."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from web.services.signups.importing.columns import Column, folded
from web.services.signups.importing.faults import ColumnTwice, MergedHeader, NoHeader, NoName
from web.services.signups.importing.lines import ImportLine, letter


@dataclass(frozen=True, slots=True)
class Unused:
    """A column that we do not read: `off`, or unknown, and then which one may have been meant."""

    name: str
    letter: str
    near: str
    off: bool = False


@dataclass(frozen=True, slots=True)
class Header:
    """`places`: the number (from 0) of each column that was found."""

    places: dict[str, int]
    unused: tuple[Unused, ...]


def header_of(line: ImportLine, columns: Sequence[Column], off: Collection[str] = ()) -> Header:
    """The columns of a file; `off` are names, folded, that this project does not ask for.

    Raises NoHeader, NoName, ColumnTwice or MergedHeader.
    """
    if line.faults:
        raise MergedHeader(row=line.number, column=letter(line.faults[0][0]))
    known = {folded(said): column for column in reversed(columns) for said in column.said}
    places: dict[str, int] = {}
    unused = []
    for at, name in enumerate(line.cells):
        column = known.get(folded(name))
        if column is None:
            unused.append(_unused(at, name, known, folded(name) in off))
        elif column.key in places:
            raise ColumnTwice(name=column.name, columns=f"{letter(places[column.key])}, {letter(at)}")
        else:
            places[column.key] = at
    _need(places, line, columns)
    return Header(places, tuple(u for u in unused if u.name))


def _unused(at: int, name: str, known: dict[str, Column], off: bool) -> Unused:
    close = [] if off else get_close_matches(folded(name), known, 1, 0.7)
    return Unused(" ".join(name.split())[:60], letter(at), known[close[0]].name if close else "", off)


def _need(places: dict[str, int], line: ImportLine, columns: Sequence[Column]) -> None:
    if not places:
        raise NoHeader(row=line.number)
    if not {"name", "code"} & places.keys():
        called = {column.key: column.name for column in columns}
        raise NoName(name=called["name"], code=called["code"])
