"""A trade is judged by a shorter way than other moves: it must come to the same cost, whatever the rules."""

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from numba import njit

from matcher.bench.problems import peers
from matcher.domain import Problem
from matcher.layout import lay_out
from matcher.model import Model
from matcher.prices import prices_of
from matcher.search.anneal import ANY, propose, reprice
from matcher.search.chain import Chain, Cooling
from matcher.search.moves import make, may, unmake, weigh
from matcher.search.state import State, draw, empty
from matcher.search.trade import plain, trade
from matcher.terms import Ints
from tests.strategies import problems

pytestmark = pytest.mark.slow

TRIES, BREACH, MEETING, LIGHT = 3000, 70_001, 9_001, 5_000
SOME = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=list(HealthCheck),
)


@njit(_nrt=False)
def judge_both_ways(board, state: State, found: Ints) -> int:  # type: ignore[no-untyped-def]
    """Random moves, every third one made. A row of `found` per trade: the short way, the long way."""
    reprice(board, state, BREACH, LIGHT)
    trades = 0
    for _ in range(len(found)):
        e, p, q, f = propose(board, state)
        if e < 0 or (p < 0 and q < 0) or not may(board, state, e, p, q, f):
            continue
        if plain(board, e, f):
            u, v = board.entry_unit[e], board.entry_unit[f]
            found[trades, 0] = trade(board, state, p, q, u, v, MEETING, ANY)
        now, _, _, again = weigh(board, state, e, p, q, f)
        if plain(board, e, f):
            found[trades, 1] = now + MEETING * again
            trades += 1
        if draw(state, 3) == 0:
            state.total[2] += again
            make(board, state, e, p, q, f)
        else:
            unmake(board, state, e, p, q, f)
    return trades


def trades_of(problem: Problem) -> Ints:
    model = Model(problem)
    board = lay_out(model, model.everywhere())
    found = np.zeros((TRIES, 2), np.int64)
    return found[: judge_both_ways(board, empty(board, 1), found)]


def test_a_trade_costs_the_same_both_ways_in_a_series_where_people_met() -> None:
    found = trades_of(peers(48))
    assert len(found) > TRIES / 4
    assert len(np.unique(found[:, 1])) > 100
    assert (found[:, 0] == found[:, 1]).all()


@SOME
@given(problems())
def test_a_trade_costs_the_same_both_ways_whatever_the_rules(problem: Problem) -> None:
    if Model(problem).units:
        found = trades_of(problem)
        assert (found[:, 0] == found[:, 1]).all()


@SOME
@given(problems())
def test_columns_of_head_counts_hold_what_the_rows_hold(problem: Problem) -> None:
    model = Model(problem)
    board = lay_out(model, model.everywhere())
    for u in range(len(board.people)):
        mine = slice(board.feat_ptr[u], board.feat_ptr[u + 1])
        rows = sorted(zip(board.feat[mine].tolist(), board.feat_n[mine].tolist(), strict=True))
        columns = zip(board.column[u].tolist(), board.column_n[u].tolist(), strict=True)
        assert sorted((f, n) for f, n in columns if f >= 0) == rows


def test_double_trades_leave_the_counts_as_they_should_be() -> None:
    """Half of them are taken back; what the chain says its best costs is what it costs when it is seated anew."""
    model = Model(peers(48))
    chain = Chain(lay_out(model, model.everywhere()))
    chain.restart(np.full(len(chain.board.entry_unit), -1, np.int64), 3)
    cooling = Cooling(400_000, 1.0, 0.05, (0.3, 15.0), (0.75, 30.0), 60.0, prices_of(model, chain.board), 2)
    for _ in chain.cool(cooling):
        pass
    value, best = chain.value, chain.best.copy()
    assert value.seats == len(best)
    chain.restart(best, 4)
    assert chain.value == value
    assert chain.state.total[0] == -value.rest
