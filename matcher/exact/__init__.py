"""The best plan for few people who come once, with the proof: every valid group is a column of a set partitioning."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from matcher.bridging import dimensions_of
from matcher.exact.pool import Columns, columns_of
from matcher.exact.rows import Sets
from matcher.exact.tree import Choice, Tree
from matcher.model import ONE, Board, Model
from matcher.terms import Headcount, Ints

TRYING = 1e-7
"""Seconds, more or less, for a set of units that is tried."""


@dataclass(frozen=True)
class Proof:
    """The best plan found, and what is known of all others on the same board: with the same open places and leaders.

    `optimal`: none places more priority-weighted people, and none that places as many has a lower soft cost; that is
    the whole objective, with its small wish for groups of the target size. `cost` is that of the search, with the
    worth of the seats. No plan has more `weight` than `weight_bound`. No plan of that weight has more bridging than
    `bridging_bound`, if there is one; with only the wish for sizes beside it, an optimal plan may have a little less.
    """

    places: Ints
    cost: int
    optimal: bool
    weight: int
    columns: int
    weight_bound: int
    bridging_bound: float | None = None


def prove(
    model: Model, board: Board, best: Ints, *, effort: float = 2.0, limit: int = 3_000_000
) -> Proof | None:
    """Look for the best plan, from the `best` known one: the place of every entry, -1 for none.

    Nothing if there are more than `limit` groups or too many to count, or if groups depend on each other: because
    people come more than once, or because being placed apart has a price. `effort` is in seconds on one core, more
    or less, but counted in work done, so that the same call gives the same answer.
    """
    once = len(board.entry_unit) == len(board.people) and not board.dynamic
    if not once or board.tie_apart.any():
        return None
    groups = columns_of(board, limit)
    if groups is None or not len(groups.units):
        return None
    return Prover(model, board, groups, effort).proof(best)


class Prover:
    """First the weight of the people placed, then the soft cost of plans that place as much."""

    def __init__(self, model: Model, board: Board, groups: Columns, effort: float) -> None:
        self.model, self.board, self.groups, self.effort = model, board, groups, effort
        self.weight = board.weight[groups.units]
        self.sets = Sets(self._bubbles(), len(groups.units))
        self.spent = 0.0

    def _bubbles(self) -> set[int]:
        """Masks of the units with somebody of a bubble, for all bubbles that a rule or the bridging is about."""
        view = self.model.view
        people = [held for d in dimensions_of(view) for held in view.holders(d.name).values()]
        for _, term in self.model.terms:
            if isinstance(term, Headcount):
                people += [term.people, *term.bubbles]
        bit = {u: 1 << k for k, u in enumerate(self.groups.units.tolist())}
        held = [set(self.model.unit_of[some].tolist()) for some in people]
        return {sum(bit[u] for u in units if u in bit) for units in held}

    def proof(self, best: Ints) -> Proof:
        """Search both."""
        start = self._choice(best)
        choice, least = self._placed(start)
        out = self._left_over(choice)
        columns, choice = self._within(self.groups, out, choice)
        tree = self._tree(columns, choice)
        optimal = tree.run() > tree.target and least == out
        self.spent += tree.done
        choice = [group for group in tree.choice if group[1] < len(self.groups.kinds)]
        places = best.copy() if choice == start else self._places(choice)
        seated = places >= 0
        return Proof(
            places=places,
            cost=tree.value - int(self.board.seat_value[seated, 0].sum()),
            optimal=optimal,
            weight=int(self.board.weight[seated].sum()),
            columns=len(self.groups),
            weight_bound=int(self.weight.sum()) - least,
            bridging_bound=self._most_bridging(out, tree.choice),
        )

    def _tree(self, columns: Columns, choice: Choice, share: float = 1.0) -> Tree:
        return Tree(columns, self.sets, choice, share * (self.effort - self.spent))

    def _choice(self, best: Ints) -> Choice:
        """The groups of a plan; none if it is not valid."""
        place = best[self.groups.units]
        choice = []
        for p in np.unique(place[place >= 0]).tolist():
            mask = sum(1 << bit for bit in np.flatnonzero(place == p).tolist())
            kinds = [k for k, kind in enumerate(self.groups.kinds) if p in kind.places]
            if not kinds or self.groups.find(mask, kinds[0]) < 0:
                return []
            choice.append((mask, kinds[0]))
        return choice if self._seated(choice) else []

    def _seated(self, choice: Choice) -> bool:
        """Whether there are seats enough."""
        room = self.groups.room.copy()
        for mask, k in choice:
            kind = self.groups.kinds[k]
            if kind.pool >= 0:
                room[kind.pool] -= sum(use for bit, use in enumerate(kind.use.tolist()) if mask >> bit & 1)
        return bool((room >= 0).all())

    def _missing(self, choice: Choice) -> list[int]:
        """Bits that no group covers."""
        covered = sum(mask for mask, _ in choice)
        return [bit for bit in range(len(self.weight)) if covered >> bit & 1 == 0]

    def _left_over(self, choice: Choice) -> int:
        return int(self.weight[self._missing(choice)].sum())

    def _placed(self, choice: Choice) -> tuple[Choice, int]:
        """A plan that leaves as little weight over as can be, and the least that any plan leaves over."""
        out = self._left_over(choice)
        if out == 0:
            return choice, 0
        nothing = replace(self.groups, costs=np.zeros_like(self.groups.costs))
        columns = nothing.with_leftovers(self.weight * ONE, self.weight)
        tree = self._tree(columns, self._completed(choice), 0.5)
        least = -(-tree.run() // ONE)
        self.spent += tree.done
        return [group for group in tree.choice if group[1] < len(self.groups.kinds)], least

    def _completed(self, choice: Choice) -> Choice:
        """With a column for everybody who is left over."""
        return choice + [(1 << bit, len(self.groups.kinds)) for bit in self._missing(choice)]

    def _within(self, groups: Columns, out: int, choice: Choice) -> tuple[Columns, Choice]:
        """The columns of plans that leave no more weight over, and one of these plans."""
        if out == 0:
            return groups, choice
        return groups.with_leftovers(np.zeros_like(self.weight), self.weight, out), self._completed(choice)

    def _most_bridging(self, out: int, choice: Choice) -> float | None:
        """Without the wish for sizes, if that is the only thing beside bridging; the time that is left is enough."""
        board, groups = self.board, self.groups
        met = len(board.met) > 0 and board.met_soft > 0
        if (board.fit > 0).any() or board.soft.any() or board.tie_soft.any() or met or board.level:
            return None
        place = np.array([kind.places[0] for kind in groups.kinds])[groups.kind]
        plain = replace(groups, costs=groups.costs - board.size_soft[place, groups.used()])
        choice = [group for group in choice if group[1] < len(groups.kinds)]
        tree = self._tree(*self._within(plain, out, choice))
        return -tree.run() / ONE

    def _places(self, choice: Choice) -> Ints:
        """Groups in the places of their kind, in turn."""
        places = np.full(len(self.board.entry_unit), -1, np.int64)
        free = [list(kind.places) for kind in self.groups.kinds]
        for mask, k in sorted(choice):
            bits = [bit for bit in range(len(self.weight)) if mask >> bit & 1]
            places[self.groups.units[bits]] = free[k].pop(0)
        return places
