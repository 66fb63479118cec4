"""What one place, one pair, one meeting costs, in units of the board: soft cost and firm breaches, both exact."""

from __future__ import annotations

from matcher.model import SearchInput
from matcher.search.compiled import piece
from matcher.search.state import State, between, pull


@piece
def worth(board: SearchInput, size: int, pairs: int) -> int:
    """Soft cost of a group for the scores of its pairs."""
    value = board.mean[size] * pairs
    short = board.level * size - value
    return -value + (short // 1000 * board.level_weight if short > 0 else 0)


@piece
def fits(board: SearchInput, state: State, p: int, u: int) -> int:
    """What it costs at today's prices that unit u sits in place p rather than elsewhere."""
    cost, most = board.fit[u, board.kind[p]], state.today[1]
    return cost if cost <= most else min(cost, most * board.people[u])


@piece
def side(board: SearchInput, state: State, p: int, u: int, v: int) -> tuple[int, int, int]:
    """What it costs place p that unit u leaves and unit v comes (-1 for nobody): at today's prices all together, in
    truth, and in firm breaches. The counts are left changed.
    """
    old, pairs = state.size[p], state.pairs[p]
    new, now, soft, hard = old, 0, 0, 0
    for turn in range(2):
        w = u if turn == 0 else v
        sign = 2 * turn - 1
        if w < 0:
            continue
        new += sign * board.people[w]
        if board.priced:
            now += sign * fits(board, state, p, w)
            soft += sign * board.fit[w, board.kind[p]]
        if board.scored:
            pairs += sign * (board.inner[w] + pull(board, state, p, w))
            if turn == 0:
                pairs += board.own[w]
        for k in range(board.feat_ptr[w], board.feat_ptr[w + 1]):
            f, n = board.feat[k], board.feat_n[k]
            # A second lap for the count of bubbles that a bubble joins when it appears and leaves when it goes.
            for _ in range(2):
                t, before = board.table_of[f], state.counts[p, f]
                after = before + sign * n
                state.counts[p, f] = after
                now += state.price[t, after, old] - state.price[t, before, old]
                soft += board.soft[t, after, old] - board.soft[t, before, old]
                hard += board.hard[t, after, old] - board.hard[t, before, old]
                f, n = board.parent[f], 1
                if f < 0 or (before == 0) == (after == 0):
                    break
    if board.scored and u >= 0 and v >= 0:
        pairs -= between(board, u, v)
    if new != old:
        for f in range(board.varying):
            t, c = board.table_of[f], state.counts[p, f]
            now += state.price[t, c, new] - state.price[t, c, old]
            soft += board.soft[t, c, new] - board.soft[t, c, old]
            hard += board.hard[t, c, new] - board.hard[t, c, old]
        more = board.size_soft[p, new] - board.size_soft[p, old]
        harder = board.size_hard[p, new] - board.size_hard[p, old]
        now += more + state.today[0] * harder
        soft += more
        hard += harder
    if board.scored:
        more = worth(board, new, pairs) - worth(board, old, state.pairs[p])
        now += more
        soft += more
    return now, soft, hard


@piece
def undo(board: SearchInput, state: State, p: int, u: int, v: int) -> None:
    """Put the counts of `side` back."""
    for turn in range(2):
        w = v if turn == 0 else u
        sign = 1 - 2 * turn
        if w < 0:
            continue
        for k in range(board.feat_ptr[w], board.feat_ptr[w + 1]):
            f = board.feat[k]
            now = state.counts[p, f]
            then = now - sign * board.feat_n[k]
            state.counts[p, f] = then
            if board.parent[f] >= 0 and (now == 0) != (then == 0):
                state.counts[p, board.parent[f]] -= sign


@piece
def ties(board: SearchInput, state: State, u: int, p: int, q: int, skip: int) -> tuple[int, int, int]:
    """The change for pairs with a price when unit u goes from p to q (-1 for nowhere) and `skip` trades with it: at
    today's prices, in truth, and in firm breaches.
    """
    now, soft, hard = 0, 0, 0
    for k in range(board.tie_ptr[u], board.tie_ptr[u + 1]):
        v = board.tie[k]
        if v == skip:
            continue
        for turn in range(2):
            at = p if turn == 0 else q
            if at < 0:
                continue
            there = state.where[v, board.place_round[at]]
            priced = there >= 0 and there != at if board.tie_apart[k] == 1 else there == at
            if priced:
                sign = 2 * turn - 1
                now += sign * (min(board.tie_soft[k], state.today[1]) + state.today[0] * board.tie_hard[k])
                soft += sign * board.tie_soft[k]
                hard += sign * board.tie_hard[k]
    return now, soft, hard


@piece
def met_again(board: SearchInput, state: State, u: int, p: int, q: int, skip: int) -> int:
    """The change in what meetings again amount to when unit u goes from p to q and `skip` trades with it."""
    change = 0
    for turn in range(2):
        at = p if turn == 0 else q
        if at < 0:
            continue
        for k in range(state.units[at]):
            v = board.entry_unit[state.members[at, k]]
            if v != u and v != skip:
                change += (2 * turn - 1) * state.met[u, v]
                if turn == 0 and board.dynamic:
                    # In a series of rounds the meeting in p is itself counted in `met`.
                    change += board.people[u] * board.people[v]
    return change


@piece
def speak(board: SearchInput, state: State, p: int, u: int, v: int) -> bool:
    """Whether place p keeps a language that all speak when unit u leaves and unit v comes."""
    spoken = state.spoken[p] & board.speaks[v]
    if spoken == 0 and u >= 0:
        spoken = board.place_speaks[p] & board.speaks[v]
        for k in range(state.units[p]):
            w = board.entry_unit[state.members[p, k]]
            if w != u:
                spoken &= board.speaks[w]
    if spoken == 0 and board.interpreted:
        spoken = interpreted(board, state, p, u, v)
    return spoken != 0


@piece
def interpreted(board: SearchInput, state: State, p: int, u: int, v: int) -> int:
    """Languages that all of place p can follow, some by an interpreter, when u leaves and v comes (-1 for nobody)."""
    spoken = board.place_speaks[p]
    for k in range(state.units[p] + 1):
        w = board.entry_unit[state.members[p, k]] if k < state.units[p] else v
        if w < 0 or (w == u and k < state.units[p]):
            continue
        heard = board.speaks[w]
        for j in range(state.units[p] + 1):
            t = board.entry_unit[state.members[p, j]] if j < state.units[p] else v
            if t >= 0 and (t != u or j == state.units[p]) and board.interpreter[t] >= 0:
                heard |= board.bridge[board.interpreter[t], w]
        spoken &= heard
    return spoken
