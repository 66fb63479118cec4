"""The figures that pages show: as the night took them, and nothing counted anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from config import Settings
from config.dimensions import Dimension
from web.pictures import Cell
from web.rows import Figures, KeyContact, Series, TimeSlot
from web.services.statistics.night import CONTACTS, FACES, TIMES, of_dimension
from web.services.statistics.protected import HIDDEN
from web.services.statistics.tallies import SILENT


@dataclass(frozen=True, slots=True)
class Counted:
    """One dimension: a cell per bubble, and one for who did not tell, whose key is empty; `people` are all of them."""

    dimension: Dimension
    people: int
    cells: tuple[tuple[str, Cell], ...]


@dataclass(frozen=True, slots=True)
class SeriesFigures:
    """What may be shown of a series, as it was at `taken_at`; None before its first night."""

    taken_at: datetime | None
    dimensions: tuple[Counted, ...]
    sessions: tuple[tuple[TimeSlot, Cell], ...]


@dataclass(frozen=True, slots=True)
class Faces:
    """How a series was: how many people answered, rounded, and a cell for every mood."""

    people: int
    cells: tuple[tuple[str, Cell], ...]


def of_series(session: Session, series: Series, settings: Settings) -> SeriesFigures:
    """The figures of a series, ready to be shown; of a dimension only once it may be told of."""
    rows = {row.subject: row for row in session.scalars(select(Figures).where(Figures.series_id == series.id))}
    times = _cells(rows.get(TIMES))
    evenings = [row for row in series.sessions if not row.called_off and str(row.id) in times]
    return SeriesFigures(
        taken_at=max((row.taken_at for row in rows.values() if row.subject != FACES), default=None),
        dimensions=tuple(filter(None, (_counted(dimension, rows) for dimension in settings.dimensions))),
        sessions=tuple((row, times[str(row.id)]) for row in evenings),
    )


def _counted(dimension: Dimension, rows: dict[str, Figures]) -> Counted | None:
    row = rows.get(of_dimension(dimension.key))
    if row is None or not row.people or dimension.special:
        return None
    cells = _cells(row)
    keys = [*(bubble.key for bubble in dimension.bubbles), SILENT]
    return Counted(dimension, row.people, tuple((key, cells[key]) for key in keys if key in cells))


def _cells(row: Figures | None) -> dict[str, Cell]:
    return {key: Cell(text, value) for key, text, value in row.shown} if row else {}


def by_contact(session: Session, contacts: Sequence[KeyContact], project_id: int) -> list[Cell]:
    """How many people came by each key contact of a project, as far as the last night could tell."""
    wanted = select(Figures).where(Figures.project_id == project_id, Figures.subject == CONTACTS)
    cells = _cells(session.scalars(wanted).one_or_none())
    return [cells.get(str(contact.id), Cell(HIDDEN, None)) for contact in contacts]


def faces(session: Session, series: Series) -> Faces | None:
    """What an organiser may know of how it was (promise 11); None while few have answered."""
    wanted = select(Figures).where(Figures.series_id == series.id, Figures.subject == FACES)
    row = session.scalars(wanted).one_or_none()
    if row is None or not row.people:
        return None
    return Faces(row.people // row.step * row.step, tuple(_cells(row).items()))


def few(figures: SeriesFigures, dimensions: Sequence[str]) -> list[tuple[Dimension, str]]:
    """The bubbles of these dimensions from which few people came, where the figures say so and not all are few."""
    found = []
    for counted in figures.dimensions:
        small = [key for key, cell in counted.cells if key and cell.value is None and cell.text != HIDDEN]
        if counted.dimension.key in dimensions and 2 * len(small) <= len(counted.cells):
            found += [(counted.dimension, key) for key in small]
    return found
