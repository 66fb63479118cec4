"""What is certain of one person: no plan could seat them, whatever the others do."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from matcher.explain.counting import Counting
from matcher.explain.slots import Bools, Funnel, Slots
from matcher.model import Model
from matcher.terms import Ints, Pair


class Personal:
    """The slots that are left to everybody alone, and to every unit, after all that is certain.

    Both funnels have steps named by rules, or by what stands for one in `telling`.
    """

    def __init__(self, model: Model) -> None:
        self.model = model
        self.slots = Slots(model)
        self.counting = Counting(model, self.slots)
        self.size = self.counting.size
        self.alone = Funnel(np.ones((len(model.view.people), len(self.slots.session)), bool))
        self._alone()
        self.units = Funnel(np.ones((len(model.units), len(self.slots.session)), bool))
        self._buddies()
        self.could = self.units.may
        self.crowd: dict[int, int] = {}
        self._companions()

    def _alone(self) -> None:
        """What keeps a person out who came alone."""
        slots, alone = self.slots, self.alone
        alone.keep("no_meeting", (slots.frame.meetings > 0)[:, None])
        for title, mask in slots.fits:
            alone.keep(title, slots.wide(mask))
        alone.keep("locked", slots.open[None, :])
        alone.keep("room", (slots.high >= np.maximum(1, slots.low))[None, :])
        if slots.frame.one_language:
            alone.keep("session_language", slots.speaks() & slots.allowed()[None, :])
        if slots.frame.leader == "required":
            alone.keep("skills", slots.led(time=False, language=False)[None, :])
            alone.keep("facilitator_time", slots.led(language=False)[None, :])
            alone.keep("facilitator_language", slots.led()[None, :])

    def _buddies(self) -> None:
        """What keeps people out who come together."""
        units = self.model.units
        self.units.keep("chain", self.size[:, None] <= self.slots.high[None, :])
        each = [self.alone.may[list(unit)].all(0) for unit in units]
        self.units.keep("buddies", np.array(each, bool).reshape(self.units.may.shape))
        for title, pairs in kept_apart(self.model).items():
            foes = self.model.unit_of[pairs]
            self.units.drop(f"with {title}", foes[foes[:, 0] == foes[:, 1], 0].tolist())
        for title, mask in self.counting.by_themselves():
            self.units.keep(f"with {title}", mask[:, None])

    def _companions(self) -> None:
        """Groups are made of who is left: where they are too few, or too much alike, others drop out too."""
        left = -1
        while left != (left := int(self.units.may.sum())):
            people = self.people(self.units.may)
            self.units.keep("size", (people >= self.slots.low)[None, :])
            for unit, (step, slots) in self.units.steps.items():
                if step == "size" and unit not in self.crowd:
                    self.crowd[unit] = int(people[slots].max())
            for title, mask in self.counting.possible(self.units.may):
                self.units.keep(title, mask)

    def people(self, may: Bools) -> Ints:
        """[columns]: people of the units in each column."""
        return self.size @ may.astype(np.int64)

    @cached_property
    def company(self) -> Ints:
        """[Q]: people who could come to a slot."""
        return self.people(self.could)

    @cached_property
    def talkative(self) -> Ints:
        """[Q]: people who could come to the kind of place of a slot, whatever they speak."""
        languages = len(self.slots.names)
        each: Bools = np.array(self.could.reshape(len(self.could), -1, languages).any(2), bool)
        return np.repeat(self.people(each), languages)


def kept_apart(model: Model, buddies: bool = False) -> dict[str, Ints]:
    """Rule -> [K, 2]: people who may not sit together: kept apart, or met before where that is firm.

    Buddies may meet again: they asked for it. With `buddies` these pairs only, which count if they are split.
    """
    pairs: dict[str, Ints] = {}
    for rule, term in model.terms:
        if rule.firm and isinstance(term, Pair) and term.when in ("together", "again"):
            some = np.stack([term.a, term.b], 1).astype(np.int64)[term.amount > 0]
            units = model.unit_of[some]
            asked = (units[:, 0] == units[:, 1]) & (term.when == "again")
            pairs[rule.title] = np.concatenate([pairs.get(rule.title, some[:0]), some[asked == buddies]])
    return pairs
