"""What a run gives back: a plan with its figures, its bounds and its reasons, and what it says on the way."""

from __future__ import annotations

from dataclasses import dataclass

from matcher.domain import Breach, Plan
from matcher.messages import Message


@dataclass(frozen=True, slots=True)
class Figures:
    """What a plan reaches. Bridging figures are in units of the format's weights, summed over seats.

    `quality` is what plans with as many seats are judged by: the bridging less the prices of all wishes.
    `difference` is the bridging without what people have in common (P1): how mixed the groups are.
    """

    people: int
    placed: int
    placed_priority: int
    seats: int
    bridging: float
    worst_group: float
    met_again: int
    distinct_pairs: int
    quality: float
    difference: float = 0.0


@dataclass(frozen=True, slots=True)
class Bounds:
    """What no plan can beat, for every figure that we show; `bridging` and `difference` no plan that places as many.

    As many by priority: a plan that leaves somebody over for the sake of others may be mixed better.
    """

    placed: int
    placed_priority: int
    seats: int
    bridging: float
    distinct_pairs: int
    difference: float = 0.0
    quality: float = 0.0


@dataclass(frozen=True, slots=True)
class Reason:
    """Why somebody has no seat, and what would help; `rule` is the title of the one that stands in the way."""

    person: str
    why: Message
    help: Message
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Phase:
    """What one phase of the engine did."""

    name: str
    seconds: float
    iterations: int
    placed: int
    bridging: float


@dataclass(frozen=True, slots=True)
class Progress:
    """Told to the `progress` callback. Return True from the callback to stop with the best valid plan so far."""

    phase: str
    placed: int
    placed_bound: int
    bridging: float
    bridging_bound: float
    iterations: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Result:
    """A plan with what is known about it. No solution is a result too: then `plan` is empty and `reasons` say why."""

    plan: Plan
    figures: Figures
    bounds: Bounds
    breaches: tuple[Breach, ...]
    reasons: tuple[Reason, ...]
    relaxations: tuple[Message, ...]
    warnings: tuple[Message, ...]
    phases: tuple[Phase, ...]
    seed: int
    iterations: int
    seconds: float
    stopped_by: str
    optimal: bool = False

    @property
    def gap_percent(self) -> float:
        """How far the quality stays below its bound, in percent of the bound of the bridging."""
        short = self.bounds.quality - self.figures.quality
        return 100.0 * short / self.bounds.bridging if self.bounds.bridging > 0 else 0.0
