"""Simulated annealing: many random moves, bad ones ever more rarely, in whole numbers so that every machine agrees."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from matcher.model import SearchInput
from matcher.search.compiled import kernel, piece
from matcher.search.moves import gained, make, may, unmake, weigh
from matcher.search.state import State, draw
from matcher.search.trade import plain, trade
from matcher.terms import Ints

STEPS = 64
"""Temperatures in one cooling."""
LOG = np.rint(-np.log((np.arange(4096) + 0.5) / 4096) * 65536).astype(np.int32)
"""-ln(u) for u in equal steps, times 65536: a move of cost d is made at temperature T if d <= T x LOG[random]."""
WHOLE, OPEN, HALF, BACK = 0, 1, 2, 3
"""Where a double trade is: there is none, its first half is made, its second is sought, its first is taken back."""
ANY = 1 << 62
"""A limit that no cost exceeds: who is seated by a script sits down, whatever it costs."""


class Schedule(NamedTuple):
    """How a lap of annealing goes; whole numbers, costs in units of `model.ONE` and ratios times 65536.

    `moves` at each of so many `temperatures`, from `heat` on; `cooling`, `breach_growth` and `meeting_growth` are what
    the temperature, the price of a firm `breach` and that of `meeting` again are multiplied with after each of them.
    Of refused trades one in `double` is tried as half of a double one; 0 for none. A `seat` and a group `led` are worth
    more than all that they can cost. A weighted breach up to `light` costs the same all the time. A tuple, for numba
    takes one as it is.
    """

    moves: int
    heat: int
    cooling: int
    temperatures: int
    breach: int
    breach_growth: int
    meeting: int
    meeting_growth: int
    double: int = 0
    seat: int = 0
    led: int = 0
    light: int = 0


SEATING = Schedule(*[0] * 12)
"""No moves at all: only the script."""


@piece
def propose(board: SearchInput, state: State) -> tuple[int, int, int, int]:
    """A random move (entry, from, to, other): to an empty chair, a swap, or out; entry -1 where there is none."""
    e = draw(state, len(state.place))
    first, many = board.cand_from[e], board.cand_many[e]
    p, q, f = state.place[e], -1, -1
    if many > 0:
        q = board.cand[first + draw(state, many)]
        if q == p and draw(state, 4) > 0:
            # Leaving for nowhere is seldom right.
            q = board.cand[first + draw(state, many)]
    if q == p:
        q = -1
    if q >= 0:
        seat = draw(state, board.high[q])
        if seat < state.units[q]:
            f = state.members[q, seat]
    return (e if p >= 0 or q >= 0 else -1), p, q, f


@piece
def reprice(board: SearchInput, state: State, breach: int, light: int) -> None:
    """Bring all prices up to date with that of a firm breach; no weighted one costs more, unless it is `light`, so that
    none is in the way while it is warm. Below 0, `light` makes wishes free.
    """
    most = min(max(breach, light), board.dear) if light >= 0 else 0
    state.today[0] = breach
    state.today[1] = most
    for t in range(state.price.shape[0]):
        for c in range(state.price.shape[1]):
            for n in range(state.price.shape[2]):
                price = breach * board.hard[t, c, n]
                for k in range(len(board.rate)):
                    price += min(board.rate[k], most) * board.amount[k, t, c, n] >> 10
                state.price[t, c, n] = price


@piece
def keep(state: State, best: Ints) -> None:
    """Remember who sits where."""
    for e in range(len(best)):
        best[e] = state.place[e]


@piece
def ahead(state: State, found: Ints) -> bool:
    """Whether more seats are taken than in the best so far, or as many and more groups led, or all that cheaper."""
    if state.total[3] != found[0]:
        return state.total[3] > found[0]
    if state.total[4] != found[1]:
        return state.total[4] > found[1]
    return state.total[0] < found[2]


@kernel
def anneal(board: SearchInput, state: State, script: Ints, schedule: Schedule, best: Ints, found: Ints) -> None:
    """Seat the `script` (a place per entry, -1 for none), then try random moves while it gets colder.

    `best` takes the places of the best state without breaches, `found` its seats, groups led and soft cost: the first
    that differs decides, so no price can cost a seat. What does not fit of the script is left out.

    One in so many refused trades is made all the same, to see whether two others of the same groups complete it: a pair
    of a small bubble moves house together, which no single trade can do without leaving one of them alone.
    """
    temperature, breach, meeting = schedule.heat, schedule.breach, schedule.meeting
    lap, done, better, double = len(script), 0, False, schedule.double
    half, first, second, here, there, limit = WHOLE, -1, -1, -1, -1, ANY
    while done <= schedule.temperatures:
        reprice(board, state, breach, schedule.light)
        for step in range(lap):
            if done == 0:
                e, p, q, f = step, -1, script[step], -1
            elif half == WHOLE:
                e, p, q, f = propose(board, state)
            else:
                e, p, q, f = second, here, there, first
                if half == HALF:
                    e = state.members[p, draw(state, state.units[p])]
                    f = state.members[q, draw(state, state.units[q])]
            fits = half == BACK
            if not fits:
                fits = e >= 0 and (p >= 0 or q >= 0) and (half == WHOLE or (e != second and f != first))
                fits = fits and may(board, state, e, p, q, f)
            trading = fits and done > 0 and plain(board, e, f)
            if not fits or (half == HALF and not trading):
                half = BACK if half == HALF else WHOLE
                continue
            if half == WHOLE:
                limit = ANY if done == 0 else (temperature >> 8) * LOG[draw(state, 4096)] >> 8
            if trading and half != BACK:
                u, v = board.entry_unit[e], board.entry_unit[f]
                worth = schedule.seat * (board.seat[u] - board.seat[v]) if p < 0 else 0
                if trade(board, state, p, q, u, v, meeting, limit + worth) > limit + worth:
                    if half == HALF:
                        half = BACK
                        continue
                    if double == 0 or p < 0 or q < 0 or step > lap - 3 or draw(state, double) > 0:
                        continue
                    half, first, second, here, there = OPEN, e, f, p, q
            now, soft, hard, again = weigh(board, state, e, p, q, f)
            seats, led = gained(board, state, e, p, q, f)
            cost = now + meeting * again - schedule.seat * seats - schedule.led * led
            if half == WHOLE and cost > limit:
                unmake(board, state, e, p, q, f)
                continue
            limit -= cost
            half = HALF if half == OPEN else WHOLE
            state.total[2] += again
            soft, hard = soft + again * board.met_soft, hard + again * board.met_hard
            # Only now, for most improvements are followed by another one; a move may pay at today's prices and yet be
            # a step back in truth.
            if better and (seats < 0 or led < 0 or soft > 0 or hard != 0):
                keep(state, best)
                better = False
            make(board, state, e, p, q, f)
            state.total[0] += soft
            state.total[1] += hard
            state.total[3] += seats
            state.total[4] += led
            if state.total[1] == 0 and ahead(state, found):
                found[0], found[1], found[2] = state.total[3], state.total[4], state.total[0]
                better = True
        if done > 0:
            temperature = temperature * schedule.cooling >> 16
            breach = breach * schedule.breach_growth >> 16
            meeting = meeting * schedule.meeting_growth >> 16
        lap = schedule.moves
        done += 1
    if better:
        keep(state, best)
