"""From chances to a public draw: a portfolio of panels, whole tickets for each, one number that decides."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from random import Random

from matcher.lottery.quotas import Quota
from matcher.messages import Message

TICKETS = 1_000_000
"""Tickets are numbered from 000000 to 999999, so that six digits drawn in public decide."""

EXACT = 1e-6
"""What the linear programs are trusted to; a ticket is worth just as much."""


class TicketError(ValueError):
    """There is no such ticket."""


@dataclass(frozen=True, slots=True)
class Panel:
    """Who gets a place together, how probably, and the tickets: from `first` up to, but not with, `end`.

    A probability far under a millionth may get no ticket at all (`first == end`).
    """

    people: tuple[str, ...]
    probability: float
    first: int
    end: int

    @property
    def tickets(self) -> int:
        return self.end - self.first


@dataclass(frozen=True, slots=True)
class Lottery:
    """Everybody's chance of a place, and the panels from which one number draws.

    `maximin` is the smallest chance and `bound` the proof: no lottery within the quotas has a higher one.
    `proven` says more: the chances are leximin (then maximin equals bound, within EXACT). Without it the search was
    stopped before it was sure. `levels` counts the different chances, `columns` the kinds of panel found, `programs`
    the linear and integer programs solved. `reserve` is everybody in the order, drawn with the seed, in which they
    take the place of somebody who drops out.

    No panel meets the quotas: `portfolio` is empty, `reasons` says why, `clash` holds quota
    lines that cannot all hold (leave one out and the others can) and each of `relaxations` is a way out: the
    lines to put in the place of those of the same bubble.
    """

    places: int
    seed: int
    probabilities: Mapping[str, float] = field(default_factory=dict)
    portfolio: tuple[Panel, ...] = ()
    maximin: float = 0.0
    bound: float = 0.0
    proven: bool = False
    levels: int = 0
    columns: int = 0
    programs: int = 0
    reserve: tuple[str, ...] = ()
    reasons: tuple[Message, ...] = ()
    clash: tuple[Quota, ...] = ()
    relaxations: tuple[tuple[Quota, ...], ...] = ()

    @property
    def feasible(self) -> bool:
        return bool(self.portfolio)

    @property
    def excluded(self) -> tuple[str, ...]:
        """People in no panel of the portfolio; if `proven`, because the quotas leave no place for them."""
        return tuple(person for person, chance in self.probabilities.items() if chance == 0.0)

    @property
    def certain(self) -> tuple[str, ...]:
        """People with a place whatever is drawn."""
        return tuple(person for person, chance in self.probabilities.items() if chance >= 1 - EXACT)

    @property
    def odds(self) -> dict[str, float]:
        """Chances as the tickets really give them: `probabilities`, rounded to whole tickets per panel."""
        tickets = dict.fromkeys(self.probabilities, 0)
        for panel in self.portfolio:
            for person in panel.people:
                tickets[person] += panel.tickets
        return {person: number / TICKETS for person, number in tickets.items()}


def pick(lottery: Lottery, number: int) -> Panel:
    """The one panel that a public number chooses. Raises TicketError unless there is such a ticket."""
    if not lottery.feasible:
        raise TicketError("no panel meets the quotas, so there is nothing to draw")
    if not 0 <= number < TICKETS:
        raise TicketError(f"tickets are numbered from 0 to {TICKETS - 1}, there is no {number}")
    return lottery.portfolio[bisect_right([panel.end for panel in lottery.portfolio], number)]


def reserve_of(people: Iterable[str], seed: int) -> tuple[str, ...]:
    """Everybody in the order in which they take the place of who drops out: a draw of its own, by the seed alone."""
    ids = sorted(people)
    return tuple(Random(f"reserve {seed}").sample(ids, len(ids)))


def portfolio(parts: Mapping[tuple[str, ...], int]) -> tuple[Panel, ...]:
    """Panels with contiguous tickets, the most probable first, then by id, from their parts of the whole."""
    order = sorted(parts, key=lambda people: (-parts[people], people))
    whole = sum(parts.values())
    tickets = apportioned([parts[people] for people in order], TICKETS)
    ends = list(accumulate(tickets))
    return tuple(
        Panel(people, parts[people] / whole, end - number, end)
        for people, number, end in zip(order, tickets, ends, strict=True)
    )


def apportioned(parts: Sequence[int], total: int) -> list[int]:
    """Whole numbers in proportion to `parts`, `total` in all, by largest remainder; the first wins a tie."""
    whole = sum(parts)
    shares = [part * total // whole for part in parts]
    by_remainder = sorted(range(len(parts)), key=lambda i: -(parts[i] * total % whole))
    for i in by_remainder[: total - sum(shares)]:
        shares[i] += 1
    return shares


def chances(people: Iterable[str], parts: Mapping[tuple[str, ...], int]) -> dict[str, float]:
    """The probability of each person, by id."""
    held = dict.fromkeys(sorted(people), 0)
    for panel, part in parts.items():
        for person in panel:
            held[person] += part
    whole = sum(parts.values())
    return {person: part / whole for person, part in held.items()}
