"""How the groups of a board are mixed, as the pictures want it; for projects that may see bubbles only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from config import Settings
from config.dimensions import Dimension
from matcher import Participant, Problem
from matcher.report.mix import BubbleMix
from web.pictures import Share, kinds


def dimensions_of(problem: Problem, settings: Settings) -> list[Dimension]:
    """The dimensions that the format weighs or has a rule on, but for those that stay out of every figure."""
    named = {key for key, weight in problem.format.bridging.items() if weight > 0}
    named |= {getattr(rule, "dimension", "") for rule in problem.format.rules}
    return [dimension for dimension in settings.dimensions if dimension.key in named and not dimension.special]


def shares(
    people: Iterable[Participant], dimensions: Sequence[Dimension], silence: str, lang: str
) -> tuple[Share, ...]:
    """Some people on each dimension."""
    seated = list(people)
    return tuple(_share(seated, dimension, silence, lang) for dimension in dimensions)


def _share(people: Sequence[Participant], dimension: Dimension, silence: str, lang: str) -> Share:
    held = Counter(key for person in people for key in (person.bubbles.get(dimension.key) or ("",)))
    names = [bubble.texts[lang] for bubble in dimension.bubbles]
    bubbles: Sequence[BubbleMix] = kinds(names, silence, ordinal=_in_order(dimension))
    keys = [*(bubble.key for bubble in dimension.bubbles), ""]
    counts = tuple((bubble, held[key]) for bubble, key in zip(bubbles, keys, strict=True))
    return Share(dimension.question[lang], counts)


def _in_order(dimension: Dimension) -> bool:
    """Answers that all hold a number, as ages do, go from light to dark."""
    return all(any(c.isdigit() for c in bubble.key) for bubble in dimension.bubbles)
