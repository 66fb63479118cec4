"""Formats: the recipe of a meeting, from TOML to the domain."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from matcher.domain import Format, Size
from matcher.faults import FaultList
from matcher.formats.rules import rules_in, unknown_dimension
from matcher.messages import Message
from matcher.toml.document import Document, Section
from matcher.toml.kinds import NUMBER, TEXT, TEXTS, one_of, whole

LARGEST_GROUP = 500
MOST_ROUNDS = 100

_KEYS = ("name", "goal", "facilitator", "skills", "size", "series", "bridging", "rule")
_LEADERS = one_of("required", "optional", "none")


def format_of(
    recipe: Document, dimensions: Collection[str] | None, faults: FaultList, others: tuple[str, ...] = ()
) -> Format:
    """The format of a recipe; what is wrong goes to `faults`, and its default stands in.

    `dimensions` are those of the people, in order; None if they could not be read, then none is refused.
    `others` are keys that somebody else reads.
    """
    whole_recipe = Section.whole(recipe, faults)
    whole_recipe.refuse_unknown(_KEYS + others)
    kind, rounds = _series(whole_recipe.inner("series"))
    return Format(
        name=whole_recipe.take("name", TEXT, "meeting"),
        goal=whole_recipe.take("goal", one_of("bridging", "bonding"), "bridging"),
        facilitator=whole_recipe.take("facilitator", _LEADERS, "none"),
        skills=frozenset(whole_recipe.take("skills", TEXTS, ())),
        size=_size(whole_recipe.inner("size")),
        series=kind,
        rounds=rounds,
        bridging=_bridging(whole_recipe.inner("bridging"), dimensions),
        rules=rules_in(whole_recipe, dimensions),
    )


def _size(table: Section) -> Size:
    keys, usual, before = ("min", "target", "max"), Size(), len(table.faults)
    table.refuse_unknown((*keys, "weight"))
    size = {key: table.take(key, whole(1, LARGEST_GROUP), getattr(usual, key)) for key in keys}
    if len(table.faults) == before and not size["min"] <= size["target"] <= size["max"]:
        table.fault("", Message.of("fault.size", size=_bounds(size, table)), Message.of("fix.size"))
        return usual
    return Size(**size, weight=table.take("weight", NUMBER, usual.weight))


def _bounds(size: Mapping[str, int], table: Section) -> tuple[Message, ...]:
    """Each bound with its value, and whether the format says so itself."""
    return tuple(
        Message.of("fault.bound", key=key, value=value)
        if key in table.content
        else Message.of("fault.default_bound", key=key, value=value)
        for key, value in size.items()
    )


def _series(table: Section) -> tuple[Any, int]:
    table.refuse_unknown(("kind", "count"))
    kind = table.take("kind", one_of("single", "same", "rounds"), "single")
    count = table.take("count", whole(1, MOST_ROUNDS), 1)
    if kind == "rounds":
        if "count" not in table.content:
            table.fault("count", Message.of("fault.rounds_without_count"), Message.of("fix.count"))
        return kind, count
    if "count" in table.content:
        table.fault("count", Message.of("fault.count", kind=kind), Message.of("fix.no_count"))
    return kind, 1


def _bridging(table: Section, dimensions: Collection[str] | None) -> Mapping[str, float]:
    for name in table.content if dimensions is not None else ():
        if name not in (dimensions or ()):
            table.fault(name, *unknown_dimension(name, dimensions or ()))
    return {key: table.take(key, NUMBER, 0.0) for key in table.content}
