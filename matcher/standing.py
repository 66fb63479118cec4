"""The best plan so far, and what is known about how good a plan can be."""

from __future__ import annotations

import numpy as np

from matcher.bound import RELATIVE, ROUNDING, Ceiling, pairs_bound
from matcher.bridging import PAIR, bonds_of
from matcher.model import ONE, Model, SearchInput
from matcher.outcome import Bounds
from matcher.search.chain import Chain, Value
from matcher.terms import Ints


class Incumbent:
    """`best` are places of entries, `value` is their value; `bound` is the weight of people that no plan exceeds."""

    def __init__(self, model: Model, board: SearchInput, bound: int) -> None:
        self.model, self.board, self.bound = model, board, bound
        self.best: Ints = np.full(len(board.entry_unit), -1, np.int64)
        self.value = Value(0, 0, 0)
        self.optimal = False
        self.proof: Ceiling | None = None

    @property
    def weight(self) -> int:
        """Priority-weighted seats taken."""
        return int(self.board.weight[self._seated()].sum())

    @property
    def placed(self) -> int:
        """People seated, counted once a seat."""
        return int(self.board.people[self._seated()].sum())

    @property
    def full(self) -> bool:
        """Whether nobody can seat more people."""
        return self.weight >= self.bound

    def _seated(self) -> Ints:
        return self.board.entry_unit[self.best >= 0]

    def take(self, chain: Chain) -> bool:
        """Know the best of a chain, if it is better."""
        better = chain.value > self.value
        if better:
            self.best, self.value = chain.best.copy(), chain.value
        return better

    def bridging(self) -> float:
        """The bridging of the best plan."""
        order = np.argsort(self.best, kind="stable")
        order = order[self.best[order] >= 0]
        places, first = np.unique(self.best[order], return_index=True)
        total = 0.0
        for units in np.split(self.board.entry_unit[order], first[1:]) if len(places) else ():
            people = int(self.board.people[units].sum())
            scores = int(self.board.among(units).sum(dtype=np.int64))
            total += (scores + 2 * int(self.board.inner[units].sum())) / max(1, people - 1) / PAIR
        return total

    def prove(self, ceiling: Ceiling) -> bool:
        """Whether all who can be placed are, as many groups led as can be, and the quality meets its bound."""
        taken = np.unique(self._seated(), return_counts=True)
        lots = sum(int(self.board.lot[u, :n].sum()) for u, n in zip(*taken, strict=True))
        # The ceiling is a linear program's, given with so much on top.
        short = ceiling.quality - (self.value.rest - lots) / ONE
        close = short <= 2 * (ROUNDING + RELATIVE * abs(ceiling.bridging))
        led = self.value.led == int(self.board.led.sum())
        self.optimal = self.optimal or (self.full and led and close)
        return self.optimal

    @property
    def most_seats(self) -> int:
        """Seats that no plan exceeds."""
        return min(self.bound, int((self.board.people * self.board.cap).sum()))

    def bounds(self, ceiling: Ceiling) -> Bounds:
        """What no plan can beat."""
        able = np.zeros(len(self.model.units), bool)
        able[self.board.entry_unit[self.board.cand_many > 0]] = True
        proof = self.proof or ceiling
        closer = min(ceiling.bridging, proof.bridging)
        # The bound of the bridging takes it that everybody shares everything; what remains is about difference alone.
        shared = self.most_seats * sum(weight for weight, _ in bonds_of(self.model.view))
        return Bounds(
            placed=min(int(self.board.people[able].sum()), self.most_seats),
            placed_priority=min(int(self.board.weight[able].sum()), self.bound),
            seats=self.most_seats,
            bridging=closer,
            distinct_pairs=pairs_bound(self.model, self.most_seats),
            difference=ceiling.bridging - shared if shared else closer,
            quality=min(ceiling.quality, proof.quality),
        )
