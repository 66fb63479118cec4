"""Figures about sign-ups in which nobody can be recognised (promise 11): small numbers hidden, the others rounded.

Bubbles are counted over a whole series and never per session: whoever knows who can come on Tuesday, and an organiser
does, could otherwise take two figures from each other. For the same reason the figures go on by `small_cell` people at
a time: nobody learns what one person told by looking before and after.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, selectinload

from config import Settings
from config.dimensions import Dimension
from web.pictures import Cell
from web.rows import KeyContact, Series, Signup, TimeSlot
from web.rows.people import SignupState

HIDDEN = "–"
"""For every number of a dimension in which one of them would tell too much."""
Bounds = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Counted:
    """One dimension: a cell per bubble, and one for who did not tell, whose key is empty."""

    dimension: Dimension
    cells: tuple[tuple[str, Cell], ...]


@dataclass(frozen=True, slots=True)
class ProtectedFigures:
    """What may be shown of a series; `people` is how many the figures are about."""

    people: int
    dimensions: tuple[Counted, ...]
    sessions: tuple[tuple[TimeSlot, Cell], ...]


def counts(session: Session, series: Series, settings: Settings) -> ProtectedFigures:
    """The figures of a series, ready to be shown."""
    people = _people(session, select(Signup).where(Signup.series_id == series.id), settings.small_cell)
    told = [signup.usable_bubbles for signup in people]
    sessions = [s for s in series.sessions if not s.called_off]
    able = [(s, sum(s.id in {a.session_id for a in signup.availability} for signup in people)) for s in sessions]
    return ProtectedFigures(
        people=len(people),
        dimensions=tuple(_counted(d, told, settings) for d in settings.dimensions if not d.special),
        sessions=tuple((row, _alone(count, settings.small_cell, settings.round_to)) for row, count in able),
    )


def by_contact(
    session: Session, contacts: Sequence[KeyContact], project_id: int, settings: Settings
) -> tuple[Cell, ...]:
    """How many people came by each key contact of a project; the last cell is who came without one."""
    wanted = select(Signup).where(Signup.project_id == project_id)
    invited = [signup.key_contact_id for signup in _people(session, wanted, settings.small_cell)]
    numbers = [invited.count(contact.id) for contact in contacts]
    rest = len(invited) - sum(numbers)
    return protected([*numbers, rest], len(invited), small=settings.small_cell, step=settings.round_to)


def few(figures: ProtectedFigures, dimensions: Sequence[str]) -> list[tuple[Dimension, str]]:
    """The bubbles of these dimensions from which few people came, where the figures say so and not all are few."""
    found = []
    for counted in figures.dimensions:
        small = [key for key, cell in counted.cells if key and cell.value is None and cell.text != HIDDEN]
        if counted.dimension.key in dimensions and 2 * len(small) <= len(counted.cells):
            found += [(counted.dimension, key) for key in small]
    return found


def _people(session: Session, wanted: Select[Signup], batch: int) -> Sequence[Signup]:
    """Who is counted: in order of arrival, in whole batches."""
    found = session.scalars(
        wanted.where(Signup.state.in_((SignupState.IN, SignupState.WAITING)))
        .options(selectinload(Signup.consents), selectinload(Signup.availability))
        .order_by(Signup.id)
    ).all()
    return found[: len(found) // batch * batch]


def _counted(dimension: Dimension, told: Sequence[dict[str, list[str]]], settings: Settings) -> Counted:
    keys = [bubble.key for bubble in dimension.bubbles]
    said = [told_by.get(dimension.key, []) for told_by in told]
    numbers = [*(sum(key in answers for answers in said) for key in keys), sum(not answers for answers in said)]
    cells = protected(
        numbers, len(told), small=settings.small_cell, step=settings.round_to, overlapping=dimension.several
    )
    return Counted(dimension, tuple(zip([*keys, ""], cells, strict=True)))


def protected(
    numbers: Sequence[int], people: int, *, small: int, step: int, overlapping: bool = False
) -> tuple[Cell, ...]:
    """Numbers as they may be shown to somebody who knows that they are about `people` in all.

    They add up to that, or with `overlapping` cover it, the last of them being those who are in no other. If a hidden
    number could be worked out as well as a shown one is known, nothing is shown: hiding a part tells why that part.
    """
    cells = tuple(_alone(number, small, step) for number in numbers)
    return cells if _safe(cells, people, small, step, overlapping) else (Cell(HIDDEN, None),) * len(cells)


def _alone(number: int, small: int, step: int) -> Cell:
    """A number that is no part of a whole."""
    value = (number + step // 2) // step * step
    return Cell(f"<{small}", None) if number < small else Cell(str(value), value)


def _safe(cells: Sequence[Cell], people: int, small: int, step: int, overlapping: bool) -> bool:
    """Whether every hidden number can still be more different ones than a rounded number can."""
    bounds = [_bounds(cell, people, small, step) for cell in cells]
    ranges = (_range(i, bounds, people, overlapping) for i, cell in enumerate(cells) if cell.value is None)
    return all(high - low >= step for low, high in ranges)


def _bounds(cell: Cell, people: int, small: int, step: int) -> Bounds:
    """What a number can be, going by its own cell."""
    if cell.value is not None:
        return max(small, cell.value - step // 2), min(people, cell.value + (step - 1) // 2)
    return 0, min(people, small - 1)


def _range(i: int, bounds: Sequence[Bounds], people: int, overlapping: bool) -> Bounds:
    """What a number can be, going by all cells together."""
    low, high = bounds[i]
    others = [bounds[j] for j in range(len(bounds)) if j != i]
    low = max(low, people - sum(most for _, most in others))
    if not overlapping:
        return low, min(high, people - sum(least for least, _ in others))
    is_last = i == len(bounds) - 1
    return low, min(high, people - (max(least for least, _ in others) if is_last else bounds[-1][0]))
