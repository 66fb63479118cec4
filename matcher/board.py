"""What a search reads and never changes: one staffing of a model, laid out as arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matcher.bridging import PairScores
from matcher.terms import Ints


class SearchInput(NamedTuple):
    """What the search reads and never changes. U units, E entries, P places, S sessions, F features, T tables.

    Features count people of a unit in a group; those before `varying` have a cost that depends on the group size.
    A feature with a `parent` also adds 1 to it while somebody of it is present.
    """

    entry_unit: Ints  # [E]
    entry_round: Ints  # [E], -1 for any
    cand_from: Ints  # [E] into cand
    cand_many: Ints  # [E]
    cand: Ints  # places an entry may sit in; entries that may sit in the same ones share a stretch
    people: Ints  # [U] people in the unit
    cap: Ints  # [U] seats it may take
    weight: Ints  # [U] priority-weighted people
    seat: Ints  # [U] what each seat counts before anything else: `weight`, more for who was told to have one
    lot: Ints  # [U, seats] what the next seat is worth beside that
    scored: bool  # whether pair scores count at all
    score: NDArray[np.int32]  # [U, U] summed pair scores, or [0, 0]: then by codes
    inner: Ints  # [U] summed pair scores within the unit
    code: NDArray[np.int32]  # [U, dimensions] see `bridging.PairScores`, or [U, 0]
    block: Ints  # [dimensions + 1] codes of a dimension
    by_code: NDArray[np.int32]  # [A, A] score of two codes
    own: Ints  # [U] what the codes say of a unit beside itself, which is no pair
    kind: Ints  # [P] kind of place: places that cost everybody the same
    fit: Ints  # [U, kinds] cost, -1 for never
    may: NDArray[np.bool_]  # [U, kinds] whether that is not never
    priced: bool  # whether sitting anywhere costs anything
    speaks: Ints  # [U] bit mask of languages
    interpreter: Ints  # [U] row of bridge, -1 for who does not interpret
    bridge: Ints  # [K, U] bit mask of what a unit can follow with the interpreters of another at the table
    interpreted: bool  # whether anybody interprets
    place_speaks: Ints  # [P] bit mask
    place_session: Ints  # [P]
    place_round: Ints  # [P]
    host: Ints  # [P] unit that leads there and sits there as long as anybody does, -1 for none
    hosted: bool  # whether there is any
    high: Ints  # [P] largest size
    led: Ints  # [P] 1 where a group has a leader and others have none
    size_soft: Ints  # [P, n]
    size_hard: Ints  # [P, n]
    seats: Ints  # [S]
    mean: Ints  # [n] factor from pair sums to bridging
    feat_ptr: Ints  # [U + 1] into feat, feat_n
    feat: Ints
    feat_n: Ints
    column: Ints  # [U, K] the same features, each always in the same column, -1 for none
    column_n: Ints  # [U, K] people
    table_of: Ints  # [F]
    parent: Ints  # [F], -1 for none
    plain: bool  # no feature has a parent
    varying: int
    soft: Ints  # [T, c, n]
    hard: Ints  # [T, c, n]
    dear: int  # what a weighted breach costs at most while plans are sought
    rate: Ints  # [K] the different prices of weighted head-counts
    amount: Ints  # [K, T, c, n] their breaches times 1024: `soft` is about the sum of rate x amount / 1024
    tie_ptr: Ints  # [U + 1] into tie, tie_soft, tie_hard
    tie: Ints
    tie_soft: Ints
    tie_hard: Ints
    tie_apart: Ints  # 1: the cost is for being placed apart
    met: NDArray[np.int16]  # [U, U] or [0, 0]: earlier meetings, summed over the pairs of their people
    met_soft: int
    met_hard: int
    dynamic: bool  # meetings within the plan count too
    level: int  # floor of a group's mean per person, 0 for none
    level_weight: int  # in thousandths

    def places_of(self, entry: int) -> Ints:
        """The places that an entry may sit in."""
        return self.cand[self.cand_from[entry] : self.cand_from[entry] + self.cand_many[entry]]

    def among(self, units: Ints) -> NDArray[np.int32]:
        """[n, n]: summed pair scores of some units with each other."""
        if len(self.score):
            return self.score[np.ix_(units, units)]
        return PairScores(self.code, self.block, self.by_code).among(units)


@dataclass(frozen=True)
class Staffing:
    """Which places may open, who leads them and what may be spoken there. One item per place of the view."""

    open: NDArray[np.bool_]
    leader: tuple[str, ...]
    speaks: Ints
