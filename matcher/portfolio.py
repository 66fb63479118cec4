"""Ways to cool: what suits a tight problem does not suit a loose one, so a run tries several and stays with the best.

Temperatures and prices are in units of a *step*: what one more pair of different people in a group is worth.
"""

from __future__ import annotations

from dataclasses import dataclass

from matcher.model import ONE, Model, SearchInput
from matcher.prices import Prices, prices_of
from matcher.search.chain import FREE, Cooling


@dataclass(frozen=True)
class Way:
    """One way to cool. `afresh` starts from the opening, otherwise from the best plan so far.

    `breach` is first and last price, `meeting` the first; a price of 0 stands for more than a seat. A way in `waves`
    cools again and again from the best, in so many moves per entry.
    """

    name: str
    afresh: bool
    hot: float
    breach: tuple[float, float]
    meeting: float
    waves: int = 0


SEATS = Way("seats", True, 0.6, (0.3, 15.0), 0.0)
"""As if wishes cost nothing: however dear they are, as many people sit as without them. Taken in turn with the others
while somebody might still have a seat."""
WAYS = (
    Way("melt", True, 0.6, (0.3, 15.0), 0.75),
    Way("tight", True, 5.0, (6.0, 0.0), 1.5),
    Way("ripple", False, 0.2, (0.3, 15.0), 1.5),
    Way("firm", True, 2.5, (2.0, 0.0), 1.0),
    Way("waves", False, 1.0, (1.0, 15.0), 3.0, 2600),
    Way("polish", False, 0.4, (0.0, 0.0), 6.0),
    Way("swell", False, 0.35, (0.3, 15.0), 0.75),
)
"""Measured over the cases of the benchmarks: melt wins with room to spare, tight and firm where hardly a chair is free;
a ripple through the best plan so far, hardly warm and with breaches cheap at first, finds more than another cooling
from the start (300 people with three protected dimensions), a swell is a warmer one for where ripples end, and short
waves do so in a series of rounds."""
RIPPLES = (WAYS[2], WAYS[6])
"""For a plan that is good but for its seams."""
ONCE = (0, 1, 2, 3, 2, 5, 6)
SERIES = (0, 1, 4, 4, 3, 4, 4, 2, 4, 4, 5, 4)
"""The order in which ways are tried, where people meet once and in a series of rounds."""
COLD = 0.1
LIGHT = 4.0
"""Steps up to which the price of a wish is the same all the time; what is above grows with a firm breach, for it would
freeze the search. With lower prices warmed too, 48 people in 4 rounds ended with 14 lone a round instead of 7."""
DOUBLE = 8
"""In a series of rounds. In a plan for once they gained little (604.3 for 604.1 at 300 people), and left more small
bubbles in pairs, which somebody who cancels breaks: repair then moved 5 to 8% of the others instead of 4 to 5."""


@dataclass(frozen=True)
class Steps:
    """`coarse` and `fine`: a step on the heaviest and the lightest dimension; `meeting`: the price of meeting again;
    `prices`: of seats, leaders and breaches, `free` without wishes; all in bridging but these. One in `double`
    refused trades is tried as half of a double one; 0 for none. `bridging`: whether there is a dimension to mix;
    `apart`: whether people who met may not meet again.
    """

    coarse: float
    fine: float
    meeting: float
    prices: Prices
    free: Prices
    double: int
    bridging: bool
    apart: bool

    def cooling(self, way: Way, moves: int) -> Cooling:
        """A way to cool in so many moves."""
        if way is SEATS:
            step = self.coarse if self.bridging else 1.0
            heat, breach = (way.hot * step, COLD * min(step, self.fine)), (way.breach[0] * step, way.breach[1] * step)
            # Meeting again has a price of its own, also where it is firm.
            meet, last = (breach, self.free.firm / ONE) if self.apart else ((0.0, 0.0), 0.0)
            return Cooling(moves, *heat, breach, meet, last, self.free, FREE)
        dear = max(1.2 * self.prices.rules, 1.5 * self.prices.seat) / ONE
        low, high = (price * self.coarse or dear for price in way.breach)
        heat = (way.hot * self.coarse, COLD * self.fine)
        meet = (way.meeting * self.coarse, min(2 * self.meeting, 50 * self.coarse))
        return Cooling(moves, *heat, (low, high), meet, 2 * self.meeting, self.prices, LIGHT * self.coarse, self.double)

    def mending(self, moves: int, keep: float) -> Cooling:
        """For a plan that people were told: hardly warmer than what it costs to move one of them."""
        move = max(keep, self.coarse)
        heat = (max(0.6 * self.coarse, move / 8), COLD * self.fine)
        meet = 2 * self.meeting
        return Cooling(moves, *heat, (1.5 * move, 5 * move), (meet, meet), meet, self.prices, LIGHT * self.coarse)


def steps_of(model: Model, board: SearchInput) -> Steps:
    """The steps of a problem."""
    others = max(1, int(model.frame.target.max(initial=2)) - 1)
    weights = [weight for weight in model.problem.format.bridging.values() if weight > 0]
    again = min(board.met_soft, board.dear) / ONE
    coarse = 2 * max(weights, default=0.0) / others or again or 1.0
    fine = 2 * min(weights, default=0.0) / others or coarse
    double = DOUBLE if board.column.shape[1] and board.dynamic else 0
    prices, free = prices_of(model, board), prices_of(model, board, wishes=False)
    return Steps(
        coarse, max(fine, coarse / 5), max(again, 5 * coarse), prices, free, double, bool(weights), board.met_hard > 0
    )


class Portfolio:
    """Which way each chain takes in the next cycle: one stays with what found something last, others go around."""

    def __init__(self, series: bool) -> None:
        self.order = SERIES if series else ONCE
        self.leader: int | None = None
        self.turn = 0

    def choose(self, chains: int) -> list[Way]:
        """One way per chain. A single chain takes the leader every other time."""
        chosen = []
        for k in range(chains):
            stay = (k + (self.turn if chains == 1 else 0)) % 2 == 0
            way = self.order[(self.turn + k * 2) % len(self.order)]
            chosen.append(WAYS[self.leader if stay and self.leader is not None else way])
        self.turn += 1
        return chosen

    def follow(self, way: Way) -> None:
        """Stay with a way that found something; one that looks for seats alone is no way to mix."""
        if way is not SEATS:
            self.leader = WAYS.index(way)
