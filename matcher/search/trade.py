"""Two units of equally many people who change seats: most moves are such a trade, and most trades are refused.

So a trade is judged here without touching the state; one that is taken is weighed and made like any other move.
"""

from __future__ import annotations

from matcher.model import SearchInput
from matcher.search.compiled import piece
from matcher.search.judge import fits, ties, worth
from matcher.search.state import State, between, pull


@piece
def plain(board: SearchInput, e: int, f: int) -> bool:
    """Whether a move is a trade that leaves the sizes of groups as they are and every head-count on its own."""
    return f >= 0 and board.plain and board.people[board.entry_unit[e]] == board.people[board.entry_unit[f]]


@piece
def step(board: SearchInput, state: State, at: int, feature: int, more: int) -> int:
    """What it costs at today's prices that place `at` counts `more` people of a feature."""
    t, count, size = board.table_of[feature], state.counts[at, feature], state.size[at]
    return state.price[t, count + more, size] - state.price[t, count, size]


@piece
def seats(board: SearchInput, state: State, p: int, q: int, u: int, v: int, each: int) -> int:
    """Fits, pair scores, and the lots of a seat that is taken over; `each` is the score of u with v."""
    cost = 0
    if p < 0:
        cost += board.lot[v, state.used[v] - 1] - board.lot[u, state.used[u]]
    for turn in range(2):
        at, comes, goes = (q, u, v) if turn == 0 else (p, v, u)
        if at >= 0:
            if board.priced:
                cost += fits(board, state, at, comes) - fits(board, state, at, goes)
            if board.scored:
                size, pairs = state.size[at], state.pairs[at]
                more = board.inner[comes] + pull(board, state, at, comes)
                more -= board.inner[goes] + pull(board, state, at, goes) - board.own[goes]
                cost += worth(board, size, pairs + more - each) - worth(board, size, pairs)
    return cost


@piece
def heads(board: SearchInput, state: State, p: int, q: int, u: int, v: int) -> int:
    """Head-counts. Answers that both gave change nothing."""
    cost = 0
    for k in range(board.column.shape[1]):
        f, g = board.column[u, k], board.column[v, k]
        a, b = board.column_n[u, k], board.column_n[v, k]
        if f == g:
            a, b, g = a - b, 0, -1
        if f >= 0 and a != 0:
            cost += step(board, state, q, f, a)
            if p >= 0:
                cost += step(board, state, p, f, -a)
        if g >= 0:
            cost += step(board, state, q, g, -b)
            if p >= 0:
                cost += step(board, state, p, g, b)
    return cost


@piece
def parting(board: SearchInput, state: State, at: int, u: int) -> int:
    """What meetings again amount to that end when unit u leaves a place."""
    found = 0
    for k in range(state.units[at]):
        w = board.entry_unit[state.members[at, k]]
        if w != u:
            found += state.met[u, w]
            if board.dynamic:
                found -= board.people[u] * board.people[w]
    return found


@piece
def trade(board: SearchInput, state: State, p: int, q: int, u: int, v: int, meeting: int, limit: int) -> int:
    """The cost at today's prices of unit u in place p (-1 for nowhere) and unit v in q changing seats, beside what the
    seat itself counts.

    Ends once the cost is above the limit and what is left can only add to it. The matrix of scores is too large for a
    near cache, so it is read when the rest did not decide.
    """
    late = board.scored and board.level == 0
    each = between(board, u, v) if board.scored and not late else 0
    cost = seats(board, state, p, q, u, v, each) + heads(board, state, p, q, u, v)
    if len(board.tie) > 0:
        for turn in range(2):
            who, at, to, other = (u, p, q, v) if turn == 0 else (v, q, p, u)
            cost += ties(board, state, who, at, to, other)[0]
    if cost > limit and state.total[2] == 0:
        return cost
    if late:
        each = between(board, u, v)
        cost += board.mean[state.size[q]] * each
        if p >= 0:
            cost += board.mean[state.size[p]] * each
    if len(state.met) > 0:
        if state.total[2] > 0:
            cost -= meeting * parting(board, state, q, v)
            if p >= 0:
                cost -= meeting * parting(board, state, p, u)
        for turn in range(2):
            who, to, other = (u, q, v) if turn == 0 else (v, p, u)
            k, last = 0, state.units[to] if to >= 0 else 0
            while k < last and cost <= limit:
                w = board.entry_unit[state.members[to, k]]
                if w != other:
                    cost += meeting * state.met[who, w]
                k += 1
    return cost
