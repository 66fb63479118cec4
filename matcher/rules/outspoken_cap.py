"""A group has few people who take the floor easily, so that everybody is heard."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from matcher.messages import Message
from matcher.terms import Headcount, Rule, View


@dataclass(frozen=True, kw_only=True)
class OutspokenCap(Rule):
    """A breach is one outspoken person more than `most`."""

    most: int = 1

    def terms(self, view: View) -> Iterator[Headcount]:
        """One head-count."""
        people = np.array([i for i, p in enumerate(view.people) if p.outspoken], np.int64)
        yield Headcount(Message.of("label.outspoken"), people, view.table(lambda c, n: max(0, c - self.most)))
