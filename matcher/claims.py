"""What may be said of a result: what was reached, what no plan can beat, and exactly what was proven."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from matcher.capacity import Capacity, capacity_of
from matcher.domain import Breach, Problem
from matcher.messages import Message
from matcher.outcome import Bounds, Reason, Result

SAME = 1e-6
"""Bridging this near its bound, as a share of it, has reached it."""

Proof = Literal["", "best", "weighed"]


@dataclass(frozen=True, slots=True)
class Claims:
    """`bounds`: what no plan can beat, by the search and by what there is room for at all.

    `proof`: nothing; `best`: no plan that places as many by priority has more bridging; `weighed`: for the people who
    have a seat no plan is better when sizes and weighted rules count as well, while more bridging alone, or with other
    people, may be possible.
    `wanted`: the seats that people could take by what they told; `often`: somebody could take more than one.
    `everybody`: all of them are taken. `empty`: rounds in which nobody sits.
    """

    bounds: Bounds
    proof: Proof
    wanted: int
    often: bool
    everybody: bool
    empty: tuple[int, ...]


def claims_of(problem: Problem, result: Result) -> Claims:
    """Everything that console, report and record say of a result is asked here."""
    room, figures = capacity_of(problem), result.figures
    bounds = bounded(problem, result.bounds, room)
    wanted = max(int(room.wanted.sum()), figures.seats)
    return Claims(
        bounds=bounds,
        proof=_proof(result, bounds),
        wanted=wanted,
        often=int(room.wanted.max(initial=0)) > 1,
        everybody=0 < figures.placed == figures.people and figures.seats == wanted,
        empty=_empty(problem, result),
    )


def reasons_of(result: Result) -> dict[str, Reason]:
    """Person -> why they have no place; that more time would help is not said where it is proven that it does not."""
    late, other = Message.of("help.search"), Message.of("help.none")
    proven = result.optimal
    return {r.person: replace(r, help=other) if proven and r.help == late else r for r in result.reasons}


def times(breaches: Iterable[Breach]) -> int:
    """How often a rule is broken: two people who meet for the third time have met again twice."""
    return sum(round(b.amount) if b.amount == round(b.amount) else 1 for b in breaches)


def bounded(problem: Problem, bounds: Bounds, room: Capacity) -> Bounds:
    """The bounds of the search, never above the seats there are or what sizes allow."""
    people = min(bounds.placed, room.people)
    heaviest = sorted((1 + p.priority for p in problem.people), reverse=True)[:people]
    return replace(
        bounds,
        placed=people,
        placed_priority=min(bounds.placed_priority, sum(heaviest)),
        seats=min(bounds.seats, room.seats),
    )


def _proof(result: Result, bounds: Bounds) -> Proof:
    if not result.optimal or not result.plan.groups:
        return ""
    return "best" if result.figures.bridging >= bounds.bridging * (1 - SAME) else "weighed"


def _empty(problem: Problem, result: Result) -> tuple[int, ...]:
    if problem.format.series != "rounds":
        return ()
    held = {group.session for group in result.plan.groups}
    rounds = {session.round for session in problem.sessions}
    return tuple(sorted(rounds - {session.round for session in problem.sessions if session.id in held}))
