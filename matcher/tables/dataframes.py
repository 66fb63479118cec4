"""A problem from pandas frames, read as strictly as the files would be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from matcher.domain import Problem
from matcher.faults import FaultList
from matcher.tables.history import LOCKED, MET, POPULATION
from matcher.tables.people import PEOPLE
from matcher.tables.problem import Tables, assembled
from matcher.tables.sessions import FACILITATORS, SESSIONS
from matcher.tables.sheet import SheetRow, as_text
from matcher.tables.table import Layout, Table
from matcher.tables.tabling import tabled
from matcher.toml.document import Document

_OTHERS = (
    ("facilitators", FACILITATORS),
    ("met", MET),
    ("locked", LOCKED),
    ("population", POPULATION),
)

if TYPE_CHECKING:
    from pandas import DataFrame


def problem_from_frames(
    people: DataFrame,
    sessions: DataFrame,
    facilitators: DataFrame | None = None,
    met: DataFrame | None = None,
    locked: DataFrame | None = None,
    population: DataFrame | None = None,
    *,
    format: Mapping[str, Any],
) -> Problem:
    """The problem in these frames, with columns as in the files so named; `format` is the TOML as a dict.

    Several values in a cell are a list, a set, or text with `|`. Messages count as a spreadsheet does: the
    first row of a frame is row 2. Raises BadInput with every fault.
    """
    faults = FaultList()
    frames = (facilitators, met, locked, population)
    read = [_table(frame, *_OTHERS[i], faults) for i, frame in enumerate(frames)]
    tables = Tables((_table(people, "people", PEOPLE, faults),), _table(sessions, "sessions", SESSIONS, faults), *read)
    inputs = assembled(tables, Document("format", format), faults)
    faults.stop()
    assert inputs is not None
    return inputs.problem


def _table(frame: DataFrame | None, name: str, layout: Layout, faults: FaultList) -> Table | None:
    return None if frame is None else tabled(faults.open(name), _records(frame), layout, faults)


def _records(frame: DataFrame) -> Iterator[SheetRow]:
    held = frame.astype(object).where(frame.notna(), None)
    yield SheetRow(1, tuple(str(column) for column in frame.columns))
    for number, row in enumerate(held.itertuples(index=False, name=None), start=2):
        yield SheetRow(number, tuple(as_text(cell) for cell in row))
