"""The files of a problem, read and put together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from matcher.faults import FaultList
from matcher.tables.history import LOCKED, MET, POPULATION
from matcher.tables.people import PEOPLE
from matcher.tables.problem import Inputs, Mention, Tables, assembled
from matcher.tables.reading import read_table
from matcher.tables.sessions import FACILITATORS, SESSIONS
from matcher.tables.table import Layout, Table
from matcher.toml.document import read_document


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """Where the tables and the format lie. `added` are people who signed up after a plan was published."""

    people: Path
    sessions: Path
    format: Path
    facilitators: Path | None = None
    met: Path | None = None
    locked: Path | None = None
    population: Path | None = None
    added: Path | None = None


def read_inputs(files: Files) -> Inputs:
    """The problem in these files.

    Raises BadInput with every fault in them.
    """
    faults = FaultList()
    inputs = inputs_in(files, faults)
    faults.stop()
    assert inputs is not None
    return inputs


def inputs_in(files: Files, faults: FaultList, gone: Sequence[Mention] = ()) -> Inputs | None:
    """The problem in these files, for whoever reads more before telling the faults; None after a fault.

    People who are `gone` are in the files, but not in the problem.
    """

    def table(path: Path | None, layout: Layout) -> Table | None:
        return read_table(path, layout, faults) if path else None

    lists = (files.people, files.added) if files.added else (files.people,)
    tables = Tables(
        people=tuple(table(path, PEOPLE) for path in lists),
        sessions=table(files.sessions, SESSIONS),
        facilitators=table(files.facilitators, FACILITATORS),
        met=table(files.met, MET),
        locked=table(files.locked, LOCKED),
        population=table(files.population, POPULATION),
    )
    return assembled(tables, read_document(files.format, faults), faults, gone)
