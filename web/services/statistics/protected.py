"""Numbers as they may be shown: small ones hidden, the others rounded by chance, none to be worked out (promise 11).

Before a number is rounded down to a multiple of `step`, an offset of 0 to `step` - 1 is added that nobody knows. One
person more or less therefore changes what is shown in one case of `step` only, wherever the number stands; without the
offset whoever brings a number to the edge of a step, with invented people, would see everybody who is added to it.
"""

from __future__ import annotations

from collections.abc import Sequence

from web.pictures import Cell

HIDDEN = "–"
"""For every number of a whole in which one of them would tell too much."""
Bounds = tuple[int, int]


def protected(
    numbers: Sequence[int], offsets: Sequence[int], people: int, *, small: int, step: int, overlapping: bool = False
) -> tuple[Cell, ...]:
    """Numbers as they may be shown to somebody who knows that they are about `people` in all, and not the offsets.

    They add up to that, or with `overlapping` cover it, the last of them being those who are in no other. If a hidden
    number could be worked out as well as a shown one is known, nothing is shown: hiding a part tells why that part.
    """
    cells = tuple(alone(*pair, small=small, step=step) for pair in zip(numbers, offsets, strict=True))
    return cells if _safe(cells, people, small, step, overlapping) else (Cell(HIDDEN, None),) * len(cells)


def alone(number: int, offset: int, *, small: int, step: int) -> Cell:
    """A number that is no part of a whole. Below `small` it is hidden, and just above it, by chance, sometimes too."""
    moved = number + offset
    if moved < small + step - 1:
        return Cell(f"<{small}", None)
    value = moved // step * step
    return Cell(str(value), value)


def _safe(cells: Sequence[Cell], people: int, small: int, step: int, overlapping: bool) -> bool:
    """Whether every hidden number can still be more different ones than a rounded number can."""
    bounds = [_bounds(cell, people, small, step) for cell in cells]
    ranges = (_range(i, bounds, people, overlapping) for i, cell in enumerate(cells) if cell.value is None)
    return all(high - low >= step for low, high in ranges)


def _bounds(cell: Cell, people: int, small: int, step: int) -> Bounds:
    """What a number can be, going by its own cell."""
    if cell.value is not None:
        return max(small, cell.value - step + 1), min(people, cell.value + step - 1)
    return 0, min(people, small + step - 2)


def _range(i: int, bounds: Sequence[Bounds], people: int, overlapping: bool) -> Bounds:
    """What a number can be, going by all cells together."""
    low, high = bounds[i]
    others = [bounds[j] for j in range(len(bounds)) if j != i]
    low = max(low, people - sum(most for _, most in others))
    if not overlapping:
        return low, min(high, people - sum(least for least, _ in others))
    is_last = i == len(bounds) - 1
    return low, min(high, people - (max(least for least, _ in others) if is_last else bounds[-1][0]))
