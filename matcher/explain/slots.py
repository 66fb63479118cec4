"""Where people could sit whatever the others do: slots of a session (or a fixed group) and a language."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matcher.frames import followed
from matcher.model import Model
from matcher.rules import rules_of, terms_of
from matcher.terms import Fit, Ints, View

Bools = NDArray[np.bool_]
ORDER = ("availability", "access", "mode", "locked")
"""What is told first if several rules about sessions keep somebody out."""


class Slots:
    """`kind[p]` is the kind of place p: places of a session that take the same people are of one kind.

    `first[k]` is the first place of kind k. A slot is a kind and a language: slot `kind * L + bit`, Q in all.
    """

    def __init__(self, model: Model) -> None:
        self.model = model
        self.view, self.frame = model.view, model.frame
        self.places = np.array([s for s, _ in self.view.places], np.int64)
        self.kind, self.first = _kinds(model)
        self.fits = fits_of(self.view, self.first)
        self.names = list(model.languages) or [""] if self.frame.one_language else [""]
        self.session = np.repeat(self.places[self.first], len(self.names))
        self.open = np.repeat(model.everywhere().open[self.first], len(self.names))
        self.low, self.high = self.frame.low[self.session], self.frame.high[self.session]

    def wide(self, mask: Bools) -> Bools:
        """Kinds -> slots."""
        return np.repeat(mask, len(self.names), axis=1)

    def at(self, s: int) -> Bools:
        """[Q]: the slots of a session."""
        return np.asarray(self.session == s)

    def _spoken(self, masks: list[int]) -> Bools:
        bits = [[mask >> bit & 1 for bit in range(len(self.names))] for mask in masks]
        return np.array(bits, bool).reshape(len(masks), len(self.names))

    def speaks(self) -> Bools:
        """[people, Q]: who speaks the language of a slot, or may have an interpreter for it."""
        if not self.frame.one_language:
            return np.ones((len(self.view.people), len(self.session)), bool)
        able = [p for p in self.view.people if p.interpreters]
        mine = self._spoken([self.model.mask(followed(p, able)) for p in self.view.people])
        return np.tile(mine, (1, len(self.session) // len(self.names)))

    def allowed(self) -> Bools:
        """[Q]: sessions that allow the language of the slot."""
        each = self._spoken([self.model.session_speaks(s) for s in range(len(self.view.sessions))])
        bit = np.arange(len(self.session)) % len(self.names)
        return each[self.session, bit] if len(each) else np.zeros(0, bool)

    def led(self, skills: bool = True, time: bool = True, language: bool = True) -> Bools:
        """[Q]: somebody could lead there, if only these things count."""
        found = np.zeros(len(self.session), bool)
        for leader in self.view.problem.facilitators:
            here = np.full(len(self.session), leader.max_groups > 0)
            if skills and not self.view.problem.format.skills <= leader.skills:
                continue
            if time and leader.sessions:
                here &= np.array([self.view.sessions[s].id in leader.sessions for s in self.session], bool)
            if language and self.frame.one_language:
                tongue = self._spoken([self.model.mask(leader.languages)])[0]
                here &= np.tile(tongue, len(self.session) // len(self.names))
            found |= here
        return found


def fits_of(view: View, places: Ints) -> list[tuple[str, Bools]]:
    """Firm rules about who may sit where, with [person, place] where they allow it, of some places."""
    session = np.array([view.places[p][0] for p in places.tolist()], np.int64)
    found: dict[str, Bools] = {}
    for rule, term in terms_of(view):
        if rule.firm and isinstance(term, Fit):
            amount = term.amount[:, places] if term.by == "place" else term.amount[:, session]
            found[rule.title] = (amount <= 0) & found.get(rule.title, np.True_)
    for rule in rules_of(view.problem.format):
        if rule.name == "locked" and rule.firm:
            found[rule.title] = found.get(rule.title, np.True_) & _unfixed(view, places)
    return sorted(found.items(), key=lambda item: ORDER.index(item[0]) if item[0] in ORDER else len(ORDER))


def _unfixed(view: View, places: Ints) -> Bools:
    """[person, place]: whether a fixed group does not keep a stranger out."""
    locks = view.problem.locks
    inside = {(k.session, k.group, k.person) for k in locks}
    fixed = {(k.session, k.group) for k in locks if k.person is None}
    mask = np.ones((len(view.people), len(places)), bool)
    for p, (s, number) in enumerate(view.places[p] for p in places.tolist()):
        id = view.sessions[s].id
        if {(id, number), (id, None)} & fixed:
            mask[:, p] = [(id, number, person.id) in inside for person in view.people]
    return mask


def _kinds(model: Model) -> tuple[Ints, Ints]:
    """The kind of every place, and the first place of every kind: those of the model, of which some may not open."""
    alike, _ = model.kinds()
    _, first, kind = np.unique(alike * 2 + model.everywhere().open, return_index=True, return_inverse=True)
    order = np.argsort(first)
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    return rank[kind.reshape(-1)], first[order].astype(np.int64)


class Funnel:
    """Rows of slots that get fewer; `steps[row]` is the step at which the last of a row went, and which."""

    def __init__(self, may: Bools) -> None:
        self.may = may
        self.steps: dict[int, tuple[str, Bools]] = {}
        self._lost: dict[str, Ints] = {}

    def keep(self, step: str, mask: Bools) -> None:
        """Keep only these slots."""
        before = self.may
        self.may = before & mask
        for row in np.flatnonzero(before.any(1) & ~self.may.any(1)).tolist():
            self.steps[row] = (step, before[row])

    def lost(self, step: str) -> Ints:
        """[Q]: how many rows lost a slot as their last at a step; asked when all steps are done."""
        if step not in self._lost:
            rows = [lost for other, lost in self.steps.values() if other == step]
            self._lost[step] = np.sum(rows, axis=0, dtype=np.int64)
        return self._lost[step]

    def drop(self, step: str, rows: list[int]) -> None:
        """Take every slot from these rows."""
        mask = np.ones((len(self.may), 1), bool)
        mask[rows] = False
        self.keep(step, mask)
