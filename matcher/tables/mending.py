"""What a repair needs: a published plan, who cancelled, and the problem without them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from matcher.domain import Plan
from matcher.faults import FaultList
from matcher.tables.cells import cells_of
from matcher.tables.files import Files, inputs_in
from matcher.tables.plans import PLAN, plan_of
from matcher.tables.problem import Inputs, Mention
from matcher.tables.reading import UnreadableTable, data_of, read_table, records_of
from matcher.tables.table import Table, cleaned

_HEADERS = ("id", "person")


@dataclass(frozen=True, slots=True)
class Mending:
    """A published plan, and the problem as it is now: without `cancelled`, with those who joined."""

    inputs: Inputs
    plan: Plan
    cancelled: frozenset[str]


def read_mending(files: Files, plan: Path, cancelled: str | None) -> Mending:
    """Everything for a repair. Raises BadInput with every fault."""
    faults = FaultList()
    gone = list(mentions(cancelled or "", faults))
    inputs = inputs_in(files, faults, gone)
    table = read_table(plan, PLAN, faults)
    published = plan_of(table, faults)
    ids = frozenset(mention.id for mention in gone)
    if inputs is not None:
        _check_known(table, inputs, ids, faults)
    faults.stop()
    assert inputs is not None
    return Mending(inputs, published, ids)


def mentions(cancelled: str, faults: FaultList, option: str = "--cancelled") -> Iterator[Mention]:
    """The ids in a text with `,` or `|` between them, or in a file: column `id` or `person`, or the first."""
    path = Path(cancelled)
    if not _is_file(path):
        ids = enumerate(re.split(r"[,|]", cancelled), start=1)
        yield from (Mention(id.strip(), option, at) for at, id in ids if id.strip())
        return
    try:
        records = [list(record.cells) for record in records_of(data_of(path))]
    except UnreadableTable as error:
        faults.add(cancelled, error.row, "-", error.what, error.right)
        return
    yield from _listed(cancelled, records)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def _listed(file: str, records: list[list[str]]) -> Iterator[Mention]:
    header = [cleaned(cell).casefold() for cell in next(filter(any, records), [])]
    column = next((header.index(name) for name in _HEADERS if name in header), None)
    for row, cells in enumerate(records, start=1):
        id = cleaned(cells[column or 0]) if len(cells) > (column or 0) else ""
        is_header = column is not None and id.casefold() in _HEADERS
        if id and not is_header:
            yield Mention(id, file, row)


def _check_known(table: Table | None, inputs: Inputs, gone: frozenset[str], faults: FaultList) -> None:
    """Whoever is in the plan signed up, and every session of it still stands."""
    people = sorted({person.id for person in inputs.problem.people} | gone)
    sessions = sorted(session.id for session in inputs.problem.sessions)
    for row in cells_of(table, faults):
        for column, known in (("person", people), ("session", sessions)):
            value = row.text(column)
            if value:
                row.refer(column, value, known, column)
