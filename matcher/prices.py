"""What a seat, a leader and a breach cost while plans are sought; which plan is better is decided without these.

A seat is worth more than all that it can cost, and a firm breach more than any seat. Where weights are larger than
anything that people could be moved for, they cost no more than that: a price without end only keeps people from passing
through each other.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matcher.model import MEAN, ONE, Model, SearchInput

ALWAYS = 1000
"""A price in bridging, times the best score of two people if that is more than 1, from which a rule is always worth it:
hundreds of people would have to sit with their likes for one breach."""
MANY_MOVES = 20
"""A repair moves up to so many people to give one more a seat."""


@dataclass(frozen=True)
class Prices:
    """In units of `model.ONE`: a seat of somebody without priority, a group with a leader, and a firm breach at last;
    `rules` is about what somebody who sits against every weighted rule costs.
    """

    seat: int
    led: int
    firm: int
    rules: int


def dear(model: Model) -> int:
    """What a weighted breach costs at most while plans are sought."""
    return round(ALWAYS * max(1.0, model.best_score * MEAN / ONE) * ONE)


def prices_of(model: Model, board: SearchInput, *, wishes: bool = True) -> Prices:
    """The prices of a problem, or what they were if its wishes cost nothing."""
    person = 5 * model.best_score * MEAN + int(np.abs(board.lot).max(initial=0)) + ONE
    person += _against(model, board) if wishes else 0
    led = (model.largest + 1) * person if board.led.any() else 0
    seat = 2 * led + person + round(MANY_MOVES * model.keep * ONE)
    weighted = {id(rule): min(model.price(rule), board.dear) for rule, _ in model.terms if not rule.firm}
    rules = 4 * model.best_score * MEAN + round(2 * sum(weighted.values())) + ONE
    return Prices(seat, led, 3 * seat * int(board.seat.max(initial=1)) // 2, rules)


def _against(model: Model, board: SearchInput) -> int:
    """More than one person can cost in wishes."""
    heads = sum(_range(board, t) for t in board.table_of.tolist())
    ties = np.minimum(board.tie_soft, board.dear)
    tied = max((int(ties[a:b].sum()) for a, b in zip(board.tie_ptr[:-1], board.tie_ptr[1:], strict=True)), default=0)
    fits = int(np.minimum(board.fit, board.dear).max(initial=0))
    # A meeting costs as often as two people met before, in earlier series and in this one.
    times = int(board.met.max(initial=0)) + int(board.cap.max(initial=1))
    met = 4 * model.largest * times * min(board.met_soft, board.dear)
    level = 4 * model.best_score * MEAN * board.level_weight // 1000
    return heads + tied + fits + met + level


def _range(board: SearchInput, t: int) -> int:
    """The most that a head-count can cost more in one state of a group than in another."""
    rates = np.minimum(board.rate, board.dear).tolist()
    return sum(rate * int(np.ptp(amount[t])) >> 10 for rate, amount in zip(rates, board.amount, strict=True))
