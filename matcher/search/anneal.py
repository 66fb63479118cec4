"""Simulated annealing: many random moves, bad ones ever more rarely, in whole numbers so that every machine agrees."""

from __future__ import annotations

import numpy as np

from matcher.model import Board
from matcher.search.compiled import kernel, piece
from matcher.search.moves import make, may, unmake, weigh
from matcher.search.state import State, draw
from matcher.search.trade import plain, trade
from matcher.terms import Ints

STEPS = 64
"""Temperatures in one cooling."""
LOG = np.rint(-np.log((np.arange(4096) + 0.5) / 4096) * 65536).astype(np.int32)
"""-ln(u) for u in equal steps, times 65536: a move of cost d is made at temperature T if d <= T x LOG[random]."""
ANY = 1 << 62
"""A limit that no cost exceeds: who is seated by a script sits down, whatever it costs."""


@piece
def propose(board: Board, state: State) -> tuple[int, int, int, int]:
    """A random move (entry, from, to, other): to an empty chair, a swap, or out; entry -1 where there is none."""
    e = draw(state, len(state.place))
    first, many = board.cand_ptr[e], board.cand_ptr[e + 1] - board.cand_ptr[e]
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
def reprice(board: Board, state: State, breach: int) -> None:
    """Bring the prices of head-counts up to date with that of a firm breach."""
    for t in range(state.price.shape[0]):
        for c in range(state.price.shape[1]):
            for n in range(state.price.shape[2]):
                state.price[t, c, n] = board.soft[t, c, n] + breach * board.hard[t, c, n]


@piece
def keep(state: State, best: Ints) -> None:
    """Remember who sits where."""
    for e in range(len(best)):
        best[e] = state.place[e]


@kernel
def anneal(board: Board, state: State, script: Ints, schedule: Ints, best: Ints, found: Ints) -> None:
    """Seat the `script` (a place per entry, -1 for none), then try random moves while it gets colder.

    `schedule` is (moves per temperature, first temperature, ratio of the next times 65536, temperatures, price of a
    firm breach, its ratio, price of meeting again, its ratio). `best` takes the places of the cheapest state without
    breaches, `found[0]` its cost. What does not fit of the script is left out.
    """
    temperature, breach, meeting = schedule[1], schedule[4], schedule[6]
    lap, done, better = len(script), 0, False
    while done <= schedule[3]:
        reprice(board, state, breach)
        for step in range(lap):
            if done == 0:
                e, p, q, f = step, -1, script[step], -1
            else:
                e, p, q, f = propose(board, state)
            if e < 0 or (p < 0 and q < 0) or not may(board, state, e, p, q, f):
                continue
            limit = ANY if done == 0 else (temperature >> 8) * LOG[draw(state, 4096)] >> 8
            if done > 0 and plain(board, e, f):
                u, v = board.entry_unit[e], board.entry_unit[f]
                if trade(board, state, p, q, u, v, breach, meeting, limit) > limit:
                    continue
            soft, hard, again = weigh(board, state, e, p, q, f)
            if soft + breach * hard + meeting * again > limit:
                unmake(board, state, e, p, q, f)
                continue
            state.total[2] += again
            soft, hard = soft + again * board.met_soft, hard + again * board.met_hard
            # Only now, for most improvements are followed by another one; a move may pay at today's prices and yet be
            # a step back in truth.
            if better and (soft > 0 or hard != 0):
                keep(state, best)
                better = False
            make(board, state, e, p, q, f)
            state.total[0] += soft
            state.total[1] += hard
            if state.total[1] == 0 and state.total[0] < found[0]:
                found[0] = state.total[0]
                better = True
        if done > 0:
            temperature = temperature * schedule[2] >> 16
            breach = breach * schedule[5] >> 16
            meeting = meeting * schedule[7] >> 16
        lap = schedule[0]
        done += 1
    if better:
        keep(state, best)
