"""The best plan for few people who come once, with proof: branch, price and cut over all valid groups."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from matcher.bound import Ceiling
from matcher.bridging import dimensions_of
from matcher.exact.filling import Choice
from matcher.exact.pool import Columns, columns_of
from matcher.exact.rows import Sets
from matcher.exact.tree import LEAST, Tree
from matcher.model import ONE, Model, SearchInput
from matcher.prices import prices_of
from matcher.terms import Headcount, Ints

TRYING = 1e-7
"""Seconds, more or less, for a set of units that is tried as a group."""


@dataclass(frozen=True)
class Proof:
    """The best plan found, and what is known of all others on the same board: same open places and leaders.

    `optimal`: no plan places more people by priority (or more of those who were told to have a seat), and none that
    places as many has more groups led or, with as many, a lower `cost`: that of the whole search, with the lots of who
    is left over. `whole`: the board leaves nothing out that other places or leaders would allow, so that this holds for
    all plans of the problem.

    No plan has more `weight` than `weight_bound`. None that places as many exceeds the `ceiling`; the optimal plan may
    have less, for the sake of the lots or of its leaders.
    """

    places: Ints
    cost: int
    optimal: bool
    whole: bool
    weight: int
    weight_bound: int
    ceiling: Ceiling
    columns: int


def prove(model: Model, board: SearchInput, best: Ints, *, effort: float = 2.0, limit: int = 3_000_000) -> Proof | None:
    """Look for the best plan, starting from the `best` one known: the place of every entry, -1 for none.

    Nothing if there are more than `limit` groups or too many to find out, or if groups depend on each other:
    because people may come more than once, sitting apart has a price, or somebody interprets. `effort` is in seconds on
    one core, more or less, but counted in work done, so that the same call gives the same answer.
    """
    once = len(board.entry_unit) == len(board.people) and not board.dynamic
    if not once or board.tie_apart.any() or board.interpreted:
        return None
    led = (len(board.people) + 1) * prices_of(model, board).seat if board.led.any() else 0
    board = board._replace(
        size_soft=board.size_soft - led * board.led[:, None] * (np.arange(board.size_soft.shape[1]) > 0)
    )
    found = columns_of(board, limit)
    if found is None or not len(found[0].units):
        return None
    groups, tried = found
    return Prover(model, board, groups, led, effort - TRYING * tried).proof(best)


class Prover:
    """First the weight of the people who are left over, then the cost of plans that leave no more."""

    def __init__(self, model: Model, board: SearchInput, groups: Columns, led: int, effort: float) -> None:
        self.model, self.board, self.groups, self.led, self.effort = model, board, groups, led, effort
        self.lot = board.lot[groups.units, 0]
        self.weight = board.weight[groups.units]
        self.first = board.seat[groups.units]
        self.sets = Sets(self._bubbles(), len(groups.units))
        self.left_over = len(groups.kinds)

    def _bubbles(self) -> set[int]:
        """Masks of the units with somebody of a bubble, for all that a rule or the bridging is about."""
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
        out = int(self.first[self._missing(choice)].sum())
        tree, bound = self._search(self._within(self.groups, self.lot, out), choice)
        optimal = bound > tree.target and least == out
        choice = self._groups(tree.choice)
        places = best.copy() if choice == start else self._places(choice)
        weight = int(self.board.weight[places >= 0].sum())
        told = bool((self.first > self.weight).any())
        return Proof(
            places=places,
            cost=tree.value - int(self.lot.sum()) + self.led * self._led(choice),
            optimal=optimal,
            whole=self._whole(),
            weight=weight,
            weight_bound=int(self.weight.sum()) - (0 if told else least),
            ceiling=self._ceiling(out, choice),
            columns=len(self.groups),
        )

    def _search(self, columns: Columns, choice: Choice, share: float = 1.0) -> tuple[Tree, int]:
        """The tree that was searched, and its bound."""
        if len(columns.kinds) > self.left_over:
            choice = choice + [(1 << bit, self.left_over) for bit in self._missing(choice)]
        tree = Tree(columns, self.sets, choice, share * self.effort)
        bound = tree.run()
        self.effort -= tree.done
        return tree, bound

    def _placed(self, choice: Choice) -> tuple[Choice, int]:
        """A plan that leaves as little weight over as can be, and the least that any plan leaves over."""
        if not self._missing(choice):
            return choice, 0
        alike = replace(self.groups, costs=np.zeros_like(self.groups.costs))
        tree, bound = self._search(alike.with_leftovers(self.first * ONE, self.first), choice, 0.5)
        return self._groups(tree.choice), max(0, -(-bound // ONE))

    def _within(self, groups: Columns, costs: Ints, out: int) -> Columns:
        """The columns of plans that leave no more weight over, at these costs."""
        return groups.with_leftovers(costs, self.first, out) if out else groups

    def _ceiling(self, out: int, choice: Choice) -> Ceiling:
        """The same search without lots and leaders; and, if nothing but sizes has a price, without that of sizes."""
        board, groups = self.board, self.groups
        place = np.array([kind.places[0] for kind in groups.kinds])[groups.kind]
        led = self.led * board.led[place]
        quality = self._most(replace(groups, costs=groups.costs + led), out, choice)
        met = len(board.met) > 0 and board.met_soft > 0
        if (board.fit > 0).any() or board.soft.any() or board.tie_soft.any() or met or board.level:
            return Ceiling(math.inf, quality)
        sizes = board.size_soft[place, groups.used()]
        return Ceiling(self._most(replace(groups, costs=groups.costs - sizes), out, choice), quality)

    def _most(self, groups: Columns, out: int, choice: Choice) -> float:
        """What no choice of groups that leaves no more people over is worth more than."""
        _, bound = self._search(self._within(groups, np.zeros_like(self.lot), out), choice)
        return -bound / ONE if bound > LEAST else math.inf

    def _whole(self) -> bool:
        """Whether all places are open, and whoever leads them speaks what people speak there and does not take part."""
        model, board = self.model, self.board
        every = model.everywhere()
        spoken = model.speaks[:, None]
        same = bool(((spoken & every.speaks) == (spoken & board.place_speaks)).all())
        return same and not board.hosted and bool((board.high[every.open] > 0).all())

    def _choice(self, best: Ints) -> Choice:
        """The groups of a plan; none if it is not valid."""
        place, room, choice = best[self.groups.units], self.groups.room.copy(), []
        for p in np.unique(place[place >= 0]).tolist():
            bits = np.flatnonzero(place == p)
            mask = sum(1 << bit for bit in bits.tolist())
            k = next((k for k, kind in enumerate(self.groups.kinds) if p in kind.places), -1)
            if k < 0 or self.groups.find(mask, k) < 0:
                return []
            kind = self.groups.kinds[k]
            if kind.pool >= 0:
                room[kind.pool] -= kind.use[bits].sum()
            choice.append((mask, k))
        return choice if (room >= 0).all() else []

    def _groups(self, choice: Choice) -> Choice:
        return [(mask, kind) for mask, kind in choice if kind < self.left_over]

    def _missing(self, choice: Choice) -> list[int]:
        """Bits that no group covers."""
        covered = sum(mask for mask, _ in choice)
        return [bit for bit in range(len(self.weight)) if covered >> bit & 1 == 0]

    def _led(self, choice: Choice) -> int:
        """How many groups have a leader where others have none."""
        return sum(int(self.board.led[self.groups.kinds[k].places[0]]) for _, k in choice)

    def _places(self, choice: Choice) -> Ints:
        """Groups in the places of their kind, in turn."""
        places = np.full(len(self.board.entry_unit), -1, np.int64)
        free = [list(kind.places) for kind in self.groups.kinds]
        for mask, k in sorted(choice):
            bits = [bit for bit in range(len(self.weight)) if mask >> bit & 1]
            places[self.groups.units[bits]] = free[k].pop(0)
        return places
