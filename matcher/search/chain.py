"""One chain of annealing over one board: cooled again and again, it keeps the best valid plan it ever saw."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matcher.domain import Format, Participant, Problem, Session
from matcher.layout import lay_out
from matcher.model import ONE, Model, SearchInput
from matcher.prices import Prices
from matcher.search.anneal import SEATING, Schedule, anneal
from matcher.search.state import State, empty
from matcher.terms import Ints

STEPS = 64
"""Temperatures of one cooling."""
LAP = 8
"""Temperatures between two looks at the clock."""
LAPS = STEPS // LAP
FREE = -1.0
"""As `light`: wishes cost nothing at all."""
NOTHING = np.zeros(0, np.int64)


class Value(NamedTuple):
    """How good a plan is: of two, the first that differs decides."""

    seats: int
    """By priority; who was told to have one counts three times."""
    led: int
    """Groups with a leader, where others have none."""
    rest: int
    """The soft cost, negative: bridging less prices."""


@dataclass(frozen=True)
class Cooling:
    """From `hot` to `cold` in about `moves` moves, while a firm breach and meeting again get dearer; all in bridging.

    A price that starts low lets people pass through each other; one that grows leaves little broken at the end, and
    in the last lap a breach costs more than any seat, so nobody stays where a firm rule is broken; and a meeting at
    least `again`. A weighted breach costs no more than a firm one, but always its first part up to `light`. Of refused
    trades one in `double` is tried as half of a double one; 0 for none.
    """

    moves: int
    hot: float
    cold: float
    breach: tuple[float, float]
    meeting: tuple[float, float]
    again: float
    prices: Prices
    light: float = 0.0
    double: int = 0

    def laps(self) -> list[Schedule]:
        """The schedule of every lap."""
        return [*map(self._lap, range(0, STEPS - LAP, LAP)), self._last(self._lap(STEPS - LAP))]

    def _lap(self, done: int) -> Schedule:
        heat, cooling = _geometric(self.hot, self.cold, done)
        breach, meeting = _geometric(*self.breach, done), _geometric(*self.meeting, done)
        worth = self.prices.seat, self.prices.led, round(self.light * ONE)
        return Schedule(max(1, self.moves // STEPS), heat, cooling, LAP, *breach, *meeting, self.double, *worth)

    def _last(self, lap: Schedule) -> Schedule:
        meeting = max(lap.meeting, round(self.again * ONE))
        return lap._replace(breach=self.prices.firm, breach_growth=65536, meeting=meeting, meeting_growth=65536)


def _geometric(first: float, last: float, done: int) -> tuple[int, int]:
    """A value after `done` of STEPS steps from first to last, and the ratio of the next one.

    Rounded, so that machines differing in the last bit still agree.
    """
    if not first:
        return 0, 65536
    ratio = (last / first) ** (1 / STEPS)
    return round(first * ratio**done * 1e6) * ONE // 10**6, round(ratio * 65536)


class Chain:
    """`best` are the places of the best valid state since `restart`, `value` is its value; `moves` counts all tried."""

    def __init__(self, board: SearchInput) -> None:
        self.board = board
        self.moves = 0
        self.restart(NOTHING, 0)

    @property
    def value(self) -> Value:
        """What the best valid state is worth."""
        seats, led, cost = self.found.tolist()
        return Value(seats, led, -cost)

    def restart(self, script: Ints, seed: int) -> None:
        """Empty the board and seat a script."""
        self.state: State = empty(self.board, seed)
        self.best = np.full(len(self.board.entry_unit), -1, np.int64)
        self.found = np.zeros(3, np.int64)  # the empty plan is valid
        leads = self._leads(script)
        if leads.any():
            # Nobody joins a group before whoever leads it as one of its people.
            self._run(np.where(leads, script, -1), SEATING)
        self._run(np.where(leads, -1, script), SEATING)

    def _leads(self, script: Ints) -> NDArray[np.bool_]:
        """Entries of people who lead the place where they sit."""
        here: NDArray[np.bool_] = script >= 0
        if self.board.hosted and len(script):
            return here & (self.board.host[script] == self.board.entry_unit)
        return np.zeros(len(script), bool)

    def lap(self, schedule: Schedule) -> None:
        """Some temperatures of a cooling."""
        self._run(NOTHING, schedule)
        self.moves += schedule.moves * schedule.temperatures

    def cool(self, cooling: Cooling) -> Iterator[None]:
        """One cooling; every step of the iterator is a lap."""
        for schedule in cooling.laps():
            self.lap(schedule)
            yield

    def waves(self, cooling: Cooling, times: int, seed: int) -> Iterator[None]:
        """Many short coolings, each from the best so far; every step of the iterator is `times` of them."""
        for step in range(LAPS):
            for turn in range(times):
                self.restart(self.best, seed + 7919 * (step * times + turn))
                for schedule in cooling.laps():
                    self.lap(schedule)
            yield

    def mend(self, schedule: Schedule, seed: int) -> None:
        """Where breaches are left, close those groups, and try once more to seat their people elsewhere.

        Closing a group is no single move: each of its people who leaves makes it smaller and worse.
        """
        if self.state.total[1] > 0:
            places = self.state.place.copy()
            places[np.isin(places, self._broken())] = -1
            self.restart(places, seed)
            self.lap(schedule)

    def _broken(self) -> Ints:
        """Places with a firm breach; of people who may not be together, the later place."""
        board, state = self.board, self.state
        rows = np.arange(len(board.high))
        hard = board.size_hard[rows, state.size]
        hard = hard + board.hard[board.table_of[None, :], state.counts, state.size[:, None]].sum(1)
        tied = set(np.flatnonzero(hard).tolist())
        for p in rows[state.units > 1]:
            units = board.entry_unit[state.members[p, : state.units[p]]]
            pairs = {int(board.tie[k]) for u in units for k in range(board.tie_ptr[u], board.tie_ptr[u + 1])
                     if board.tie_hard[k] and not board.tie_apart[k]}  # fmt: skip
            now = np.outer(board.people[units], board.people[units]) * int(board.dynamic)
            met = (state.met[np.ix_(units, units)] > now).any() if board.met_hard else False
            if met or pairs & set(units.tolist()):
                tied.add(int(p))
        return np.array(sorted(tied), np.int64)

    def _run(self, script: Ints, schedule: Schedule) -> None:
        anneal(self.board, self.state, script, schedule, self.best, self.found)


def warm_up() -> None:
    """Compile the kernel, or read it from disk, on a board with one person: nobody should wait for it later."""
    problem = Problem((Participant("a"),), (Session("s", 1),), Format())
    model = Model(problem)
    Chain(lay_out(model, model.everywhere())).restart(NOTHING, 0)
