"""How people are called on a list that somebody of the staff works with: namesakes told apart."""

from __future__ import annotations

from collections.abc import Iterable

from web.identity import names
from web.rows import Facilitator, Signup


def called(people: Iterable[Signup]) -> dict[int, str]:
    """By id what to call everybody on one list; of two who would read alike the code begins to tell."""
    return names.told_apart({one.id: (one.name, one.code) for one in people})


def callers(people: Iterable[Signup | Facilitator]) -> dict[Signup | Facilitator, str]:
    """The same for a list on which facilitators stand too, who have no code."""
    return names.told_apart({one: (one.name, one.code if isinstance(one, Signup) else "") for one in people})
