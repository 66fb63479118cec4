"""Somebody who was drawn drops out: the first in reserve with whom the quotas hold, or hold as nearly as they can."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from matcher.lottery.quotas import HOUSEHOLD, People, Quota


@dataclass(frozen=True, slots=True)
class Replacement:
    """Who takes the place of whom (empty if nobody is left), and the quota lines that do not hold after it."""

    gone: str
    instead: str
    missed: tuple[Quota, ...]


class NotChosenError(ValueError):
    """Somebody cannot drop out who has no place; the ids are its arguments."""


def replaced(
    people: People, quotas: Sequence[Quota], chosen: Iterable[str], reserve: Sequence[str], gone: Sequence[str]
) -> tuple[tuple[str, ...], tuple[Replacement, ...]]:
    """The chosen after some dropped out, and who took whose place, in the order of `gone`.

    One after the other, so that whoever was asked before stays asked when somebody else drops out later. Two of one
    household never have a place. Raises NotChosenError for who has no place.
    """
    left, done = set(chosen), list[Replacement]()
    for person in gone:
        if person not in left:
            raise NotChosenError(person)
        left.remove(person)
        instead = _nearest(people, quotas, left, [id for id in reserve if id not in left and id not in gone])
        left |= {instead} - {""}
        done.append(Replacement(person, instead, tuple(_missed(people, quotas, left))))
    return tuple(sorted(left)), tuple(done)


def _nearest(people: People, quotas: Sequence[Quota], left: set[str], able: Sequence[str]) -> str:
    lines = {(q.dimension, q.bubble): q for q in quotas}
    held = Counter(told for id in left for told in people[id].items())

    def worse(person: str) -> tuple[int, int]:
        """How much further off the lines are with this person, those of households first."""
        mine = [(lines[told], held[told]) for told in people[person].items() if told in lines]
        off = [(q.dimension == HOUSEHOLD, _off(q, n + 1) - _off(q, n)) for q, n in mine]
        return sum(n for home, n in off if home), sum(n for _, n in off)

    best = min(able, key=worse, default="")
    return best if best and worse(best)[0] <= 0 else ""


def _off(quota: Quota, held: int) -> int:
    return max(0, quota.min - held, held - quota.max)


def _missed(people: People, quotas: Sequence[Quota], left: set[str]) -> Iterator[Quota]:
    for quota in quotas:
        held = sum(people[id].get(quota.dimension) == quota.bubble for id in left)
        if _off(quota, held):
            yield quota
