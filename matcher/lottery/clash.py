"""Why no panel meets the quotas: lines that cannot all hold, and the smallest change after which they can."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce

import numpy as np

from matcher.lottery.panels import Panels, framed
from matcher.lottery.quotas import Pool, Quota
from matcher.messages import Message

Lines = tuple[Quota, ...]


@dataclass(frozen=True, slots=True)
class Clash:
    """`lines` cannot all hold, but all of them except any one can; each of `relaxations` ends every clash."""

    lines: Lines
    relaxations: tuple[Lines, ...]
    reasons: tuple[Message, ...]


def explained(pool: Pool, quotas: Sequence[Quota]) -> Clash:
    """Explain a pool without panels; `quotas` are its lines, in order."""
    clashing, old = _smallest(pool, len(quotas)), {quota.name: quota for quota in quotas}
    single: list[Lines] = [(line,) for i in clashing for line in _relaxed(pool, quotas, i)]
    # Nothing outside a clash can end it, so if no line of this one does, there is a second clash elsewhere.
    ways = sorted(single, key=lambda way: _change(way, old)) or [_cheapest(pool, quotas)]
    lines = tuple(quotas[i] for i in clashing)
    return Clash(lines, tuple(ways), tuple(_reasons(lines, ways, old, pool.places)))


def _smallest(pool: Pool, lines: int) -> list[int]:
    """The smaller of two irreducible clashes, found by deletion from the front and from the back."""
    forth, back = _irreducible(pool, list(range(lines))), _irreducible(pool, list(range(lines))[::-1])
    return sorted(back if len(back) < len(forth) else forth)


def _irreducible(pool: Pool, order: list[int]) -> list[int]:
    """Deletion filter (Chinneck, Dravnieks 1991): a line without which the others still clash is left out."""
    kept = list(order)
    for line in order:
        rest = [i for i in kept if i != line]
        if not _possible(_only(pool, rest)):
            kept = rest
    return kept


def _only(pool: Pool, lines: Sequence[int]) -> Pool:
    return replace(pool, rows=pool.rows[lines], low=pool.low[lines], high=pool.high[lines])


def _possible(pool: Pool) -> bool:
    return Panels(pool).best(np.zeros(pool.kinds)) is not None


def _relaxed(pool: Pool, quotas: Sequence[Quota], line: int) -> Iterator[Quota]:
    """The line with its min lowered, and with its max raised, as little as makes a panel possible."""
    quota, row = quotas[line], pool.rows[line]
    for low, high, sign in ((0, quota.min - 1, 1.0), (quota.max + 1, pool.places, -1.0)):
        panel = Panels(_bounded(pool, line, low, high)).best(sign * row) if low <= high else None
        if panel is not None:
            yield _widened(quota, int(row @ panel))


def _bounded(pool: Pool, line: int, low: int, high: int) -> Pool:
    lows, highs = pool.low.copy(), pool.high.copy()
    lows[line], highs[line] = low, high
    return replace(pool, low=lows, high=highs)


def _cheapest(pool: Pool, quotas: Sequence[Quota]) -> Lines:
    """The lines to change together so that the mins lowered and the maxes raised are fewest in all."""
    free = replace(pool, low=np.zeros_like(pool.low), high=np.full_like(pool.high, pool.places))
    program = framed(free, whole=True)
    for line, quota in enumerate(quotas):
        kinds = np.flatnonzero(pool.rows[line]).tolist()
        under, over = pool.kinds + 2 * line, pool.kinds + 2 * line + 1
        program.column(1.0, quota.min, [], [])
        program.column(1.0, pool.places, [], [])
        program.row(quota.min, quota.max, [*kinds, under, over], [*([1.0] * len(kinds)), 1.0, -1.0])
    program.solve()
    held = pool.rows @ np.round(program.values[: pool.kinds]).astype(np.int64)
    wide = [_widened(quota, n) for quota, n in zip(quotas, held.tolist(), strict=True)]
    return tuple(new for new, quota in zip(wide, quotas, strict=True) if new != quota)


def _widened(quota: Quota, held: int) -> Quota:
    return replace(quota, min=min(quota.min, held), max=max(quota.max, held))


def _change(way: Lines, old: Mapping[str, Quota]) -> int:
    return sum(old[line.name].min - line.min + line.max - old[line.name].max for line in way)


def _reasons(lines: Lines, ways: Sequence[Lines], old: Mapping[str, Quota], places: int) -> Iterator[Message]:
    if len(lines) == 1:
        yield Message.of("lottery.clash_of_one", places=places, line=lines[0].bounds)
    else:
        yield Message.of("lottery.clash", places=places, lines=tuple(line.bounds for line in lines))
        yield Message.of("lottery.irreducible")
    if len(ways[0]) > 1:
        yield Message.of("lottery.no_single_line")
    for way in ways:
        changes = (_change_of(old[line.name], line) for line in way)
        yield Message.of("lottery.way_out", change=reduce(_both, changes))


def _both(one: Message, other: Message) -> Message:
    return Message.of("lottery.both", one=one, other=other)


def _change_of(old: Quota, new: Quota) -> Message:
    if new.min < old.min:
        return Message.of("lottery.lower", quota=old.named, old=old.min, new=new.min)
    return Message.of("lottery.raise", quota=old.named, old=old.max, new=new.max)
