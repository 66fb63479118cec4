"""One move: an entry goes to a place, and perhaps another takes its seat; judged, and made or put back."""

from __future__ import annotations

from matcher.model import SearchInput
from matcher.search.compiled import piece
from matcher.search.judge import interpreted, met_again, side, speak, ties, undo
from matcher.search.state import State, rise, sit


@piece
def may(board: SearchInput, state: State, e: int, p: int, q: int, f: int) -> bool:
    """Whether e may go from p to q while f comes from q to p; p or q -1 for nowhere, f -1 for nobody."""
    u = board.entry_unit[e]
    v = board.entry_unit[f] if f >= 0 else -1
    wide = board.people[u] - (board.people[v] if v >= 0 else 0)
    ok = p >= 0 or state.used[u] < board.cap[u]
    if ok and p >= 0 and q >= 0:
        s, t = board.place_session[p], board.place_session[q]
        ok = s == t or (state.seated[t] + wide <= board.seats[t] and state.seated[s] - wide <= board.seats[s])
        ok = ok and not (board.dynamic and board.place_round[p] != board.place_round[q])
    elif ok and q >= 0:
        s = board.place_session[q]
        ok = state.seated[s] + wide <= board.seats[s]
    if ok and p >= 0 and f >= 0:
        r = board.entry_round[f]
        ok = r < 0 or r == board.place_round[p]
    for turn in range(2):
        at, comes, goes = (q, u, v) if turn == 0 else (p, v, u)
        if not ok or at < 0 or comes < 0:
            continue
        grown = state.size[at] + (wide if turn == 0 else -wide)
        ok = board.may[comes, board.kind[at]] and grown <= board.high[at] and speak(board, state, at, goes, comes)
    if ok and board.interpreted and p >= 0 and f < 0 and board.interpreter[u] >= 0 and state.units[p] > 1:
        ok = state.spoken[p] != 0 or interpreted(board, state, p, u, -1) != 0
    if ok and board.hosted:
        ok = led(board, state, p, u, v) and led(board, state, q, v, u)
    return ok


@piece
def led(board: SearchInput, state: State, at: int, goes: int, comes: int) -> bool:
    """Whether somebody who leads a place as one of its people is still there, if anybody is."""
    ok = True
    if at >= 0 and board.host[at] >= 0:
        host = board.host[at]
        if goes == host:
            ok = comes < 0 and state.units[at] == 1
        elif comes >= 0 and comes != host:
            ok = state.where[host, board.place_round[at]] == at
    return ok


@piece
def weigh(board: SearchInput, state: State, e: int, p: int, q: int, f: int) -> tuple[int, int, int, int]:
    """Cost at today's prices, soft cost in truth, firm breaches, and what meetings again amount to; what seats and
    leaders count comes from `gained`. Follow with `make` or `unmake`.
    """
    u = board.entry_unit[e]
    v = board.entry_unit[f] if f >= 0 else -1
    soft, hard, again = 0, 0, 0
    if p < 0:
        soft -= board.lot[u, state.used[u]]
        if v >= 0:
            soft += board.lot[v, state.used[v] - 1]
    if q < 0:
        soft += board.lot[u, state.used[u] - 1]
    now = soft
    for turn in range(2):
        at, to, comes, goes = (p, q, v, u) if turn == 0 else (q, p, u, v)
        if at >= 0:
            price, more, harder = side(board, state, at, goes, comes)
            now += price
            soft += more
            hard += harder
        if goes >= 0:
            if len(board.tie) > 0:
                price, more, harder = ties(board, state, goes, at, to, comes)
                now += price
                soft += more
                hard += harder
            if len(state.met) > 0:
                again += met_again(board, state, goes, at, to, comes)
    return now, soft, hard, again


@piece
def gained(board: SearchInput, state: State, e: int, p: int, q: int, f: int) -> tuple[int, int]:
    """What a move adds to the seats taken and to the groups led: these come before all costs."""
    u = board.entry_unit[e]
    v = board.entry_unit[f] if f >= 0 else -1
    seats, led = 0, 0
    if p < 0:
        seats += board.seat[u] - (board.seat[v] if v >= 0 else 0)
    elif v < 0 and state.units[p] == 1:
        led -= board.led[p]
    if q < 0:
        seats -= board.seat[u]
    elif state.units[q] == 0:
        led += board.led[q]
    return seats, led


@piece
def make(board: SearchInput, state: State, e: int, p: int, q: int, f: int) -> None:
    """Carry out a move that was weighed."""
    for turn in range(2):
        who, at = (e, p) if turn == 0 else (f, q)
        if who >= 0 and at >= 0:
            rise(board, state, who, at)
    for turn in range(2):
        who, to = (e, q) if turn == 0 else (f, p)
        if who >= 0 and to >= 0:
            sit(board, state, who, to)


@piece
def unmake(board: SearchInput, state: State, e: int, p: int, q: int, f: int) -> None:
    """Forget a move that was weighed."""
    u = board.entry_unit[e]
    v = board.entry_unit[f] if f >= 0 else -1
    for turn in range(2):
        at, comes, goes = (q, u, v) if turn == 0 else (p, v, u)
        if at >= 0:
            undo(board, state, at, goes, comes)
