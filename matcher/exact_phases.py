"""The exact phases of a run: few people proven, people without a seat seated, people who moved brought back."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from matcher.budget import Budget
from matcher.exact import prove
from matcher.improve import SeatedUnits, applies, homeward, neighbourhood, whole
from matcher.model import Model
from matcher.search.chain import Chain
from matcher.standing import Incumbent
from matcher.terms import Ints

FEW = 30
"""Units up to which the optimum is sought among all groups there can be."""
FILL_AFTER, FILL_TRIES, WHOLE = 4, 6, 150
"""From which cycle on, how often a cycle, and up to how many units at once people are seated exactly."""
BACK_AFTER, BACK_TRIES = 3, 8
"""From which cycle on, and how often a cycle, people are brought back to where they were told."""

Note = Callable[[str, float, int], None]
"""Remembers a phase by name, since when it ran, and its iterations."""


class ExactPhases:
    """What an exact solver can do between two cycles of the search. `told` are the places that people know, if any.

    A solve counts as one iteration of the budget.
    """

    def __init__(
        self, model: Model, standing: Incumbent, budget: Budget, seed: int, told: Ints | None, note: Note
    ) -> None:
        self.model, self.standing, self.budget, self.seed = model, standing, budget, seed
        self.told, self.note = told, note

    @property
    def few(self) -> bool:
        """Whether all groups that there can be are looked at."""
        return len(self.standing.board.people) <= FEW and self.told is None

    def after(self, cycle: int) -> bool:
        """Seek seats, and ways back for who was told another. Returns whether the budget is over."""
        return self.budget.over() or self._bring_back(cycle) or self._seat_more(cycle)

    def prove(self) -> bool:
        """Few people: every group there can be, and the best choice among them. Returns whether it is proven."""
        standing = self.standing
        if not self.few:
            return False
        since = self.budget.elapsed
        proof = prove(self.model, standing.board, standing.best)
        self.budget.done += 1
        if proof is None:
            return False
        self._offer(proof.places)
        if proof.whole:
            # Otherwise other leaders in other places might do better.
            standing.bound = min(standing.bound, proof.weight_bound)
            standing.proof = proof.ceiling
        standing.optimal = proof.optimal and proof.whole and standing.full
        self.note("exact", since, proof.columns)
        return standing.optimal

    def _bring_back(self, cycle: int) -> bool:
        """A plan that people know: as many as can be back where they were told. Returns whether time is up."""
        if self.told is None or cycle < BACK_AFTER or not applies(self.standing.board):
            return False
        since, random = self.budget.elapsed, np.random.default_rng([self.seed, cycle])
        for turn in range(BACK_TRIES):
            if self.budget.over():
                break
            back = homeward(self.standing.board, self.standing.best, self.told, 4 + turn % 4, random, 0.2)
            self._take(back)
        self.note("back", since, BACK_TRIES)
        return self.budget.over()

    def _seat_more(self, cycle: int) -> bool:
        """Where people are left over who might have a seat: groups seated again exactly. Returns whether time is up.

        A plan that people know is hardly warmed, so a seat in it that takes several moves is sought here, and at once
        where the whole can be: groups around somebody, so early, moved 9% to 11% of 300 people instead of 5.6%.
        """
        standing = self.standing
        after = 0 if self.told is not None and len(standing.board.people) <= WHOLE else FILL_AFTER
        if cycle < after or standing.full or not applies(standing.board):
            return False
        since, before = self.budget.elapsed, standing.weight
        random = np.random.default_rng([self.seed, cycle])
        for turn in range(FILL_TRIES):
            if standing.full or self.budget.over():
                break
            self._take(self._seated(turn, 0.25 * 2.0 ** min(cycle - after, 5), random))
        self.note(f"neighbourhoods {standing.weight - before:+d}", since, FILL_TRIES)
        return self.budget.over()

    def _seated(self, turn: int, effort: float, random: np.random.Generator) -> SeatedUnits | None:
        """The whole of a small problem first, which may lower the bound; else some groups."""
        standing = self.standing
        if turn or len(standing.board.people) > WHOLE:
            return neighbourhood(standing.board, standing.best, random, 0.5)
        seated = whole(standing.board, standing.best, self.seed, effort)
        if seated and self.model.frame.leader == "none":
            standing.bound = min(standing.bound, seated.bound)
        return seated

    def _take(self, seated: SeatedUnits | None) -> None:
        """What a solve gave, and the iteration that it was."""
        self.budget.done += 1
        if seated:
            self._offer(seated.places)

    def _offer(self, places: Ints) -> None:
        """Keep a plan from an exact solver, if it is better."""
        chain = Chain(self.standing.board)
        chain.restart(places, self.seed)
        self.standing.take(chain)
